"""The desk: the years of a district, one plan's check-list, and the steps of its life."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import url_for

from portal.actionplan import commands, policy, queries, words, workflow
from portal.actionplan.forms import ReasonForm, SeenForm, SeenReasonForm
from portal.actionplan.models import ActionPlan, ActionPlanState
from portal.actionplan.views.room import DUTIES, blueprint, desk_plan
from portal.core.actor import Actor, Permission
from portal.core.errors import NotAllowed, NotFound
from portal.core.i18n import lazy_gettext as _l
from portal.web import flash
from portal.web.access import requires
from portal.web.forms import PortalForm
from portal.web.login import current_actor
from portal.web.redirects import see_other
from portal.web.render import page


@blueprint.get("/desk")
@requires(*DUTIES)
def desk() -> Any:
    """The plans of this officer's districts, year by year."""
    actor = current_actor()
    rows = queries.desk_plans(actor)
    return page(
        "actionplan/desk.html",
        rows=rows,
        may_begin={row.cycle_id for row in rows if policy.can_begin(actor, row.district_id)},
        form=PortalForm(formdata=None),
        words=words,
    )


@blueprint.post("/cycles/<int:cycle_id>/begin")
@requires(Permission.ACTION_PLAN_EDIT)
def begin(cycle_id: int) -> Any:
    """Begin the plan of a cycle."""
    actor = current_actor()
    form = PortalForm()
    if form.accepts(lambda: commands.begin_plan(actor, cycle_id)):
        flash.say(_l("The plan is started. First put the accepted items into projects."))
        return see_other("actionplan.check", plan_id=form.result.id)
    raise NotFound


@blueprint.get("/<int:plan_id>/check")
@requires(*DUTIES)
def check(plan_id: int) -> Any:
    """Where one plan stands: what is missing, and the next step."""
    actor = current_actor()
    plan, heading = desk_plan(plan_id)
    review = queries.review(plan, heading)
    stands_back = _stands_back(actor, plan)
    newest = queries.newest_edition(plan.id) if plan.reopened_at else None
    difference = queries.changes_since(review.body(), newest) if newest else None
    idle = workflow.CLOSE_CHANGE if difference else workflow.PUBLISH_EDITION
    return page(
        "actionplan/check.html",
        plan=plan,
        heading=heading,
        checks=review.checks,
        totals=review.totals,
        envelope=review.envelope_satang,
        moves=[
            (name.replace("_", "-"), workflow.ACTION_PLANS.moves[name])
            for name in STEPS
            if workflow.ACTION_PLANS.is_open(name, actor, plan)
            and not (stands_back and name == FOUR_EYES[plan.state])
            and name != idle
        ],
        stands_back=stands_back,
        difference=difference,
        may_edit=policy.can_edit(actor, plan),
        is_editor=policy.is_editor(actor, plan),
        words=words,
    )


FOUR_EYES = {
    ActionPlanState.ANSWERED: workflow.APPROVE,
    ActionPlanState.REOPENED: workflow.PUBLISH_EDITION,
}


def _stands_back(actor: Actor, plan: ActionPlan) -> bool:
    """Whether the next step is of the actor's duty, but they began or wrote what it is about."""
    name = FOUR_EYES.get(plan.state)
    if name is None or not policy.can_publish(actor, plan):
        return False
    return not workflow.ACTION_PLANS.is_open(name, actor, plan) or queries.took_part(actor, plan)


@dataclass(frozen=True)
class Step:
    """One move as a page: what it will do, the form it needs, the check-list that must be done, what is said after, and
    whether it shows what differs from the edition in force."""

    consequence: object
    done: object
    act: Callable[[Actor, ActionPlan, Any], Any]
    form: type[PortalForm] = PortalForm
    keys: tuple[str, ...] = ()
    kind: str = ""
    shows_difference: bool = False


