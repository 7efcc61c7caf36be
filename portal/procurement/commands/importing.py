"""Taking over public notices from a list: compared first, then written whole or not at all.

A notice is known by its e-GP number. One that an officer keeps here is left as it is; one taken over before follows the
list; the same list a second time changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from portal.core import clock, db, hashing, ledger, topics
from portal.core.actor import Actor
from portal.core.errors import Invalid
from portal.core.i18n import lazy_gettext as _l
from portal.places.models import District
from portal.procurement import policy, rules
from portal.procurement.commands.processes import ProcessData, begin_process
from portal.procurement.commands.releasing import publish_releases
from portal.procurement.models import Process, Step, StepKind
from portal.procurement.notices import Fault, Notice, Trouble, read
from portal.procurement.queries import figures

OFFICE = "สำนักงานเขต"
CHUNK = 500


class Verdict(StrEnum):
    """What a line would do."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    KEPT_HERE = "kept_here"
    WRONG = "wrong"


@dataclass
class Judged:
    """A line with what it would do: ``district_id`` where it belongs, ``process_id`` of one known before;
    ``is_above_limit``: the specific method above its limit, which only warns."""

    notice: Notice
    verdict: Verdict
    district_id: int | None = None
    process_id: int | None = None
    is_above_limit: bool = False


def judge_notices(
    actor: Actor,
    content: bytes,
    elsewhere: str = "",
    tell: Callable[[int, int], None] = lambda done, total: None,
) -> list[Judged]:
    """What every line would do. ``elsewhere`` is the code of the district in which agencies buy that are no district
    office and whose line names none. Writes nothing. Raises BrokenList for what is no list of notices."""
    notices = read(content)
    rows = db.session().execute(sa.select(District.id, District.code, District.name_th)).all()
    by_code = {row.code: row.id for row in rows}
    by_name = {row.name_th.removeprefix("เขต"): row.id for row in rows}
    law = figures()
    judged: list[Judged] = []
    for start in range(0, len(notices), CHUNK):
        tell(start, len(notices))
        chunk = notices[start : start + CHUNK]
        known = _known(chunk)
        for notice in chunk:
            code = notice.district_code or elsewhere
            district_id = (
                by_name.get(notice.agency.removeprefix(OFFICE)) if notice.agency.startswith(OFFICE) else None
            )
            district_id = district_id or by_code.get(code)
            if district_id is None:
                notice.troubles.append(Trouble(Fault.DISTRICT, "agency_th", notice.agency[:100]))
            elif not policy.can_create(actor, district_id):
                notice.troubles.append(Trouble(Fault.FOREIGN, "agency_th", notice.agency[:100]))
            before = known.get(notice.egp_number)
            judged.append(
                Judged(
                    notice,
                    _verdict(notice, before),
                    district_id,
                    before[0].id if before else None,
                    bool(rules.of_method(notice.method, notice.budget_satang, law)),
                )
            )
    tell(len(notices), len(notices))
    return judged


def _known(notices: Sequence[Notice]) -> dict[str, tuple[Process, dict[StepKind, Any]]]:
    numbers = [one.egp_number for one in notices if one.egp_number]
    rows = db.session().execute(
        sa.select(Process, Step.kind, Step.actual_on)
        .join(Step, Step.process_id == Process.id)
        .where(Process.egp_number.in_(numbers))
    )
    found: dict[str, tuple[Process, dict[StepKind, Any]]] = {}
    for process, kind, actual_on in rows:
        found.setdefault(process.egp_number or "", (process, {}))[1][kind] = actual_on
    return found


def _verdict(notice: Notice, before: tuple[Process, dict[StepKind, Any]] | None) -> Verdict:
    if notice.troubles:
        return Verdict.WRONG
    if before is None:
        return Verdict.NEW
    process, days = before
    if process.imported_at is None:
        return Verdict.KEPT_HERE
    is_same = all(getattr(process, name) == value for name, value in _facts(notice).items()) and all(
        days[kind] == day for kind, day in notice.days.items()
    )
    return Verdict.SAME if is_same else Verdict.CHANGED


