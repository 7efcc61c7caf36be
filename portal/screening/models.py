"""Criteria cards, decisions with four eyes, corrections, appeals."""

from __future__ import annotations

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import (
    Base,
    Day,
    Id,
    Instant,
    Line,
    Satang,
    Sha256,
    Short,
    Text,
    Versioned,
    enum_column,
    reference,
)


class CaseState(StrEnum):
    """Where an item's screening stands (domain.md section 7, completed by rulings "Screening states").

    Release is derived: visible ⇔ released_at ≤ now. Final: released and no appeal open or possible any more."""

    WAITING = "waiting"
    FORMAL_CHECK = "formal_check"
    MERIT_CHECK = "merit_check"
    NEEDS_CORRECTION = "needs_correction"
    AWAITING_AGENCY = "awaiting_agency"
    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    APPEALED = "appealed"
    APPEAL_PROPOSED = "appeal_proposed"
    APPEAL_CONFIRMED = "appeal_confirmed"
    WITHDRAWN = "withdrawn"


class Outcome(StrEnum):
    """What is decided about an item."""

    ACCEPT = "accept"
    ACCEPT_CHANGED = "accept_changed"
    MERGE_WITH = "merge_with"
    REFER = "refer"
    COMMUNITY_DOES = "community_does"
    DEFER = "defer"
    REJECT = "reject"


