"""Ballots of paper: who took one, the batches in which their sheets are counted, and what two people keyed of each.

A sheet has no number until it lies in a batch, after the boxes were opened and mixed: nothing here leads from a row of the
roll to a sheet. What was keyed is never changed; who keys a sheet again adds a line.
"""

from __future__ import annotations

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import promises
from portal.core.db import Base, Day, Id, Instant, Line, Versioned, enum_column, reference

MOST_SHEETS = 200  # of one batch: what two people key without a break, and one transaction enters


class PaperHandout(Base):
    """A sheet that the desk handed to a person of the roll, once. ``returned_on``: it came back unused the same day, and
    the person may vote otherwise. ``exchanged``: how many spoiled sheets were struck through and replaced."""

    __tablename__ = "paper_handouts"
    __table_args__ = (
        sa.Index(
            "uq_paper_handouts_one_sheet",
            "roll_entry_id",
            unique=True,
            sqlite_where=sa.text("returned_on IS NULL"),
            postgresql_where=sa.text("returned_on IS NULL"),
        ),
        sa.CheckConstraint("returned_on IS NULL OR returned_on = handed_on", name="returned_the_same_day"),
        sa.CheckConstraint("(returned_on IS NULL) = (returned_by IS NULL)", name="returned_to_somebody"),
        sa.CheckConstraint("(returned_on IS NULL) = (return_reason = '')", name="returned_with_reason"),
        sa.CheckConstraint("exchanged BETWEEN 0 AND 9", name="exchanged_rarely"),
    )

    id: Mapped[Id]
    round_id: Mapped[int] = reference("rounds.id")
    area_id: Mapped[int] = reference("voting_areas.id")
    roll_entry_id: Mapped[int] = reference("roll_entries.id", index=False)
    handed_on: Mapped[Day]
    handed_by: Mapped[int] = reference("people.id")
    exchanged: Mapped[int] = mapped_column(sa.SmallInteger, default=0)
    returned_on: Mapped[Day | None]
    returned_by: Mapped[int | None] = reference("people.id", nullable=True)
    return_reason: Mapped[Line] = mapped_column(default="")


class BatchState(StrEnum):
    """``open``: keyed, compared, settled. ``entered``: its valid sheets stand among the ballots. ``voided``: put together
    wrongly; its sheets go into another."""

    OPEN = "open"
    ENTERED = "entered"
    VOIDED = "voided"


class PaperBatch(Versioned, Base):
    """Sheets out of the boxes of one area, ``declared`` of them, numbered 1 to ``declared`` after they were mixed. ``desk``
    is where the boxes stood. ``district_id`` is whose clerks key it; None: the city's."""

    __tablename__ = "paper_batches"
    __table_args__ = (
        sa.UniqueConstraint("round_id", "number"),
        sa.CheckConstraint(f"declared BETWEEN 1 AND {MOST_SHEETS}", name="declared"),
        sa.CheckConstraint("number > 0", name="number"),
        sa.CheckConstraint("(state = 'entered') = (entered_by IS NOT NULL)", name="entered_by_somebody"),
        sa.CheckConstraint("(entered_by IS NULL) = (entered_at IS NULL)", name="entered_at_an_instant"),
        sa.CheckConstraint("(state = 'voided') = (voided_by IS NOT NULL)", name="voided_by_somebody"),
        sa.CheckConstraint("(voided_by IS NULL) = (voided_at IS NULL)", name="voided_at_an_instant"),
        sa.CheckConstraint("(voided_by IS NULL) = (void_reason = '')", name="voided_with_reason"),
    )

    id: Mapped[Id]
    round_id: Mapped[int] = reference("rounds.id", index=False)
    number: Mapped[int] = mapped_column(sa.SmallInteger)
    area_id: Mapped[int] = reference("voting_areas.id")
    district_id: Mapped[int | None] = reference("districts.id", nullable=True)
    desk: Mapped[Line]
    declared: Mapped[int] = mapped_column(sa.SmallInteger)
    state: Mapped[BatchState] = enum_column(BatchState, name="state", default=BatchState.OPEN)
    declared_by: Mapped[int] = reference("people.id")
    declared_at: Mapped[Instant]
    entered_by: Mapped[int | None] = reference("people.id", nullable=True)
    entered_at: Mapped[Instant | None]
    voided_by: Mapped[int | None] = reference("people.id", nullable=True)
    voided_at: Mapped[Instant | None]
    void_reason: Mapped[Line] = mapped_column(default="")

    def sheet_number(self, sheet: int) -> str:
        """What is written on the sheet: 3-017 is the seventeenth of batch 3."""
        return f"{self.number}-{sheet:03d}"


