"""Registering the councils and networks of a district."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from portal.core import clock, db, ledger
from portal.core.actor import Actor
from portal.core.errors import Invalid, NotAllowed
from portal.core.i18n import lazy_gettext as _l
from portal.forums import policy
from portal.forums.models import BodyKind, StandingBody


@dataclass(frozen=True)
class BodyData:
    """What the register says; ``since_on`` is the day it was set up, ``closed_on`` the day it ended."""

    kind: BodyKind
    name: str
    about: str = ""
    since_on: dt.date | None = None
    closed_on: dt.date | None = None


def register_body(actor: Actor, district_id: int, data: BodyData) -> StandingBody:
    """Register a council or network, which can hold forums from then on. A name stands in a district once."""
    if not policy.can_keep_bodies(actor, district_id) or actor.id is None:
        raise NotAllowed(_l("You may not do this here."))
    _check(data)
    body = StandingBody(
        district_id=district_id, registered_by=actor.id, registered_at=clock.now(), **vars(data)
    )
    with db.refusing_duplicates(_twice()):
        db.session().add(body)
    _log("body.registered", actor, body, data)
    return body


def write_body(actor: Actor, body: StandingBody, data: BodyData) -> None:
    """Correct what the register says, or close the body; its forums stay."""
    if not policy.can_keep_bodies(actor, body.district_id):
        raise NotAllowed(_l("You may not do this here."))
    _check(data)
    with db.refusing_duplicates(_twice()):
        for name, value in vars(data).items():
            setattr(body, name, value)
    _log("body.changed", actor, body, data)


def _twice() -> Invalid:
    return Invalid({"name": _l("A body with this name is already registered here.")})


def _check(data: BodyData) -> None:
    wrong: dict[str, object] = {}
    if not data.name.strip():
        wrong["name"] = _l("This must be filled in.")
    if data.closed_on is not None:
        if data.closed_on > clock.today():
            wrong["closed_on"] = _l("Choose a date that is not in the future.")
        elif data.since_on is not None and data.closed_on < data.since_on:
            wrong["closed_on"] = _l("The end must come after the beginning.")
    if wrong:
        raise Invalid(wrong)


def _log(event: str, actor: Actor, body: StandingBody, data: BodyData) -> None:
    changes = {name: str(value or "") for name, value in vars(data).items()}
    ledger.record(event, actor, "body", body.id, district_id=body.district_id, changes=changes)
