"""What is public, as pieces of SQL that the reads of this room share."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from portal.actionplan.models import ActionPlan, ActionPlanState, Project, ProjectItem
from portal.actionplan.policy import is_tied
from portal.procurement.models import Process, ProcessProject, ProcessState, Step, StepKind


def open_plan() -> sa.ColumnElement[bool]:
    """Action plans that everybody may see: from the hearing on."""
    return ActionPlan.state != ActionPlanState.DRAFT


def open_tie() -> sa.ColumnElement[bool]:
    """Ties (ProjectItem ⋈ Project) that everybody may see: those that count in such a plan."""
    plans = sa.select(ActionPlan.id).where(ActionPlan.id == Project.action_plan_id, open_plan(), is_tied())
    return plans.correlate(Project, ProjectItem).exists()


def buying() -> tuple[Any, ...]:
    """(is_buying, is_contracted, is_delivered) of the Project of a SELECT."""
    bought = sa.select(ProcessProject.process_id).where(ProcessProject.project_id == Project.id)
    runs = sa.exists().where(Process.id == ProcessProject.process_id, Process.state != ProcessState.CANCELLED)

    def reached(kind: StepKind) -> sa.Exists:
        # One inside the other: joined, SQLite would begin with all steps of this kind.
        return sa.exists().where(
            Step.process_id == ProcessProject.process_id, Step.kind == kind, Step.actual_on.is_not(None)
        )

    return (
        bought.where(runs).correlate(Project).exists().label("is_buying"),
        bought.where(runs, reached(StepKind.CONTRACT)).correlate(Project).exists().label("is_contracted"),
        bought.where(reached(StepKind.ACCEPTANCE)).correlate(Project).exists().label("is_delivered"),
    )


def public_links() -> Any:
    """(item_id, project_id, amount_satang, is_buying, is_contracted, is_delivered) of every public link from an item to a project."""
    return (
        sa.select(ProjectItem.item_id, ProjectItem.project_id, ProjectItem.amount_satang, *buying())
        .join(Project, Project.id == ProjectItem.project_id)
        .join(ActionPlan, ActionPlan.id == Project.action_plan_id)
        .where(open_plan(), is_tied())
    )


def post_or_name(person: Any) -> Any:
    """How a Person of a SELECT is named where they act for an office."""
    return sa.func.coalesce(sa.func.nullif(person.position, ""), person.display_name)
