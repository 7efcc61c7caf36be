"""Follows and the inbox."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from portal.core.db import Base, Id, Instant, Json, Line, Short, reference


class Follow(Base):
    """A person wants news of a topic. Authors and leaders follow what they made without asking."""

    __tablename__ = "follows"
    __table_args__ = (sa.UniqueConstraint("person_id", "topic_id"),)

    id: Mapped[Id]
    person_id: Mapped[int] = reference("people.id", ondelete="CASCADE", index=False)
    topic_id: Mapped[int] = reference("topics.id", ondelete="CASCADE")
    created_at: Mapped[Instant]


class Notice(Base):
    """One piece of news in one inbox. ``event`` names the sentence, ``params`` fill it; the same news comes once."""

    __tablename__ = "notices"
    __table_args__ = (
        sa.UniqueConstraint("person_id", "dedupe_key"),
        sa.Index("ix_notices_person_id_id", "person_id", "id"),
        sa.Index(
            "ix_notices_unread",
            "person_id",
            sqlite_where=sa.text("read_at IS NULL"),
            postgresql_where=sa.text("read_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    person_id: Mapped[int] = reference("people.id", ondelete="CASCADE", index=False)
    topic_id: Mapped[int | None] = reference("topics.id", ondelete="SET NULL", nullable=True)
    event: Mapped[Short]
    params: Mapped[Json]
    dedupe_key: Mapped[Line]
    created_at: Mapped[Instant]
    read_at: Mapped[Instant | None]
