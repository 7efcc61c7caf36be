"""The officers' desk: what is due, late, at a standstill, to be certified; opening and keeping a sheet."""

from __future__ import annotations

from typing import Any

from flask import request

from portal.actionplan.models import Section
from portal.actionplan.words import SECTIONS
from portal.core import calendar, clock
from portal.core.actor import Permission
from portal.core.errors import NotAllowed
from portal.core.i18n import gettext as _
from portal.core.i18n import language, speaking
from portal.core.i18n import lazy_gettext as _l
from portal.progress import commands, forms, policy, queries, words
from portal.progress.curve import EVEN
from portal.progress.months import due_on
from portal.progress.views.room import blueprint, place_of, writable_head
from portal.web import flash
from portal.web.access import requires
from portal.web.login import current_actor
from portal.web.redirects import see_other
from portal.web.render import page

VIEWS = {
    "due": _l("Due or overdue"),
    "late": _l("Report overdue"),
    "stalled": _l("Stalled"),
    "certify": _l("To certify"),
    "all": _l("All followed"),
    "open": _l("Not followed yet"),
}
DUTIES = (Permission.PROGRESS_WRITE, Permission.PROGRESS_CERTIFY)


@blueprint.get("/desk")
@requires(*DUTIES)
def desk() -> Any:
    """What waits for an officer."""
    actor, rules = current_actor(), queries.rules()
    asked = request.args.get("view", "due")
    view = asked if asked in VIEWS else "due"
    cursor = request.args.get("cursor")
    found = queries.unopened(actor, cursor) if view == "open" else queries.desk(actor, view, rules, cursor)
    marks = {} if view == "open" else {row.id: queries.standings(row, *rules) for row in found.rows}
    return page(
        "progress/desk.html",
        rows=found.rows,
        next_cursor=found.next_cursor,
        marks=marks,
        due={row.id: due_on(row.next_month, rules[0]) for row in found.rows} if view != "open" else {},
        counts=queries.desk_counts(actor, rules),
        views=VIEWS,
        view=view,
        rules=rules,
        may_write=actor.may(Permission.PROGRESS_WRITE),
        may_open_bureau=policy.can_open(actor, None),
        words=words,
    )


@blueprint.route("/projects/<int:project_id>/open", methods=["GET", "POST"])
@requires(Permission.PROGRESS_WRITE)
def open_sheet(project_id: int) -> Any:
    """Begin to follow a project of a published plan."""
    actor = current_actor()
    row = queries.project_to_open(actor, project_id)
    if row.sheet_id is not None:
        return see_other("progress.write", sheet_id=row.sheet_id)
    place = row.name_en if language() == "en" else row.name_th
    form = forms.HeadForm(
        data={
            "agency": f"สำนักงาน{row.name_th}",
            "division": _official_section(row.Project.section),
            **_quarters(EVEN),
        }
    )
    if form.accepts(lambda: commands.open_sheet(actor, project_id, form.head)):
        flash.say(_("The project is followed from now on. Write its first report."))
        return see_other("progress.write", sheet_id=form.result.id)
    return page("progress/open_sheet.html", form=form, project=row.Project, place=place), form.status


@blueprint.route("/bureaus/new", methods=["GET", "POST"])
@requires(Permission.PROGRESS_WRITE)
def open_bureau_sheet() -> Any:
    """Begin to follow a project of one of the city's bureaus."""
    actor = current_actor()
    if not policy.can_open(actor, None):
        raise NotAllowed(_l("Projects of the city's bureaus are followed by the city's own officers."))
    year = calendar.fiscal_year(clock.today())
    first, last = calendar.fiscal_year_span(year)
    form = forms.BureauForm(
        data={"fiscal_year": year, "starts_on": first, "ends_on": last, **_quarters(EVEN)}
    )
    if form.accepts(lambda: commands.open_bureau_sheet(actor, form.head, form.own)):
        flash.say(_("The project is followed from now on. Write its first report."))
        return see_other("progress.write", sheet_id=form.result.id)
    return page("progress/open_bureau_sheet.html", form=form), form.status


@blueprint.route("/<int:sheet_id>/edit", methods=["GET", "POST"])
@requires(Permission.PROGRESS_WRITE)
def edit(sheet_id: int) -> Any:
    """Posts, extensions and the plan of the year."""
    actor, head = current_actor(), writable_head(sheet_id)
    sheet = head.sheet
    form = forms.HeadForm(obj=sheet, data={"version": str(sheet.version_id), **_quarters(sheet.planned)})
    if form.accepts(lambda: commands.edit_head(actor, sheet, form.shown_version, form.head)):
        flash.say(_("The details are saved."))
        return see_other("progress.show", sheet_id=sheet_id)
    return page("progress/edit.html", form=form, head=head, place=place_of(head)), form.status


def _official_section(section: Section) -> str:
    """The section's Thai name, whatever language its officer works in: the sheet is an official paper."""
    with speaking("th"):
        return str(SECTIONS[section])


def _quarters(planned: Any) -> dict[str, int]:
    return dict(zip(("first", "second", "third", "fourth"), planned, strict=True))