class PaperKeying(Base):
    """One person's keying of a whole batch. Two are needed, by two people; ``turn`` 1 and 2 only keep them apart. One that
    was given up counts no more: whoever gave up their own does not key the batch again, who was away may go on."""

    __tablename__ = "paper_keyings"
    __table_args__ = (
        sa.UniqueConstraint("batch_id", "keyed_by"),
        sa.Index(
            "uq_paper_keyings_one_turn",
            "batch_id",
            "turn",
            unique=True,
            sqlite_where=sa.text("given_up_at IS NULL"),
            postgresql_where=sa.text("given_up_at IS NULL"),
        ),
        sa.CheckConstraint("turn IN (1, 2)", name="turn"),
        sa.CheckConstraint("finished_at IS NULL OR given_up_at IS NULL", name="finished_or_given_up"),
        sa.CheckConstraint("(given_up_at IS NULL) = (given_up_by IS NULL)", name="given_up_by_somebody"),
    )

    id: Mapped[Id]
    batch_id: Mapped[int] = reference("paper_batches.id", index=False)
    turn: Mapped[int] = mapped_column(sa.SmallInteger)
    keyed_by: Mapped[int] = reference("people.id")
    begun_at: Mapped[Instant]
    finished_at: Mapped[Instant | None]
    given_up_at: Mapped[Instant | None]
    given_up_by: Mapped[int | None] = reference("people.id", nullable=True)


def _part_of(target: str) -> Mapped[int]:
    """The whole a line belongs to, as the first part of its key."""
    column: Mapped[int] = mapped_column(
        sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
        sa.ForeignKey(target, ondelete="RESTRICT"),
        primary_key=True,
        autoincrement=False,
    )
    return column


def _place() -> Mapped[int]:
    column: Mapped[int] = mapped_column(sa.SmallInteger, primary_key=True, autoincrement=False)
    return column


@promises.append_only()
class PaperEntry(Base):
    """What one person read off one sheet (``portal.voting.sheet``). The newest ``revision`` counts."""

    __tablename__ = "paper_entries"

    keying_id: Mapped[int] = _part_of("paper_keyings.id")
    sheet: Mapped[int] = _place()
    revision: Mapped[int] = _place()
    keyed: Mapped[Line]


@promises.append_only()
class PaperRuling(Base):
    """The third look at a sheet that two people keyed differently: what it says, and why."""

    __tablename__ = "paper_rulings"
    __table_args__ = (
        sa.CheckConstraint("decided_by <> first_keyer AND decided_by <> second_keyer", name="third_look"),
        sa.CheckConstraint("reason <> ''", name="with_reason"),
    )

    batch_id: Mapped[int] = _part_of("paper_batches.id")
    sheet: Mapped[int] = _place()
    keyed: Mapped[Line]
    reason: Mapped[Line]
    first_keyer: Mapped[int] = reference("people.id", index=False)
    second_keyer: Mapped[int] = reference("people.id", index=False)
    decided_by: Mapped[int] = reference("people.id")
    decided_at: Mapped[Instant]


class Verdict(StrEnum):
    """What a sheet is: a valid ballot, an invalid one for a reason, or not there at all."""

    VALID = "valid"
    BLANK = "blank"
    TOO_FEW = "too_few"
    TOO_MANY = "too_many"
    OVER_MONEY = "over_money"
    RIVALS = "rivals"
    POINTS = "points"
    WITHDRAWN = "withdrawn"  # given no more: such a sheet is valid, and empty in the count
    UNREADABLE = "unreadable"
    MARKED = "marked"
    NOT_OFFICIAL = "not_official"
    MISSING = "missing"


@promises.append_only()
class PaperSheet(Base):
    """A sheet as it was agreed when its batch was entered: what was read off it, and what it is."""

    __tablename__ = "paper_sheets"

    batch_id: Mapped[int] = _part_of("paper_batches.id")
    sheet: Mapped[int] = _place()
    keyed: Mapped[Line]
    verdict: Mapped[Verdict] = enum_column(Verdict, name="verdict")


@promises.append_only()
class PaperAnswer(Base):
    """What a certifier read off a sheet of the sample without seeing what was entered. One answer for each person and
    sheet, whatever it is, so that nobody finds by trying what the paper should have said."""

    __tablename__ = "paper_answers"
    __table_args__ = (sa.Index("ix_paper_answers_answered_by", "answered_by"),)

    batch_id: Mapped[int] = _part_of("paper_batches.id")
    sheet: Mapped[int] = _place()
    answered_by: Mapped[int] = _part_of("people.id")
    keyed: Mapped[Line]
    answered_at: Mapped[Instant]


@promises.append_only()
class PaperCheck(Base):
    """A sheet of the sample that is compared: somebody's answer is what was entered, or a note says what the paper shows."""

    __tablename__ = "paper_checks"
    __table_args__ = (sa.CheckConstraint("agrees OR note <> ''", name="difference_with_note"),)

    batch_id: Mapped[int] = _part_of("paper_batches.id")
    sheet: Mapped[int] = _place()
    keyed: Mapped[Line]
    agrees: Mapped[bool] = mapped_column(sa.Boolean)
    note: Mapped[Line] = mapped_column(default="")
    checked_by: Mapped[int] = reference("people.id")
    checked_at: Mapped[Instant]


class PaperAccount(Base):
    """Why in one area other than ``difference`` = 0 sheets are missing from the boxes (handed out, less found). Holds for
    this difference only."""

    __tablename__ = "paper_accounts"
    __table_args__ = (sa.CheckConstraint("difference <> 0 AND reason <> ''", name="explained"),)

    area_id: Mapped[int] = _part_of("voting_areas.id")
    difference: Mapped[int] = mapped_column(sa.Integer)
    reason: Mapped[Line]
    explained_by: Mapped[int] = reference("people.id")
    explained_at: Mapped[Instant]
