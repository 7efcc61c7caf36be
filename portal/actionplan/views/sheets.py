"""The ten-head sheets as they are printed."""

from __future__ import annotations

from typing import Any

from flask import request

from portal.actionplan import queries, words
from portal.actionplan.queries import browsing
from portal.actionplan.views.room import blueprint
from portal.core import money
from portal.web.access import public
from portal.web.login import current_actor
from portal.web.render import page


@blueprint.get("/projects/<int:project_id>/sheet")
@public("digits")
def sheet(project_id: int) -> Any:
    """One project by the ten heads of the city's sheet, for paper; Thai digits if wished."""
    actor = current_actor()
    found = browsing.project_page(actor, project_id)
    return page(
        "actionplan/sheet.html",
        plan=found.plan,
        heading=found.heading,
        project=found.project,
        nodes=queries.nodes_of([project_id]),
        is_thai_digits=request.args.get("digits") == "thai",
        in_words=money.baht_words,
        words=words,
    )


@blueprint.get("/<int:plan_id>/sheets")
@public("digits", "cursor")
def sheets(plan_id: int) -> Any:
    """The sheets of a plan one after the other, twenty-five to a page."""
    plan, heading = queries.plan_and_heading(current_actor(), plan_id)
    found = browsing.sheets_of_plan(plan.id, request.args.get("cursor"))
    return page(
        "actionplan/sheets.html",
        plan=plan,
        heading=heading,
        projects=found.rows,
        next_cursor=found.next_cursor,
        nodes=queries.nodes_of([row.id for row in found.rows]),
        is_thai_digits=request.args.get("digits") == "thai",
        in_words=money.baht_words,
        words=words,
    )
