"""The whole check: the chain of the ledger, what was taken out of it, and every row that is kept for good against it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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


MOST_TOLD = 100
"""How many faults are told one by one."""


class Kept(NamedTuple):
    """The outcome of :func:`check`: entries of the ledger, rows held against them, the head, the first fault (None when
    all is as it was) and the others, and what was taken out while one person was enough for that."""

    entries: int
    rows: int
    head: str
    fault: str | None
    others: list[str]
    older: list[str]


def check(
    expected: Mapping[int, str] | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Kept:
    """Compute the chain again and hold against it what is kept for good. ``expected`` maps an entry's number to a hash
    kept outside: only that proves a change by the owner of the database, who can write the ledger anew as well."""
    found = ledger.verify(dict(expected) if expected else None, progress)
    if found.fault is not None:
        return Kept(found.entries, 0, found.head, found.fault, [], [])
    (faults, older), rows = _taken_out(), 0
    for one in WITNESSES:
        held = witness.check(one)
        rows += held.rows
        faults += held.faults
        older += held.unvouched
    faults = _told(faults)
    return Kept(found.entries, rows, found.head, faults[0] if faults else None, faults[1:], _told(older))


def _told(lines: list[str]) -> list[str]:
    """As many as somebody reads."""
    more = len(lines) - MOST_TOLD
    return [*lines[:MOST_TOLD], f"{more} more"] if more > 0 else lines


def _taken_out() -> tuple[list[str], list[str]]:
    """Entries whose words are gone against the rules (a person's data goes at the word of two; what vouches for something
    published never goes), and those whose words went before there were these rules."""
    faults, older = [], []
    for number, event, is_by_two, is_older in queries.taken_out():
        if is_older:
            older.append(f"entry {number}: taken out by one person before the rule of two")
        elif event in SEALS:
            faults.append(f"entry {number}: it vouches for something published, and what it said is gone")
        elif not is_by_two:
            faults.append(
                f"entry {number}: what it said is gone, and the ledger knows of no two who took it out"
            )
    return faults, older
