"""Rounds that are called off, and who asks for it."""

from __future__ import annotations

import sqlalchemy as sa

from portal.accounts import queries as people
from portal.core import clock, db
from portal.voting import policy
from portal.voting.models import CancelAnswer, CancelRequest, Round, RoundResult, RoundState, Stage


def is_cancelled_by_two(round_: Round) -> bool:
    """Whether voting has begun, so that nobody calls the round off alone."""
    return round_.stage(clock.now()) in (Stage.OPEN, Stage.CLOSED, Stage.COUNTED)


def is_annulled(round_: Round) -> bool:
    """Whether it was cancelled after its count: the result stays readable, marked."""
    counted_at = sa.select(RoundResult.counted_at).where(RoundResult.round_id == round_.id)
    return round_.state is RoundState.CANCELLED and db.session().scalar(counted_at) is not None


def waiting_request(round_: Round) -> CancelRequest | None:
    """What somebody asks for, to call the round off: asked in the state it is in, by who still may ask for it."""
    asked = db.session().get(CancelRequest, round_.id, populate_existing=True)
    if asked is None or asked.state is not round_.state:
        return None
    asker = people.actor_of_person(asked.asked_by)
    return asked if asker is not None and policy.can_ask_to_cancel(asker, round_) else None


def asks_no_more(round_: Round, person_id: int | None) -> bool:
    """Whether this person's request was turned down in the state the round is in."""
    answered = sa.exists().where(
        CancelAnswer.round_id == round_.id,
        CancelAnswer.state == round_.state,
        CancelAnswer.asked_by == person_id,
    )
    return bool(db.session().scalar(sa.select(answered)))


def turned_down_annulling(round_id: int, person_id: int | None) -> bool:
    """Whether this person said no to annulling what was counted."""
    answered = sa.exists().where(
        CancelAnswer.round_id == round_id,
        CancelAnswer.state == RoundState.COUNTED,
        CancelAnswer.answered_by == person_id,
    )
    return bool(db.session().scalar(sa.select(answered)))
