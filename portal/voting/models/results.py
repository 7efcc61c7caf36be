"""The count of a round and its certification."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, Instant, Line, Sha256, Text, reference
from portal.voting.models.ballots import round_key


class RoundResult(Base):
    """What the count found, with its reasons, as canonical JSON. ``outside`` is the number that nobody could know before
    the close, as ``asked_by`` typed it; the count begins when ``confirmed_by`` has typed the same. ``seed`` is made of it and of the secret committed to at the opening. ``counted_at`` is empty while the
    count runs."""

    __tablename__ = "round_results"
    __table_args__ = (
        sa.CheckConstraint("certified_by <> asked_by", name="four_eyes"),
        sa.CheckConstraint("confirmed_by <> asked_by", name="typed_by_two"),
        sa.CheckConstraint("(certified_by IS NULL) = (certified_at IS NULL)", name="certified_by_somebody"),
        sa.CheckConstraint("certified_at IS NULL OR counted_at IS NOT NULL", name="counted_before"),
        sa.CheckConstraint("(counted_at IS NULL) = (sha256 IS NULL)", name="counted_with_sum"),
    )

    round_id: Mapped[int] = round_key()
    outside: Mapped[Line]
    seed: Mapped[Sha256]
    body: Mapped[Text] = mapped_column(default="")
    sha256: Mapped[Sha256 | None]
    asked_by: Mapped[int] = reference("people.id")
    confirmed_by: Mapped[int | None] = reference("people.id", nullable=True)
    counted_at: Mapped[Instant | None]
    certified_by: Mapped[int | None] = reference("people.id", nullable=True)
    certified_at: Mapped[Instant | None]
    certify_note: Mapped[Text] = mapped_column(default="")


class ParticipationCheck(Base):
    """How many recorded voters, drawn at random, were asked whether they had voted, and how many said no."""

    __tablename__ = "participation_checks"
    __table_args__ = (sa.CheckConstraint("denied BETWEEN 0 AND asked AND asked > 0", name="counts"),)

    round_id: Mapped[int] = round_key()
    asked: Mapped[int] = mapped_column(sa.Integer)
    denied: Mapped[int] = mapped_column(sa.Integer)
    note: Mapped[Text] = mapped_column(default="")
    recorded_by: Mapped[int] = reference("people.id")
    recorded_at: Mapped[Instant]
