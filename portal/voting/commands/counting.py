"""The count as a job of the worker: reading takes long, writing does not. It brings NumPy, 25 MB that a web worker does
not need: the command line imports this for the worker."""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from portal.core import db, hashing, jobs
from portal.core.actor import SYSTEM
from portal.core.errors import PortalError
from portal.core.i18n import gettext as _
from portal.voting import counting
from portal.voting.commands import closing
from portal.voting.models import RoundEdition, RoundResult
from portal.voting.queries import board, letters, paper, results

LONGEST = dt.timedelta(minutes=30)


def _write(job: jobs.Job, prepared: str) -> dict[str, Any]:
    closing.keep_result(SYSTEM, job.params["round_id"], prepared)
    return {"round_id": job.params["round_id"]}


class TooLong(PortalError):
    """The count was stopped."""


def _watched(job_id: int, most: int) -> Callable[[int, int], None]:
    """Tells others how far the count is, and stops one that would hold up the worker for ever. Raises TooLong."""
    until = time.monotonic() + LONGEST.total_seconds()

    def watch(times: int, _spent: int) -> None:
        if times % 10 == 0:
            jobs.report(job_id, times, most)
        if time.monotonic() > until:
            raise TooLong(
                _("The count was stopped after %(num)s steps: it took more than half an hour.", num=times)
            )

    return watch


@jobs.work(results.COUNT_JOB, mode="read", then=_write)
def _count(job: jobs.Job) -> str:
    """Count the published ballots and find the reasons; the text that is kept."""
    round_id = job.params["round_id"]
    session = db.session()
    edition = session.scalars(sa.select(RoundEdition).where(RoundEdition.round_id == round_id)).one()
    seed = session.get_one(RoundResult, round_id).seed
    bodies = [json.loads(body) for _, body in results.published(round_id)]
    found = counting.count(
        json.loads(edition.body),
        bodies,
        results.withdrawn_numbers(round_id),
        seed,
        _watched(job.id, json.loads(edition.body)["rule"].get("most_steps", 0)),
    )
    closing_head = board.closing_of(round_id) or {}
    found["areas"] = results.by_area(
        bodies,
        results.areas(round_id),
        results.communities_of_areas(round_id),
        {one["code"]: one["roll"] for one in closing_head.get("areas", ())},
        found["order"],
    )
    found["strangers"] = closing_head.get("strangers")
    found["paper"] = paper.summary(round_id)
    found["letters"] = letters.told(round_id)
    for area in found["areas"]:  # who came with a sheet that does not count came all the same
        area["invalid"] = sum(
            sum(one["invalid"].values()) for one in found["paper"] if one["code"] == area["code"]
        )
    return hashing.canonical_json(found)
