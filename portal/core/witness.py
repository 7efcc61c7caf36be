"""What is kept for good, held against the ledger row by row.

A room tells of one kind of rows (:class:`Witness`): which event wrote each of them down, and how its content is hashed. A
row that was changed, dated otherwise, added or taken away by somebody who went past the portal differs from what the
ledger says; that the ledger itself was not written anew is proved by a head kept outside (:func:`portal.core.ledger.verify`).
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa

from portal.core import db, ledger
from portal.core.ledger import LedgerEntry

STRIDE = 500
_ROOM = dt.timedelta(minutes=1)
"""How far a row's instant may be from that of its entry: both are read from the clock, one after the other."""


class Row(NamedTuple):
    """One row as it stands: its id, the key by which the ledger knows it, the subject of the ledger's entry, the SHA-256
    of its content computed now, the one kept in the row, and the instant it bears."""

    id: int
    key: Any
    subject_id: int
    computed: str
    kept: str
    at: dt.datetime


@dataclass(frozen=True)
class Witness:
    """One kind of rows: ``name`` as a fault calls them, the ``events`` that wrote them down, ``key`` the ledger's word for
    which row it was (None: the subject itself), ``column`` the same in the table, ``read(after, limit)`` the rows with an
    id above ``after`` in order."""

    name: str
    events: Sequence[str]
    key: str | None
    column: Any
    read: Callable[[int, int], Sequence[Row]]


class _Entry(NamedTuple):
    key: Any
    sha256: str
    at: dt.datetime


class Held(NamedTuple):
    """How many ``rows`` were held against the ledger, what is wrong with them in order, and those for which nothing vouches
    any more: what did was taken out when that was lawful."""

    rows: int
    faults: list[str]
    unvouched: list[str]


def check(witness: Witness, progress: Callable[[int], None] = lambda done: None) -> Held:
    """Hold every row of a kind against the ledger. Memory does not grow with the rows; a transaction of the caller's that
    only reads."""
    held = Held(0, [], [])
    silent, after = _silent(witness), 0
    while rows := witness.read(after, STRIDE):
        after = rows[-1].id
        told = _told_of(witness, [row.subject_id for row in rows])
        for row in rows:
            entry, name = told.get(row.key), f"{witness.name} {row.key}"
            is_excused = entry is None and _take(silent, row)
            held.faults.extend(f"{name}: {wrong}" for wrong in _wrong(row, entry, is_excused))
            if is_excused:
                held.unvouched.append(f"{name}: what vouched for it was taken out before that was refused")
        held = held._replace(rows=held.rows + len(rows))
        progress(held.rows)
    held.faults.extend(f"{witness.name} {key}: is missing" for key in _missing(witness))
    return held


def _silent(witness: Witness) -> dict[int, list[dt.datetime]]:
    """When entries that vouched for something were written whose words went when that was lawful, by subject."""
    found: dict[int, list[dt.datetime]] = {}
    if gone := ledger.taken_out_before_two():
        for subject_id, at in db.session().execute(
            sa.select(LedgerEntry.subject_id, LedgerEntry.at).where(
                LedgerEntry.id.in_(gone),
                LedgerEntry.event.in_(witness.events),
                LedgerEntry.payload.is_(None),
            )
        ):
            found.setdefault(subject_id, []).append(at)
    return found


def _take(silent: dict[int, list[dt.datetime]], row: Row) -> bool:
    """Whether one of these entries was about this row; it speaks for no other."""
    instants = silent.get(row.subject_id, [])
    of_it = next((at for at in instants if abs(at - row.at) <= _ROOM), None)
    if of_it is not None:
        instants.remove(of_it)
    return of_it is not None


def _wrong(row: Row, entry: _Entry | None, is_excused: bool) -> Iterator[str]:
    if row.computed != row.kept:
        yield "the text was changed"
    if is_excused:
        return
    if entry is None:
        yield "the ledger knows nothing of it"
    elif entry.sha256 != row.computed:
        yield "the ledger knows another text"
    elif abs(entry.at - row.at) > _ROOM:
        yield "the ledger knows another day"


def _entry(witness: Witness, subject_id: int, at: dt.datetime, payload: str) -> _Entry:
    changes = json.loads(payload)["changes"]
    return _Entry(subject_id if witness.key is None else changes[witness.key], changes["sha256"], at)


def _told_of(witness: Witness, subject_ids: Sequence[int]) -> dict[Any, _Entry]:
    """What the ledger says of the rows of these subjects. An entry whose words are gone says nothing."""
    found = db.session().execute(
        sa.select(LedgerEntry.subject_id, LedgerEntry.at, LedgerEntry.payload).where(
            LedgerEntry.event.in_(witness.events),
            LedgerEntry.subject_id.in_(set(subject_ids)),
            LedgerEntry.payload.is_not(None),
        )
    )
    entries = (_entry(witness, row.subject_id, row.at, row.payload) for row in found)
    return {entry.key: entry for entry in entries}


def _missing(witness: Witness) -> Iterator[Any]:
    """What the ledger tells of and is not there."""
    after = 0
    while True:
        found = (
            db.session()
            .execute(
                sa.select(LedgerEntry.id, LedgerEntry.subject_id, LedgerEntry.at, LedgerEntry.payload)
                .where(
                    LedgerEntry.id > after,
                    LedgerEntry.event.in_(witness.events),
                    LedgerEntry.payload.is_not(None),
                )
                .order_by(LedgerEntry.id)
                .limit(STRIDE)
            )
            .all()
        )
        if not found:
            return
        after = found[-1].id
        keys = [_entry(witness, row.subject_id, row.at, row.payload).key for row in found]
        there = set(db.session().scalars(sa.select(witness.column).where(witness.column.in_(keys))))
        yield from (key for key in keys if key not in there)
