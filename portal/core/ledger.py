"""The ledger: every decision, once, in order, in a hash chain the database will not let anyone rewrite.

A row's hash covers the hash before it, its number, event, instant, actor, subject and the salted hash of its payload.
Payload and salt stand beside it, so that a person's data can be blanked without breaking the chain.
The chain is extended just before commit, under a lock, so that it follows the order of commits.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import event as sa_event
from sqlalchemy.orm import InstrumentedAttribute, Mapped, Session, mapped_column

from portal.core import clock, db, promises
from portal.core.actor import Actor
from portal.core.db import Base, Id, Instant, Sha256, Short, Text
from portal.core.errors import WrongState
from portal.core.i18n import lazy_gettext as _l

GENESIS = "0" * 64
BLANKED = "ledger.payload_blanked"
TWO_FROM_HERE = "ledger.two_from_here"
RULE_OF_TWO = dt.datetime(2026, 11, 23, 6, 25, tzinfo=dt.UTC)
"""Since when the database lets nobody take words out of the ledger alone."""
_LOCK = 4_210_070


@promises.append_only("payload", "salt")
class LedgerEntry(Base):
    """One event. ``id`` has no gaps; ``subject_kind``/``subject_id`` name the thing; ids here are not foreign keys,
    so that the ledger outlives everything it speaks of."""

    __tablename__ = "ledger_entries"
    __table_args__ = (
        sa.Index("ix_ledger_entries_subject_kind_subject_id", "subject_kind", "subject_id"),
        sa.Index("ix_ledger_entries_actor_id_id", "actor_id", "id"),
        sa.CheckConstraint("(payload IS NULL) = (salt IS NULL)", name="payload_with_salt"),
    )

    id: Mapped[Id]
    event: Mapped[Short] = mapped_column(index=True)
    at: Mapped[Instant] = mapped_column(index=True)
    actor_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    subject_kind: Mapped[Short]
    subject_id: Mapped[int] = mapped_column(sa.BigInteger)
    district_id: Mapped[int | None] = mapped_column(sa.BigInteger, index=True)
    payload: Mapped[Text | None]
    salt: Mapped[str | None] = mapped_column(sa.String(32))
    payload_hash: Mapped[Sha256]
    previous_hash: Mapped[Sha256] = mapped_column(unique=True)
    hash: Mapped[Sha256] = mapped_column(unique=True)


_ADD = LedgerEntry.__table__.insert()  # type: ignore[attr-defined]
_NEWEST = sa.select(LedgerEntry.id, LedgerEntry.hash).order_by(LedgerEntry.id.desc()).limit(1)


@dataclass
class _Pending:
    event: str
    actor_id: int | None
    kind: str
    subject: Any
    district_id: int | None
    changes: dict[str, Any]
    note: str
    at: dt.datetime


def record(
    event: str,
    actor: Actor,
    kind: str,
    subject: Any,
    *,
    district_id: int | None = None,
    changes: dict[str, Any] | None = None,
    note: str = "",
) -> None:
    """Write ``event`` (past tense, ``plan.submitted``) about ``subject`` (an id, or a row whose id is known at commit).

    ``changes`` is JSON data; Thai text is welcome, floats are not. Nothing is written if the transaction rolls back.
    """
    pending = _Pending(event, actor.id, kind, subject, district_id, changes or {}, note, clock.now())
    db.session().info.setdefault("ledger", []).append(pending)


def done_by(
    actor_id: int | None,
    events: Sequence[str],
    kind: str,
    id_: sa.ColumnElement[int] | InstrumentedAttribute[int],
    *,
    since: dt.datetime | None = None,
) -> sa.ColumnElement[bool]:
    """Whether this person did one of ``events`` to the thing with the id ``id_``, since an instant (UTC): for rules of
    four eyes, since nobody can write the ledger anew. What this transaction has yet to write down counts, and so do
    entries whose words were taken out."""
    entry = sa.select(LedgerEntry.id).where(
        LedgerEntry.subject_kind == kind,
        LedgerEntry.subject_id == id_,
        LedgerEntry.event.in_(events),
        LedgerEntry.actor_id == actor_id,
    )
    if since is not None:
        entry = entry.where(LedgerEntry.at >= since)
    pending: list[_Pending] = db.session().info.get("ledger", [])
    unwritten = [
        one.subject if isinstance(one.subject, int) else one.subject.id
        for one in pending
        if (one.actor_id, one.kind) == (actor_id, kind)
        and one.event in events
        and (since is None or one.at >= since)
    ]
    return sa.or_(entry.exists(), id_.in_(unwritten))


def payload_text(changes: dict[str, Any], note: str) -> str:
    """The canonical text of a payload, as hashed."""
    return json.dumps(
        {"changes": changes, "note": note},
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
        default=str,
    )


def payload_hash(salt: str, payload: str) -> str:
    """``SHA-256(salt ‖ payload)`` in hex."""
    return hashlib.sha256(salt.encode() + payload.encode()).hexdigest()


def entry_hash(
    previous: str,
    number: int,
    event: str,
    at: dt.datetime,
    actor_id: int | None,
    kind: str,
    subject_id: int,
    district_id: int | None,
    payload_digest: str,
) -> str:
    """The hash that chains one entry to the one before it."""
    fields = (
        previous,
        number,
        event,
        at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        "" if actor_id is None else actor_id,
        kind,
        subject_id,
        "" if district_id is None else district_id,
        payload_digest,
    )
    return hashlib.sha256("\n".join(str(value) for value in fields).encode()).hexdigest()


def hold() -> None:
    """Wait for the chain now, and keep it until the commit: before an act outside the database that cannot be undone."""
    _hold(db.session())


def _hold(session: Session) -> None:
    session.flush()
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


@sa_event.listens_for(Session, "before_commit")
def _extend_chain(session: Session) -> None:
    pending: list[_Pending] | None = session.info.get("ledger")
    if not pending or session.in_nested_transaction():
        return
    _hold(session)
    number, previous = head_of(session)
    rows = []
    for entry in pending:
        number += 1
        subject_id = entry.subject if isinstance(entry.subject, int) else entry.subject.id
        payload, salt = payload_text(entry.changes, entry.note), secrets.token_hex(16)
        digest = payload_hash(salt, payload)
        link = entry_hash(
            previous,
            number,
            entry.event,
            entry.at,
            entry.actor_id,
            entry.kind,
            subject_id,
            entry.district_id,
            digest,
        )
        rows.append(
            {
                "id": number,
                "event": entry.event,
                "at": entry.at,
                "actor_id": entry.actor_id,
                "subject_kind": entry.kind,
                "subject_id": subject_id,
                "district_id": entry.district_id,
                "payload": payload,
                "salt": salt,
                "payload_hash": digest,
                "previous_hash": previous,
                "hash": link,
            }
        )
        previous = link
    session.connection().execute(_ADD, rows)
    session.info["ledger"] = []


@sa_event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop("ledger", None)


def head_of(session: Session) -> tuple[int, str]:
    """Number and hash of the newest entry; (0, GENESIS) for an empty ledger."""
    row = session.execute(_NEWEST).first()
    return (row.id, row.hash) if row else (0, GENESIS)


class Check(NamedTuple):
    """The outcome of :func:`verify`: how many entries were read, the head, and the first fault (None when sound)."""

    entries: int
    head: str
    fault: str | None


_STRIDE = 2000


def verify(
    expected: dict[int, str] | None = None, progress: Callable[[int, int], None] = lambda done, total: None
) -> Check:
    """Recompute the whole chain. ``expected`` maps an entry's number to a hash kept outside; ``progress`` hears after
    each stretch how many of all entries are done.

    Only against a head kept outside is a change by the database's owner provable.
    """
    previous, count = GENESIS, 0
    total, _hash = head_of(db.session())
    while rows := _stretch(count):
        for row in rows:
            count += 1
            if row.id != count:
                return Check(count - 1, previous, f"entry {count} is missing")
            if row.payload is not None and payload_hash(row.salt, row.payload) != row.payload_hash:
                return Check(count, previous, f"entry {row.id}: the payload was changed")
            if row.previous_hash != previous or row.hash != _hash_of(row, previous):
                return Check(count, previous, f"entry {row.id}: the chain is broken")
            if expected and row.id in expected and expected[row.id] != row.hash:
                return Check(count, row.hash, f"entry {row.id}: differs from the head kept outside")
            previous = row.hash
        progress(count, max(count, total))
    missing = [number for number in expected or {} if number > count]
    return Check(count, previous, f"entry {missing[0]} is missing" if missing else None)


def _stretch(after: int) -> Sequence[Any]:
    """The entries behind a number, as many as fit into memory with ease."""
    table = LedgerEntry.__table__
    statement = sa.select(table).where(table.c.id > after).order_by(table.c.id).limit(_STRIDE)
    return db.session().execute(statement).all()


def _hash_of(row: Any, previous: str) -> str:
    return entry_hash(
        previous,
        row.id,
        row.event,
        row.at,
        row.actor_id,
        row.subject_kind,
        row.subject_id,
        row.district_id,
        row.payload_hash,
    )


def blank_payload(actor: Actor, entry_id: int, reason: str) -> None:
    """Remove one entry's payload (a person's data); the chain stays whole and the removal is itself an event.
    Raises WrongState when there is nothing to remove (any more)."""
    blanked = db.session().scalars(
        sa.update(LedgerEntry)
        .where(LedgerEntry.id == entry_id, LedgerEntry.payload.is_not(None))
        .values(payload=None, salt=None)
        .returning(LedgerEntry.id)
    )
    if blanked.first() is None:
        raise WrongState(_l("What this entry said has already been removed."))
    record(BLANKED, actor, "ledger_entry", entry_id, note=reason)


def taken_out_before_two() -> frozenset[int]:
    """Entries whose words went before that wanted two people. The chain itself says until where, and nothing that is
    appended to it says otherwise: by its first entry, since a ledger that began under the rule has none, and by its first
    TWO_FROM_HERE, which a migration wrote into every older one."""
    first, mark = sa.orm.aliased(LedgerEntry), sa.orm.aliased(LedgerEntry)
    from_here = sa.select(sa.func.min(mark.id)).where(mark.event == TWO_FROM_HERE)
    found = sa.select(LedgerEntry.subject_id).where(
        LedgerEntry.event == BLANKED,
        LedgerEntry.subject_kind == "ledger_entry",
        LedgerEntry.id < from_here.scalar_subquery(),
        sa.exists().where(first.id == 1, first.at < RULE_OF_TWO),
    )
    return frozenset(db.session().scalars(found))
