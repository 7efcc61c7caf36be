"""Who may see and do what with an action plan."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.actionplan.models import ActionPlan, ActionPlanState, Project, ProjectItem
from portal.core.actor import Actor, Permission
from portal.cycles.models import Cycle

_OFFICERS = (Permission.ACTION_PLAN_EDIT, Permission.ACTION_PLAN_APPROVE)
_EDITABLE = frozenset(
    {
        ActionPlanState.DRAFT,
        ActionPlanState.HEARING,
        ActionPlanState.ANSWERED,
        ActionPlanState.REOPENED,
    }
)


def is_officer(actor: Actor, district_id: int) -> bool:
    """Somebody who makes or approves this district's plan."""
    return any(actor.may(permission, district_id=district_id) for permission in _OFFICERS)


def _districts(actor: Actor) -> frozenset[int] | None:
    """Districts whose plan the actor makes or approves; None means every district."""
    found: set[int] = set()
    for permission in _OFFICERS:
        where = actor.districts_where(permission)
        if where is None:
            return None
        found |= where
    return frozenset(found)


def visible_to(actor: Actor) -> sa.ColumnElement[bool]:
    """The filter on :class:`ActionPlan`: from the hearing on everybody, a draft only the district's officers."""
    opened = ActionPlan.state != ActionPlanState.DRAFT
    districts = _districts(actor)
    if districts is None:
        return sa.true()
    return sa.or_(opened, ActionPlan.district_id.in_(sorted(districts))) if districts else opened


def visible_to_desk(actor: Actor) -> sa.ColumnElement[bool]:
    """The filter on :class:`Cycle`: the cycles whose plan this actor makes or approves."""
    districts = _districts(actor)
    return sa.true() if districts is None else Cycle.district_id.in_(sorted(districts))


def can_see(actor: Actor, plan: ActionPlan) -> bool:
    """The same rule as :func:`visible_to`, asked of one plan."""
    return plan.state is not ActionPlanState.DRAFT or is_officer(actor, plan.district_id)


def is_leaving() -> sa.ColumnElement[bool]:
    """The rows of :class:`Project` (joined to its plan) that a change takes out: until the next edition is published the
    one in force names them."""
    since = ActionPlan.reopened_at
    return sa.and_(Project.created_at < since, since <= Project.withdrawn_at)


def is_project_leaving(plan: ActionPlan, project: Project) -> bool:
    """The same question as :func:`is_leaving`, asked of one project."""
    since, out = plan.reopened_at, project.withdrawn_at
    return since is not None and out is not None and project.created_at < since <= out


def is_in_force() -> sa.ColumnElement[bool]:
    """The rows of :class:`Project` (joined to its plan) that the edition in force names; before the first, those that
    stand. What a change adds comes with its edition."""
    since = ActionPlan.reopened_at
    stays = sa.and_(Project.withdrawn_at.is_(None), sa.or_(since.is_(None), Project.created_at < since))
    return sa.or_(stays, is_leaving())


def is_project_in_force(plan: ActionPlan, project: Project) -> bool:
    """The same question as :func:`is_in_force`, asked of one project."""
    since = plan.reopened_at
    stays = project.withdrawn_at is None and (since is None or project.created_at < since)
    return stays or is_project_leaving(plan, project)


def is_for_next_edition(plan: ActionPlan, project: Project) -> bool:
    """Whether what is written of a project is kept aside until the next edition: a change is being made, and the edition
    in force names the project."""
    return plan.reopened_at is not None and is_project_in_force(plan, project)


def is_tied() -> sa.ColumnElement[bool]:
    """The rows of :class:`ProjectItem` (joined to their project and plan) that count. A project that a change takes out
    keeps its items until the next edition, but one that was placed anew counts there, not twice."""
    anew, new = aliased(ProjectItem), aliased(Project)
    is_placed_anew = (
        sa.exists()
        .where(
            anew.item_id == ProjectItem.item_id,
            anew.linked_at >= ActionPlan.reopened_at,
            new.id == anew.project_id,
            new.withdrawn_at.is_(None),
        )
        .correlate(ProjectItem, ActionPlan)
    )
    return sa.or_(Project.withdrawn_at.is_(None), sa.and_(is_leaving(), ~is_placed_anew))


def can_begin(actor: Actor, district_id: int) -> bool:
    """Begin the district's plan for a cycle."""
    return actor.may(Permission.ACTION_PLAN_EDIT, district_id=district_id)


def is_editor(actor: Actor, plan: ActionPlan) -> bool:
    """Somebody who writes this plan, whatever its state."""
    return actor.may(Permission.ACTION_PLAN_EDIT, district_id=plan.district_id)


def can_edit(actor: Actor, plan: ActionPlan) -> bool:
    """Change projects, links and reasons: not once it is approved, nor published unless it was reopened."""
    return plan.state in _EDITABLE and is_editor(actor, plan)


def can_put_back(actor: Actor, plan: ActionPlan, project: Project) -> bool:
    """Put a project back that the change takes out: the edition in force still names it."""
    return is_project_leaving(plan, project) and can_edit(actor, plan)


def can_answer(actor: Actor, plan: ActionPlan) -> bool:
    """Answer the hearing in the district's name."""
    return actor.may(Permission.HEARING_ANSWER, district_id=plan.district_id)


def can_approve(actor: Actor, plan: ActionPlan) -> bool:
    """Four eyes: the director, who did not begin the plan."""
    return (
        actor.may(Permission.ACTION_PLAN_APPROVE, district_id=plan.district_id)
        and actor.id != plan.created_by
    )


def can_publish(actor: Actor, plan: ActionPlan) -> bool:
    """The director."""
    return actor.may(Permission.ACTION_PLAN_APPROVE, district_id=plan.district_id)


def can_publish_edition(actor: Actor, plan: ActionPlan) -> bool:
    """Four eyes: the director, unless they reopened the plan themselves."""
    return can_publish(actor, plan) and actor.id != plan.reopened_by


def can_reopen(actor: Actor, plan: ActionPlan) -> bool:
    """Whoever makes or approves the plan."""
    return is_officer(actor, plan.district_id)


def can_record_money(actor: Actor, plan: ActionPlan) -> bool:
    """The money's way is entered as it happens, also long after publication."""
    return is_editor(actor, plan)
