"""What can be observed, for everybody: the open calendar, its feeds, and the figures of who came."""

from __future__ import annotations

import datetime as dt
from itertools import groupby
from typing import Any

from flask import Response, request

from portal.core import clock, icalendar, thai
from portal.core.calendar import fiscal_year
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.i18n import language
from portal.observation import exports, policy, queries
from portal.observation.views.feeds import step_event
from portal.observation.views.room import blueprint
from portal.places import queries as places
from portal.procurement import words as procurement_words
from portal.procurement.models import StepKind
from portal.web import headers
from portal.web.access import public
from portal.web.login import current_actor
from portal.web.render import page

FIRST_YEAR = 2566
MOST = 500


def _number(name: str) -> int | None:
    given = request.args.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None


def _since() -> dt.date | None:
    try:
        return thai.parse_day(request.args.get("since", ""))
    except ValueError:
        return None


@blueprint.get("")
@public("district", "step", "since")
def index() -> Any:
    """The steps to come that anybody can watch, by district, step and day. Who lives somewhere sees that district
    first."""
    actor, step = current_actor(), request.args.get("step", "")
    kind = StepKind(step) if step in {one.value for one in StepKind} else None
    home = queries.district_of(actor) if "district" not in request.args else None
    district_id = _number("district") or home
    rows = queries.open_steps(actor, district_id=district_id, kind=kind, since=_since())
    headers.fresh_until(
        min([clock.at(clock.today() + dt.timedelta(days=1)), *(row.meets_at for row in rows if row.meets_at)])
    )
    return page(
        "observation/index.html",
        days=[(day, list(found)) for day, found in groupby(rows, key=lambda row: row.planned_on)],
        more_since=rows[-1].planned_on if len(rows) == queries.SHOWN else None,
        chosen={"district": district_id, "step": kind, "since": request.args.get("since", "").strip()[:40]},
        is_home=home is not None,
        may_sign_up=lambda district_id: not actor.is_signed_in or policy.can_sign_up(actor, district_id),
        districts=places.districts(),
        steps=procurement_words.STEPS,
    )


@blueprint.get("/steps.ics")
@public()
def steps_feed() -> Any:
    """The steps to come of all districts, for the calendar of a phone."""
    return _feed(_("Purchases to observe: all districts"), None)


@blueprint.get("/districts/<int:code>/steps.ics")
@public()
def district_feed(code: int) -> Any:
    """The steps to come of a district, for the calendar of a phone."""
    district = places.district(code)
    if district is None:
        raise NotFound
    name = district.name_en if language() == "en" else district.name_th
    return _feed(_("Purchases to observe: %(district)s", district=name), code)


def _feed(name: str, code: int | None) -> Response:
    rows = queries.open_steps(current_actor(), district_id=code, limit=MOST)
    text = icalendar.calendar(name, [step_event(row) for row in rows], stamp=clock.now())
    return Response(text, content_type=icalendar.MEDIA_TYPE)


def _year() -> int:
    now = fiscal_year(clock.today())
    asked = _number("year")
    return asked if asked is not None and FIRST_YEAR <= asked <= now else now


@blueprint.get("/figures")
@public("year")
def figures() -> Any:
    """The indicator "citizens attended any one step": per district and year, each figure open to what it counts."""
    year, now = _year(), fiscal_year(clock.today())
    headers.fresh_until(clock.at(clock.today() + dt.timedelta(days=1)))
    return page(
        "observation/figures.html",
        rows=queries.figures(year, clock.today()),
        year=year,
        years=range(now, FIRST_YEAR - 1, -1),
    )


@blueprint.get("/figures.csv")
@public("year")
def figures_csv() -> Response:
    """The same as a table for spreadsheets."""
    year = _year()
    headers.fresh_until(clock.at(clock.today() + dt.timedelta(days=1)))
    return Response(
        exports.figures_csv(queries.figures(year, clock.today()), year),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="observation-{year}.csv"'},
    )


@blueprint.get("/figures/<int:code>")
@public("year", "cursor")
def counted(code: int) -> Any:
    """The purchases a district's figure was counted from."""
    district = places.district(code)
    if district is None:
        raise NotFound
    year = _year()
    found = queries.counted_purchases(code, year, request.args.get("cursor"))
    return page(
        "observation/counted.html",
        district=district,
        year=year,
        rows=found.rows,
        next_cursor=found.next_cursor,
        states=procurement_words.STATES,
    )
