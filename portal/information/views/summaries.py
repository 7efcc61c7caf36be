"""Monthly summaries of purchases: every month of a district, one month, the form as PDF and XLSX, publishing."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from flask import Response, request

from portal.core import clock, sheets, typeset
from portal.core.actor import Permission
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.i18n import language
from portal.information import commands, forms, papers, policy, queries, summary
from portal.information.views.room import (
    asked_number,
    blueprint,
    district_or_404,
    month_or_404,
    name_of,
    own_district,
)
from portal.procurement.words import METHODS
from portal.web import flash
from portal.web.access import public, requires
from portal.web.login import current_actor
from portal.web.redirects import see_other
from portal.web.render import page


@blueprint.get("/summaries")
@public("district")
def summaries() -> Any:
    """The months of a district with what was signed and what is published."""
    districts = queries.districts_with_contracts()
    code = asked_number("district") or (districts[0].id if districts else None)
    chosen = next((row for row in districts if row.id == code), None)
    return page(
        "information/summaries.html",
        districts=districts,
        chosen=chosen,
        place=name_of(chosen) if chosen else "",
        months=[(one, summary.number_of(one.month)) for one in queries.months_of(chosen.id)]
        if chosen
        else [],
    )


def _methods(body: summary.Body) -> dict[int, object]:
    """What stands in English above the method, which the form names in Thai; by process."""
    if language() != "en":
        return {}
    return {process: METHODS[method] for process, method in queries.methods_of(body).items()}


@blueprint.get("/summaries/<int:code>/<int:number>")
@public("edition")
def month(code: int, number: int) -> Any:
    """One month: what is published of it, or what the contracts say so far."""
    actor, district, first = current_actor(), district_or_404(code), month_or_404(number)
    editions = queries.editions(code, first)
    asked = asked_number("edition")
    shown = next((one for one in editions if asked in (None, one.summary.number)), None)
    if shown is None and asked is not None:
        raise NotFound
    may_keep = policy.can_keep(actor, code)
    now = queries.body_now(code, first) if shown is None or may_keep else None
    body = json.loads(shown.summary.body) if shown else now or {"contracts": []}
    return page(
        "information/month.html",
        district=district,
        place=name_of(district),
        month=first,
        number=number,
        editions=editions,
        shown=shown,
        body=body,
        total=summary.total(body),
        methods=_methods(body),
        is_over=summary.is_over(first, clock.today()),
        is_newest=shown is not None and shown is editions[0],
        may_keep=may_keep,
        has_changed=may_keep and shown is not None and now != json.loads(editions[0].summary.body),
        offers_of=papers.offers_of,
        reason_of=papers.reason_of,
        day_of=dt.date.fromisoformat,
    )


@blueprint.get("/summaries/<int:code>/<int:number>/<int:edition>.pdf")
@public("digits")
def summary_pdf(code: int, number: int, edition: int) -> Response:
    """A published summary as the form สขร.1; Thai digits if wished."""
    district, made = district_or_404(code), queries.edition(code, month_or_404(number), edition)
    body = papers.pdf(
        json.loads(made.body),
        district=district.name_th,
        month=made.month,
        number=edition,
        sha256=made.sha256,
        published_at=made.published_at,
        reason=made.reason,
        is_thai_digits=request.args.get("digits") == "thai",
    )
    return _attached(body, typeset.MEDIA_TYPE, f"skr1-{code}-{number}-{edition}.pdf")


@blueprint.get("/summaries/<int:code>/<int:number>/<int:edition>.xlsx")
@public()
def summary_xlsx(code: int, number: int, edition: int) -> Response:
    """A published summary as a spreadsheet."""
    district, made = district_or_404(code), queries.edition(code, month_or_404(number), edition)
    body = papers.workbook(
        json.loads(made.body), district=district.name_th, month=made.month, number=edition, sha256=made.sha256
    )
    return _attached(body, sheets.MEDIA_TYPE, f"skr1-{code}-{number}-{edition}.xlsx")


def _attached(body: bytes, media_type: str, name: str) -> Response:
    answer = Response(body, content_type=media_type)
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


@blueprint.route("/summaries/<int:code>/<int:number>/publish", methods=["GET", "POST"])
@requires(Permission.INFORMATION_KEEP)
def publish_summary(code: int, number: int) -> Any:
    """Publish a month, or its correction."""
    actor, district, first = current_actor(), own_district(code), month_or_404(number)
    published = next(iter(queries.editions(code, first)), None)
    form = forms.PublishForm()
    form.reason.flags.required = published is not None
    if form.accepts(lambda: commands.publish_summary(actor, code, first, form.reason.data or "")):
        flash.say(_("The summary is published. It can no longer be changed."))
        return see_other("information.month", code=code, number=number)
    body = queries.body_now(code, first)
    return (
        page(
            "information/publish_summary.html",
            district=district,
            place=name_of(district),
            month=first,
            number=number,
            body=body,
            total=summary.total(body),
            methods=_methods(body),
            is_over=summary.is_over(first, clock.today()),
            published=published,
            form=form,
            offers_of=papers.offers_of,
            reason_of=papers.reason_of,
            day_of=dt.date.fromisoformat,
        ),
        form.status,
    )
