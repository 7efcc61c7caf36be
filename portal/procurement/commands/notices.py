"""A list of notices comes in through the page: compared by the worker, read by the officer, written by the worker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from portal.accounts import queries as accounts
from portal.core import db, jobs
from portal.core.actor import Actor, Permission
from portal.core.errors import Invalid, NotAllowed, NotFound, WrongState
from portal.core.i18n import lazy_gettext as _l
from portal.core.jobs import Job, JobState
from portal.procurement.commands.importing import Judged, Verdict, import_notices, judge_notices
from portal.procurement.notices import BrokenList

COMPARE, WRITE = "procurement.compare_notices", "procurement.write_notices"
MOST_BYTES = 4_000_000
MOST_TOLD = 500


def compare_notices(actor: Actor, name: str, content: bytes, elsewhere: str, *, ocid_prefix: str) -> Job:
    """Ask what a list would do; nothing is written. Raises NotAllowed, Invalid for what cannot be a list."""
    if not actor.may(Permission.PROCUREMENT_EDIT):
        raise NotAllowed(_l("You may not do this here."))
    if len(content) > MOST_BYTES:
        raise Invalid({"file": _l("The file is larger than 4 MB.")})
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise Invalid({"file": _l("This is not a CSV file in UTF-8.")}) from problem
    params = {"name": name[:200], "content": text, "elsewhere": elsewhere, "ocid_prefix": ocid_prefix}
    return jobs.start(actor, COMPARE, str(_l("Comparison of public notices")), params)


def write_notices(actor: Actor, compared_id: int, *, only_sound: bool) -> Job:
    """Ask for the lines to be written, all together. Raises NotFound for another officer's list, WrongState while it is
    not compared or is being written, Invalid while a line is faulty and is not to be left out."""
    compared = held_list(actor, compared_id)
    told = compared.result
    if compared.state is not JobState.DONE or "broken" in told or told.get("write_id"):
        raise WrongState(
            _l("This list has not been compared yet, or has already been imported."),
            way_on=("procurement.notice_list", {"job_id": compared_id}, _l("See the list")),
        )
    if told["counts"][Verdict.WRONG] and not only_sound:
        raise Invalid(
            {"only_sound": _l("Correct the lines with mistakes and send the list again, or skip them.")}
        )
    job = jobs.start(
        actor,
        WRITE,
        str(_l("Import of public notices")),
        {"compared_id": compared_id, "only_sound": only_sound},
    )
    compared.result = {**told, "write_id": job.id}
    return job


def held_list(actor: Actor, job_id: int) -> Job:
    """A comparison this officer asked for. Raises NotFound."""
    job = db.get_for_update(Job, job_id) if db.mode() == "write" else db.session().get(Job, job_id)
    if job is None or job.kind != COMPARE or job.person_id != actor.id:
        raise NotFound
    return job


def _told(one: Judged) -> dict[str, Any]:
    notice = one.notice
    return {
        "line": notice.number,
        "egp": notice.egp_number[:40],
        "title": notice.title[:200],
        "agency": notice.agency[:200],
        "budget_satang": notice.budget_satang,
        "verdict": one.verdict.value,
        "is_above_limit": one.is_above_limit,
        "troubles": [[each.fault.value, each.column, each.given] for each in notice.troubles],
    }


def _judged(job: Job, params: dict[str, Any]) -> tuple[Actor, list[Judged]]:
    actor = accounts.actor_of_person(job.person_id or 0)
    if actor is None:
        raise NotFound
    content = params["content"].encode()
    return actor, judge_notices(
        actor, content, params["elsewhere"], lambda done, total: jobs.report(job.id, done, total)
    )


@jobs.work(COMPARE, mode="read")
def _compare(job: Job) -> dict[str, Any]:
    """Counts by verdict; lines that change something or are faulty, as the page shows them."""
    try:
        _actor, judged = _judged(job, job.params)
    except BrokenList as broken:
        return {"broken": str(broken)}
    counts = {verdict.value: 0 for verdict in Verdict}
    for one in judged:
        counts[one.verdict.value] += 1
    first = sorted(judged, key=lambda one: one.verdict is not Verdict.WRONG)[:MOST_TOLD]
    return {"counts": counts, "rows": [_told(one) for one in first], "total": len(judged)}


@dataclass(frozen=True)
class _Ready:
    actor: Actor
    judged: list[Judged]


@jobs.work(WRITE, mode="read", then=lambda job, ready: _write(job, ready))
def _read(job: Job) -> _Ready:
    """Judge every line once more: what was taken over meanwhile is not taken over twice."""
    return _Ready(*_judged(job, db.session().get_one(Job, job.params["compared_id"]).params))


def _write(job: Job, ready: _Ready) -> dict[str, Any]:
    params = db.session().get_one(Job, job.params["compared_id"]).params
    return dict(
        import_notices(
            ready.actor,
            ready.judged,
            params["content"].encode(),
            params["name"],
            ocid_prefix=params["ocid_prefix"],
            only_sound=job.params["only_sound"],
            job_id=job.id,
        )
    )
