"""Who may vote in a round: one row per person, without the person's number."""

from __future__ import annotations

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, Day, Id, Instant, Line, Sha256, Text, enum_column, reference


class EntrySource(StrEnum):
    """How a person came onto the roll."""

    LIST = "list"
    DESK = "desk"


class RollEntry(Base):
    """One person of a round's roll. ``person_key`` is a keyed hash of the citizen's number and of the round: the number
    itself is kept nowhere, and one person cannot stand twice on a roll. ``person_id`` is the account that votes for this
    row, attached by the registry or by redeeming a letter's code. ``paper_on``: a paper ballot was handed out, which
    overrides the ballot cast on the web and ends voting there. A struck row may not vote."""

    __tablename__ = "roll_entries"
    __table_args__ = (
        sa.UniqueConstraint("round_id", "person_key"),
        sa.Index(
            "uq_roll_entries_one_account",
            "round_id",
            "person_id",
            unique=True,
            sqlite_where=sa.text("person_id IS NOT NULL"),
            postgresql_where=sa.text("person_id IS NOT NULL"),
        ),
        sa.CheckConstraint("(struck_at IS NULL) = (struck_reason = '')", name="struck_with_reason"),
    )

    id: Mapped[Id]
    round_id: Mapped[int] = reference("rounds.id", index=False)
    person_key: Mapped[Sha256]
    district_id: Mapped[int] = reference("districts.id")
    community_id: Mapped[int | None] = reference("communities.id", nullable=True)
    area_id: Mapped[int | None] = reference("voting_areas.id", nullable=True)
    person_id: Mapped[int | None] = reference("people.id", nullable=True, ondelete="SET NULL")
    source: Mapped[EntrySource] = enum_column(EntrySource, name="source")
    added_by: Mapped[int] = reference("people.id")
    added_at: Mapped[Instant]
    attached_on: Mapped[Day | None]
    paper_on: Mapped[Day | None]
    struck_at: Mapped[Instant | None]
    struck_reason: Mapped[Line] = mapped_column(default="")


class RequestState(StrEnum):
    """A resident asks for a place on the roll, the registry of the district finds or refuses it."""

    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"


class RollRequest(Base):
    """A verified resident asks to vote with their account. The registry answers with the number it read off the
    identity card, which is hashed and forgotten, or with a reason."""

    __tablename__ = "roll_requests"
    __table_args__ = (
        sa.UniqueConstraint("round_id", "person_id"),
        sa.CheckConstraint("(state = 'asked') = (decided_by IS NULL)", name="decided_with_officer"),
        sa.CheckConstraint("(decided_by IS NULL) = (decided_at IS NULL)", name="decided_with_instant"),
        sa.CheckConstraint("decided_by IS NULL OR decided_by <> person_id", name="not_own_decision"),
        sa.CheckConstraint("(state = 'refused') = (reason <> '')", name="refused_with_reason"),
    )

    id: Mapped[Id]
    round_id: Mapped[int] = reference("rounds.id", index=False)
    person_id: Mapped[int] = reference("people.id", ondelete="CASCADE")
    district_id: Mapped[int] = reference("districts.id")
    community_id: Mapped[int | None] = reference("communities.id", nullable=True)
    state: Mapped[RequestState] = enum_column(RequestState, name="state", default=RequestState.ASKED)
    asked_at: Mapped[Instant]
    decided_by: Mapped[int | None] = reference("people.id", nullable=True)
    decided_at: Mapped[Instant | None]
    reason: Mapped[Line] = mapped_column(default="")


class RollStrike(Base):
    """The registry struck a row off the roll before voting began. Whoever votes for the row is told and may object once;
    somebody other than who struck it decides, and may put it back."""

    __tablename__ = "roll_strikes"
    __table_args__ = (
        sa.CheckConstraint("reason <> ''", name="with_reason"),
        sa.CheckConstraint("(objected_at IS NULL) = (objection = '')", name="objected_in_words"),
        sa.CheckConstraint("(decided_by IS NULL) = (decided_at IS NULL)", name="decided_with_instant"),
        sa.CheckConstraint("(decided_by IS NULL) = (is_restored IS NULL)", name="decided_whole"),
        sa.CheckConstraint("decided_by IS NULL OR objected_at IS NOT NULL", name="decided_on_objection"),
        sa.CheckConstraint("decided_by <> struck_by", name="four_eyes"),
    )

    id: Mapped[Id]
    round_id: Mapped[int] = reference("rounds.id")
    roll_entry_id: Mapped[int] = reference("roll_entries.id")
    reason: Mapped[Line]
    struck_by: Mapped[int] = reference("people.id")
    struck_at: Mapped[Instant]
    objection: Mapped[Text] = mapped_column(default="")
    objected_at: Mapped[Instant | None]
    is_restored: Mapped[bool | None]
    answer: Mapped[Line] = mapped_column(default="")
    decided_by: Mapped[int | None] = reference("people.id", nullable=True)
    decided_at: Mapped[Instant | None]


class ReminderRequest(Base):
    """Asked for before the booth opens; sent to everybody who asked, whether they have voted or not."""

    __tablename__ = "reminder_requests"
    __table_args__ = (sa.UniqueConstraint("round_id", "person_id"),)

    id: Mapped[Id]
    round_id: Mapped[int] = reference("rounds.id", index=False)
    person_id: Mapped[int] = reference("people.id", ondelete="CASCADE")
    asked_at: Mapped[Instant]
    sent_at: Mapped[Instant | None]
