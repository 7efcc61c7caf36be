"""The outbox: mail is written in the transaction that causes it and leaves after commit, never twice.

``dedupe_key`` is unique: the same news to the same person is one message.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from enum import StrEnum
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock, db
from portal.core.db import Base, Id, Instant, Json, Line, Short, enum_column

LEASE = dt.timedelta(minutes=5)
MAX_ATTEMPTS = 8


class MessageState(StrEnum):
    """A message waits, is sent once, or is given up after the last try."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"


class OutboxMessage(Base):
    """One mail to one address. ``event`` names the template ``mail/<event>``; ``params`` fill it."""

    __tablename__ = "outbox_messages"
    __table_args__ = (
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_with_instant"),
        sa.Index("ix_outbox_messages_state_next_at", "state", "next_at"),
    )

    id: Mapped[Id]
    person_id: Mapped[int | None] = mapped_column(sa.BigInteger, index=True)
    address: Mapped[Line]
    language: Mapped[str] = mapped_column(sa.String(2))
    event: Mapped[Short]
    params: Mapped[Json]
    dedupe_key: Mapped[Line] = mapped_column(unique=True)
    state: Mapped[MessageState] = enum_column(MessageState, name="state", default=MessageState.QUEUED)
    attempts: Mapped[int] = mapped_column(sa.Integer, default=0)
    next_at: Mapped[Instant]
    created_at: Mapped[Instant]
    sent_at: Mapped[Instant | None]
    error: Mapped[Line | None]


def enqueue(
    event: str,
    address: str,
    *,
    dedupe_key: str,
    language: str = "th",
    person_id: int | None = None,
    params: dict[str, Any] | None = None,
) -> None:
    """Put one message in the outbox; a repeated ``dedupe_key`` is quietly the same message."""
    db.session().execute(
        insert_ignoring(OutboxMessage.__table__),
        {
            "person_id": person_id,
            "address": address,
            "language": language,
            "event": event,
            "params": params or {},
            "dedupe_key": dedupe_key[:500],
            "state": MessageState.QUEUED,
            "attempts": 0,
            "next_at": clock.now(),
            "created_at": clock.now(),
        },
    )


def insert_ignoring(table: sa.FromClause) -> Any:
    """``INSERT … ON CONFLICT DO NOTHING`` for the engine in use."""
    if db.dialect() == "sqlite":
        from sqlalchemy.dialects.sqlite import insert
    else:
        from sqlalchemy.dialects.postgresql import insert  # type: ignore[assignment]
    return insert(cast(sa.Table, table)).on_conflict_do_nothing()


def deliver_due(send: Callable[[OutboxMessage], None], *, limit: int = 50) -> int:
    """Send what is due; returns how many left. Each message is leased in its own transaction, so that a crash between
    the two means one late retry and no loss."""
    sent = 0
    for _ in range(limit):
        with db.transaction() as session:
            message = session.scalars(
                sa.select(OutboxMessage)
                .where(OutboxMessage.state == MessageState.QUEUED, OutboxMessage.next_at <= clock.now())
                .order_by(OutboxMessage.id)
                .limit(1)
                .with_for_update(skip_locked=True)
            ).first()
            if message is None:
                return sent
            message.attempts += 1
            message.next_at = clock.now() + LEASE * message.attempts
        try:
            send(message)
        except Exception as problem:  # noqa: BLE001 - any fault of a mail server is retried, then shown
            with db.transaction() as session:
                failed = session.get_one(OutboxMessage, message.id)
                failed.error = str(problem)[:500]
                if failed.attempts >= MAX_ATTEMPTS:
                    failed.state = MessageState.FAILED
            continue
        with db.transaction() as session:
            done = session.get_one(OutboxMessage, message.id)
            done.state, done.sent_at, done.error = MessageState.SENT, clock.now(), None
            # A one-time link does not outlive its sending.
            done.params = {name: value for name, value in done.params.items() if name != "token"}
        sent += 1
    return sent
