"""What a voter sends. Nothing of it is kept by the form: no token that names the sending."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request
from wtforms import HiddenField, StringField

from portal.core import thai
from portal.core.i18n import lazy_gettext as _l
from portal.web.forms import MaxLength, PortalForm, Required

PREFIX = "p"


class BallotForm(PortalForm):
    """The choices of a ballot: fields ``p<number>``, a tick or points."""

    @property
    def choices(self) -> dict[int, int]:
        """Number of project → points (1 for a tick), as sent; what is no number of points is left out."""
        return read_choices(request.form)


class CastForm(BallotForm):
    """The reviewed ballot. ``nonce`` is the voter's own word, so that two like-minded voters get two receipts."""

    idempotency_key = HiddenField()
    nonce = StringField(
        _l("A word of your own"),
        [Required(_l("Write any word, so that your receipt is unique to you.")), MaxLength(80)],
    )


class CodeForm(PortalForm):
    """The code of a letter."""

    code = StringField(_l("Code from the letter"), [Required(), MaxLength(60)])


def read_choices(fields: Mapping[str, Any]) -> dict[int, int]:
    """Choices among the fields of a form."""
    found = {}
    for name, value in fields.items():
        number, points = name.removeprefix(PREFIX), thai.arabic_digits(str(value)).strip()
        if name.startswith(PREFIX) and _is_short(number) and _is_short(points) and int(points):
            found[int(number)] = int(points)
    return found


def _is_short(text: str) -> bool:
    return text.isdecimal() and len(text) <= 3
