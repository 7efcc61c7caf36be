"""What can be observed: the steps to come of all districts, with their places."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Person, Residency
from portal.core import clock, db
from portal.core.actor import Actor
from portal.observation.models import Feed, Signup, SignupState
from portal.observation.workflow import SEATED
from portal.places.models import District
from portal.procurement import policy as procurement_policy
from portal.procurement.models import Process, ProcessState, Step, StepKind

SHOWN = 40


def open_steps(
    actor: Actor,
    *,
    district_id: int | None = None,
    kind: StepKind | None = None,
    since: dt.date | None = None,
    limit: int = SHOWN,
) -> list[Any]:
    """Steps still to come that take observers, nearest day first: step_id, kind, planned_on, meets_at, place,
    observer_places, process_id, title, ocid, name_th, name_en, taken (places held), own_state (the actor's)."""
    own = (
        sa.select(Signup.state)
        .where(Signup.step_id == Step.id, Signup.person_id == actor.id)
        .correlate(Step)
        .scalar_subquery()
    )
    seats = (
        sa.select(sa.func.count())
        .where(Signup.step_id == Step.id, Signup.state.in_(SEATED))
        .correlate(Step)
        .scalar_subquery()
    )
    statement = (
        sa.select(
            Step.id.label("step_id"),
            Step.kind,
            Step.planned_on,
            Step.meets_at,
            Step.place,
            Step.observer_places,
            Step.version_id,
            Process.id.label("process_id"),
            Process.district_id,
            Process.title,
            Process.ocid,
            District.name_th,
            District.name_en,
            seats.label("taken"),
            own.label("own_state"),
        )
        .join(Process, Process.id == Step.process_id)
        .join(District, District.id == Process.district_id)
        .where(
            Process.state == ProcessState.RUNNING,
            Step.planned_on >= max(since or clock.today(), clock.today()),
            Step.actual_on.is_(None),
            ~Step.is_skipped,
            Step.is_open_to_observers,
            Step.observer_places > 0,
            sa.or_(Step.meets_at.is_(None), Step.meets_at > clock.now()),
            procurement_policy.visible_to(actor),
        )
        .order_by(Step.planned_on, Step.meets_at, Step.id)
        .limit(limit)
    )
    if district_id is not None:
        statement = statement.where(Process.district_id == district_id)
    if kind is not None:
        statement = statement.where(Step.kind == kind)
    return list(db.session().execute(statement))


def district_of(actor: Actor) -> int | None:
    """The district where the actor says they live."""
    if actor.id is None:
        return None
    return db.session().scalar(
        sa.select(Residency.district_id)
        .where(Residency.person_id == actor.id, Residency.ended_at.is_(None))
        .order_by(Residency.id.desc())
        .limit(1)
    )


def feed_number(person_id: int) -> int:
    """Which of a person's private calendar addresses counts; 0 before they asked for a new one."""
    return db.session().scalar(sa.select(Feed.number).where(Feed.person_id == person_id)) or 0


def certificate(code: str) -> Any | None:
    """What a certificate with this code says: name, kind, held_on, title, name_th, name_en, signup_id; None for a code
    nobody was given."""
    return db.session().execute(_certificates().where(Signup.certificate_code == code)).first()


def certificate_of(signup_id: int) -> Any | None:
    """The certificate of an observer who came and reported; None before that."""
    return db.session().execute(_certificates().where(Signup.id == signup_id)).first()


def _certificates() -> sa.Select[*tuple[Any, ...]]:
    statement: sa.Select[*tuple[Any, ...]] = (
        sa.select(
            Signup.id.label("signup_id"),
            Signup.person_id,
            Signup.certificate_code,
            Signup.arrived_at,
            Person.display_name.label("name"),
            Step.kind,
            Process.id.label("process_id"),
            Process.title,
            District.name_th,
            District.name_en,
        )
        .join(Person, Person.id == Signup.person_id)
        .join(Step, Step.id == Signup.step_id)
        .join(Process, Process.id == Step.process_id)
        .join(District, District.id == Process.district_id)
        .where(
            Signup.state == SignupState.ATTENDED,
            Signup.certificate_code.is_not(None),
            Person.closed_at.is_(None),
        )
    )
    return statement
