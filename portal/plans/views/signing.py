"""Signing a plan: by one's own account, or on paper entered by the community desk."""

from __future__ import annotations

from typing import Any

from flask import request

from portal.accounts import words as account_words
from portal.core.actor import Permission
from portal.core.errors import NotAllowed, WrongState
from portal.core.i18n import gettext as _
from portal.plans import commands, forms, policy, queries
from portal.plans.views.reading import reading
from portal.plans.views.room import blueprint
from portal.plans.views.writing import writable
from portal.plans.workflow import EDITABLE
from portal.web import flash
from portal.web.access import requires, signed_in
from portal.web.login import current_actor
from portal.web.redirects import see_other
from portal.web.render import page


@blueprint.route("/<int:plan_id>/endorse", methods=["GET", "POST"])
@signed_in
def endorse(plan_id: int) -> Any:
    """Read the plan as it stands and sign it."""
    actor = current_actor()
    row = writable(actor, plan_id)
    plan = row.Plan
    form = forms.SignForm()
    if form.accepts(lambda: commands.endorse_plan(actor, plan, seen_sha256=form.seen.data)):
        standing = form.result
        if standing.is_complete:
            flash.say(_("You have signed. The plan is endorsed and can be submitted."))
        else:
            flash.say(
                _(
                    "You have signed. %(signed)s of the %(needed)s signatures needed are there.",
                    signed=standing.signed,
                    needed=standing.needed,
                )
            )
        return see_other("plans.write", plan_id=plan_id)
    to_review = queries.items_to_review(plan)
    said = queries.content_of(plan, to_review)
    checks = queries.checks_of(plan, said, to_review=to_review)
    standing = queries.standing(plan, said)
    form.seen.data = standing.sha256
    return (
        page(
            "plans/endorse.html",
            form=form,
            row=row,
            plan=plan,
            checks=checks,
            is_ready=not any(check.blocks for check in checks),
            standing=standing,
            own_seat=standing.seat_of(actor.id),
            **reading(said),
        ),
        form.status,
    )


@blueprint.route("/<int:plan_id>/endorse-on-paper", methods=["GET", "POST"])
@requires(Permission.COMMITTEE_KEEP)
def endorse_on_paper(plan_id: int) -> Any:
    """Enter a signature given on paper, with its scan."""
    actor = current_actor()
    row = queries.placed_plan(actor, plan_id)
    plan = row.Plan
    if not policy.can_enter_paper(actor, plan):
        raise NotAllowed(_("Only the community desk of the district enters signed papers."))
    if plan.state not in EDITABLE and request.method == "GET":
        raise WrongState(_("This plan cannot be signed now."))
    to_review = queries.items_to_review(plan)
    said = queries.content_of(plan, to_review)
    standing = queries.standing(plan, said)
    form = forms.PaperForm()
    form.offer(
        [
            (seat.member_id, f"{seat.name} ({account_words.POSTS[seat.post]})")
            for seat in standing.seats
            if not seat.has_signed
        ]
    )
    if form.accepts(
        lambda: commands.endorse_on_paper(
            actor,
            plan,
            form.member.data,
            (form.file.data.stream, form.file.data.filename),
            seen_sha256=form.seen.data,
        )
    ):
        flash.say(_("The signature is entered."))
        return see_other("plans.endorse_on_paper", plan_id=plan_id)
    form.seen.data = standing.sha256
    checks = queries.checks_of(plan, said, to_review=to_review)
    return (
        page(
            "plans/endorse_on_paper.html",
            form=form,
            row=row,
            plan=plan,
            standing=standing,
            checks=checks,
            is_ready=not any(check.blocks for check in checks),
            **reading(said),
        ),
        form.status,
    )
