"""Taking over public notices from a list."""

from __future__ import annotations

from typing import Any

from flask import current_app
from wtforms import SelectChoice

from portal.core import db
from portal.core.actor import Permission
from portal.core.i18n import gettext as _
from portal.core.i18n import language
from portal.core.jobs import Job
from portal.places import queries as places
from portal.procurement import commands, forms, words
from portal.procurement.notices import COLUMNS
from portal.procurement.views.room import blueprint
from portal.web.access import requires
from portal.web.login import current_actor
from portal.web.redirects import see_other
from portal.web.render import page

READ_AT_MOST = 4_000_001


@blueprint.route("/notices", methods=["GET", "POST"])
@requires(Permission.PROCUREMENT_EDIT)
def notices() -> Any:
    """Send a list of notices."""
    actor = current_actor()
    form = forms.NoticesForm()
    form.elsewhere.choices = [
        SelectChoice("", _("None")),
        *(
            SelectChoice(str(row.code), row.name_en if language() == "en" else row.name_th)
            for row in places.districts()
            if actor.may(Permission.PROCUREMENT_EDIT, district_id=row.id)
        ),
    ]

    def compare() -> Job:
        file = form.file.data
        return commands.compare_notices(
            actor,
            file.filename or "",
            file.stream.read(READ_AT_MOST),
            form.elsewhere.data or "",
            ocid_prefix=current_app.config["PORTAL"].ocid_prefix,
        )

    if form.accepts(compare):
        return see_other("procurement.notice_list", job_id=form.result.id)
    return page("procurement/notices.html", form=form, columns=COLUMNS, words=words), form.status


@blueprint.get("/notices/<int:job_id>")
@requires(Permission.PROCUREMENT_EDIT)
def notice_list(job_id: int) -> Any:
    """What a list would do, or has done."""
    return _list(job_id, forms.WriteNoticesForm(formdata=None))


def _list(job_id: int, form: forms.WriteNoticesForm) -> str:
    compared = commands.held_list(current_actor(), job_id)
    written = db.session().get(Job, compared.result.get("write_id") or 0) if compared.result else None
    jobs = [one for one in (written, compared) if one is not None]
    return page(
        "procurement/notice_list.html",
        compared=compared,
        written=written,
        running=next((one for one in jobs if one.state in ("queued", "running")), None),
        told=compared.result if compared.state == "done" else None,
        form=form,
        words=words,
    )


@blueprint.post("/notices/<int:job_id>/write")
@requires(Permission.PROCUREMENT_EDIT)
def write_notices(job_id: int) -> Any:
    """Have every line written, or none."""
    form, actor = forms.WriteNoticesForm(), current_actor()
    if form.accepts(lambda: commands.write_notices(actor, job_id, only_sound=bool(form.only_sound.data))):
        return see_other("procurement.notice_list", job_id=job_id)
    return _list(job_id, form), form.status
