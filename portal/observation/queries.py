"""Reads of the observation room."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Person
from portal.core import clock, db
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.i18n import lazy_gettext as _l
from portal.core.paging import Slice, keyset
from portal.core.storage import StoredFile
from portal.observation import policy, words
from portal.observation.models import Grade, Report, ReportAnswer, Signup, SignupState
from portal.observation.workflow import SEATED
from portal.places.models import District
from portal.procurement import policy as procurement_policy
from portal.procurement.models import Process, ProcessState, Step, StepKind
from portal.procurement.words import STEPS

PAGE = 20
PHOTOS = "observer_report"


def is_sign_up_open(process: Any, step: Any) -> bool:
    """Whether somebody may still ask for a place: the step is to come, has a day, and takes observers."""
    if process.state is not ProcessState.RUNNING or not step.is_open_to_observers or step.is_skipped:
        return False
    if step.actual_on is not None or step.planned_on is None:
        return False
    if step.meets_at is not None:
        return clock.now() < step.meets_at
    return clock.today() <= step.planned_on


@dataclass
class Seats:
    """One step with its places: how many are held, how many people wait, and the actor's own sign-up."""

    step: Step
    taken: int
    waiting: int
    own_id: int | None
    own_state: SignupState | None
    own_reason: str
    is_open: bool

    @property
    def left(self) -> int:
        """Free places, never below zero."""
        return max(0, self.step.observer_places - self.taken)


def seats_of(actor: Actor, process: Process) -> list[Seats]:
    """Steps of a process that take observers, in order; one query."""
    own = sa.orm.aliased(Signup)
    rows = db.session().execute(
        sa.select(
            Step,
            sa.func.count(Signup.id).filter(Signup.state.in_(SEATED)).label("taken"),
            sa.func.count(Signup.id).filter(Signup.state == SignupState.WAITING).label("waiting"),
            own.id.label("own_id"),
            own.state.label("own_state"),
            own.reason.label("own_reason"),
        )
        .outerjoin(Signup, Signup.step_id == Step.id)
        .outerjoin(own, sa.and_(own.step_id == Step.id, own.person_id == actor.id))
        .where(Step.process_id == process.id, Step.is_open_to_observers, ~Step.is_skipped)
        .group_by(Step.id, own.id, own.state, own.reason)
        .order_by(Step.position)
    )
    return [
        Seats(
            row.Step,
            row.taken,
            row.waiting,
            row.own_id,
            row.own_state,
            row.own_reason or "",
            is_sign_up_open(process, row.Step),
        )
        for row in rows
    ]


def taken(step_id: int) -> int:
    """How many places of a step are held."""
    return (
        db.session().scalar(
            sa.select(sa.func.count()).where(Signup.step_id == step_id, Signup.state.in_(SEATED))
        )
        or 0
    )


def signups_of_step(step_id: int) -> list[Any]:
    """Everybody who signed up for a step, in the order of asking: (Signup, name, email). For officers only."""
    return list(
        db.session().execute(
            sa.select(Signup, Person.display_name.label("name"), Person.email)
            .join(Person, Person.id == Signup.person_id)
            .where(Signup.step_id == step_id)
            .order_by(Signup.asked_at, Signup.id)
        )
    )


def signup_with(actor: Actor, signup_id: int) -> Any:
    """(Signup, Step, Process, name) for the resident who signed up or an officer who decides; raises NotFound."""
    row = (
        db.session()
        .execute(
            sa.select(Signup, Step, Process, Person.display_name.label("name"))
            .join(Step, Step.id == Signup.step_id)
            .join(Process, Process.id == Step.process_id)
            .join(Person, Person.id == Signup.person_id)
            .where(Signup.id == signup_id)
        )
        .first()
    )
    if row is None or not (
        policy.can_cancel(actor, row.Signup) or policy.can_answer(actor, row.Signup.district_id)
    ):
        raise NotFound
    return row


