"""The room's blueprint, and how its pages read an address."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Blueprint, request

from portal.core.errors import NotAllowed, NotFound
from portal.core.i18n import language
from portal.core.i18n import lazy_gettext as _l
from portal.information import policy, summary
from portal.places import queries as places
from portal.web.login import current_actor

blueprint = Blueprint("information", __name__, url_prefix="/information")


def district_or_404(code: int) -> Any:
    """The district with that code; raises NotFound."""
    found = places.district(code)
    if found is None:
        raise NotFound
    return found


def own_district(code: int) -> Any:
    """The same, for an officer who publishes there; raises NotFound, NotAllowed."""
    found = district_or_404(code)
    if not policy.can_keep(current_actor(), code):
        raise NotAllowed(_l("Documents of this district are published by its own officers."))
    return found


def month_or_404(number: int) -> dt.date:
    """A month of an address (202611); raises NotFound."""
    found = summary.month_of(number)
    if found is None:
        raise NotFound
    return found


def asked_number(name: str) -> int | None:
    """A whole number of the query, None if there is none."""
    given = request.args.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None


def name_of(row: Any) -> str:
    """A district's name in the language spoken now."""
    return str((row.name_en if language() == "en" else row.name_th) or "")
