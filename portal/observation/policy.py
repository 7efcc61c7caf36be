"""Who observes, who confirms, who reads which report."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from portal.core.actor import Actor, Permission
from portal.observation.models import Report, Signup
from portal.procurement.models import Process, ProcessState, Step, StepKind

SEALED = (StepKind.BID_OPENING, StepKind.EVALUATION)
"""What is seen at these steps stays with the observer and the office until the winner is announced."""


class Closed(StrEnum):
    """Why the words of a report are not for everybody: the observer asked for it, or bids are still secret."""

    ASKED = "asked"
    SEALED = "sealed"


def can_sign_up(actor: Actor, district_id: int) -> bool:
    """Any resident with an account, but nobody who works on procurement there."""
    return actor.is_signed_in and not actor.may(Permission.PROCUREMENT_EDIT, district_id=district_id)


def can_decide(actor: Actor, signup: Signup) -> bool:
    """An officer of the district, about somebody else."""
    return (
        actor.may(Permission.OBSERVER_CONFIRM, district_id=signup.district_id)
        and actor.id != signup.person_id
    )


def can_cancel(actor: Actor, signup: Any) -> bool:
    """The resident who signed up."""
    return actor.id is not None and bool(actor.id == signup.person_id)


def can_report(actor: Actor, signup: Any) -> bool:
    """The observer."""
    return can_cancel(actor, signup)


def can_answer(actor: Actor, district_id: int) -> bool:
    """An officer of the district, in the office's name."""
    return actor.may(Permission.OBSERVER_CONFIRM, district_id=district_id)


def is_closed_to(actor: Actor, signup: Any, *, is_withheld: bool, is_sealed: bool) -> Closed | None:
    """Why this actor may not read the words of a report; None for one they may. That it exists, its step and its grade
    everybody sees. ``signup`` is anything with a person and a district."""
    if can_report(actor, signup) or can_answer(actor, signup.district_id):
        return None
    if is_withheld:
        return Closed.ASKED
    return Closed.SEALED if is_sealed else None


def is_withheld() -> sa.ColumnElement[bool]:
    """Whether its observer keeps a :class:`Report` from the public: by this wording's wish, or by that of the newest,
    which holds for all before it."""
    newest, newer = sa.orm.aliased(Report), sa.orm.aliased(Report)
    return sa.or_(
        sa.not_(Report.is_public),
        sa.exists().where(
            newest.signup_id == Report.signup_id,
            sa.not_(newest.is_public),
            ~sa.exists().where(newer.corrects_id == newest.id),
        ),
    )


def is_sealed() -> sa.ColumnElement[bool]:
    """Whether a :class:`Step` tells of bids that are still secret: its running process has announced no winner."""
    award = sa.orm.aliased(Step)
    announced = sa.exists().where(
        award.process_id == Process.id, award.kind == StepKind.AWARD, award.actual_on.is_not(None)
    )
    return sa.and_(Step.kind.in_(SEALED), Process.state == ProcessState.RUNNING, ~announced)


def is_open_to_all() -> sa.ColumnElement[bool]:
    """The reports whose words are everybody's, as a filter on :class:`Report` joined with its step and process: the
    newest wording, unless the observer asked otherwise or bids are still secret."""
    newer = sa.orm.aliased(Report)
    return sa.and_(
        Report.is_public,
        sa.not_(is_sealed()),
        ~sa.exists().where(newer.corrects_id == Report.id),
    )


def visible_to_desk(actor: Actor) -> sa.ColumnElement[bool]:
    """The filter on :class:`Signup`: those the actor decides about."""
    where = actor.districts_where(Permission.OBSERVER_CONFIRM)
    return sa.true() if where is None else Signup.district_id.in_(sorted(where))