class Case(Versioned, Base):
    """The screening of one item. ``edition_id`` is the rules edition whose criteria are on the card.

    ``due_on`` already counts every pause of the clock. ``released_at`` may lie ahead (a release at a set time);
    ``appeals_until`` is the end of the appeal window that the rules gave at release, itself excluded."""

    __tablename__ = "screening_cases"
    __table_args__ = (
        sa.Index("ix_screening_cases_district_id_state", "district_id", "state"),
        sa.Index("ix_screening_cases_assigned_to_state", "assigned_to", "state"),
        # Without the undecided: a database would take them for rare and read those of the whole city.
        sa.Index(
            "ix_screening_cases_decision_id",
            "decision_id",
            sqlite_where=sa.text("decision_id IS NOT NULL"),
            postgresql_where=sa.text("decision_id IS NOT NULL"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('confirmed','appealed','appeal_proposed','appeal_confirmed') OR decision_id IS NOT NULL",
            name="confirmed_with_decision",
        ),
        sa.CheckConstraint(
            "released_at IS NULL OR (decision_id IS NOT NULL AND "
            "state IN ('confirmed','appealed','appeal_proposed','appeal_confirmed'))",
            name="released_with_decision",
        ),
        sa.CheckConstraint(
            "(released_at IS NULL) = (appeals_until IS NULL) AND released_at <= appeals_until",
            name="released_with_appeal_window",
        ),
        sa.CheckConstraint(
            "state NOT IN ('appealed','appeal_proposed','appeal_confirmed') OR released_at IS NOT NULL",
            name="appealed_after_release",
        ),
    )

    id: Mapped[Id]
    item_id: Mapped[int] = reference("plan_items.id", unique=True)
    plan_id: Mapped[int] = reference("plans.id")
    district_id: Mapped[int] = reference("districts.id", index=False)
    edition_id: Mapped[int] = reference("rules_editions.id")
    state: Mapped[CaseState] = enum_column(CaseState, name="state", default=CaseState.WAITING)
    assigned_to: Mapped[int | None] = reference("people.id", nullable=True, index=False)
    opened_at: Mapped[Instant]
    changed_at: Mapped[Instant]
    due_on: Mapped[Day]
    area_node_id: Mapped[int | None] = reference("strategy_nodes.id", nullable=True)
    city_node_id: Mapped[int | None] = reference("strategy_nodes.id", nullable=True)
    decision_id: Mapped[int | None] = mapped_column(
        sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
        sa.ForeignKey("screening_decisions.id", ondelete="RESTRICT", use_alter=True),
    )
    released_at: Mapped[Instant | None] = mapped_column(index=True)
    appeals_until: Mapped[Instant | None]


class Answer(StrEnum):
    """One criterion's outcome."""

    MET = "met"
    NOT_MET = "not_met"
    NOT_APPLICABLE = "not_applicable"


class CardAnswer(Base):
    """One line of the criteria card. ``criterion`` is the key in the frozen criteria set; a reason is mandatory
    unless the criterion is simply met."""

    __tablename__ = "card_answers"
    __table_args__ = (
        sa.UniqueConstraint("case_id", "criterion"),
        sa.CheckConstraint("answer = 'met' OR length(reason) > 0", name="reason_unless_met"),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = reference("screening_cases.id", ondelete="CASCADE", index=False)
    criterion: Mapped[Short]
    answer: Mapped[Answer] = enum_column(Answer, name="answer")
    reason: Mapped[Text] = mapped_column(default="")
    answered_by: Mapped[int] = reference("people.id")
    answered_at: Mapped[Instant]


class Decision(Base):
    """A decision put forward by a planner and confirmed by somebody else. The database holds no half decision.

    Sent back: refused by the confirmer. Set aside: reopened after its confirmation, before (or after) its release."""

    __tablename__ = "screening_decisions"
    __table_args__ = (
        sa.CheckConstraint(
            "(confirmed_by IS NULL) = (confirmed_at IS NULL)", name="confirmed_by_with_instant"
        ),
        sa.CheckConstraint("confirmed_by IS NULL OR confirmed_by <> proposed_by", name="four_eyes"),
        sa.CheckConstraint(
            "(sent_back_by IS NULL) = (sent_back_at IS NULL)", name="sent_back_by_with_instant"
        ),
        sa.CheckConstraint(
            "(sent_back_by IS NULL) = (sent_back_reason IS NULL)", name="sent_back_with_reason"
        ),
        sa.CheckConstraint("confirmed_by IS NULL OR sent_back_by IS NULL", name="confirmed_or_sent_back"),
        sa.CheckConstraint(
            "(set_aside_by IS NULL) = (set_aside_at IS NULL) AND (set_aside_by IS NULL) = (set_aside_reason IS NULL)",
            name="set_aside_whole",
        ),
        sa.CheckConstraint(
            "set_aside_by IS NULL OR confirmed_by IS NOT NULL", name="set_aside_when_confirmed"
        ),
        sa.CheckConstraint("length(reason) > 0 AND length(reason_code) > 0", name="reason_given"),
        sa.CheckConstraint(
            "(outcome IN ('accept','accept_changed')) = (accepted_satang IS NOT NULL) AND "
            "(accepted_satang IS NULL OR accepted_satang >= 0)",
            name="accepted_with_amount",
        ),
        sa.CheckConstraint(
            "outcome <> 'merge_with' OR merge_into_item_id IS NOT NULL", name="merge_with_target"
        ),
        sa.CheckConstraint("outcome <> 'refer' OR length(agency) > 0", name="refer_with_agency"),
        sa.CheckConstraint("outcome <> 'defer' OR defer_to_year IS NOT NULL", name="defer_with_year"),
        sa.CheckConstraint("outcome <> 'accept_changed' OR length(changes) > 0", name="changed_with_changes"),
        sa.Index(
            "uq_screening_decisions_one_open",
            "case_id",
            unique=True,
            sqlite_where=sa.text("confirmed_by IS NULL AND sent_back_by IS NULL"),
            postgresql_where=sa.text("confirmed_by IS NULL AND sent_back_by IS NULL"),
        ),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = reference("screening_cases.id", ondelete="CASCADE")
    appeal_id: Mapped[int | None] = mapped_column(
        sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
        sa.ForeignKey("screening_appeals.id", ondelete="RESTRICT", use_alter=True),
        index=True,
    )
    outcome: Mapped[Outcome] = enum_column(Outcome, name="outcome")
    reason_code: Mapped[Short]
    reason: Mapped[Text]
    changes: Mapped[Text] = mapped_column(default="")
    accepted_satang: Mapped[Satang | None]
    merge_into_item_id: Mapped[int | None] = reference("plan_items.id", nullable=True)
    agency: Mapped[Line] = mapped_column(default="")
    agency_reply: Mapped[Text] = mapped_column(default="")
    defer_to_year: Mapped[int | None] = mapped_column(sa.SmallInteger)
    proposed_by: Mapped[int] = reference("people.id")
    proposed_at: Mapped[Instant]
    confirmed_by: Mapped[int | None] = reference("people.id", nullable=True)
    confirmed_at: Mapped[Instant | None]
    sent_back_by: Mapped[int | None] = reference("people.id", nullable=True)
    sent_back_at: Mapped[Instant | None]
    sent_back_reason: Mapped[Text | None]
    set_aside_by: Mapped[int | None] = reference("people.id", nullable=True)
    set_aside_at: Mapped[Instant | None]
    set_aside_reason: Mapped[Text | None]


class Correction(Base):
    """A correction asked of the community for one item: the clock pauses until it is answered or the due day passes.

    ``clock_due_on`` is the case's due day before the pause."""

    __tablename__ = "screening_corrections"
    __table_args__ = (
        sa.CheckConstraint("(answered_at IS NULL) = (answered_by IS NULL)", name="answered_with_person"),
        sa.CheckConstraint("answered_at IS NULL OR closed_at IS NOT NULL", name="answered_is_closed"),
        sa.Index(
            "uq_screening_corrections_one_open",
            "case_id",
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = reference("screening_cases.id", ondelete="CASCADE")
    request: Mapped[Text]
    due_on: Mapped[Day]
    clock_due_on: Mapped[Day]
    back_to: Mapped[CaseState] = enum_column(CaseState, name="back_to")
    asked_by: Mapped[int] = reference("people.id")
    asked_at: Mapped[Instant]
    answer: Mapped[Text] = mapped_column(default="")
    answered_by: Mapped[int | None] = reference("people.id", nullable=True)
    answered_at: Mapped[Instant | None]
    closed_at: Mapped[Instant | None]


class Referral(Base):
    """A question to another agency about one item. The clock pauses until the reply is entered or the due day passes;
    ``answered_by`` is the planner who entered the agency's reply."""

    __tablename__ = "screening_referrals"
    __table_args__ = (
        sa.CheckConstraint("(answered_at IS NULL) = (answered_by IS NULL)", name="answered_with_person"),
        sa.CheckConstraint("answered_at IS NULL OR closed_at IS NOT NULL", name="answered_is_closed"),
        sa.CheckConstraint("length(agency) > 0", name="agency_named"),
        sa.Index(
            "uq_screening_referrals_one_open",
            "case_id",
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = reference("screening_cases.id", ondelete="CASCADE")
    agency: Mapped[Line]
    request: Mapped[Text]
    due_on: Mapped[Day]
    clock_due_on: Mapped[Day]
    back_to: Mapped[CaseState] = enum_column(CaseState, name="back_to")
    asked_by: Mapped[int] = reference("people.id")
    asked_at: Mapped[Instant]
    answer: Mapped[Text] = mapped_column(default="")
    answered_by: Mapped[int | None] = reference("people.id", nullable=True)
    answered_at: Mapped[Instant | None]
    closed_at: Mapped[Instant | None]


class AppealOutcome(StrEnum):
    """What the appeal came to."""

    UPHELD = "upheld"
    CHANGED = "changed"


class Appeal(Base):
    """Once per item, by its community, within the appeal window; screened by someone who took no part.

    ``decision_id`` is the appeal's own decision, confirmed by a second person; it stands from ``released_at`` on."""

    __tablename__ = "screening_appeals"
    __table_args__ = (
        sa.CheckConstraint(
            "(outcome IS NULL) = (decided_at IS NULL) AND (outcome IS NULL) = (decision_id IS NULL)",
            name="outcome_with_decision",
        ),
        sa.CheckConstraint("released_at IS NULL OR decision_id IS NOT NULL", name="released_with_decision"),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = reference("screening_cases.id", ondelete="CASCADE", unique=True)
    grounds: Mapped[Text]
    filed_by: Mapped[int] = reference("people.id")
    filed_at: Mapped[Instant]
    first_decision_id: Mapped[int] = reference("screening_decisions.id")
    outcome: Mapped[AppealOutcome | None] = enum_column(AppealOutcome, name="outcome", nullable=True)
    decided_at: Mapped[Instant | None]
    decision_id: Mapped[int | None] = reference("screening_decisions.id", nullable=True)
    released_at: Mapped[Instant | None]


class Sheet(Base):
    """A workbook of the desk that came back filled in. ``content`` is the file as it came; ``preview_job_id`` is the
    job that compared it last. Its rows were written all together at ``applied_at`` (``written`` of them), or none is."""

    __tablename__ = "screening_sheets"
    __table_args__ = (
        sa.UniqueConstraint("cycle_id", "sha256"),
        sa.CheckConstraint(
            "(applied_at IS NULL) = (applied_by IS NULL) AND (applied_at IS NULL) = (written IS NULL)",
            name="applied_by_somebody",
        ),
    )

    id: Mapped[Id]
    cycle_id: Mapped[int] = reference("cycles.id", index=False)
    district_id: Mapped[int] = reference("districts.id")
    name: Mapped[Line]
    sha256: Mapped[Sha256]
    content: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)
    uploaded_by: Mapped[int] = reference("people.id")
    uploaded_at: Mapped[Instant]
    preview_job_id: Mapped[int | None] = reference("jobs.id", nullable=True)
    apply_job_id: Mapped[int | None] = reference("jobs.id", nullable=True)
    applied_by: Mapped[int | None] = reference("people.id", nullable=True)
    applied_at: Mapped[Instant | None]
    written: Mapped[int | None] = mapped_column(sa.Integer)
