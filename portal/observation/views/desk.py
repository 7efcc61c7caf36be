"""The desk of the officers who receive observers."""

from __future__ import annotations

from typing import Any

from flask import request

from portal.core import clock
from portal.core.actor import Permission
from portal.core.errors import NotAllowed
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.core.i18n import ngettext
from portal.observation import commands, forms, policy, queries, words
from portal.observation.views.room import blueprint, on_desk
from portal.procurement import words as procurement_words
from portal.web import flash
from portal.web.access import requires
from portal.web.forms import PortalForm
from portal.web.login import current_actor
from portal.web.redirects import see_other
from portal.web.render import page

VIEWS = {
    "confirm": _l("To confirm"),
    "doors": _l("Meetings to come"),
    "attendance": _l("Who came?"),
    "answer": _l("To answer"),
    "overdue": _l("Overdue"),
}


@blueprint.get("/desk")
@requires(Permission.OBSERVER_CONFIRM)
def desk() -> Any:
    """Who asks for a place, who came, which reports wait for an answer."""
    actor, view = current_actor(), request.args.get("view", "confirm")
    view = view if view in VIEWS else "confirm"
    cursor = request.args.get("cursor")
    rows, next_cursor = [], None
    if view == "doors":
        rows = queries.doors_to_come(actor)
    else:
        is_report = view in ("answer", "overdue")
        found = (
            queries.desk_reports(actor, overdue=view == "overdue", cursor=cursor)
            if is_report
            else queries.desk(actor, view, cursor)
        )
        rows, next_cursor = found.rows, found.next_cursor
    return page(
        "observation/desk.html",
        rows=rows,
        next_cursor=next_cursor,
        together=queries.steps_to_confirm(actor) if view == "confirm" and rows else [],
        view=view,
        views=VIEWS,
        form=PortalForm(formdata=None),
        steps=procurement_words.STEPS,
        words=words,
        today=clock.today(),
    )


@blueprint.post("/sign-ups/<int:signup_id>/confirm")
@requires(Permission.OBSERVER_CONFIRM)
def confirm(signup_id: int) -> Any:
    """Give the place."""
    commands.confirm_signup(current_actor(), on_desk(signup_id).Signup)
    flash.say(_("The place is confirmed; the observer is told."))
    return see_other("observation.desk")


@blueprint.post("/steps/<int:step_id>/confirm-all")
@requires(Permission.OBSERVER_CONFIRM)
def confirm_all(step_id: int) -> Any:
    """Give a place to everybody who asked for one at a step, as far as places go."""
    given = commands.confirm_all(current_actor(), step_id)
    flash.say(
        ngettext(
            "%(num)s place is confirmed; the observer is told.",
            "%(num)s places are confirmed; the observers are told.",
            given,
        )
    )
    return see_other("observation.desk")


@blueprint.route("/sign-ups/<int:signup_id>/decline", methods=["GET", "POST"])
@requires(Permission.OBSERVER_CONFIRM)
def decline(signup_id: int) -> Any:
    """Refuse a place, with a reason."""
    row, form = on_desk(signup_id), forms.ReasonForm()
    if form.accepts(lambda: commands.decline_signup(current_actor(), row.Signup, form.reason.data or "")):
        flash.say(_("Declined; the resident can read your reason."))
        return see_other("observation.desk")
    return page("observation/decline.html", form=form, row=row, steps=procurement_words.STEPS), form.status


@blueprint.post("/sign-ups/<int:signup_id>/attendance")
@requires(Permission.OBSERVER_CONFIRM)
def attendance(signup_id: int) -> Any:
    """Say whether an observer came."""
    is_present = request.form.get("came") == "yes"
    row = on_desk(signup_id)
    commands.record_attendance(current_actor(), row.Signup, is_present=is_present)
    flash.say(_("Attendance is recorded."))
    if request.form.get("at") == "door":
        return see_other("observation.door_list", step_id=row.Signup.step_id)
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
        flash.say(_("The answer is shown next to the report."))
        return see_other("observation.show", report_id=report_id)
    return page("observation/answer.html", form=form, report=told, process=row), form.status
