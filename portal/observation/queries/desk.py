"""What waits for the office: who asks for a place, who comes, which reports want an answer."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Person
from portal.core import clock, db
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.paging import Slice, keyset
from portal.observation import doors, policy
from portal.observation.models import Report, ReportAnswer, Signup, SignupState
from portal.observation.queries.seats import PAGE, rows_of_signups
from portal.observation.workflow import SEATED
from portal.procurement.models import Process, ProcessState, Step
from portal.rulebook import queries as rulebook


def desk(actor: Actor, view: str, cursor: str | None = None) -> Slice:
    """A page of sign-ups that wait for the office: ``confirm`` (asked, first come first) or ``attendance`` (confirmed,
    the meeting has begun)."""
    statement = (
        rows_of_signups()
        .add_columns(Person.display_name.label("name"))
        .join(Person, Person.id == Signup.person_id)
        .where(policy.visible_to_desk(actor))
    )
    if view == "attendance":
        statement = statement.where(Signup.state == SignupState.CONFIRMED, Step.meets_at <= clock.now())
    else:
        statement = statement.where(Signup.state == SignupState.ASKED, Process.state == ProcessState.RUNNING)
    return keyset(statement, [(Signup.id, "asc")], cursor=cursor, size=PAGE)


def _steps(actor: Actor) -> sa.Select[*tuple[Any, ...]]:
    """Steps with people who signed up: how many asked, are confirmed, came and wait, and how many places there are."""

    def number(*states: SignupState) -> Any:
        return sa.func.count(Signup.id).filter(Signup.state.in_(states))

    statement: sa.Select[*tuple[Any, ...]] = (
        sa.select(
            Step.id.label("step_id"),
            Step.kind,
            Step.planned_on,
            Step.meets_at,
            Step.place,
            Step.observer_places,
            Process.id.label("process_id"),
            Process.title,
            Process.district_id,
            number(SignupState.ASKED).label("asked"),
            number(SignupState.CONFIRMED).label("confirmed"),
            number(SignupState.ATTENDED).label("came"),
            number(SignupState.WAITING).label("waiting"),
        )
        .join(Process, Process.id == Step.process_id)
        .join(Signup, Signup.step_id == Step.id)
        .where(policy.visible_to_desk(actor), Process.state == ProcessState.RUNNING)
        .group_by(Step.id, Process.id)
    )
    return statement


def steps_to_confirm(actor: Actor) -> list[Any]:
    """Steps where several people ask for a place, most first (at most 20)."""
    asked = sa.func.count(Signup.id).filter(Signup.state == SignupState.ASKED)
    return list(
        db.session().execute(_steps(actor).having(asked > 1).order_by(asked.desc(), Step.id).limit(20))
    )


def doors_to_come(actor: Actor) -> list[Any]:
    """Meetings that observers come to, from those still open, nearest first (at most 100)."""
    since = clock.now() - doors.CLOSES_AFTER
    return list(
        db.session().execute(
            _steps(actor)
            .where(Step.meets_at > since, Signup.state.in_(SEATED))
            .order_by(Step.meets_at, Step.id)
            .limit(100)
        )
    )


def door(actor: Actor, step_id: int) -> tuple[Any, list[Any]]:
    """A step as :func:`doors_to_come` gives it, and who has a place there: (Signup, name), in the order of names. Raises
    NotFound for one without observers, or of another district."""
    row = db.session().execute(_steps(actor).where(Step.id == step_id)).first()
    if row is None:
        raise NotFound
    people = db.session().execute(
        sa.select(Signup, Person.display_name.label("name"))
        .join(Person, Person.id == Signup.person_id)
        .where(
            Signup.step_id == step_id,
            Signup.state.in_((SignupState.CONFIRMED, SignupState.ATTENDED, SignupState.ABSENT)),
        )
        .order_by(Person.display_name, Signup.id)
    )
    return row, list(people)


def _owed() -> sa.Select[*tuple[Any, ...]]:
    """Reports the office must answer and has not: the newest wording of each."""
    newer = sa.orm.aliased(Report)
    statement: sa.Select[*tuple[Any, ...]] = (
        sa.select(
            Report.id,
            Report.grade,
            Report.is_public,
            Report.seen,
            Report.answer_due_on,
            Report.submitted_at,
            Step.kind,
            Process.title,
            Process.topic_id,
            Process.district_id,
        )
        .join(Signup, Signup.id == Report.signup_id)
        .join(Step, Step.id == Signup.step_id)
        .join(Process, Process.id == Step.process_id)
        .outerjoin(ReportAnswer, ReportAnswer.report_id == Report.id)
        .where(
            Report.answer_due_on.is_not(None),
            ReportAnswer.id.is_(None),
            ~sa.exists().where(newer.corrects_id == Report.id),
        )
    )
    return statement


def owed(report_id: int) -> Any | None:
    """The report, if the office still owes an answer to it."""
    return db.session().execute(_owed().where(Report.id == report_id)).first()


def desk_reports(actor: Actor, *, overdue: bool = False, cursor: str | None = None) -> Slice:
    """A page of reports without an answer that must have one, oldest first; ``overdue`` only those past their day."""
    statement = (
        _owed()
        .add_columns(Person.display_name.label("name"))
        .join(Person, Person.id == Signup.person_id)
        .where(policy.visible_to_desk(actor))
    )
    if overdue:
        statement = statement.where(Report.answer_due_on < clock.today())
    return keyset(statement, [(Report.id, "asc")], cursor=cursor, size=PAGE)


def answer_day(day: dt.date) -> dt.date:
    """The last day of the office's answer to a report of ``day``, by the rulebook (working days, unless it says days)."""
    rule = rulebook.law_row("observer.answer_days", day)
    if rule.unit != "working_days":
        return day + dt.timedelta(days=rule.value)
    end = day + dt.timedelta(days=rule.value * 3 + 31)
    return rulebook.working_calendar(day, end).add_working_days(day, rule.value)
