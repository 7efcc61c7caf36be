"""The desk's workbook comes back: kept as it came, compared row by row, and written whole or not at all.

Comparing and writing are jobs. Both read first, telling how far they are; the writing itself is one short transaction
in which no case may have moved since it was read. Nothing is confirmed here: four eyes stay in the portal.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from portal.accounts import queries as accounts
from portal.core import clock, db, hashing, jobs, ledger, sheets
from portal.core.actor import Actor, Permission
from portal.core.errors import Invalid, NotAllowed, NotFound, WrongState
from portal.core.i18n import LANGUAGES, speaking
from portal.core.i18n import lazy_gettext as _l
from portal.core.jobs import Job, JobState
from portal.cycles.models import Cycle
from portal.screening import columns, queries
from portal.screening.columns import Fingerprint, Layout
from portal.screening.commands.writing import Planned, write_all
from portal.screening.judging import Kind, Standing, Verdict, judge
from portal.screening.models import Sheet

COMPARE = "screening.compare_sheet"
APPLY = "screening.apply_sheet"
MOST_TOLD = 1000  # rows that are wrong, and conflicts, as the page can show them
MOST_CHANGES_TOLD = 100
UNDER_WAY = frozenset({JobState.QUEUED, JobState.RUNNING})


def keep_sheet(actor: Actor, cycle_id: int, name: str, content: bytes) -> Sheet:
    """Take a filled-in workbook and ask for its comparison. The same file a second time is the same workbook: compared
    again unless it has been written already. Raises NotFound elsewhere, Invalid for what cannot be a workbook."""
    cycle = db.session().get(Cycle, cycle_id)
    if cycle is None or not actor.may(Permission.SCREEN, district_id=cycle.district_id):
        raise NotFound
    if len(content) > sheets.MAX_BYTES:
        raise Invalid({"file": _l("The file is larger than 10 MB.")})
    if not content.startswith(b"PK"):
        raise Invalid({"file": _l("This is not a spreadsheet of the kind XLSX.")})
    digest = hashing.sha256_hex(content)
    kept = queries.sheet_like(cycle_id, digest)
    if kept is None:
        kept = Sheet(
            cycle_id=cycle_id,
            district_id=cycle.district_id,
            name=name[:200] or "screening.xlsx",
            sha256=digest,
            content=content,
            uploaded_by=actor.id,
            uploaded_at=clock.now(),
        )
        with db.refusing_duplicates(WrongState(_l("This file has just been sent by someone else."))):
            db.session().add(kept)
        _note(actor, kept, "screening.sheet_sent", {"sha256": digest})
    if kept.applied_at is None:
        compare_sheet(actor, kept.id)
    return kept


def compare_sheet(actor: Actor, sheet_id: int) -> Job | None:
    """Ask for the comparison with what the portal knows now; None while one is under way or the rows are written."""
    kept = _held(actor, sheet_id)
    running = [one for one in queries.jobs_of(kept) if one is not None and one.state in UNDER_WAY]
    if running or kept.applied_at is not None:
        return None
    job = jobs.start(actor, COMPARE, str(_l("Comparison of a spreadsheet")), {"sheet_id": kept.id})
    kept.preview_job_id = job.id
    return job


def apply_sheet(actor: Actor, sheet_id: int, overruled: Sequence[int]) -> Job:
    """Ask for the rows to be written, all together. ``overruled``: cases that somebody changed meanwhile and for which
    the workbook is to stand; the others stay as they are. WrongState unless the last comparison found no mistake."""
    kept = _held(actor, sheet_id)
    compared, writing = queries.jobs_of(kept)
    if kept.applied_at is not None or (writing is not None and writing.state in UNDER_WAY):
        raise WrongState(
            _l("This spreadsheet has been written already, or is being written now."), way_on=_way(kept)
        )
    if compared is None or compared.state is not JobState.DONE or compared.result["counts"]["problem"]:
        raise WrongState(
            _l("The spreadsheet is saved once its comparison finds no mistakes."), way_on=_way(kept)
        )
    params = {"sheet_id": kept.id, "overruled": sorted(set(overruled)), "lang": compared.result["lang"]}
    job = jobs.start(actor, APPLY, str(_l("Writing of a spreadsheet")), params)
    kept.apply_job_id = job.id
    return job


def _held(actor: Actor, sheet_id: int) -> Sheet:
    kept = queries.sheet(actor, sheet_id, hold=True)
    if not actor.may(Permission.SCREEN, district_id=kept.district_id):
        raise NotAllowed(_l("You may not do this here."))
    return kept


def _way(kept: Sheet) -> tuple[str, dict[str, Any], object]:
    return "screening.sheet", {"sheet_id": kept.id}, _l("See how the spreadsheet stands")


def _note(actor: Actor, kept: Sheet, event: str, changes: dict[str, Any]) -> None:
    ledger.record(event, actor, "screening_sheet", kept, district_id=kept.district_id, changes=changes)


# -- reading a workbook -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Judged:
    row: sheets.Row
    values: dict[str, str]
    standing: Standing | None
    verdict: Verdict


def _judged(
    actor: Actor, kept: Sheet, frame: queries.Frame, overruled: frozenset[int], job_id: int
) -> Iterator[_Judged]:
    """Every row with its verdict, some hundred cases at a time, telling how far it is."""
    layout = frame.layout
    rows = list(
        sheets.read(queries.content_of(kept.id), columns.sheet_name(), layout.columns_read, lead=columns.LEAD)
    )
    seen: dict[int, int] = {}
    for start in range(0, len(rows), queries.CHUNK):
        jobs.report(job_id, start, len(rows))
        chunk = rows[start : start + queries.CHUNK]
        values = [{key: layout.value(key, row.values[key]) for key in layout.editable} for row in chunk]
        ids = [number for row in chunk if (number := row.values["case_id"])]
        targets = {int(one["merge_into_item_id"]) for one in values if one["merge_into_item_id"]}
        known = queries.standings(actor, frame, ids, targets)
        for row, said in zip(chunk, values, strict=True):
            standing = known.get(row.values["case_id"] or 0)
            yield _Judged(row, said, standing, _verdict(kept, row, said, standing, seen, overruled))
    jobs.report(job_id, len(rows), len(rows))


def _verdict(
    kept: Sheet,
    row: sheets.Row,
    values: dict[str, str],
    standing: Standing | None,
    seen: dict[int, int],
    overruled: frozenset[int],
) -> Verdict:
    case_id = row.values["case_id"]
    if standing is None or standing.docket.cycle_id != kept.cycle_id:
        return Verdict(Kind.PROBLEM, {"": _l("This row is not an item of this cycle: remove the row.")})
    first = seen.setdefault(case_id, row.number)
    if first != row.number:
        return Verdict(
            Kind.PROBLEM, {"": _l("This item is also in row %(row)s: keep one of the two.", row=first)}
        )
    if row.problems:
        return Verdict(Kind.PROBLEM, dict(row.problems))
    mark = Fingerprint.read(row.values["fingerprint"])
    return judge(standing, values, row.values["version"], mark, overrule=case_id in overruled)


def _language_of(kept: Sheet) -> str:
    """The language a workbook was made in, by the name of its sheet. Raises Invalid."""
    content = queries.content_of(kept.id)
    for code in LANGUAGES:
        with speaking(code), suppress(Invalid):
            next(sheets.read(content, columns.sheet_name(), ()), None)
            return code
    raise Invalid(
        {"file": _l("This is not a spreadsheet of the screening desk: download one first and fill it in.")}
    )


def _prepare(job: Job) -> tuple[Sheet, Actor]:
    kept = db.session().get_one(Sheet, job.params["sheet_id"])
    actor = accounts.actor_of_person(job.person_id or 0)
    if actor is None or not actor.may(Permission.SCREEN, district_id=kept.district_id):
        raise NotAllowed(_l("You may not do this here."))
    return kept, actor


# -- the two jobs -----------------------------------------------------------------------------------------------------


@jobs.work(COMPARE, mode="read")
def _compare(job: Job) -> dict[str, Any]:
    """Counts by kind of row; the rows that are wrong, in conflict, or changed, as the page shows them."""
    kept, actor = _prepare(job)
    lang = _language_of(kept)
    told: dict[str, Any] = {"lang": lang, "counts": {kind.value: 0 for kind in Kind}}
    told |= {"problems": [], "conflicts": [], "changes": [], "proposals": 0}
    with speaking(lang):
        frame = queries.frame_of(db.session().get_one(Cycle, kept.cycle_id))
        for one in _judged(actor, kept, frame, frozenset(), job.id):
            told["counts"][one.verdict.kind.value] += 1
            _tell(told, frame.layout, one)
    return told


def _tell(told: dict[str, Any], layout: Layout, one: _Judged) -> None:
    verdict = one.verdict
    title = one.standing.docket.item_title if one.standing is not None else ""
    row: dict[str, Any] = {"row": one.row.number, "case_id": one.row.values["case_id"], "title": title}
    if verdict.kind is Kind.PROBLEM:
        for key, message in verdict.problems.items():
            if len(told["problems"]) < MOST_TOLD:
                told["problems"].append(
                    {**row, "column": layout.title(key) if key else "", "message": str(message)}
                )
        return
    if verdict.change is not None and verdict.change.decision is not None:
        told["proposals"] += 1
    is_conflict = verdict.kind is Kind.CONFLICT
    shown = told["conflicts" if is_conflict else "changes"]
    if verdict.kind is Kind.SAME or len(shown) >= (MOST_TOLD if is_conflict else MOST_CHANGES_TOLD):
        return
    standing = one.standing
    if standing is None:
        return
    keys = [key for key in layout.editable if key in {*verdict.touched, *verdict.moved}]
    cells = [
        [
            layout.title(key),
            layout.shown(key, standing.values.get(key, "")),
            layout.shown(key, one.values[key]),
        ]
        for key in keys
    ]
    shown.append({**row, "cells": cells, "is_closed": verdict.is_closed})


@dataclass(frozen=True)
class _Prepared:
    """Everything a workbook writes, or how many rows stand in the way (``moved``)."""

    actor: Actor
    planned: list[Planned]
    moved: int


def _write(job: Job, prepared: _Prepared) -> dict[str, Any]:
    """Write all rows, or none: ``written`` rows, or ``moved``, how many somebody has changed since the comparison. Safe
    to repeat: a workbook that is written stays so."""
    actor = prepared.actor
    held = queries.sheet(actor, job.params["sheet_id"], hold=True)
    if held.applied_at is not None:
        return {"written": held.written, "moved": 0}
    moved = prepared.moved or write_all(actor, prepared.planned, held.id)
    if moved:
        return {"written": 0, "moved": moved}
    held.applied_at, held.applied_by, held.written = clock.now(), actor.id, len(prepared.planned)
    _note(actor, held, "screening.sheet_written", {"rows": held.written, "sha256": held.sha256})
    return {"written": held.written, "moved": 0}


@jobs.work(APPLY, mode="read", then=_write)
def _apply(job: Job) -> _Prepared:
    """Judge every row once more; what has moved since the comparison stops the whole."""
    kept, actor = _prepare(job)
    overruled = frozenset(job.params["overruled"])
    planned: list[Planned] = []
    moved = 0
    with speaking(job.params["lang"]):
        compared, _writing = queries.jobs_of(kept)
        told = {one["case_id"] for one in compared.result["conflicts"]} if compared is not None else set()
        frame = queries.frame_of(db.session().get_one(Cycle, kept.cycle_id))
        for one in _judged(actor, kept, frame, overruled, job.id):
            if one.verdict.change is not None and one.standing is not None:
                planned.append(Planned(one.standing, one.verdict.change))
            elif one.verdict.kind is Kind.PROBLEM or (
                one.verdict.kind is Kind.CONFLICT and one.row.values["case_id"] not in told - overruled
            ):
                moved += 1
    return _Prepared(actor, planned, moved)
