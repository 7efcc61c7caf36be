"""Who was struck from a roll, and the objections."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from portal.core import db
from portal.core.actor import Actor, Permission
from portal.core.errors import NotFound
from portal.voting import policy
from portal.voting.models import RollEntry, RollStrike, Round


def strike_of(actor: Actor, round_: Round) -> RollStrike | None:
    """The last time the row this account votes for was struck; None if it never was."""
    return db.session().scalar(
        sa.select(RollStrike)
        .join(RollEntry, RollEntry.id == RollStrike.roll_entry_id)
        .where(RollStrike.round_id == round_.id, RollEntry.person_id == actor.id)
        .order_by(RollStrike.id.desc())
        .limit(1)
    )


def strikes(actor: Actor, round_: Round, size: int = 200) -> list[Any]:
    """Who was struck from the actor's roll, newest first: id, roll_entry_id, number (of the row on this roll), is_out (now),
    reason, struck_at, objected_at, is_restored, answer, decided_at."""
    rows = (
        sa.select(RollEntry.id, sa.func.row_number().over(order_by=RollEntry.id).label("number"))
        .where(RollEntry.round_id == round_.id)
        .subquery("rows_of_the_roll")
    )
    where = actor.districts_where(Permission.ROLL_KEEP)
    statement = (
        sa.select(
            RollStrike.id,
            RollStrike.roll_entry_id,
            rows.c.number,
            RollEntry.struck_at.is_not(None).label("is_out"),
            RollStrike.reason,
            RollStrike.struck_at,
            RollStrike.objected_at,
            RollStrike.is_restored,
            RollStrike.answer,
            RollStrike.decided_at,
        )
        .join(RollEntry, RollEntry.id == RollStrike.roll_entry_id)
        .join(rows, rows.c.id == RollEntry.id)
        .where(RollStrike.round_id == round_.id)
        .order_by(RollStrike.id.desc())
        .limit(size)
    )
    if where is not None:
        statement = statement.where(RollEntry.district_id.in_(sorted(where)))
    return list(db.session().execute(statement))


def objections(actor: Actor, size: int = 100) -> list[Any]:
    """Objections that wait for somebody who may confirm rounds there, oldest first: id, title, objected_at."""
    where = actor.districts_where(Permission.ROUND_CONFIRM)
    statement = (
        sa.select(RollStrike.id, Round.title, RollStrike.objected_at)
        .join(Round, Round.id == RollStrike.round_id)
        .join(RollEntry, RollEntry.id == RollStrike.roll_entry_id)
        .where(
            RollStrike.objected_at.is_not(None),
            RollStrike.decided_at.is_(None),
            RollStrike.struck_by != actor.id,
        )
        .order_by(RollStrike.id)
        .limit(size)
    )
    if where is not None:
        statement = statement.where(RollEntry.district_id.in_(sorted(where)))
    return list(db.session().execute(statement))


def objection_seen(actor: Actor, strike_id: int) -> tuple[RollStrike, Round]:
    """An objection with its round, for whoever may answer it; NotFound otherwise."""
    made = db.session().get(RollStrike, strike_id)
    if made is None or made.objected_at is None:
        raise NotFound
    round_ = db.session().get_one(Round, made.round_id)
    entry = db.session().get_one(RollEntry, made.roll_entry_id)
    if not policy.can_answer_objection(actor, round_, made, entry):
        raise NotFound
    return made, round_
