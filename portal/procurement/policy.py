"""Who sees a contracting process and who works on it."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from portal.actionplan.models import ActionPlan, ActionPlanState, Project
from portal.core.actor import Actor, Permission
from portal.procurement.models import Process, ProcessProject, Step, StepKind


def _is_public() -> sa.ColumnElement[bool]:
    """A process is public from its creation, since it buys for projects people can read: at least one of them stands in
    a plan that has left its draft."""
    return sa.exists().where(
        ProcessProject.process_id == Process.id,
        Project.id == ProcessProject.project_id,
        ActionPlan.id == Project.action_plan_id,
        ActionPlan.state != ActionPlanState.DRAFT,
    )


def _may_be_read() -> sa.ColumnElement[bool]:
    """Public for what it buys for, or because its notice is public elsewhere already."""
    return sa.or_(Process.imported_at.is_not(None), _is_public())


def visible_to(actor: Actor) -> sa.ColumnElement[bool]:
    """The filter on :class:`Process`: everybody sees public ones, the district's procurement officers all of theirs."""
    where = actor.districts_where(Permission.PROCUREMENT_EDIT)
    if where is None:
        return sa.true()
    public = _may_be_read()
    return sa.or_(public, Process.district_id.in_(sorted(where))) if where else public


def visible_to_desk(actor: Actor) -> sa.ColumnElement[bool]:
    """The filter on :class:`Process`: those of the actor's own desk."""
    where = actor.districts_where(Permission.PROCUREMENT_EDIT)
    return sa.true() if where is None else Process.district_id.in_(sorted(where))


def can_create(actor: Actor, district_id: int) -> bool:
    """Begin a process for projects of this district."""
    return actor.may(Permission.PROCUREMENT_EDIT, district_id=district_id)


def can_edit(actor: Actor, process: Process) -> bool:
    """A procurement officer of the district."""
    return actor.may(Permission.PROCUREMENT_EDIT, district_id=process.district_id)


def can_show_draft(steps: Iterable[Step]) -> bool:
    """Whether the draft terms can still be shown or changed: they were not left out, and nobody is invited to bid."""
    by_kind = {step.kind: step for step in steps}
    return not by_kind[StepKind.DRAFT_TOR].is_skipped and by_kind[StepKind.INVITATION].actual_on is None


def can_change_projects(steps: Iterable[Step]) -> bool:
    """Whether projects can still be added or removed: nobody is invited to bid, and no winner is announced."""
    return not any(
        step.kind in (StepKind.INVITATION, StepKind.AWARD) and step.actual_on is not None for step in steps
    )


def is_sealed(steps: Iterable[Step]) -> bool:
    """Whether the bids are still sealed: this process opens bids and has not done so yet."""
    return any(
        step.kind is StepKind.BID_OPENING and not step.is_skipped and step.actual_on is None for step in steps
    )
