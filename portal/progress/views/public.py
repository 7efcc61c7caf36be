"""What everybody reads: how far every project is, one project with its curve and its money, one report, the form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from flask import Response, request

from portal.actionplan import queries as actionplan
from portal.comments import queries as comments
from portal.core import clock, typeset
from portal.core.i18n import gettext as _
from portal.places import queries as places
from portal.procurement import words as buying
from portal.progress import curve, paper, policy, queries, words
from portal.progress.months import due_on
from portal.progress.queries import Standing
from portal.progress.views.room import blueprint, place_of
from portal.web import headers
from portal.web.access import public
from portal.web.login import current_actor
from portal.web.render import page


@blueprint.get("")
@public("district", "standing", "cursor")
def index() -> Any:
    """How far every followed project is."""
    actor = current_actor()
    given = request.args.get("district", "")
    district_id = int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None
    asked = request.args.get("standing", "")
    standing = Standing(asked) if asked in set(Standing) else None
    rules = queries.rules()
    found = queries.sheets(
        actor,
        district_id=district_id,
        standing=standing,
        rules=rules,
        cursor=request.args.get("cursor"),
    )
    _keep_until_tomorrow()
    return page(
        "progress/index.html",
        rows=found.rows,
        next_cursor=found.next_cursor,
        marks={row.id: queries.standings(row, *rules) for row in found.rows},
        counts=queries.counts(actor, district_id, rules),
        districts=places.districts(),
        district_id=district_id,
        standing=standing,
        rules=rules,
        words=words,
    )


def _keep_until_tomorrow() -> None:
    """A report becomes late with the day."""
    headers.fresh_until(clock.at(clock.today() + dt.timedelta(days=1)))


@blueprint.get("/<int:sheet_id>")
@public()
def show(sheet_id: int) -> Any:
    """One project: how far, its curve, its money from the plan to the payments, its reports and pictures."""
    actor = current_actor()
    head = queries.head(actor, sheet_id)
    sheet, rules = head.sheet, queries.rules()
    reports = queries.reports_of(sheet_id)
    counting = [told for told in reports if told.corrected_by is None]
    purchases = queries.purchases_of(actor, head.project_id) if head.project_id else []
    _keep_until_tomorrow()
    return page(
        "progress/show.html",
        head=head,
        sheet=sheet,
        place=place_of(head),
        marks=queries.standings(sheet, *rules),
        rules=rules,
        due=due_on(sheet.next_month, rules[0]),
        reports=reports[::-1],
        pictures=queries.pictures([photo for told in counting for photo in told.report.photos]),
        curve=_curve(head, counting),
        money=_money(head, purchases),
        purchases=purchases,
        thread=comments.thread(actor, sheet.topic_id),
        topic_id=sheet.topic_id,
        is_following=head.is_followed,
        can_write=policy.can_write(actor, sheet),
        buying=buying,
        words=words,
    )


def _curve(head: queries.Head, counting: Sequence[queries.Told]) -> curve.Curve | None:
    """The two lines; None before there is a report."""
    said = sorted((told.report.for_month, told.report.done, told.report.spent_satang) for told in counting)
    return curve.draw(head.starts_on, head.ends_on, head.sheet.planned, said) if said else None


def _money(head: queries.Head, purchases: Sequence[Any]) -> list[tuple[str, int]]:
    """The money from the plan to the payments, as far as it is known: (what, satang). Lots that buy for several projects
    cannot be told apart and stand in the list of purchases alone."""
    own = [row for row in purchases if row.shared == 1 and row.state != "cancelled"]
    contract = sum(row.contract_satang or 0 for row in own)
    paid = sum(row.paid_satang for row in own)
    known = [
        (_("Budget of the plan"), head.budget_satang if head.project_id else None),
        (_("Budget received"), head.received_satang),
        (_("Contracts"), contract or None),
        (_("Paid to contractors"), paid or None),
        (_("Spent, as reported"), head.sheet.spent_satang),
    ]
    return [(label, amount) for label, amount in known if amount is not None]


@blueprint.get("/<int:sheet_id>/reports/<int:number>")
@public()
def report(sheet_id: int, number: int) -> Any:
    """One certified report with its pictures and its hash."""
    head = queries.head(current_actor(), sheet_id)
    told = queries.report_numbered(sheet_id, number)
    return page(
        "progress/report.html",
        head=head,
        place=place_of(head),
        told=told,
        report=told.report,
        pictures=queries.pictures(told.report.photos),
        may_correct=told.corrected_by is None and policy.can_write(current_actor(), head.sheet),
        words=words,
    )


@blueprint.get("/<int:sheet_id>/form.pdf")
@public("digits")
def form(sheet_id: int) -> Response:
    """The city's form, printed from what is certified; Thai digits if wished."""
    head = queries.head(current_actor(), sheet_id)
    own = [head.project_id] if head.project_id is not None else []
    body = paper.pdf(
        head,
        queries.reports_of(sheet_id),
        [node for nodes in actionplan.nodes_of(own).values() for node in nodes],
        is_thai_digits=request.args.get("digits") == "thai",
    )
    answer = Response(body, content_type=typeset.MEDIA_TYPE)
    answer.headers["Content-Disposition"] = f'inline; filename="progress-{sheet_id}.pdf"'
    return answer
