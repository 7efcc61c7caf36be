"""Handing a plan in, taking it back, sending it back."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import request

from portal.core import clock
from portal.core.actor import Permission
from portal.core.errors import Invalid, NotAllowed, WrongState
from portal.core.i18n import gettext as _
from portal.cycles import queries as cycles
from portal.cycles.models import PhaseKind
from portal.plans import commands, forms, policy, queries
from portal.plans.models import PlanState
from portal.plans.views.reading import reading
from portal.plans.views.room import blueprint
from portal.plans.views.writing import writable
from portal.plans.workflow import EDITABLE, PLAN
from portal.web import flash
from portal.web.access import requires, signed_in
from portal.web.forms import PortalForm
from portal.web.login import current_actor
from portal.web.redirects import see_other
from portal.web.render import page


@blueprint.route("/<int:plan_id>/submit", methods=["GET", "POST"])
@signed_in
def submit(plan_id: int) -> Any:
    """The check-list for the last time, and the plan goes to the district."""
    actor = current_actor()
    row = writable(actor, plan_id, in_any_state=request.method == "POST")
    plan = row.Plan
    form = forms.NoteForm()
    if form.accepts(lambda: commands.submit_plan(actor, plan, note=form.note.data or "")):
        flash.say(_("The plan is submitted. The district and everyone who follows it has been told."))
        return see_other("plans.show", plan_id=plan_id)
    to_review = queries.items_to_review(plan)
    said = queries.content_of(plan, to_review)
    checks = queries.checks_of(plan, said, to_review=to_review)
    standing = queries.standing(plan, said)
    window = cycles.phase(plan.cycle_id, PhaseKind.SUBMISSION)
    by_return = plan.state is PlanState.RETURNED and plan.due_on is not None and clock.today() <= plan.due_on
    is_open = bool(plan.late_permitted_by) or by_return or bool(window and window.is_open(clock.now()))
    return (
        page(
            "plans/submit.html",
            form=form,
            row=row,
            plan=plan,
            checks=checks,
            standing=standing,
            window=window,
            last_day=clock.day_of(window.ends_at - dt.timedelta(microseconds=1)) if window else None,
            is_open=is_open,
            by_return=by_return,
            is_ready=is_open and standing.is_complete and not any(check.blocks for check in checks),
            **reading(said),
        ),
        form.status,
    )


@blueprint.route("/<int:plan_id>/permit-late", methods=["GET", "POST"])
@requires(Permission.PLAN_LATE)
def permit_late(plan_id: int) -> Any:
    """The director lets a plan be handed in after its time."""
    actor = current_actor()
    row = queries.placed_plan(actor, plan_id)
    if not policy.can_permit_late(actor, row.Plan):
        raise NotAllowed(_("Only the director of the district permits a late submission."))
    form = forms.ReasonForm()
    if form.accepts(lambda: commands.permit_late(actor, row.Plan, form.reason.data)):
        flash.say(_("The community may submit its plan late and has been told."))
        return see_other("plans.show", plan_id=plan_id)
    return page("plans/permit_late.html", form=form, row=row, plan=row.Plan), form.status


@blueprint.route("/<int:plan_id>/return", methods=["GET", "POST"])
@requires(Permission.SCREEN)
def return_plan(plan_id: int) -> Any:
    """Send a plan back with what is to be corrected, item by item."""
    actor = current_actor()
    row = queries.placed_plan(actor, plan_id)
    plan = row.Plan
    if not policy.can_screen(actor, plan):
        raise NotAllowed(_("Only planners of the district return a plan."))
    said = queries.content_of(plan)
    rules = cycles.rules_in(plan.cycle_id, PhaseKind.SUBMISSION)
    due_on = clock.today() + dt.timedelta(days=rules.correction_days if rules else 15)
    form = forms.return_form(said["items"], due_on=due_on)
    if request.method == "GET" and not PLAN.is_open("return", actor, plan):
        raise WrongState(_("Only a plan that has just been submitted can be returned."))
    if form.accepts(lambda: commands.return_plan(actor, plan, form.reasons, form.last_day)):
        flash.say(_("The plan is returned and the community has been told."))
        return see_other("plans.show", plan_id=plan_id)
    return page("plans/return_plan.html", form=form, row=row, plan=plan, **reading(said)), form.status


@blueprint.route("/<int:plan_id>/withdraw", methods=["GET", "POST"])
@signed_in
def withdraw(plan_id: int) -> Any:
    """The community takes its plan back."""
    actor = current_actor()
    row = writable(actor, plan_id, in_any_state=True)
    form = forms.ReasonForm()
    if request.method == "GET" and not PLAN.is_open("withdraw", actor, row.Plan):
        raise WrongState(_("This plan can no longer be withdrawn."))
    if form.accepts(lambda: commands.withdraw_plan(actor, row.Plan, form.reason.data)):
        flash.say(_("The plan is withdrawn. You can reopen it."))
        return see_other("plans.show", plan_id=plan_id)
    return page("plans/withdraw.html", form=form, row=row, plan=row.Plan), form.status


@blueprint.route("/<int:plan_id>/resume", methods=["GET", "POST"])
@signed_in
def resume(plan_id: int) -> Any:
    """Take a withdrawn plan up again."""
    actor = current_actor()
    row = writable(actor, plan_id, in_any_state=True)
    form = PortalForm()
    if request.method == "GET" and row.Plan.state in EDITABLE:
        return see_other("plans.write", plan_id=plan_id)
    if request.method == "GET" and not PLAN.is_open("resume", actor, row.Plan):
        raise Invalid(_("Only a withdrawn plan can be reopened."))
    if form.accepts(lambda: commands.resume_plan(actor, row.Plan)):
        flash.say(_("The plan is a draft again."))
        return see_other("plans.write", plan_id=plan_id)
    return page("plans/resume.html", form=form, row=row, plan=row.Plan), form.status
