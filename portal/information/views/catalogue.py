"""The catalogue and one document."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import request, url_for

from portal.core import clock
from portal.information import queries, summary, words
from portal.information.models import InfoClass, Source
from portal.information.views.room import asked_number, blueprint, name_of
from portal.places import queries as places
from portal.web import headers
from portal.web.access import public
from portal.web.login import current_actor
from portal.web.render import page


@blueprint.get("")
@public("class", "district", "month", "q", "cursor")
def index() -> Any:
    """Every published document by class, month, district and words."""
    actor = current_actor()
    given = request.args.get("class", "")
    number = asked_number("month")
    chosen = queries.Chosen(
        info_class=InfoClass(given) if given in set(InfoClass) else None,
        district_id=asked_number("district"),
        month=summary.month_of(number) if number else None,
        q=request.args.get("q", "").strip()[:200],
    )
    found = queries.entries(actor, chosen, request.args.get("cursor"))
    days = queries.display_days()
    classes, months = queries.index(actor, chosen.district_id)
    headers.fresh_until(clock.at(clock.today() + dt.timedelta(days=1)))
    return page(
        "information/index.html",
        rows=found.rows,
        next_cursor=found.next_cursor,
        until={row.id: queries.last_day(row.shown_until, row, days) for row in found.rows},
        chosen=chosen,
        here_query={
            "class": chosen.info_class,
            "district": chosen.district_id,
            "month": summary.number_of(chosen.month) if chosen.month else None,
            "q": chosen.q or None,
        },
        classes=classes,
        months=[(month, summary.number_of(month), count) for month, count in months],
        districts=places.districts(),
        words=words,
        today=clock.today(),
    )


@blueprint.get("/<int:entry_id>")
@public()
def show(entry_id: int) -> Any:
    """One document: its class, its days, its text or its file, or the place where it is read."""
    row = queries.entry(current_actor(), entry_id)
    entry = row.Entry
    headers.fresh_until(clock.at(clock.today() + dt.timedelta(days=1)))
    return page(
        "information/show.html",
        entry=entry,
        file=row.StoredFile,
        until=queries.last_day(entry.shown_until, row, queries.display_days()),
        place=name_of(row),
        href="" if entry.source is Source.UPLOAD else url_for(words.PLACES[entry.source], **entry.place),
        words=words,
        today=clock.today(),
    )