STEPS: dict[str, Step] = {
    workflow.OPEN_HEARING: Step(
        _l(
            "The draft becomes public, and until the last day of the hearing everyone can say what they think of it."
        ),
        _l("The hearing is open."),
        lambda actor, plan, form: commands.open_hearing(actor, plan),
        keys=("projects", "complete"),
    ),
    workflow.FINISH_HEARING: Step(
        _l("The hearing ends. From then on the plan waits for the director."),
        _l("The hearing is closed and answered."),
        lambda actor, plan, form: commands.finish_hearing(actor, plan),
        keys=("answered",),
    ),
    workflow.APPROVE: Step(
        _l("You approve the plan as it reads now. After that nobody can change it before it is published."),
        _l("The plan is approved."),
        lambda actor, plan, form: commands.approve_plan(actor, plan, form.seen.data or ""),
        SeenForm,
        ("projects", "complete", "placed", "fits", "envelope", "accepted", "committee", "answered"),
    ),
    workflow.PUBLISH: Step(
        _l("Edition 1 is published with its hash, and everyone is told whether their idea is in the plan."),
        _l("The plan is published."),
        lambda actor, plan, form: commands.publish_plan(actor, plan),
    ),
    workflow.TAKE_BACK: Step(
        _l("The plan can be changed again and must be approved again."),
        _l("The approval is taken back."),
        lambda actor, plan, form: commands.take_approval_back(actor, plan, form.reason.data or ""),
        ReasonForm,
        kind="warning",
    ),
    workflow.REOPEN: Step(
        _l(
            "The plan can be changed. The edition in force stays until another person publishes the next one."
        ),
        _l("A new edition is in preparation."),
        lambda actor, plan, form: commands.reopen_plan(actor, plan, form.reason.data or ""),
        ReasonForm,
    ),
    workflow.PUBLISH_EDITION: Step(
        _l("The next edition is published with the changes below, and everyone whose idea moved is told."),
        _l("The new edition is published."),
        lambda actor, plan, form: commands.publish_edition(
            actor, plan, form.seen.data or "", form.reason.data or ""
        ),
        SeenReasonForm,
        ("projects", "complete", "placed", "fits", "envelope", "accepted"),
        shows_difference=True,
    ),
    workflow.CLOSE_CHANGE: Step(
        _l("No new edition is made; the edition in force stays as it is."),
        _l("The plan stays as it was published."),
        lambda actor, plan, form: commands.close_change(actor, plan),
        shows_difference=True,
    ),
}


@blueprint.route("/<int:plan_id>/steps/<string:name>", methods=["GET", "POST"])
@requires(*DUTIES)
def move(plan_id: int, name: str) -> Any:
    """One step of the plan's life, asked before it is done."""
    step = STEPS.get(name.replace("-", "_"))
    if step is None or "_" in name:
        raise NotFound
    actor = current_actor()
    plan, heading = desk_plan(plan_id)
    form = step.form()
    if form.accepts(lambda: step.act(actor, plan, form)):
        flash.say(step.done)
        return see_other("actionplan.check", plan_id=plan.id)
    chosen = workflow.ACTION_PLANS.moves[name.replace("-", "_")]
    if plan.state not in chosen.sources:
        return see_other("actionplan.check", plan_id=plan.id)
    if not chosen.may(actor, plan):
        raise NotAllowed(_l("This step is for someone else: four eyes see more than two."))
    review = queries.review(plan, heading) if step.keys or step.shows_difference else None
    body = review.body() if review and ("seen" in form or step.shows_difference) else None
    newest = queries.newest_edition(plan.id) if step.shows_difference else None
    if "seen" in form and body is not None:
        form.seen.data = queries.hash_of(body)
    if name == "publish-edition" and not form.is_submitted():
        form.reason.data = plan.reopened_reason
    return (
        page(
            "actionplan/move.html",
            plan=plan,
            heading=heading,
            name=name,
            label=chosen.label,
            step=step,
            form=form,
            checks=[check for key, check in review.checks.items() if key in step.keys] if review else [],
            difference=queries.changes_since(body, newest) if body and newest else None,
            back=url_for("actionplan.check", plan_id=plan.id),
            words=words,
        ),
        form.status,
    )
