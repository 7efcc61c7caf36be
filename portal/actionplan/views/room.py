"""The room's blueprint, and how its pages load a plan."""

from __future__ import annotations

from flask import Blueprint

from portal.actionplan import policy, queries, words
from portal.actionplan.models import ActionPlan, Project
from portal.core.actor import Permission
from portal.core.errors import NotAllowed, WrongState
from portal.core.i18n import lazy_gettext as _l
from portal.web.login import current_actor

blueprint = Blueprint("actionplan", __name__, url_prefix="/actionplan")
# For pieces of templates, which see nothing of a page.
blueprint.record_once(lambda state: state.app.jinja_env.globals.update(actionplan_words=words))

DUTIES = (Permission.ACTION_PLAN_EDIT, Permission.ACTION_PLAN_APPROVE, Permission.HEARING_ANSWER)


def desk_plan(plan_id: int) -> tuple[ActionPlan, queries.Heading]:
    """A plan for its work pages; NotFound unseen, NotAllowed for officers of other districts."""
    actor = current_actor()
    plan, heading = queries.plan_and_heading(actor, plan_id)
    if not (policy.is_officer(actor, plan.district_id) or policy.can_answer(actor, plan)):
        raise NotAllowed(_l("This page is for officers of another district."))
    return plan, heading


def editor_plan(plan_id: int) -> tuple[ActionPlan, queries.Heading]:
    """As :func:`desk_plan`, for writers of the plan only."""
    plan, heading = desk_plan(plan_id)
    if not policy.is_editor(current_actor(), plan):
        raise NotAllowed(_l("You may not do this here."))
    return plan, heading


def writable_plan(plan_id: int) -> tuple[ActionPlan, queries.Heading]:
    """As :func:`editor_plan`, while the plan can be changed; nobody is given a form that cannot be sent."""
    plan, heading = editor_plan(plan_id)
    refuse_closed(plan)
    return plan, heading


def refuse_closed(plan: ActionPlan) -> None:
    """Raises WrongState for a plan that is approved, or published and not reopened."""
    if not policy.can_edit(current_actor(), plan):
        raise WrongState(
            _l("The plan is approved or published. To change it, prepare a new edition."),
            way_on=("actionplan.check", {"plan_id": plan.id}, _l("See where the plan stands")),
        )


def desk_project(project_id: int) -> tuple[Project, ActionPlan]:
    """A project for its work pages, as :func:`desk_plan`; only writers of the plan."""
    actor = current_actor()
    project, plan = queries.project_and_plan(actor, project_id)
    if not policy.is_editor(actor, plan):
        raise NotAllowed(_l("This page is for officers of another district."))
    return project, plan