def _signups() -> sa.Select[*tuple[Any, ...]]:
    statement: sa.Select[*tuple[Any, ...]] = (
        sa.select(
            Signup.id,
            Signup.state,
            Signup.reason,
            Signup.person_id,
            Step.id.label("step_id"),
            Step.kind,
            Step.planned_on,
            Step.meets_at,
            Step.place,
            Process.id.label("process_id"),
            Process.title,
            Process.ocid,
            Process.state.label("process_state"),
            Report.id.label("report_id"),
        )
        .join(Step, Step.id == Signup.step_id)
        .join(Process, Process.id == Step.process_id)
        .outerjoin(Report, Report.signup_id == Signup.id)
    )
    return statement


def mine(actor: Actor, cursor: str | None = None) -> Slice:
    """A page of the actor's own sign-ups, newest first."""
    return keyset(
        _signups().where(Signup.person_id == actor.id), [(Signup.id, "desc")], cursor=cursor, size=PAGE
    )


def confirmed_of(actor: Actor) -> list[Any]:
    """The actor's confirmed places of the last months and to come, nearest first (at most 100)."""
    return list(
        db.session().execute(
            _signups()
            .where(
                Signup.person_id == actor.id,
                Signup.state == SignupState.CONFIRMED,
                Step.planned_on >= clock.today() - dt.timedelta(days=90),
            )
            .order_by(Step.planned_on, Signup.id)
            .limit(100)
        )
    )


def desk(actor: Actor, view: str, cursor: str | None = None) -> Slice:
    """A page of sign-ups that wait for the office: ``confirm`` (asked, first come first) or ``attendance`` (confirmed,
    the meeting has begun)."""
    statement = (
        _signups()
        .add_columns(Person.display_name.label("name"))
        .join(Person, Person.id == Signup.person_id)
        .where(policy.visible_to_desk(actor))
    )
    if view == "attendance":
        statement = statement.where(Signup.state == SignupState.CONFIRMED, Step.meets_at <= clock.now())
    else:
        statement = statement.where(Signup.state == SignupState.ASKED, Process.state == ProcessState.RUNNING)
    return keyset(statement, [(Signup.id, "asc")], cursor=cursor, size=PAGE)


def desk_reports(actor: Actor, *, overdue: bool = False, cursor: str | None = None) -> Slice:
    """A page of reports without an answer that must have one, oldest first; ``overdue`` only those past their day."""
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
            Person.display_name.label("name"),
        )
        .join(Signup, Signup.id == Report.signup_id)
        .join(Step, Step.id == Signup.step_id)
        .join(Process, Process.id == Step.process_id)
        .join(Person, Person.id == Signup.person_id)
        .outerjoin(ReportAnswer, ReportAnswer.report_id == Report.id)
        .where(policy.visible_to_desk(actor), Report.answer_due_on.is_not(None), ReportAnswer.id.is_(None))
    )
    if overdue:
        statement = statement.where(Report.answer_due_on < clock.today())
    return keyset(statement, [(Report.id, "asc")], cursor=cursor, size=PAGE)


# -- reports --------------------------------------------------------------------------------------------------------


@dataclass
class Told:
    """A report as shown, with its answer and its pictures."""

    id: int
    kind: StepKind
    held_on: dt.date | None
    observer: str
    seen: str
    concerns: str
    grade: Grade
    is_public: bool
    submitted_at: dt.datetime
    due_on: dt.date | None
    answer: str | None
    answered_at: dt.datetime | None
    answered_by: str
    answered_post: str
    photos: list[StoredFile] = field(default_factory=list)

    @property
    def step(self) -> object:
        """The step's name, in the reader's language."""
        return STEPS[self.kind]

    @property
    def grade_tag(self) -> tuple[object, str]:
        """(label, tone) of the grade."""
        return words.GRADES[self.grade]

    @property
    def is_overdue(self) -> bool:
        """The office owes an answer and its day has passed."""
        return self.answer is None and self.due_on is not None and self.due_on < clock.today()


