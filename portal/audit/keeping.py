"""The whole check: the chain of the ledger, and every row that is kept for good against it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

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
    rows = 0
    for one in WITNESSES:
        held, faults = witness.check(one)
        rows += held
        if faults:
            return Kept(found.entries, rows, found.head, faults[0])
    return Kept(found.entries, rows, found.head, None)
