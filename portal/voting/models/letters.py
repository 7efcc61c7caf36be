"""Letters with codes: asked for by one officer, released by another, printed in parts."""

from __future__ import annotations

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import promises
from portal.core.db import Base, Day, Id, Instant, Line, Sha256, enum_column, reference

MOST_LETTERS = 200  # in one part: some seconds and some 80 MB


class PrintState(StrEnum):
    """A print waits for its second person, who releases it or turns it down; who asked may take it back until then."""

    ASKED = "asked"
    RELEASED = "released"
    TURNED_DOWN = "turned_down"
    TAKEN_BACK = "taken_back"


class LetterPrint(Base):
    """Letters that one officer of the registry asks for and another releases: of a list, of which the hash is kept, or
    one in the place of a lost one, with a reason."""

    __tablename__ = "letter_prints"
    __table_args__ = (
        sa.CheckConstraint("(list_sha256 IS NULL) = (reason <> '')", name="list_or_reason"),
        sa.CheckConstraint(
            "letters = 1 OR (letters > 1 AND list_sha256 IS NOT NULL)", name="one_without_list"
        ),
        sa.CheckConstraint("(state = 'asked') = (decided_by IS NULL)", name="decided_with_officer"),
        sa.CheckConstraint("(decided_by IS NULL) = (decided_at IS NULL)", name="decided_with_instant"),
        sa.CheckConstraint(
            "decided_by IS NULL OR (state = 'taken_back') = (decided_by = asked_by)", name="four_eyes"
        ),
        sa.CheckConstraint("(state IN ('turned_down', 'taken_back')) = (note <> '')", name="ended_with_note"),
    )

    id: Mapped[Id]
    round_id: Mapped[int] = reference("rounds.id")
    district_id: Mapped[int] = reference("districts.id")
    list_sha256: Mapped[Sha256 | None]
    reason: Mapped[Line] = mapped_column(default="")
    letters: Mapped[int] = mapped_column(sa.Integer)
    state: Mapped[PrintState] = enum_column(PrintState, name="state", default=PrintState.ASKED)
    asked_by: Mapped[int] = reference("people.id")
    asked_at: Mapped[Instant]
    decided_by: Mapped[int | None] = reference("people.id", nullable=True)
    decided_at: Mapped[Instant | None]
    note: Mapped[Line] = mapped_column(default="")

    @property
    def parts(self) -> int:
        """How many parts it is printed in."""
        return -(-self.letters // MOST_LETTERS)


class LetterRow(Base):
    """A row of the roll that a print writes to, and its place in the list."""

    __tablename__ = "letter_rows"
    __table_args__ = (
        sa.UniqueConstraint("print_id", "place"),
        sa.UniqueConstraint("print_id", "roll_entry_id"),
        sa.CheckConstraint("place >= 1", name="place_counts"),
    )

    id: Mapped[Id]
    print_id: Mapped[int] = reference("letter_prints.id", index=False)
    place: Mapped[int] = mapped_column(sa.Integer)
    roll_entry_id: Mapped[int] = reference("roll_entries.id")


@promises.append_only()
class LetterPart(Base):
    """One printing of one part: how many letters were written, and how many codes they made void. ``turn`` is 2 and more
    when the part was printed anew."""

    __tablename__ = "letter_parts"
    __table_args__ = (
        sa.UniqueConstraint("print_id", "number", "turn"),
        sa.CheckConstraint("number >= 1 AND turn >= 1", name="counts"),
        sa.CheckConstraint(f"letters BETWEEN 0 AND {MOST_LETTERS}", name="letters_few"),
        sa.CheckConstraint("voided BETWEEN 0 AND letters", name="voided_within"),
    )

    id: Mapped[Id]
    print_id: Mapped[int] = reference("letter_prints.id", index=False)
    number: Mapped[int] = mapped_column(sa.SmallInteger)
    turn: Mapped[int] = mapped_column(sa.Integer)
    letters: Mapped[int] = mapped_column(sa.SmallInteger)
    voided: Mapped[int] = mapped_column(sa.SmallInteger)
    printed_by: Mapped[int] = reference("people.id")
    printed_at: Mapped[Instant]


class LetterCode(Base):
    """The code of a letter to one row of the roll, kept as a keyed hash; the code itself stands on the letter only. It
    attaches one account, once. A newer letter to the same row voids the older. The database takes one only for a row of
    a released print (older ones have no part)."""

    __tablename__ = "letter_codes"
    __table_args__ = (
        sa.CheckConstraint("redeemed_on IS NULL OR voided_on IS NULL", name="redeemed_or_voided"),
        sa.Index(
            "uq_letter_codes_one_live",
            "roll_entry_id",
            unique=True,
            sqlite_where=sa.text("voided_on IS NULL"),
            postgresql_where=sa.text("voided_on IS NULL"),
        ),
    )

    id: Mapped[Id]
    round_id: Mapped[int] = reference("rounds.id")
    roll_entry_id: Mapped[int] = reference("roll_entries.id", index=False)
    part_id: Mapped[int | None] = reference("letter_parts.id", nullable=True)
    code_hash: Mapped[Sha256] = mapped_column(unique=True)
    issued_by: Mapped[int] = reference("people.id")
    issued_at: Mapped[Instant]
    redeemed_on: Mapped[Day | None]
    voided_on: Mapped[Day | None]
