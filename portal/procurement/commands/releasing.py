"""Publishing a release whenever something public of a process changed."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any

from portal.core import address, clock, db, hashing, ledger
from portal.core.actor import Actor
from portal.procurement import ocds, queries
from portal.procurement.models import Process, Release


def publish_release(actor: Actor, process: Process) -> Release | None:
    """Publish what is new of a process, in the transaction that made it so; None where nothing is, or where the process
    itself is not public.

    To be called at the end of every command that changes something people can read; the caller holds the process, and
    every other row it needs: from here to the commit nobody else writes into the ledger. A release is never changed: a
    correction is the next one.
    """
    return next(iter(publish_releases(actor, [process])), None)


def publish_releases(actor: Actor, processes: Iterable[Process]) -> list[Release]:
    """As :func:`publish_release`, of many. All are worked out before the ledger is held, which others wait for."""
    ready = [(process, *found) for process in processes if (found := _next(process)) is not None]
    if ready:
        # Numbered in the order of commits: whoever reads on behind the newest one misses none.
        ledger.hold()
    return [_write(actor, *one) for one in ready]


def _next(process: Process) -> tuple[dict[str, Any], int, dt.datetime] | None:
    """What is new of a process as a release, its number, and when it is published."""
    if not queries.is_public(process.id):
        return None
    earlier = queries.releases_of(process.id)
    number = len(earlier) + 1
    at = max([clock.now(), *(one.published_at for one in earlier[-1:])])
    release = ocds.next_release(
        process.ocid,
        number,
        ocds.replay(json.loads(one.text) for one in earlier),
        ocds.state(queries.facts_of_process(process), ocds.Publisher(address.public())),
        at,
    )
    return None if release is None else (release, number, at)


def _write(actor: Actor, process: Process, release: dict[str, Any], number: int, at: dt.datetime) -> Release:
    text = ocds.text_of(release)
    made = Release(
        process_id=process.id,
        number=number,
        release_id=release["id"],
        text=text,
        sha256=hashing.sha256_hex(text),
        published_at=at,
    )
    db.session().add(made)
    db.session().flush()
    ledger.record(
        "process.released",
        actor,
        "process",
        process.id,
        district_id=process.district_id,
        changes={"release": made.release_id, "tags": release["tag"], "sha256": made.sha256},
    )
    return made
