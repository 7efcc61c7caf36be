"""Lists of processes, the calendar of what comes, the desk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.actionplan.models import ActionPlan, Project
from portal.actionplan.policy import is_in_force
from portal.comments.models import Comment, Purpose
from portal.core import clock, db, thai, topics
from portal.core.actor import Actor, Permission
from portal.core.paging import Slice, keyset
from portal.places.models import District
from portal.procurement import policy
from portal.procurement.models import (
    Method,
    Process,
    ProcessProject,
    ProcessState,
    Step,
    StepKind,
)

PAGE = 20
SOON = 40


def _reached(what: str) -> sa.ScalarSelect[Any]:
    """The kind of the last step that has happened, or the last day of its window."""
    done = aliased(Step)
    return (
        sa.select(getattr(done, what))
        .where(done.process_id == Process.id, done.actual_on.is_not(None))
        .order_by(done.position.desc())
        .limit(1)
        .correlate(Process)
        .scalar_subquery()
    )


def _row() -> sa.Select[*tuple[Any, ...]]:
    statement: sa.Select[*tuple[Any, ...]] = sa.select(
        Process.id,
        Process.ocid,
        Process.title,
        Process.method,
        Process.state,
        Process.district_id,
        Process.budget_satang,
        Process.median_price_satang,
        Process.contract_satang,
        Process.paid_satang,
        Process.supplier,
        _reached("kind").label("reached"),
        _reached("ends_on").label("open_until"),
    )
    return statement


def processes_of_projects(actor: Actor, project_ids: Iterable[int]) -> list[Any]:
    """Processes that buy for these projects and that the actor may see, newest first: the columns of a list (id, ocid,
    title, method, state, amounts in satang, supplier, reached, open_until) with project_id."""
    wanted = list(project_ids)
    if not wanted:
        return []
    return list(
        db.session().execute(
            _row()
            .add_columns(ProcessProject.project_id)
            .join(ProcessProject, ProcessProject.process_id == Process.id)
            .where(ProcessProject.project_id.in_(wanted), policy.visible_to(actor))
            .order_by(Process.id.desc())
        )
    )


def processes(
    actor: Actor,
    *,
    district_id: int | None = None,
    method: Method | None = None,
    state: ProcessState | None = None,
    text: str = "",
    cursor: str | None = None,
) -> Slice:
    """A page of processes, newest first, with their district's names. ``text`` is searched as everywhere."""
    statement = (
        _row()
        .add_columns(District.name_th, District.name_en)
        .join(District, District.id == Process.district_id)
        .where(policy.visible_to(actor))
    )
    for column, value in (
        (Process.district_id, district_id),
        (Process.method, method),
        (Process.state, state),
    ):
        if value is not None:
            statement = statement.where(column == value)
    terms = thai.query_terms(text)
    if text.strip():
        found = (
            topics.matches(topics.words_query(terms, "process"), kind="process", limit=2000).subquery()
            if terms
            else None
        )
        statement = statement.where(
            Process.topic_id.in_(sa.select(found.c.topic_id)) if found is not None else sa.false()
        )
    return keyset(statement, [(Process.id, "desc")], cursor=cursor, size=PAGE)


def _steps_ahead(district_id: int | None) -> sa.Select[*tuple[Any, ...]]:
    statement: sa.Select[*tuple[Any, ...]] = (
        sa.select(
            Step.id.label("step_id"),
            Step.kind,
            Step.planned_on,
            Step.actual_on,
            Step.ends_on,
            Step.meets_at,
            Step.place,
            Step.is_open_to_observers,
            Step.observer_places,
            Process.id.label("process_id"),
            Process.title,
            Process.ocid,
            Process.district_id,
            District.name_th,
            District.name_en,
        )
        .join(Process, Process.id == Step.process_id)
        .join(District, District.id == Process.district_id)
        .where(Process.state == ProcessState.RUNNING)
    )
    return statement if district_id is None else statement.where(Process.district_id == district_id)


def open_steps(actor: Actor, district_id: int | None = None, limit: int = SOON) -> list[Any]:
    """Steps still to come that observers may attend, nearest day first: step_id, kind, planned_on, meets_at, place,
    process_id, title, ocid, district_id, name_th, name_en."""
    return list(
        db.session().execute(
            _steps_ahead(district_id)
            .where(
                Step.planned_on >= clock.today(),
                Step.actual_on.is_(None),
                ~Step.is_skipped,
                Step.is_open_to_observers,
                policy.visible_to(actor),
            )
            .order_by(Step.planned_on, Step.id)
            .limit(limit)
        )
    )


