"""Steps with their places, and who signed up for them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Person
from portal.core import clock, db
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.paging import Slice, keyset
from portal.observation import policy
from portal.observation.models import Declaration, Report, Signup, SignupState
from portal.observation.workflow import SEATED, TO_COME
from portal.procurement.models import Process, ProcessState, Step

PAGE = 20


def is_sign_up_open(process: Any, step: Any) -> bool:
    """Whether somebody may still ask for a place: the step is to come, has a day, and takes observers."""
    if is_called_off(process, step) or step.actual_on is not None or step.planned_on is None:
        return False
    if step.meets_at is not None:
        return clock.now() < step.meets_at
    return clock.today() <= step.planned_on


def is_called_off(process: Any, step: Any) -> bool:
    """Whether nobody can observe this step any more: it was left out or closed, or its process is over."""
    return process.state is not ProcessState.RUNNING or not step.is_open_to_observers or bool(step.is_skipped)


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


def place_in_line(signup: Any) -> int:
    """Which number of the waiting list this is; 1 moves up next."""
    before = sa.select(sa.func.count()).where(
        Signup.step_id == signup.step_id,
        Signup.state == SignupState.WAITING,
        sa.tuple_(Signup.asked_at, Signup.id) < sa.tuple_(signup.asked_at, sa.literal(signup.id)),
    )
    return (db.session().scalar(before) or 0) + 1


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


def declaration_of(signup_id: int) -> Declaration | None:
    """The newest declaration of a sign-up, as it was signed."""
    return db.session().scalar(
        sa.select(Declaration)
        .where(Declaration.signup_id == signup_id)
        .order_by(Declaration.id.desc())
        .limit(1)
    )


def rows_of_signups() -> sa.Select[*tuple[Any, ...]]:
    """Sign-ups as lists show them, with the newest wording of their report."""
    newer = sa.orm.aliased(Report)
    is_newest = ~sa.exists().where(newer.corrects_id == Report.id)
    statement: sa.Select[*tuple[Any, ...]] = (
        sa.select(
            Signup.id,
            Signup.state,
            Signup.reason,
            Signup.person_id,
            Signup.asked_at,
            Signup.arrived_at,
            Signup.arrived_by,
            Signup.certificate_code,
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
        .outerjoin(Report, sa.and_(Report.signup_id == Signup.id, is_newest))
    )
    return statement


def mine(actor: Actor, cursor: str | None = None) -> Slice:
    """A page of the actor's own sign-ups, newest first."""
    return keyset(
        rows_of_signups().where(Signup.person_id == actor.id),
        [(Signup.id, "desc")],
        cursor=cursor,
        size=PAGE,
    )


def to_come_of(person_id: int) -> list[Any]:
    """What a person signed up for, of the last months and to come, nearest first (at most 100); places asked for and
    waited for too."""
    return list(
        db.session().execute(
            rows_of_signups()
            .add_columns(Signup.version_id)
            .where(
                Signup.person_id == person_id,
                Signup.state.in_((*TO_COME, SignupState.ATTENDED)),
                Step.planned_on >= clock.today() - dt.timedelta(days=90),
            )
            .order_by(Step.planned_on, Signup.id)
            .limit(100)
        )
    )


def _told_otherwise() -> sa.Select[*tuple[Any, ...]]:
    """Those who hope to come and heard of another time or place than the one that stands now; nobody whose meeting is
    over."""
    called_off = sa.or_(Process.state != ProcessState.RUNNING, ~Step.is_open_to_observers, Step.is_skipped)
    has_moved = sa.or_(Signup.told_meets_at.is_distinct_from(Step.meets_at), Signup.told_place != Step.place)
    knows = sa.and_(Signup.told_meets_at.is_(None), Signup.told_place == "")
    statement: sa.Select[*tuple[Any, ...]] = (
        sa.select(Signup, Step, Process)
        .join(Step, Step.id == Signup.step_id)
        .join(Process, Process.id == Step.process_id)
        .where(
            Signup.state.in_(TO_COME),
            Step.actual_on.is_(None),
            sa.or_(Signup.told_meets_at.is_(None), Signup.told_meets_at > clock.now()),
            sa.or_(sa.and_(called_off, ~knows), sa.and_(~called_off, has_moved)),
        )
    )
    return statement


def told_otherwise(limit: int = 200) -> list[Any]:
    """(Signup, Step, Process) of those who must hear of a change, held against other workers."""
    return list(
        db.session().execute(
            _told_otherwise()
            .order_by(Signup.id)
            .limit(limit)
            .with_for_update(of=Signup, skip_locked=True)
            .execution_options(populate_existing=True)
        )
    )


def is_news_due() -> bool:
    """Whether somebody who signed up has not heard yet that their meeting was moved or called off."""
    statement = _told_otherwise().with_only_columns(Signup.id).limit(1)
    return db.session().scalar(statement) is not None


def step_held(step_id: int) -> tuple[Step, Process]:
    """The step, held against everybody else who takes, gives up or gives out places at it, and its process. Raises
    NotFound."""
    step = db.get_for_update(Step, step_id)
    process = db.session().get(Process, step.process_id) if step else None
    if step is None or process is None:
        raise NotFound
    return step, process


def signup_held(signup: Signup) -> tuple[Signup, Step, Process]:
    """The sign-up as it stands now, its step held."""
    step, process = step_held(signup.step_id)
    db.session().refresh(signup)  # whoever writes a sign-up holds its step first
    return signup, step, process
