"""What everybody reads: the calendar, a process, a document."""

from __future__ import annotations

import datetime as dt
from itertools import groupby
from typing import Any, TypeVar

from flask import Response, request

from portal.comments import queries as comments
from portal.comments.models import Purpose
from portal.core import clock, icalendar, thai
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.i18n import language
from portal.places import queries as places
from portal.procurement import policy, queries, words
from portal.procurement.models import Method, Process, ProcessState, StepKind
from portal.procurement.queries import Passed
from portal.procurement.views.room import blueprint
from portal.web import headers
from portal.web.access import public
from portal.web.links import absolute
from portal.web.login import current_actor
from portal.web.render import page

E = TypeVar("E", Method, ProcessState)
MARKS = 4
SHOWN = 12


def _choice(name: str, kind: type[E]) -> E | None:
    given = request.args.get(name, "")
    return kind(given) if given in {one.value for one in kind} else None


def _district_id() -> int | None:
    given = request.args.get("district", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None


@blueprint.get("")
@public("district", "method", "state", "q", "cursor")
def index() -> Any:
    """What is open now and to come, and every process, filtered."""
    actor, district_id = current_actor(), _district_id()
    chosen = {
        "district": district_id,
        "method": _choice("method", Method),
        "state": _choice("state", ProcessState),
        "q": request.args.get("q", "").strip()[:200],
    }
    found = queries.processes(
        actor,
        district_id=district_id,
        method=chosen["method"],  # type: ignore[arg-type]
        state=chosen["state"],  # type: ignore[arg-type]
        text=str(chosen["q"]),
        cursor=request.args.get("cursor"),
    )
    is_first = not request.args.get("cursor")
    coming = queries.open_steps(actor, district_id, SHOWN) if is_first else []
    headers.fresh_until(clock.at(clock.today() + dt.timedelta(days=1)))
    return page(
        "procurement/index.html",
        rows=found.rows,
        next_cursor=found.next_cursor,
        drafts=queries.open_drafts(actor, district_id) if is_first else [],
        days=[(day, list(steps)) for day, steps in groupby(coming, key=lambda row: row.planned_on)],
        districts=places.districts(),
        chosen=chosen,
        words=words,
        is_first=is_first,
        today=clock.today(),
    )


@blueprint.get("/districts/<int:code>/calendar.ics")
@public()
def calendar(code: int) -> Any:
    """The steps to come in a district, for the calendar of a phone."""
    district = places.district(code)
    if district is None:
        raise NotFound
    name = district.name_en if language() == "en" else district.name_th
    actor = current_actor()
    rows = [*queries.open_drafts(actor, code, 500), *queries.open_steps(actor, code, 500)]
    text = icalendar.calendar(
        _("Procurement in the open: %(district)s", district=name),
        [_event(row) for row in rows],
        stamp=clock.now(),
    )
    return Response(text, content_type=icalendar.MEDIA_TYPE)


def _event(row: Any) -> icalendar.Event:
    starts: dt.date | dt.datetime = row.meets_at or row.planned_on or row.actual_on
    ends: dt.date | dt.datetime | None = row.ends_on
    if row.actual_on is not None:
        starts = row.actual_on
    elif row.meets_at is not None:
        ends = row.meets_at + dt.timedelta(hours=2)
    return icalendar.Event(
        uid=f"step-{row.step_id}@{row.ocid}",
        starts=starts,
        ends=ends,
        title=f"{words.STEPS[row.kind]}: {row.title}",
        text=row.ocid,
        place=row.place,
        url=absolute("procurement.show", language(), process_id=row.process_id),
    )


@blueprint.get("/<int:process_id>")
@public()
def show(process_id: int) -> Any:
    """One process: where it stands, its money, its days, its documents, what was overridden, what people say."""
    actor = current_actor()
    heading = queries.heading(actor, process_id)
    process = heading.process
    way = queries.way_of(process_id)
    steps = {one.step.kind: one.step for one in way}
    draft = steps[StepKind.DRAFT_TOR]
    now = queries.purpose_of(process.state, draft, steps[StepKind.INVITATION].actual_on)
    thread = comments.thread(actor, process.topic_id, known=now)
    is_commented = thread.open_for is Purpose.DRAFT_TOR
    today = clock.today()
    headers.fresh_until(clock.at(today + dt.timedelta(days=1)))
    return page(
        "procurement/show.html",
        heading=heading,
        process=process,
        way=way,
        line=_line(process, way, StepKind.DRAFT_TOR if is_commented else None),
        bars=_bars(way),
        money=_money(process),
        documents=queries.documents_of(process_id),
        bought=queries.bought_for(process_id),
        signed=queries.signed_of(process_id) if process.contract_satang is not None else [],
        tenderers=[who for one in way for who in one.tenderers],
        draft_until=draft.ends_on if is_commented else None,
        thread=thread,
        topic_id=process.topic_id,
        is_following=heading.is_followed,
        can_edit=policy.can_edit(actor, process),
        words=words,
        today=today,
    )


def _line(process: Process, way: list[Passed], open_step: StepKind | None) -> list[dict[str, Any]]:
    """The step line: done, now (one that is still open, else the first not yet done), next; steps left out are not
    in it."""
    line: list[dict[str, Any]] = []
    is_now = process.state is ProcessState.RUNNING
    for passed in way:
        step = passed.step
        if step.is_skipped:
            continue
        is_done = step.actual_on and step.kind is not open_step
        state = "done" if is_done else "now" if is_now else "next"
        is_now = is_now and state == "done"
        line.append(
            {
                "label": words.SHORT_STEPS[step.kind],
                "state": state,
                "href": f"#step-{step.kind.value}",
            }
        )
    return line


def _bars(way: list[Passed]) -> dict[str, Any] | None:
    """Planned and actual days for the chart; None before there is anything to draw."""
    rows, edges = [], []
    for passed in way:
        step = passed.step
        planned = step.planned_on
        first = step.actual_on or planned
        if step.is_skipped or first is None:
            continue
        last = step.ends_on if step.ends_on and step.ends_on >= first else first
        edges += [day for day in (planned, first, last) if day]
        rows.append(
            {
                "label": words.STEPS[step.kind],
                "start": first if step.actual_on else None,
                "end": last if step.actual_on else None,
                "behind": (planned, planned if step.actual_on else last) if planned else None,
                "tone": "one" if not planned or first <= planned else "two",
                "text": _late(planned, step.actual_on),
            }
        )
    if not rows:
        return None
    first, last = min(edges), max(max(edges), min(edges) + dt.timedelta(days=MARKS))
    span = (last - first).days
    marks = [first + dt.timedelta(days=span * place // MARKS) for place in range(MARKS)]
    return {
        "rows": rows,
        "first": first,
        "last": last,
        "marks": [(day, thai.day_text(day, language(), "short").rpartition(" ")[0]) for day in marks],
        "today": clock.today() if first <= clock.today() <= last else None,
    }


def _late(planned: dt.date | None, actual: dt.date | None) -> str:
    if actual is None:
        return _("planned %(day)s", day=thai.day_text(planned, language()) if planned else "–")
    done = thai.day_text(actual, language())
    if planned is None or actual == planned:
        return done
    days = (actual - planned).days
    if days > 0:
        return _("%(day)s, %(days)s days later than planned", day=done, days=days)
    return _("%(day)s, %(days)s days earlier than planned", day=done, days=-days)


def _money(process: Process) -> list[tuple[object, int]]:
    """The money's way, as far as it is known: (what, satang)."""
    known = (
        (_("Budget"), process.budget_satang),
        (_("Median price"), process.median_price_satang if process.is_median_of_whole else None),
        (_("Award"), process.award_satang),
        (_("Contract"), process.contract_satang),
        (_("Paid"), process.paid_satang or None),
    )
    return [(label, amount) for label, amount in known if amount is not None]


@blueprint.get("/documents/<int:document_id>")
@public()
def document(document_id: int) -> Any:
    """A document: its text, and its file where there is one."""
    row = queries.document_visible(current_actor(), document_id)
    return page(
        "procurement/document.html",
        document=row.StepDocument,
        step=row.Step,
        process=row.Process,
        file=row.StoredFile,
        publisher=(row.display_name, row.post),
        words=words,
    )
