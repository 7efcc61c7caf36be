"""Follows, the inbox, and how people want to hear of news."""

from __future__ import annotations

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, Id, Instant, Json, Line, Short, enum_column, reference


class Hearing(StrEnum):
    """How news reaches a person: by mail at once, gathered into one mail a day or a week, or in the inbox alone."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"
    INBOX = "inbox"


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


class Digest(Base):
    """A person whose news are gathered (daily or weekly); who has no row and wants mail gets it at once.
    ``gathered_until``: news up to this instant has been put into a mail, or needs none."""

    __tablename__ = "digests"
    __table_args__ = (
        sa.CheckConstraint("hearing IN ('daily', 'weekly')", name="gathered"),
        sa.Index("ix_digests_hearing_gathered_until", "hearing", "gathered_until"),
    )

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    hearing: Mapped[Hearing] = enum_column(Hearing)
    gathered_until: Mapped[Instant]
