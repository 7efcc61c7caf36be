"""Colleagues at one plan: who has which page open to write in. A hint, not a lock: versions decide, not presence."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from portal.core import clock, db
from portal.core.actor import Actor
from portal.core.errors import NotAllowed, NotFound
from portal.core.i18n import lazy_gettext as _l
from portal.core.outbox import insert_ignoring
from portal.plans import policy
from portal.plans.models import Item, Plan, Writer

TEXTS = "texts"
FORGOTTEN = dt.timedelta(minutes=10)


def note_writer(actor: Actor, plan: Plan, place: str) -> None:
    """The actor has ``place`` of the plan open: its texts, or one of its items by id. What nobody has seen for ten
    minutes is removed. NotAllowed for who does not write the plan, NotFound for another place."""
    if not policy.can_write(actor, plan):
        raise NotAllowed(_l("Only the committee of this community can change its plan."))
    if place != TEXTS and not _is_item(plan, place):
        raise NotFound
    now = clock.now()
    who = {"plan_id": plan.id, "place": place, "person_id": actor.id}
    session = db.session()
    session.execute(sa.delete(Writer).where(Writer.plan_id == plan.id, Writer.seen_at < now - FORGOTTEN))
    session.execute(insert_ignoring(Writer.__table__).values(**who, seen_at=now))
    session.execute(sa.update(Writer).filter_by(**who).values(seen_at=now))


def _is_item(plan: Plan, place: str) -> bool:
    if not (place.isascii() and place.isdigit() and len(place) < 16):
        return False
    found = sa.select(Item.id).where(Item.id == int(place), Item.plan_id == plan.id)
    return db.session().scalar(found) is not None
