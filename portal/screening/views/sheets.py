"""The desk's workbook: download, send back, look at what it would do, have it written."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from portal.core import clock, sheets
from portal.core.actor import Permission
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.cycles import queries as cycles
from portal.forums.models import Side
from portal.screening import commands, forms, queries
from portal.screening.models import Sheet
from portal.screening.views.desk import TABS, cycle_of, district_of
from portal.screening.views.room import SCREENERS, blueprint
from portal.web import flash
from portal.web.access import requires
from portal.web.links import whole
from portal.web.login import current_actor
from portal.web.redirects import see_other
from portal.web.render import page

SHOWN = 100  # rows of each kind on the page


@blueprint.get("/workbook.xlsx")
@requires(*SCREENERS)
def workbook() -> Response:
    """The cases of a tab, as filtered, as XLSX."""
    actor = current_actor()
    district = district_of(actor)
    wanted = whole(request.args.get("cycle"))
    cycle = cycles.current_cycle(district.id) if wanted is None else cycles.cycle(wanted)
    if cycle is None or cycle.district_id != district.id:
        raise NotFound
    side = request.args.get("side", "")
    case_ids = queries.listed_cases(
        actor,
        district.id,
        cycle.id,
        tab=request.args.get("tab", ""),
        text=request.args.get("q", "").strip()[:200],
        community_id=whole(request.args.get("community")),
        side=Side(side) if side in set(Side) else None,
    )
    name = f"screening-{district.code}-{cycle.fiscal_year}-{clock.today()}.xlsx"
    return Response(
        queries.workbook_of(actor, cycle, case_ids),
        mimetype=sheets.MEDIA_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@blueprint.route("/sheets", methods=["GET", "POST"])
@requires(Permission.SCREEN)
def sheets_index() -> Any:
    """Send a filled-in workbook; those that came before."""
    actor = current_actor()
    district = district_of(actor)
    rows = cycles.cycles_of(district.id)
    cycle_id = cycle_of(district.id, rows)
    form = forms.SheetForm()

    def keep() -> Sheet:
        file = form.file.data
        content = file.stream.read(sheets.MAX_BYTES + 1)
        return commands.keep_sheet(actor, cycle_id or 0, file.filename or "", content)

    if form.accepts(keep):
        return see_other("screening.sheet", sheet_id=form.result.id)
    cycle = cycles.cycle(cycle_id) if cycle_id else None
    return page(
        "screening/sheets_index.html",
        form=form,
        district=district,
        cycle=cycle,
        tabs=TABS,
        counts=queries.counts(actor, district.id, cycle_id) if cycle_id else None,
        sent=queries.sheets_of(cycle_id) if cycle_id else [],
        place={"district": district.id, "cycle": cycle_id},
    ), form.status


@blueprint.get("/sheets/<int:sheet_id>")
@requires(Permission.SCREEN)
def sheet(sheet_id: int) -> Any:
    """What a workbook would do, or has done."""
    return _sheet(queries.sheet(current_actor(), sheet_id), forms.OverruleForm())


def _sheet(kept: Sheet, form: forms.OverruleForm) -> str:
    compared, writing = queries.jobs_of(kept)
    told = compared.result if compared is not None and compared.state == "done" else None
    return page(
        "screening/sheet.html",
        kept=kept,
        form=form,
        button=forms.OneButtonForm(formdata=None),
        compared=compared,
        writing=writing,
        told=told,
        running=next(
            (job for job in (writing, compared) if job and job.state in ("queued", "running")), None
        ),
        shown=SHOWN,
        place={"district": kept.district_id, "cycle": kept.cycle_id},
    )


@blueprint.post("/sheets/<int:sheet_id>/compare")
@requires(Permission.SCREEN)
def compare_sheet(sheet_id: int) -> Any:
    """Compare the workbook with what the portal knows now."""
    form = forms.OneButtonForm()
    actor = current_actor()
    if form.accepts(lambda: commands.compare_sheet(actor, sheet_id)):
        return see_other("screening.sheet", sheet_id=sheet_id)
    return _sheet(queries.sheet(actor, sheet_id), forms.OverruleForm(formdata=None)), form.status


@blueprint.post("/sheets/<int:sheet_id>/write")
@requires(Permission.SCREEN)
def apply_sheet(sheet_id: int) -> Any:
    """Have every row written, or none."""
    form = forms.OverruleForm()
    actor = current_actor()
    if form.accepts(lambda: commands.apply_sheet(actor, sheet_id, form.overruled.data or [])):
        flash.say(_("The spreadsheet is being saved: all rows together, or none."))
        return see_other("screening.sheet", sheet_id=sheet_id)
    return _sheet(queries.sheet(actor, sheet_id), form), form.status
