"""What an observer does: ask for a place, give it up, come, report."""

from __future__ import annotations

from typing import Any

from flask import request

from portal.core import clock
from portal.core.errors import NotAllowed, NotFound
from portal.core.i18n import gettext as _
from portal.core.i18n import language, speaking
from portal.core.i18n import lazy_gettext as _l
from portal.observation import commands, doors, forms, policy, queries, words
from portal.observation.models import Declaration, SignupState
from portal.observation.views.feeds import private_address
from portal.observation.views.room import blueprint, door
from portal.procurement import queries as procurement
from portal.procurement import words as procurement_words
from portal.web import flash
from portal.web.access import signed_in
from portal.web.forms import PortalForm
from portal.web.login import current_actor
from portal.web.redirects import see_other
from portal.web.render import page


@blueprint.route("/steps/<int:step_id>/sign-up", methods=["GET", "POST"])
@signed_in
def sign_up(step_id: int) -> Any:
    """Ask for a place at a step."""
    actor = current_actor()
    step, found = procurement.step_visible(actor, step_id)
    if not policy.can_sign_up(actor, found.district_id):
        raise NotAllowed(_l("People who work on procurement here cannot observe it."))
    form = forms.SignUpForm()
    if form.accepts(
        lambda: commands.sign_up(actor, step_id, has_no_interest=bool(form.has_no_interest.data))
    ):
        if form.result.state is SignupState.WAITING:
            flash.warn(_("All places are taken. You are on the waiting list and hear when you move up."))
        else:
            flash.say(_("You have asked for a place. The office confirms it with time and place."))
        return see_other("observation.own", signup_id=form.result.id)
    return page(
        "observation/sign_up.html",
        form=form,
        step=step,
        process=found,
        is_open=queries.is_sign_up_open(found, step),
        left=step.observer_places - queries.taken(step_id),
        steps=procurement_words.STEPS,
    ), form.status


def own_signup(signup_id: int) -> Any:
    """The actor's own sign-up with its step and process; raises NotFound for anybody else's."""
    row = queries.signup_with(current_actor(), signup_id)
    if not policy.can_cancel(current_actor(), row.Signup):
        raise NotFound
    return row


@blueprint.get("/mine/<int:signup_id>")
@signed_in
def own(signup_id: int) -> Any:
    """One's own place: where it stands, what was declared, how to come."""
    row = own_signup(signup_id)
    signup = row.Signup
    return page(
        "observation/own.html",
        row=row,
        declaration=(declaration := queries.declaration_of(signup_id)),
        reading=_reading(declaration),
        number=queries.place_in_line(signup) if signup.state is SignupState.WAITING else 0,
        code=doors.spoken(door().own_code(signup_id)),
        is_door_open=doors.is_open(row.Step.meets_at, clock.now()),
        report=queries.newest_report(signup_id),
        steps=procurement_words.STEPS,
        words=words,
    )


def _reading(declaration: Declaration | None) -> str:
    """The declaration in the language of the page, for who signed it in the other; nothing where the words have changed."""
    if declaration is None or declaration.language == language():
        return ""
    with speaking(declaration.language):
        is_known = declaration.text == str(words.DECLARATION)
    return str(words.DECLARATION) if is_known else ""


@blueprint.route("/sign-ups/<int:signup_id>/cancel", methods=["GET", "POST"])
@signed_in
def cancel(signup_id: int) -> Any:
    """Give up one's place."""
    row = own_signup(signup_id)
    form = PortalForm()
    if form.accepts(lambda: commands.cancel_signup(current_actor(), row.Signup)):
        flash.say(_("You have given up your place."))
        return see_other("observation.mine")
    return page("observation/cancel.html", form=form, row=row, steps=procurement_words.STEPS), form.status


@blueprint.get("/mine")
@signed_in
def mine() -> Any:
    """The actor's own sign-ups and reports."""
    found = queries.mine(current_actor(), request.args.get("cursor"))
    return page(
        "observation/mine.html",
        rows=found.rows,
        next_cursor=found.next_cursor,
        address=private_address(int(current_actor().id or 0)),
        form=PortalForm(formdata=None),
        steps=procurement_words.STEPS,
        words=words,
    )


@blueprint.route("/sign-ups/<int:signup_id>/report", methods=["GET", "POST"])
@signed_in
def report(signup_id: int) -> Any:
    """Write what one saw, or correct what one wrote."""
    actor, row = current_actor(), own_signup(signup_id)
    newest = queries.newest_report(signup_id)
    form = forms.ReportForm()
    if form.accepts(
        lambda: commands.write_report(actor, row.Signup, form.content(newest.id if newest else None))
    ):
        flash.say(_("Thank you. Your report is kept as you wrote it."))
        return see_other("observation.show", report_id=form.result.id)
    return page(
        "observation/report.html",
        form=form,
        row=row,
        newest=newest,
        is_ready=row.Signup.state is SignupState.ATTENDED,
        steps=procurement_words.STEPS,
        words=words,
    ), form.status
