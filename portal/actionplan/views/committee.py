"""The committee of the plan: who sits in it, what they declared, what it resolved."""

from __future__ import annotations

from typing import Any

from portal.actionplan import commands, policy, queries
from portal.actionplan import words as wording
from portal.actionplan.committee import Resolution, Seat
from portal.actionplan.forms import EndSeatForm, InterestForm, ResolutionForm, SeatForm
from portal.actionplan.queries import merging, sittings
from portal.actionplan.views.room import blueprint, editor_plan
from portal.core import clock
from portal.core.actor import Permission
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.web import flash
from portal.web.access import public, requires
from portal.web.login import current_actor
from portal.web.redirects import see_other
from portal.web.render import page


@blueprint.get("/<int:plan_id>/committee")
@public()
def committee(plan_id: int) -> Any:
    """Members in office and before, declared interests, resolutions with their meetings."""
    actor = current_actor()
    plan, heading = queries.plan_and_heading(actor, plan_id)
    return page(
        "actionplan/committee.html",
        plan=plan,
        heading=heading,
        members=sittings.members(plan.district_id),
        interests=sittings.interests(plan.id),
        resolutions=sittings.resolutions(plan.id),
        is_editor=policy.is_editor(actor, plan),
        words=wording,
    )


@blueprint.route("/<int:plan_id>/committee/appoint", methods=["GET", "POST"])
@requires(Permission.ACTION_PLAN_EDIT)
def appoint(plan_id: int) -> Any:
    """Enter a seat as the order gives it."""
    plan, heading = editor_plan(plan_id)
    form = SeatForm(order_on=clock.today(), from_on=clock.today())
    if form.accepts(
        lambda: commands.appoint_member(
            current_actor(),
            plan,
            Seat(
                form.kind.data,
                form.name.data or "",
                form.represents.data or "",
                form.order_number.data or "",
                form.order_on.data,
                form.from_on.data,
            ),
        )
    ):
        flash.say(_("The member is added."))
        return see_other("actionplan.committee", plan_id=plan.id)
    return page("actionplan/appoint.html", plan=plan, heading=heading, form=form), form.status


@blueprint.route("/<int:plan_id>/committee/<int:member_id>/end", methods=["GET", "POST"])
@requires(Permission.ACTION_PLAN_EDIT)
def end_membership(plan_id: int, member_id: int) -> Any:
    """End a membership, with its reason."""
    plan, heading = editor_plan(plan_id)
    member = next((one for one in sittings.members(plan.district_id) if one.id == member_id), None)
    if member is None:
        raise NotFound
    form = EndSeatForm(until_on=clock.today())
    if form.accepts(
        lambda: commands.end_membership(
            current_actor(), plan, member_id, form.until_on.data, form.reason.data or ""
        )
    ):
        flash.say(_("The membership has ended."))
        return see_other("actionplan.committee", plan_id=plan.id)
    return page(
        "actionplan/end_membership.html", plan=plan, heading=heading, member=member, form=form
    ), form.status


@blueprint.route("/<int:plan_id>/committee/declare", methods=["GET", "POST"])
@requires(Permission.ACTION_PLAN_EDIT)
def declare(plan_id: int) -> Any:
    """Enter an interest that a member has declared."""
    plan, heading = editor_plan(plan_id)
    form = InterestForm(on=clock.today())
    form.member.choices = [
        (one.id, f"{one.name} ({one.represents})")
        for one in sittings.members(plan.district_id)
        if one.is_in_office
    ]
    form.project.choices = [
        (0, _("The plan as a whole")),
        *((one.id, f"{one.code} {one.name}") for one in merging.standing_projects(plan)),
    ]
    if form.accepts(
        lambda: commands.declare_interest(
            current_actor(),
            plan,
            form.member.data,
            form.project.data or None,
            form.what.data or "",
            form.on.data,
        )
    ):
        flash.say(_("The interest is added: the member steps aside there."))
        return see_other("actionplan.committee", plan_id=plan.id)
    return page("actionplan/declare.html", plan=plan, heading=heading, form=form), form.status


@blueprint.route("/<int:plan_id>/committee/resolve", methods=["GET", "POST"])
@requires(Permission.ACTION_PLAN_EDIT)
def resolve(plan_id: int) -> Any:
    """Enter what the committee resolved about the plan at a recorded meeting."""
    plan, heading = editor_plan(plan_id)
    form = ResolutionForm()
    form.offer(sittings.meetings(plan.district_id))
    if form.accepts(
        lambda: commands.record_resolution(
            current_actor(),
            plan,
            Resolution(
                form.forum.data,
                form.opinion.data,
                form.text.data or "",
                form.in_favour.data or 0,
                form.against.data or 0,
                form.abstained.data or 0,
            ),
        )
    ):
        flash.say(_("The resolution is added."))
        return see_other("actionplan.committee", plan_id=plan.id)
    return page("actionplan/resolve.html", plan=plan, heading=heading, form=form), form.status
