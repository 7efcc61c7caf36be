"""What everybody reads: the steps of a process that can be observed, and what observers saw."""

from __future__ import annotations

import datetime as dt
from typing import Any

from portal.core import clock
from portal.observation import policy, queries, words
from portal.observation.views.room import blueprint
from portal.procurement import queries as procurement
from portal.procurement import words as procurement_words
from portal.web import headers
from portal.web.access import public
from portal.web.login import current_actor
from portal.web.render import page


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
        may_answer=told.is_owed and policy.can_answer(actor, row.district_id),
        may_correct=told.newer_id is None and policy.can_report(actor, row),
    )