def open_drafts(actor: Actor, district_id: int | None = None, limit: int = SOON) -> list[Any]:
    """Draft terms that may be commented on today, first to close first; rows as :func:`open_steps`."""
    invited = aliased(Step)
    today = clock.today()
    return list(
        db.session().execute(
            _steps_ahead(district_id)
            .where(
                Step.kind == StepKind.DRAFT_TOR,
                Step.ends_on >= today,
                Step.actual_on <= today,
                policy.visible_to(actor),
                ~sa.exists().where(
                    invited.process_id == Process.id,
                    invited.kind == StepKind.INVITATION,
                    invited.actual_on.is_not(None),
                ),
            )
            .order_by(Step.ends_on, Step.id)
            .limit(limit)
        )
    )


# -- the desk -------------------------------------------------------------------------------------------------------


def _next_step() -> sa.ColumnElement[bool]:
    """The condition that joins a process with its first step neither done nor left out."""
    earlier = aliased(Step)
    return sa.and_(
        Step.process_id == Process.id,
        Step.position
        == sa.select(sa.func.min(earlier.position))
        .where(earlier.process_id == Process.id, earlier.actual_on.is_(None), ~earlier.is_skipped)
        .correlate(Process)
        .scalar_subquery(),
    )


def desk(actor: Actor, view: str, cursor: str | None = None) -> Slice:
    """A page of the actor's desk. ``view``: ``running`` (all), ``mine`` (created by the actor), ``overdue`` (the next
    step's day has passed), ``undated`` (it has none), ``done`` (closed and cancelled). Newest first; rows carry the next
    step (step_id, kind, planned_on) and the number of remarks that wait for an answer."""
    waiting = (
        sa.select(sa.func.count())
        .where(
            Comment.topic_id == Process.topic_id,
            Comment.purpose == Purpose.DRAFT_TOR,
            Comment.parent_id.is_(None),
            Comment.reply_id.is_(None),
            Comment.hidden_at.is_(None),
        )
        .correlate(Process)
        .scalar_subquery()
    )
    statement = (
        _row()
        .add_columns(
            District.name_th,
            District.name_en,
            Step.id.label("step_id"),
            Step.kind,
            Step.planned_on,
            waiting.label("waiting"),
        )
        .join(District, District.id == Process.district_id)
        .outerjoin(Step, _next_step())
        .where(policy.visible_to_desk(actor))
    )
    running = Process.state == ProcessState.RUNNING
    conditions = {
        "mine": (running, Process.created_by == actor.id),
        "overdue": (running, Step.planned_on < clock.today()),
        "undated": (running, Step.id.is_not(None), Step.planned_on.is_(None)),
        "done": (Process.state != ProcessState.RUNNING,),
    }
    return keyset(
        statement.where(*conditions.get(view, (running,))), [(Process.id, "desc")], cursor=cursor, size=PAGE
    )


def desk_projects(actor: Actor, q: str = "", limit: int = 200) -> Sequence[Any]:
    """Projects of published plans the actor may buy for, newest plan first: id, code, name, budget_satang, district_id,
    name_th, processes (how many buy for it already; a cancelled one buys nothing)."""
    where = actor.districts_where(Permission.PROCUREMENT_EDIT)
    begun = (
        sa.select(sa.func.count())
        .select_from(ProcessProject)
        .join(Process, Process.id == ProcessProject.process_id)
        .where(ProcessProject.project_id == Project.id, Process.state != ProcessState.CANCELLED)
        .correlate(Project)
        .scalar_subquery()
    )
    statement = (
        sa.select(
            Project.id,
            Project.code,
            Project.name,
            Project.budget_satang,
            Project.district_id,
            District.name_th,
            District.name_en,
            begun.label("processes"),
        )
        .join(ActionPlan, ActionPlan.id == Project.action_plan_id)
        .join(District, District.id == Project.district_id)
        .where(ActionPlan.published_at.is_not(None), Project.withdrawn_at.is_(None), is_in_force())
        .order_by(ActionPlan.id.desc(), Project.position, Project.id)
        .limit(limit)
    )
    if where is not None:
        statement = statement.where(Project.district_id.in_(sorted(where)))
    terms = thai.query_terms(q)
    if terms:
        statement = statement.where(
            Project.topic_id.in_(
                topics.matches(topics.words_query(terms, "project"), kind="project", limit=2000)
            )
        )
    return db.session().execute(statement).all()
