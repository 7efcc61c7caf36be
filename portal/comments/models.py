"""Threads, official replies, reports, hiding with a reason."""

from __future__ import annotations

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import promises
from portal.core.db import Base, Id, Instant, Line, Text, enum_column, reference


class Purpose(StrEnum):
    """Why a comment was made: hearing and draft-TOR comments must get an official reply."""

    DISCUSSION = "discussion"
    HEARING = "hearing"
    DRAFT_TOR = "draft_tor"


@promises.append_only()
class OfficialReply(Base):
    """An office's answer; one reply may answer several comments. A correction is a new reply: ``corrects_id`` names
    the first answer of the line, so that every earlier wording can still be read."""

    __tablename__ = "official_replies"

    id: Mapped[Id]
    topic_id: Mapped[int] = reference("topics.id")
    author_id: Mapped[int] = reference("people.id")
    office: Mapped[Line]
    body: Mapped[Text]
    created_at: Mapped[Instant]
    corrects_id: Mapped[int | None] = reference("official_replies.id", nullable=True)


class Comment(Base):
    """A person's words on a topic, as clean HTML made from plain text. Hidden words stay on record."""

    __tablename__ = "comments"
    __table_args__ = (
        sa.Index("ix_comments_topic_id_id", "topic_id", "id"),
        sa.Index("ix_comments_purpose_topic_id_reply_id", "purpose", "topic_id", "reply_id"),
        sa.CheckConstraint(
            "(hidden_at IS NULL) = (hidden_by IS NULL) AND (hidden_at IS NULL) = (hidden_reason IS NULL)",
            name="hidden_with_reason",
        ),
    )

    id: Mapped[Id]
    topic_id: Mapped[int] = reference("topics.id", index=False)
    author_id: Mapped[int] = reference("people.id")
    parent_id: Mapped[int | None] = reference("comments.id", nullable=True)
    purpose: Mapped[Purpose] = enum_column(Purpose)
    clause: Mapped[Line] = mapped_column(default="")
    body: Mapped[Text]
    created_at: Mapped[Instant]
    reply_id: Mapped[int | None] = reference("official_replies.id", nullable=True)
    hidden_at: Mapped[Instant | None]
    hidden_by: Mapped[int | None] = reference("people.id", nullable=True)
    hidden_reason: Mapped[Line | None]


class CommentReport(Base):
    """Somebody says a comment breaks the rules of the house; a moderator settles it."""

    __tablename__ = "comment_reports"
    __table_args__ = (
        sa.UniqueConstraint("comment_id", "person_id"),
        sa.CheckConstraint("(settled_at IS NULL) = (settled_by IS NULL)", name="settled_with_moderator"),
    )

    id: Mapped[Id]
    comment_id: Mapped[int] = reference("comments.id", index=False)
    person_id: Mapped[int] = reference("people.id")
    reason: Mapped[Line]
    created_at: Mapped[Instant]
    settled_at: Mapped[Instant | None] = mapped_column(index=True)
    settled_by: Mapped[int | None] = reference("people.id", nullable=True)