def _told() -> Any:
    answerer = sa.orm.aliased(Person)
    return (
        sa.select(
            Report,
            Signup.person_id,
            Step.kind,
            Step.actual_on,
            Step.planned_on,
            Person.display_name.label("observer"),
            ReportAnswer.body,
            ReportAnswer.answered_at,
            answerer.display_name.label("answered_by"),
            answerer.position.label("answered_post"),
            Process.id.label("process_id"),
            Process.title,
            Process.topic_id,
            Process.district_id,
        )
        .join(Signup, Signup.id == Report.signup_id)
        .join(Step, Step.id == Signup.step_id)
        .join(Process, Process.id == Step.process_id)
        .join(Person, Person.id == Signup.person_id)
        .outerjoin(ReportAnswer, ReportAnswer.report_id == Report.id)
        .outerjoin(answerer, answerer.id == ReportAnswer.answered_by)
    )


def _as_told(rows: Iterable[Any]) -> list[Told]:
    found = {
        row.Report.id: Told(
            id=row.Report.id,
            kind=row.kind,
            held_on=row.actual_on or row.planned_on,
            observer=row.observer,
            seen=row.Report.seen,
            concerns=row.Report.concerns,
            grade=row.Report.grade,
            is_public=row.Report.is_public,
            submitted_at=row.Report.submitted_at,
            due_on=row.Report.answer_due_on,
            answer=row.body,
            answered_at=row.answered_at,
            answered_by=row.answered_by or "",
            answered_post=row.answered_post or "",
        )
        for row in rows
    }
    if found:
        photos = db.session().scalars(
            sa.select(StoredFile)
            .where(StoredFile.owner_kind == PHOTOS, StoredFile.owner_id.in_(list(found)))
            .order_by(StoredFile.id)
        )
        for photo in photos:
            found[photo.owner_id].photos.append(photo)
    return list(found.values())


def reports_of_process(actor: Actor, process_id: int) -> list[Told]:
    """Reports on a visible process that the actor may read, newest first (at most 100); two queries."""
    rows = db.session().execute(
        _told()
        .where(Process.id == process_id, procurement_policy.visible_to(actor), policy.visible_to(actor))
        .order_by(Report.id.desc())
        .limit(100)
    )
    return _as_told(rows)


def report_visible(actor: Actor, report_id: int) -> tuple[Told, Any]:
    """One report and its process (process_id, title, topic_id, district_id, person_id); raises NotFound."""
    row = (
        db.session()
        .execute(
            _told().where(
                Report.id == report_id, procurement_policy.visible_to(actor), policy.visible_to(actor)
            )
        )
        .first()
    )
    if row is None:
        raise NotFound
    return _as_told([row])[0], row


def district_names(process: Process) -> Any:
    """(code, name_th, name_en) of a process's district."""
    return (
        db.session()
        .execute(
            sa.select(District.code, District.name_th, District.name_en).where(
                District.id == process.district_id
            )
        )
        .one()
    )


def _may_read_photo(actor: Actor, report_id: int) -> bool:
    try:
        report_visible(actor, report_id)
    except NotFound:
        return False
    return True


FILE_GUARDS = {PHOTOS: _may_read_photo}
NEWS = {
    "observation.asked": _l("Somebody wants to observe a step of “%(title)s”: confirm or decline."),
    "observation.confirmed": _l("Your place as an observer at “%(title)s” is confirmed."),
    "observation.declined": _l("Your place as an observer at “%(title)s” was declined. Reason: %(reason)s"),
    "observation.moved_up": _l("A place fell free: you moved up for a step of “%(title)s”."),
    "observation.reported": _l("An observer has reported on “%(title)s”."),
    "observation.answered": _l("The office has answered your report on “%(title)s”."),
}
