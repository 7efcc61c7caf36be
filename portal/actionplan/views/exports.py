"""The plan to take along: tables for spreadsheets and data for programs, under the same rule as its page."""

from __future__ import annotations

from flask import Response, request

from portal.actionplan import books, exports, papers, policy, queries
from portal.actionplan.queries import contents
from portal.actionplan.views.room import blueprint
from portal.core import hashing, i18n, sheets, typeset
from portal.web.access import public
from portal.web.login import current_actor


def _attached(body: str | bytes, mimetype: str, name: str) -> Response:
    return Response(
        body, mimetype=mimetype, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@blueprint.get("/<int:plan_id>/projects.csv", endpoint="csv")
@public()
def export_csv(plan_id: int) -> Response:
    """The projects that stand, one line each, for any spreadsheet; while a change is made those of the edition in force."""
    plan, heading = queries.plan_and_heading(current_actor(), plan_id)
    body = queries.body_for_all(plan, heading)
    name = f"action-plan-{heading.code}-{heading.fiscal_year}.csv"
    return _attached(exports.projects_csv(body, i18n.language()), "text/csv", name)


@blueprint.get("/<int:plan_id>/plan.xlsx", endpoint="xlsx")
@public()
def export_xlsx(plan_id: int) -> Response:
    """Projects, items with their lineage and totals, as everybody reads the plan."""
    plan, heading = queries.plan_and_heading(current_actor(), plan_id)
    name = f"action-plan-{heading.code}-{heading.fiscal_year}.xlsx"
    return _attached(books.workbook(contents.content_for_all(plan, heading)), sheets.MEDIA_TYPE, name)


@blueprint.get("/<int:plan_id>/plan.pdf", endpoint="pdf")
@public("digits")
def export_pdf(plan_id: int) -> Response:
    """The plan as it reads now, as a paper by the ten heads: the draft one takes to a hearing; Thai digits if wished. A
    change of a published plan is for the officers who make or approve it."""
    actor = current_actor()
    plan, heading = queries.plan_and_heading(actor, plan_id)
    found = contents.content if policy.is_officer(actor, plan.district_id) else contents.content_for_all
    body = papers.pdf(found(plan, heading), is_thai_digits=request.args.get("digits") == "thai")
    return _attached(body, typeset.MEDIA_TYPE, f"action-plan-{heading.code}-{heading.fiscal_year}.pdf")


@blueprint.get("/<int:plan_id>/plan.json", endpoint="json")
@public()
def export_json(plan_id: int) -> Response:
    """The plan as everybody reads it, in the form of an edition's body (docs/formats.md), with its state."""
    plan, heading = queries.plan_and_heading(current_actor(), plan_id)
    body = {**queries.body_for_all(plan, heading), "state": plan.state.value}
    name = f"action-plan-{heading.code}-{heading.fiscal_year}.json"
    return _attached(hashing.canonical_json(body), "application/json", name)


@blueprint.get("/<int:plan_id>/editions/<int:number>.json")
@public()
def edition_json(plan_id: int, number: int) -> Response:
    """The very text that was hashed."""
    plan = queries.get_visible(current_actor(), plan_id)
    row = queries.edition(plan.id, number)
    return _attached(row.body, "application/json", f"action-plan-{plan.id}-edition-{number}.json")


@blueprint.get("/<int:plan_id>/editions/<int:number>.xlsx")
@public()
def edition_xlsx(plan_id: int, number: int) -> Response:
    """An edition's projects, items and totals."""
    plan, heading = queries.plan_and_heading(current_actor(), plan_id)
    found = contents.content(plan, heading, queries.edition(plan.id, number))
    name = f"action-plan-{heading.code}-{heading.fiscal_year}-edition-{number}.xlsx"
    return _attached(books.workbook(found), sheets.MEDIA_TYPE, name)


@blueprint.get("/<int:plan_id>/editions/<int:number>.pdf")
@public("digits")
def edition_pdf(plan_id: int, number: int) -> Response:
    """An edition as a paper by the ten heads; Thai digits if wished."""
    plan, heading = queries.plan_and_heading(current_actor(), plan_id)
    found = contents.content(plan, heading, queries.edition(plan.id, number))
    path = papers.kept_pdf(found, is_thai_digits=request.args.get("digits") == "thai")
    name = f"action-plan-{heading.code}-{heading.fiscal_year}-edition-{number}.pdf"
    return _attached(path.read_bytes(), typeset.MEDIA_TYPE, name)
