"""Citizen observers: sign-up per step, attendance, reports, official answers."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import promises
from portal.core.db import (
    Base,
    Day,
    Id,
    Instant,
    Line,
    Sha256,
    Short,
    Text,
    Versioned,
    enum_column,
    reference,
)


class SignupState(StrEnum):
    """Asked, on the waiting list, confirmed or declined with a reason, cancelled; then attended or absent."""

    ASKED = "asked"
    WAITING = "waiting"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    ATTENDED = "attended"
    ABSENT = "absent"


class Arrival(StrEnum):
    """Who noted that an observer came: they themselves, by the sign at the door, or an officer."""

    DOOR = "door"
    OFFICER = "officer"


class Signup(Versioned, Base):
    """One resident for one step, having declared no interest. ``district_id`` is the process's, which never changes;
    ``asked_at`` is the place in the queue; ``told_meets_at`` and ``told_place`` are the time and the place the resident
    last heard of; ``certificate_code`` is there once there is a report."""

    __tablename__ = "observer_signups"
    __table_args__ = (
        sa.UniqueConstraint("step_id", "person_id"),
        sa.CheckConstraint("has_no_interest", name="declared_no_interest"),
        sa.CheckConstraint("state <> 'declined' OR length(reason) > 0", name="declined_with_reason"),
        sa.CheckConstraint("(decided_by IS NULL) = (decided_at IS NULL)", name="decided_with_officer"),
        sa.CheckConstraint(
            "state NOT IN ('confirmed','declined','attended','absent') OR decided_by IS NOT NULL",
            name="decided_before",
        ),
        sa.CheckConstraint(
            "(arrived_at IS NULL) = (arrived_by IS NULL) AND (arrived_at IS NOT NULL) = (state = 'attended')",
            name="attended_since",
        ),
        sa.Index("ix_observer_signups_district_id_state", "district_id", "state"),
    )

    id: Mapped[Id]
    step_id: Mapped[int] = reference("process_steps.id", index=False)
    district_id: Mapped[int] = reference("districts.id", index=False)
    person_id: Mapped[int] = reference("people.id")
    state: Mapped[SignupState] = enum_column(SignupState, name="state", default=SignupState.ASKED)
    has_no_interest: Mapped[bool]
    asked_at: Mapped[Instant]
    reason: Mapped[Text] = mapped_column(default="")
    decided_by: Mapped[int | None] = reference("people.id", nullable=True)
    decided_at: Mapped[Instant | None]
    told_meets_at: Mapped[Instant | None]
    told_place: Mapped[Line] = mapped_column(default="")
    arrived_at: Mapped[Instant | None]
    arrived_by: Mapped[Arrival | None] = enum_column(Arrival, nullable=True)
    certificate_code: Mapped[Short | None] = mapped_column(unique=True)


@promises.append_only()
class Declaration(Base):
    """That somebody has no interest in a purchase, in the words and the language it was signed in; once for each time
    of asking."""

    __tablename__ = "observer_declarations"

    id: Mapped[Id]
    signup_id: Mapped[int] = reference("observer_signups.id")
    person_id: Mapped[int] = reference("people.id")
    text: Mapped[Text]
    language: Mapped[Short]
    signed_at: Mapped[Instant]


class Grade(StrEnum):
    """How an observer grades what they saw."""

    NO_CONCERN = "no_concern"
    QUESTION = "question"
    CONCERN = "concern"


@promises.append_only()
@promises.in_order("submitted_at")
class Report(Base):
    """What the observer saw, and each finding with its own grade (``findings``: a list of grade and text). Never edited:
    a correction is a new report that names the one it corrects. Public unless the observer asked otherwise. A question
    or a concern has a day by which the office must answer.

    ``grade`` is the gravest of the findings, ``photos`` are the SHA-256 of its pictures, ``sha256`` is that of the
    whole (:func:`portal.observation.queries.content_of`) and stands in the ledger, ``sending_key`` is the phone's."""

    __tablename__ = "observer_reports"
    __table_args__ = (
        sa.Index(
            "uq_observer_reports_first",
            "signup_id",
            unique=True,
            sqlite_where=sa.text("corrects_id IS NULL"),
            postgresql_where=sa.text("corrects_id IS NULL"),
        ),
    )

    id: Mapped[Id]
    signup_id: Mapped[int] = reference("observer_signups.id")
    corrects_id: Mapped[int | None] = reference("observer_reports.id", nullable=True, unique=True)
    seen: Mapped[Text]
    findings: Mapped[list[Any]] = mapped_column(sa.JSON)
    grade: Mapped[Grade] = enum_column(Grade, name="grade")
    photos: Mapped[list[Any]] = mapped_column(sa.JSON)
    is_public: Mapped[bool]
    answer_due_on: Mapped[Day | None] = mapped_column(index=True)
    submitted_at: Mapped[Instant]
    sending_key: Mapped[Short | None] = mapped_column(unique=True)
    sha256: Mapped[Sha256]


@promises.append_only()
@promises.in_order("answered_at")
class ReportAnswer(Base):
    """The office's answer to a report."""

    __tablename__ = "observer_report_answers"

    id: Mapped[Id]
    report_id: Mapped[int] = reference("observer_reports.id", unique=True)
    body: Mapped[Text]
    answered_by: Mapped[int] = reference("people.id")
    answered_at: Mapped[Instant]


class Feed(Base):
    """Which of a person's private calendar addresses counts: asking for a new one ends the one before."""

    __tablename__ = "observer_feeds"

    person_id: Mapped[int] = mapped_column(
        sa.ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    number: Mapped[int] = mapped_column(sa.Integer)
