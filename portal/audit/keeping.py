"""The whole check: the chain of the ledger, what was taken out of it, and every row that is kept for good against it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from portal.audit import queries
from portal.audit.models import SEALS
from portal.core import ledger, witness
from portal.information import queries as information
from portal.observation import queries as observation
from portal.procurement import queries as procurement
from portal.progress import queries as progress_room

WITNESSES = (procurement.RELEASES, progress_room.REPORTS, observation.REPORTS, information.SUMMARIES)
"""Published releases, certified reports, reports of observers, monthly summaries."""


class Kept(NamedTuple):
    """The outcome of :func:`check`: entries of the ledger, rows held against them, the head, the first fault (None when
    all is as it was)."""

    entries: int
    rows: int
    head: str
    fault: str | None


def check(
    expected: Mapping[int, str] | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Kept:
    """Compute the chain again and hold against it what is kept for good. ``expected`` maps an entry's number to a hash
    kept outside: only that proves a change by the owner of the database, who can write the ledger anew as well."""
    found = ledger.verify(dict(expected) if expected else None, progress)
    if found.fault is not None:
        return Kept(found.entries, 0, found.head, found.fault)
    wrong = next(_taken_out_wrongly(), None)
    if wrong is not None:
        return Kept(found.entries, 0, found.head, wrong)
    rows = 0
    for one in WITNESSES:
        held, faults = witness.check(one)
        rows += held
        if faults:
            return Kept(found.entries, rows, found.head, faults[0])
    return Kept(found.entries, rows, found.head, None)


def _taken_out_wrongly() -> Iterator[str]:
    """A person's data goes at the word of two; what vouches for something published never goes."""
    for number, event, is_by_two in queries.taken_out():
        if event in SEALS:
            yield f"entry {number}: it vouches for something published, and what it said is gone"
        elif not is_by_two:
            yield f"entry {number}: what it said is gone, and the ledger knows of no two who took it out"
