"""Publishing a release whenever something public of a process changed."""

from __future__ import annotations

import json

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
    if not queries.is_public(process.id):
        return None
    earlier = queries.releases_of(process.id)
    at = max([clock.now(), *(one.published_at for one in earlier[-1:])])
    release = ocds.next_release(
        process.ocid,
        len(earlier) + 1,
        ocds.replay(json.loads(one.text) for one in earlier),
        ocds.state(queries.facts_of_process(process), ocds.Publisher(address.public())),
        at,
    )
    if release is None:
        return None
    text = ocds.text_of(release)
    # Numbered in the order of commits: whoever reads on behind the newest one misses none.
    ledger.hold()
    made = Release(
        process_id=process.id,
        number=len(earlier) + 1,
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
