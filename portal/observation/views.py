"""Pages of observers and of the officers who receive them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Blueprint, Response, request

from portal.core import clock, icalendar
from portal.core.actor import Permission
from portal.core.errors import NotAllowed, NotFound
from portal.core.i18n import gettext as _
from portal.core.i18n import language
from portal.core.i18n import lazy_gettext as _l
from portal.observation import commands, forms, policy, queries, words
from portal.observation.models import SignupState
from portal.procurement import queries as procurement
from portal.procurement import words as procurement_words
from portal.web import flash, headers
from portal.web.access import public, requires, signed_in
from portal.web.forms import PortalForm
from portal.web.links import absolute
from portal.web.login import current_actor
from portal.web.redirects import see_other
from portal.web.render import page

blueprint = Blueprint("observation", __name__, url_prefix="/observation")

VIEWS = {
    "confirm": _l("To confirm"),
    "attendance": _l("Who came?"),
    "answer": _l("To answer"),
    "overdue": _l("Overdue"),
}


@blueprint.get("/processes/<int:process_id>")
@public()
def process(process_id: int) -> Any:
    """The steps one can attend, and what observers have reported."""
    actor = current_actor()
    found = procurement.process_visible(actor, process_id)
    seats = queries.seats_of(actor, found)
    edges = [one.step.meets_at for one in seats if one.is_open and one.step.meets_at]
    headers.fresh_until(min([*edges, clock.at(clock.today() + dt.timedelta(days=1))]))
    return page(
        "observation/process.html",
        process=found,
        seats=seats,
        reports=queries.reports_of_process(actor, process_id),
        may_sign_up=policy.can_sign_up(actor, found.district_id),
        steps=procurement_words.STEPS,
        words=words,
    )


@blueprint.route("/steps/<int:step_id>/sign-up", methods=["GET", "POST"])
@signed_in
def sign_up(step_id: int) -> Any:
    """Ask for a place at a step."""
    actor = current_actor()
    step, found = procurement.step_visible(actor, step_id)
    if not policy.can_sign_up(actor, found.district_id):
        raise NotAllowed(_l("Whoever works on procurement here cannot observe it."))
    form = forms.SignUpForm()
    if form.accepts(
        lambda: commands.sign_up(actor, step_id, has_no_interest=bool(form.has_no_interest.data))
    ):
        if form.result.state is SignupState.WAITING:
            flash.warn(_("All places are taken. You are on the waiting list and hear when you move up."))
        else:
            flash.say(_("You have asked for a place. The office confirms it with time and place."))
        return see_other("observation.process", process_id=found.id)
    return page(
        "observation/sign_up.html",
        form=form,
        step=step,
        process=found,
        is_open=queries.is_sign_up_open(found, step),
        left=step.observer_places - queries.taken(step_id),
        steps=procurement_words.STEPS,
    ), form.status


@blueprint.route("/sign-ups/<int:signup_id>/cancel", methods=["GET", "POST"])
@signed_in
def cancel(signup_id: int) -> Any:
    """Give up one's place."""
    actor = current_actor()
    row = queries.signup_with(actor, signup_id)
    if not policy.can_cancel(actor, row.Signup):
        raise NotFound
    form = PortalForm()
    if form.accepts(lambda: commands.cancel_signup(actor, row.Signup)):
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
        steps=procurement_words.STEPS,
        words=words,
    )


@blueprint.get("/mine/calendar.ics")
@signed_in
def calendar() -> Any:
    """The actor's confirmed places, for the calendar of a phone."""
    events = [
        icalendar.Event(
            uid=f"observer-{row.id}@{row.ocid}",
            starts=row.meets_at or row.planned_on,
            ends=row.meets_at + dt.timedelta(hours=2) if row.meets_at else None,
            title=f"{procurement_words.STEPS[row.kind]}: {row.title}",
            place=row.place,
            url=absolute("observation.process", language(), process_id=row.process_id),
        )
        for row in queries.confirmed_of(current_actor())
    ]
    text = icalendar.calendar(_("My observations"), events, stamp=clock.now())
    return Response(text, content_type=icalendar.MEDIA_TYPE)


