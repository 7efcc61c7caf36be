"""A change of a published plan: what it writes is kept aside on the project's row, and put in force with its edition."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from portal.actionplan import queries, sheet
from portal.actionplan.models import ActionPlan, Project, ProjectNode
from portal.core import clock, db, ledger, topics
from portal.core.actor import Actor


def prepare(actor: Actor, project: Project, changes: Mapping[str, list[Any]]) -> None:
    """Keep aside what a change makes of a project: by name, how it read in the change and how it reads now. What reads as
    in the row again is no change. The caller holds the project."""
    kept = dict(project.pending or {})
    for name, (_before, after) in changes.items():
        if after == _in_force(project, name):
            kept.pop(name, None)
        else:
            kept[name] = after
    project.pending = kept or None
    project.changed_by, project.changed_at = actor.id or project.changed_by, clock.now()
    ledger.record(
        "project.change_prepared",
        actor,
        "project",
        project.id,
        district_id=project.district_id,
        changes=dict(changes),
    )
    db.session().flush()


def put_in_force(actor: Actor, plan: ActionPlan) -> None:
    """Write into the rows what the change of a plan kept aside: its edition is published. The caller holds the plan."""
    session = db.session()
    for project in session.scalars(
        sa.select(Project)
        .where(Project.action_plan_id == plan.id, Project.pending.is_not(None))
        .order_by(Project.id)
    ).all():
        kept, project.pending = project.pending or {}, None
        changes = {name: [_in_force(project, name), value] for name, value in kept.items()}
        for name, value in sheet.read(kept).items():
            setattr(project, name, value)
        if sheet.NODES in kept:
            session.execute(sa.delete(ProjectNode).where(ProjectNode.project_id == project.id))
            session.add_all(
                ProjectNode(project_id=project.id, node_id=node_id) for node_id in kept[sheet.NODES]
            )
        topics.retitle(project.topic_id, project.name, text=sheet.searched(project))
        ledger.record(
            "project.change_applied",
            actor,
            "project",
            project.id,
            district_id=project.district_id,
            changes=changes,
        )
    session.flush()


def _in_force(project: Project, name: str) -> Any:
    if name == sheet.NODES:
        return queries.nodes_in_force(project.id)
    return sheet.plain(getattr(project, name))
