"""Who wrote a plan: four eyes want somebody else to approve it, and to publish a change."""

from __future__ import annotations

import sqlalchemy as sa

from portal.actionplan.models import ActionPlan, MergeStep, Project
from portal.core import db, ledger
from portal.core.actor import Actor

WRITING = tuple(
    f"project.{done}"
    for done in (
        "added",
        "changed",
        "change_prepared",
        "withdrawn",
        "put_back",
        "node_added",
        "node_removed",
        "item_added",
        "item_changed",
        "item_removed",
    )
)
"""The events of writing a plan. Money and papers come after it and change nothing of what it says."""


def took_part(actor: Actor, plan: ActionPlan) -> bool:
    """Whether this actor wrote anything of the plan, or of its change once it was reopened: what the ledger and the steps
    of the merge workbench say, since a row remembers only who wrote it last."""
    since = plan.reopened_at
    steps = sa.select(MergeStep.id).where(MergeStep.action_plan_id == plan.id, MergeStep.done_by == actor.id)
    if since is not None:
        steps = steps.where(MergeStep.done_at >= since)
    written = sa.select(Project.id).where(
        Project.action_plan_id == plan.id,
        ledger.done_by(actor.id, WRITING, "project", Project.id, since=since),
    )
    return bool(db.session().scalar(sa.select(sa.or_(steps.exists(), written.exists()))))
