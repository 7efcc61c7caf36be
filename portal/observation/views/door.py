"""The door of a meeting: the sign to scan, on a screen or on paper, checking in by it, and the officer's list."""

from __future__ import annotations

from typing import Any

import segno
from flask import make_response, request

from portal.core import clock
from portal.core.actor import Permission
from portal.core.i18n import gettext as _
from portal.core.i18n import language
from portal.observation import commands, doors, forms, queries, words
from portal.observation.views.room import blueprint, door
from portal.procurement import queries as procurement
from portal.procurement import words as procurement_words
from portal.web import flash
from portal.web.access import requires, signed_in
from portal.web.forms import PortalForm
from portal.web.links import absolute
from portal.web.login import current_actor
from portal.web.redirects import see_other
from portal.web.render import page

SECONDS = 60


def _picture(address: str) -> str:
    """A QR code as the address of a picture; what is in it stands beside it as text."""
    return str(segno.make(address, error="m", micro=False).svg_data_uri(border=4, dark="#000", light="#fff"))


@blueprint.get("/steps/<int:step_id>/door")
@requires(Permission.OBSERVER_CONFIRM)
def door_screen(step_id: int) -> Any:
    """The sign on a screen: another one every minute."""
    return _sign(step_id, is_paper=False)


@blueprint.get("/steps/<int:step_id>/door/sheet")
@requires(Permission.OBSERVER_CONFIRM)
def door_sheet(step_id: int) -> Any:
    """The sign on paper, for this meeting alone."""
    return _sign(step_id, is_paper=True)


def _sign(step_id: int, *, is_paper: bool) -> Any:
    row, _people = queries.door(current_actor(), step_id)
    code = picture = ""
    if row.meets_at is not None:
        maker = door()
        code = (
            maker.printed_sign(step_id, row.meets_at)
            if is_paper
            else maker.sign(step_id, row.meets_at, clock.now())
        )
        picture = _picture(absolute("observation.come", language(), step_id=step_id, code=code))
    shown = make_response(
        page(
            "observation/door_sheet.html" if is_paper else "observation/door_screen.html",
            row=row,
            code=doors.spoken(code),
            picture=picture,
            is_paper=is_paper,
            is_open=doors.is_open(row.meets_at, clock.now()),
            steps=procurement_words.STEPS,
        )
    )
    if not is_paper:
        shown.headers["Refresh"] = str(SECONDS)
    return shown


@blueprint.route("/steps/<int:step_id>/door/list", methods=["GET", "POST"])
@requires(Permission.OBSERVER_CONFIRM)
def door_list(step_id: int) -> Any:
    """Who has a place, who is there; the officer ticks off, by an observer's own code too."""
    actor, form = current_actor(), forms.CodeForm()
    row, people = queries.door(actor, step_id)
    if form.accepts(lambda: commands.tick_by_code(actor, step_id, form.code.data or "", door())):
        flash.say(_("Attendance is recorded."))
        return see_other("observation.door_list", step_id=step_id)
    return page(
        "observation/door_list.html",
        form=form,
        row=row,
        people=people,
        plain=PortalForm(formdata=None),
        steps=procurement_words.STEPS,
        words=words,
    ), form.status


@blueprint.route("/steps/<int:step_id>/come", methods=["GET", "POST"])
@signed_in
def come(step_id: int) -> Any:
    """The observer is at the door: the code is scanned, or typed."""
    actor = current_actor()
    step, process = procurement.step_visible(actor, step_id)
    form = forms.CodeForm(code=request.args.get("code", "")[:20])
    if form.accepts(lambda: commands.check_in(actor, step_id, form.code.data or "", door())):
        flash.say(_("You are checked in. Welcome."))
        return see_other("observation.own", signup_id=form.result.id)
    return page(
        "observation/come.html",
        form=form,
        step=step,
        process=process,
        is_scanned=bool(request.args.get("code")) and not form.errors,
        is_open=doors.is_open(step.meets_at, clock.now()),
        opens_at=doors.opens_at(step.meets_at, clock.now()),
        closed_at=step.meets_at + doors.CLOSES_AFTER if step.meets_at else None,
        steps=procurement_words.STEPS,
    ), form.status
