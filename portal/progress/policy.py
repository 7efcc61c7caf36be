"""Who reads progress, who writes it, who certifies it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.actionplan.models import ActionPlan, ActionPlanState, Project
from portal.core.actor import Actor, Permission
from portal.progress.models import ProgressSheet, ReportDraft

PUBLISHED = (ActionPlanState.PUBLISHED, ActionPlanState.REOPENED)
"""Work is followed from the day its plan is published."""
_DUTIES = (Permission.PROGRESS_WRITE, Permission.PROGRESS_CERTIFY)


def visible_to(actor: Actor) -> sa.ColumnElement[bool]:
    """The filter on :class:`ProgressSheet`. Sheets and certified reports are for everybody from the beginning, since a
    sheet is opened for a published plan; drafts are in no sheet. The actor changes nothing."""
    project, plan = aliased(Project), aliased(ActionPlan)
    shown = sa.exists().where(
        project.id == ProgressSheet.project_id,
        plan.id == project.action_plan_id,
        plan.state != ActionPlanState.DRAFT,
    )
    return sa.or_(ProgressSheet.project_id.is_(None), shown)


def _holds(actor: Actor, permission: Permission, district_id: int | None) -> bool:
    """In a district: there; for a bureau of the city: in the whole city."""
    if district_id is None:
        return actor.districts_where(permission) is None
    return actor.may(permission, district_id=district_id)


def can_open(actor: Actor, district_id: int | None) -> bool:
    """Begin to follow a project of this district, or of a bureau (None)."""
    return _holds(actor, Permission.PROGRESS_WRITE, district_id)


def can_write(actor: Actor, sheet: ProgressSheet) -> bool:
    """An officer who writes reports there."""
    return _holds(actor, Permission.PROGRESS_WRITE, sheet.district_id)


def is_on_desk(actor: Actor, sheet: ProgressSheet) -> bool:
    """Whoever writes or certifies there: they see drafts."""
    return any(_holds(actor, duty, sheet.district_id) for duty in _DUTIES)


def can_certify(actor: Actor, sheet: ProgressSheet, draft: ReportDraft) -> bool:
    """Four eyes: an officer who certifies there and wrote nothing of the report, however many wrote after them."""
    return _holds(actor, Permission.PROGRESS_CERTIFY, sheet.district_id) and actor.id not in draft.writers


def visible_to_desk(actor: Actor, column: Any) -> sa.ColumnElement[bool]:
    """The filter on a district's id (empty for bureaus): what is on the actor's desk."""
    found: set[int] = set()
    for duty in _DUTIES:
        where = actor.districts_where(duty)
        if where is None:
            return sa.true()
        found |= where
    result: sa.ColumnElement[bool] = column.in_(sorted(found))
    return result
