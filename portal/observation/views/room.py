"""The room's blueprint, and what several of its pages ask."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app

from portal.core.errors import NotAllowed
from portal.core.i18n import lazy_gettext as _l
from portal.observation import policy, queries
from portal.observation.doors import Door
from portal.web.login import current_actor

blueprint = Blueprint("observation", __name__, url_prefix="/observation")


def door() -> Door:
    """The maker of this portal's codes."""
    return Door(str(current_app.secret_key))


def on_desk(signup_id: int) -> Any:
    """A sign-up with its step and process, for the officer who decides about it. Raises NotFound, NotAllowed."""
    actor = current_actor()
    row = queries.signup_with(actor, signup_id)
    if not policy.can_decide(actor, row.Signup):
        raise NotAllowed(_l("You may not do this here."))
    return row