@blueprint.route("/sign-ups/<int:signup_id>/report", methods=["GET", "POST"])
@signed_in
def report(signup_id: int) -> Any:
    """Write what one saw."""
    actor = current_actor()
    row = queries.signup_with(actor, signup_id)
    if not policy.can_report(actor, row.Signup):
        raise NotFound
    form = forms.ReportForm()
    if form.accepts(lambda: commands.write_report(actor, row.Signup, form.content)):
        flash.say(_("Thank you. Your report is kept as you wrote it."))
        return see_other("observation.show", report_id=form.result.id)
    return page(
        "observation/report.html",
        form=form,
        row=row,
        is_ready=row.Signup.state is SignupState.ATTENDED,
        steps=procurement_words.STEPS,
        words=words,
    ), form.status


@blueprint.get("/reports/<int:report_id>")
@public()
def show(report_id: int) -> Any:
    """One report with its answer."""
    actor = current_actor()
    told, row = queries.report_visible(actor, report_id)
    return page(
        "observation/show.html",
        report=told,
        process=row,
        may_answer=told.answer is None and policy.can_answer(actor, row.district_id),
    )


@blueprint.get("/desk")
@requires(Permission.OBSERVER_CONFIRM)
def desk() -> Any:
    """Who asks for a place, who came, which reports wait for an answer."""
    actor, view = current_actor(), request.args.get("view", "confirm")
    view = view if view in VIEWS else "confirm"
    cursor = request.args.get("cursor")
    if view in ("answer", "overdue"):
        found = queries.desk_reports(actor, overdue=view == "overdue", cursor=cursor)
    else:
        found = queries.desk(actor, view, cursor)
    return page(
        "observation/desk.html",
        rows=found.rows,
        next_cursor=found.next_cursor,
        view=view,
        views=VIEWS,
        form=PortalForm(formdata=None),
        steps=procurement_words.STEPS,
        words=words,
        today=clock.today(),
    )


def _on_desk(signup_id: int) -> Any:
    actor = current_actor()
    row = queries.signup_with(actor, signup_id)
    if not policy.can_decide(actor, row.Signup):
        raise NotAllowed(_l("You may not do this here."))
    return row


@blueprint.post("/sign-ups/<int:signup_id>/confirm")
@requires(Permission.OBSERVER_CONFIRM)
def confirm(signup_id: int) -> Any:
    """Give the place."""
    commands.confirm_signup(current_actor(), _on_desk(signup_id).Signup)
    flash.say(_("The place is confirmed; the observer is told."))
    return see_other("observation.desk")


@blueprint.route("/sign-ups/<int:signup_id>/decline", methods=["GET", "POST"])
@requires(Permission.OBSERVER_CONFIRM)
def decline(signup_id: int) -> Any:
    """Refuse a place, with a reason."""
    row, form = _on_desk(signup_id), forms.ReasonForm()
    if form.accepts(lambda: commands.decline_signup(current_actor(), row.Signup, form.reason.data or "")):
        flash.say(_("Declined; the resident reads your reason."))
        return see_other("observation.desk")
    return page("observation/decline.html", form=form, row=row, steps=procurement_words.STEPS), form.status


@blueprint.post("/sign-ups/<int:signup_id>/attendance")
@requires(Permission.OBSERVER_CONFIRM)
def attendance(signup_id: int) -> Any:
    """Say whether an observer came."""
    is_present = request.form.get("came") == "yes"
    commands.record_attendance(current_actor(), _on_desk(signup_id).Signup, is_present=is_present)
    flash.say(_("Attendance is recorded."))
    return see_other("observation.desk", view="attendance")


@blueprint.route("/reports/<int:report_id>/answer", methods=["GET", "POST"])
@requires(Permission.OBSERVER_CONFIRM)
def answer(report_id: int) -> Any:
    """Answer a report in the office's name."""
    actor = current_actor()
    told, row = queries.report_visible(actor, report_id)
    if not policy.can_answer(actor, row.district_id):
        raise NotAllowed(_l("Answers here are given by another office."))
    form = forms.AnswerForm()
    if form.accepts(lambda: commands.answer_report(actor, report_id, form.body.data or "")):
        flash.say(_("The answer stands beside the report."))
        return see_other("observation.show", report_id=report_id)
    return page("observation/answer.html", form=form, report=told, process=row), form.status