def _facts(notice: Notice) -> dict[str, Any]:
    is_office = notice.agency.startswith(OFFICE)
    return {
        "title": notice.title,
        "budget_satang": notice.budget_satang,
        "median_price_satang": notice.median_price_satang,
        "category": notice.category,
        "buyer": "" if is_office else notice.agency,
        "unit": notice.unit,
        "description": f"สถานะในประกาศ: {notice.status}" if notice.status else "",
        "notice_source": notice.source or "e-GP",
    }


def import_notices(
    actor: Actor,
    judged: Sequence[Judged],
    content: bytes,
    name: str,
    *,
    ocid_prefix: str,
    only_sound: bool = False,
    job_id: int = 0,
) -> dict[str, int]:
    """Write what :func:`judge_notices` found, all of it or nothing. A faulty line keeps the whole list out, unless
    ``only_sound`` leaves such lines out. Returns how many lines did what. Raises Invalid."""
    counts = Counter(one.verdict.value for one in judged)
    if counts[Verdict.WRONG.value] and not only_sound:
        raise Invalid({"file": _l("A line has a mistake, so nothing was saved.")})
    written: list[Process | None] = []
    for one in judged:
        if one.verdict is Verdict.NEW and one.district_id is not None:
            written.append(_take_over(actor, one.notice, one.district_id, ocid_prefix))
        elif one.verdict is Verdict.CHANGED and one.process_id is not None:
            written.append(_follow(actor, one.notice, one.process_id))
    publish_releases(actor, filter(None, written))  # when all is written: it holds the ledger
    result = {one.value: counts[one.value] for one in Verdict}
    ledger.record(
        "process.notices_imported",
        actor,
        "job",
        job_id,
        changes={"name": name[:200], "sha256": hashing.sha256_hex(content), **result},
    )
    return result


def _take_over(actor: Actor, notice: Notice, district_id: int, ocid_prefix: str) -> Process:
    data = ProcessData(
        title=notice.title,
        method=notice.method,
        method_details=notice.method_details,
        category=notice.category,
        budget_satang=notice.budget_satang,
        egp_number=notice.egp_number,
    )
    facts = {**_facts(notice), "imported_at": clock.now()}
    process, steps = begin_process(actor, district_id, data, ocid_prefix=ocid_prefix, **facts)
    _set_days(actor, notice, steps)
    ledger.record(
        "process.imported",
        actor,
        "process",
        process.id,
        district_id=district_id,
        changes={"ocid": process.ocid, "egp_number": notice.egp_number, **_told(notice)},
    )
    return process


def _told(notice: Notice) -> dict[str, Any]:
    return {
        "title": notice.title,
        "budget_satang": notice.budget_satang,
        **{kind.value: day.isoformat() for kind, day in notice.days.items()},
    }


def _set_days(actor: Actor, notice: Notice, steps: Sequence[Step]) -> None:
    """The days of the notice. A step the method does not have but the notice dates was taken all the same."""
    for step in steps:
        day = notice.days.get(step.kind)
        if day is not None and step.actual_on != day:
            step.is_skipped, step.note = False, ""
            step.actual_on, step.done_by, step.done_at = day, actor.id, clock.now()
            if step.ends_on is not None and step.ends_on < day:
                step.ends_on = None
    db.session().flush()


def _follow(actor: Actor, notice: Notice, process_id: int) -> Process | None:
    process = db.get_for_update(Process, process_id)
    if process is None:
        return None
    for name, value in _facts(notice).items():
        setattr(process, name, value)
    steps = db.session().scalars(sa.select(Step).where(Step.process_id == process_id).order_by(Step.position))
    _set_days(actor, notice, list(steps))
    topics.retitle(process.topic_id, process.title, text=f"{process.description} {process.egp_number or ''}")
    ledger.record(
        "process.notice_followed",
        actor,
        "process",
        process.id,
        district_id=process.district_id,
        changes=_told(notice),
    )
    return process
