"""Citizen observers: sign-up per step, attendance, reports, official answers."""

from __future__ import annotations

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import promises
from portal.core.db import Base, Day, Id, Instant, Text, Versioned, enum_column, reference


class SignupState(StrEnum):
    """Asked, on the waiting list, confirmed or declined with a reason, cancelled; then attended or absent."""

    ASKED = "asked"
    WAITING = "waiting"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    ATTENDED = "attended"
    ABSENT = "absent"


class Signup(Versioned, Base):
    """One resident for one step, having declared no interest. ``district_id`` is the process's, which never changes;
    ``asked_at`` is the place in the queue."""

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


class Grade(StrEnum):
    """How an observer grades what they saw."""

    NO_CONCERN = "no_concern"
    QUESTION = "question"
    CONCERN = "concern"


@promises.append_only()
class Report(Base):
    """What the observer saw. Public unless the observer asked otherwise; never edited. A question or a concern has a
    day by which the office must answer."""

    __tablename__ = "observer_reports"

    id: Mapped[Id]
    signup_id: Mapped[int] = reference("observer_signups.id", unique=True)
    seen: Mapped[Text]
    concerns: Mapped[Text] = mapped_column(default="")
    grade: Mapped[Grade] = enum_column(Grade, name="grade")
    is_public: Mapped[bool]
    answer_due_on: Mapped[Day | None] = mapped_column(index=True)
    submitted_at: Mapped[Instant]


@promises.append_only()
class ReportAnswer(Base):
    """The office's answer to a report."""

    __tablename__ = "observer_report_answers"

    id: Mapped[Id]
    report_id: Mapped[int] = reference("observer_reports.id", unique=True)
    body: Mapped[Text]
    answered_by: Mapped[int] = reference("people.id")
    answered_at: Mapped[Instant]
