"""The fiscal-year cycle of a district: phases, money, criteria; rules are published, frozen and hashed."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core import promises
from portal.core.db import Base, Id, Instant, Line, Sha256, Text, Versioned, enum_column, reference


class PhaseKind(StrEnum):
    """Phases in their usual order; they may overlap where the rules allow (domain.md section 3)."""

    FORUMS = "forums"
    SUBMISSION = "submission"
    SCREENING = "screening"
    APPEALS = "appeals"
    VOTING = "voting"
    HEARING = "hearing"
    PUBLICATION = "publication"
    IMPLEMENTATION = "implementation"
    CLOSING = "closing"


class Cycle(Base):
    """One fiscal year (BE) of one district. Its rules live in editions; its windows in phases."""

    __tablename__ = "cycles"
    __table_args__ = (
        sa.UniqueConstraint("district_id", "fiscal_year"),
        sa.CheckConstraint("fiscal_year BETWEEN 2500 AND 2700", name="fiscal_year_be"),
    )

    id: Mapped[Id]
    district_id: Mapped[int] = reference("districts.id", index=False)
    fiscal_year: Mapped[int] = mapped_column(sa.SmallInteger)
    created_at: Mapped[Instant]


class ProposalState(StrEnum):
    """A proposal of rules waits for a second person."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    SENT_BACK = "sent_back"


class RulesProposal(Versioned, Base):
    """Rules put forward by one person, to be confirmed by another; one waits at a time. ``body`` is canonical JSON,
    ``cycle`` comes with every load, because the policy asks about its district."""

    __tablename__ = "rules_proposals"
    __table_args__ = (
        sa.CheckConstraint("(state = 'proposed') = (decided_by IS NULL)", name="decided_with_officer"),
        sa.CheckConstraint("(decided_by IS NULL) = (decided_at IS NULL)", name="decided_with_instant"),
        sa.CheckConstraint("decided_by IS NULL OR decided_by <> proposed_by", name="four_eyes"),
        sa.CheckConstraint("state <> 'sent_back' OR decision_note <> ''", name="sent_back_with_note"),
        sa.Index(
            "uq_rules_proposals_one_waiting",
            "cycle_id",
            unique=True,
            sqlite_where=sa.text("state = 'proposed'"),
            postgresql_where=sa.text("state = 'proposed'"),
        ),
    )

    id: Mapped[Id]
    cycle_id: Mapped[int] = reference("cycles.id")
    body: Mapped[Text]
    reason: Mapped[Line]
    state: Mapped[ProposalState] = enum_column(ProposalState, name="state", default=ProposalState.PROPOSED)
    proposed_by: Mapped[int] = reference("people.id")
    proposed_at: Mapped[Instant]
    decided_by: Mapped[int | None] = reference("people.id", nullable=True)
    decided_at: Mapped[Instant | None]
    decision_note: Mapped[Line] = mapped_column(default="")

    cycle: Mapped[Cycle] = relationship(lazy="joined", innerjoin=True)


@promises.append_only()
class RulesEdition(Base):
    """Published rules of a cycle: immutable, hashed. ``body`` is canonical JSON of: phases, money (satang),
    criteria, screening and release rules, voting rule key. ``sha256`` is the hash of ``body``."""

    __tablename__ = "rules_editions"
    __table_args__ = (
        sa.UniqueConstraint("cycle_id", "number"),
        sa.CheckConstraint("proposed_by <> confirmed_by", name="four_eyes"),
    )

    id: Mapped[Id]
    cycle_id: Mapped[int] = reference("cycles.id", index=False)
    number: Mapped[int] = mapped_column(sa.Integer)
    body: Mapped[Text]
    sha256: Mapped[Sha256]
    reason: Mapped[Line]
    proposed_by: Mapped[int] = reference("people.id")
    confirmed_by: Mapped[int] = reference("people.id")
    published_at: Mapped[Instant]


class Phase(Base):
    """A window of a cycle. Open ⇔ starts_at ≤ now < ends_at and it has an edition published before it starts;
    without one it stays closed."""

    __tablename__ = "phases"
    __table_args__ = (
        sa.UniqueConstraint("cycle_id", "kind"),
        sa.CheckConstraint("starts_at < ends_at", name="forward"),
        sa.Index("ix_phases_kind_starts_at_ends_at", "kind", "starts_at", "ends_at"),
    )

    id: Mapped[Id]
    cycle_id: Mapped[int] = reference("cycles.id", index=False)
    kind: Mapped[PhaseKind] = enum_column(PhaseKind, name="kind")
    starts_at: Mapped[Instant]
    ends_at: Mapped[Instant]
    edition_id: Mapped[int | None] = reference("rules_editions.id", nullable=True)

    def is_open(self, now: dt.datetime) -> bool:
        """Open at ``now``: started, not ended, and under rules."""
        return self.edition_id is not None and self.starts_at <= now < self.ends_at

    def has_begun(self, now: dt.datetime) -> bool:
        """Whether people have already acted, or could have, under this window's rules."""
        return self.edition_id is not None and self.starts_at <= now


# The promise "rules first", kept by the database itself; the message is repeated so that the SQL stays literal.
promises.extra_ddl(
    "phases",
    "sqlite",
    [
        "CREATE TRIGGER tr_phases_edition_first_insert BEFORE INSERT ON phases WHEN NEW.edition_id IS NOT NULL "
        "AND NOT EXISTS (SELECT 1 FROM rules_editions WHERE id = NEW.edition_id AND cycle_id = NEW.cycle_id "
        "AND published_at < NEW.starts_at) "
        "BEGIN SELECT RAISE(ABORT, 'a phase needs rules published before it starts'); END",
        "CREATE TRIGGER tr_phases_edition_first_update BEFORE UPDATE ON phases WHEN NEW.edition_id IS NOT NULL "
        "AND NOT EXISTS (SELECT 1 FROM rules_editions WHERE id = NEW.edition_id AND cycle_id = NEW.cycle_id "
        "AND published_at < NEW.starts_at) "
        "BEGIN SELECT RAISE(ABORT, 'a phase needs rules published before it starts'); END",
    ],
)
promises.extra_ddl(
    "phases",
    "postgresql",
    [
        "CREATE FUNCTION phases_edition_first() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF NEW.edition_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM rules_editions WHERE id = NEW.edition_id "
        "AND cycle_id = NEW.cycle_id AND published_at < NEW.starts_at) THEN "
        "RAISE EXCEPTION 'a phase needs rules published before it starts' USING ERRCODE = 'check_violation'; "
        "END IF; RETURN NEW; END $$",
        "CREATE TRIGGER tr_phases_edition_first BEFORE INSERT OR UPDATE ON phases "
        "FOR EACH ROW EXECUTE FUNCTION phases_edition_first()",
    ],
)
