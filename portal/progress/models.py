"""Progress sheets, the report being written, and the certified reports."""

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
    Satang,
    Sha256,
    Short,
    Text,
    Versioned,
    enum_column,
    reference,
)

WHOLE = 10_000
"""All of the work, in hundredths of a percent: every percentage of this room is a whole number of them."""


class ProgressSheet(Versioned, Base):
    """The head of the city's form [S 003] for one project.

    A project of a district's plan gives its own name, code, period, rationale and so on; the city's bureaus have no plan
    here, so their sheets carry these words themselves (``project_id`` and ``district_id`` are empty, ``fiscal_year`` is
    BE). People are named by post and extension only. ``planned`` are the percentages that are to be reached by the end of
    the four quarters of the fiscal year.

    What stands below ``next_month`` follows from the certified reports that count and is kept by the command that
    certifies: ``next_month`` is the first day of the month the next report is for, ``stuck_months`` how many months
    passed since the percentage last grew.
    """

    __tablename__ = "progress_sheets"
    __table_args__ = (
        sa.CheckConstraint(
            "(project_id IS NULL) = (name IS NOT NULL) AND (project_id IS NULL) = (fiscal_year IS NOT NULL) "
            "AND (project_id IS NULL) = (starts_on IS NOT NULL) AND (project_id IS NULL) = (ends_on IS NOT NULL) "
            "AND (project_id IS NULL) = (received_satang IS NOT NULL) "
            "AND (project_id IS NULL) = (district_id IS NULL)",
            name="project_or_own_words",
        ),
        sa.CheckConstraint("starts_on <= ends_on", name="period_forward"),
        sa.CheckConstraint("received_satang >= 0", name="received_not_negative"),
        sa.CheckConstraint("done BETWEEN 0 AND 10000", name="done_in_percent"),
        sa.CheckConstraint("spent_satang >= 0", name="spent_not_negative"),
        sa.CheckConstraint("stuck_months >= 0", name="stuck_not_negative"),
        sa.CheckConstraint("(reports = 0) = (last_month IS NULL)", name="reported_until_a_month"),
        sa.Index("ix_progress_sheets_district_id_next_month", "district_id", "next_month"),
    )

    id: Mapped[Id]
    project_id: Mapped[int | None] = reference("projects.id", nullable=True, unique=True)
    district_id: Mapped[int | None] = reference("districts.id", nullable=True, index=False)
    topic_id: Mapped[int] = reference("topics.id", unique=True)
    agency: Mapped[Line]
    division: Mapped[Line] = mapped_column(default="")
    group: Mapped[Line] = mapped_column("work_group", sa.String(500), default="")
    responsible: Mapped[Short]
    responsible_phone: Mapped[Short] = mapped_column(default="")
    coordinator: Mapped[Short] = mapped_column(default="")
    coordinator_phone: Mapped[Short] = mapped_column(default="")
    planned: Mapped[list[int]] = mapped_column(sa.JSON)
    name: Mapped[Line | None]
    code: Mapped[Short | None]
    fiscal_year: Mapped[int | None] = mapped_column(sa.SmallInteger)
    starts_on: Mapped[Day | None]
    ends_on: Mapped[Day | None]
    received_satang: Mapped[Satang | None]
    rationale: Mapped[Text] = mapped_column(default="")
    objectives: Mapped[Text] = mapped_column(default="")
    targets: Mapped[Text] = mapped_column(default="")
    strategy: Mapped[Text] = mapped_column(default="")
    opened_by: Mapped[int] = reference("people.id")
    opened_at: Mapped[Instant]
    first_month: Mapped[Day]
    next_month: Mapped[Day]
    last_month: Mapped[Day | None]
    reports: Mapped[int] = mapped_column(sa.Integer, default=0)
    done: Mapped[int] = mapped_column(sa.SmallInteger, default=0)
    spent_satang: Mapped[Satang] = mapped_column(default=0)
    stuck_months: Mapped[int] = mapped_column(sa.SmallInteger, default=0)
    is_on_plan: Mapped[bool] = mapped_column(default=True)
    is_on_target: Mapped[bool] = mapped_column(default=True)


class DraftState(StrEnum):
    """Being written, or waiting for a second person."""

    WRITING = "writing"
    SENT = "sent"


class ReportDraft(Versioned, Base):
    """The one report of a sheet that is on its way: nothing of it is public. ``corrects_id`` names the certified report it
    is to replace. ``photos`` are {file, moment, caption} in their order. ``written_by`` wrote last, ``writers`` are the ids
    of all who ever wrote on it: none of them certifies it."""

    __tablename__ = "progress_drafts"
    __table_args__ = (
        sa.CheckConstraint("done BETWEEN 0 AND 10000", name="done_in_percent"),
        sa.CheckConstraint("spent_satang >= 0", name="spent_not_negative"),
        sa.CheckConstraint(
            "state = 'writing' OR (length(text) > 0 AND (is_on_plan AND is_on_target OR length(reason) > 0))",
            name="sent_whole",
        ),
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_with_instant"),
    )

    id: Mapped[Id]
    sheet_id: Mapped[int] = reference("progress_sheets.id", unique=True)
    corrects_id: Mapped[int | None] = reference("progress_reports.id", nullable=True)
    state: Mapped[DraftState] = enum_column(DraftState, name="state", default=DraftState.WRITING)
    for_month: Mapped[Day]
    reported_on: Mapped[Day | None]
    text: Mapped[Text] = mapped_column(default="")
    done: Mapped[int] = mapped_column(sa.SmallInteger)
    spent_satang: Mapped[Satang] = mapped_column(default=0)
    is_on_plan: Mapped[bool] = mapped_column(default=True)
    is_on_target: Mapped[bool] = mapped_column(default=True)
    reason: Mapped[Text] = mapped_column(default="")
    over_reason: Mapped[Text] = mapped_column(default="")
    correction_reason: Mapped[Text] = mapped_column(default="")
    photos: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON, default=list)
    written_by: Mapped[int] = reference("people.id")
    written_at: Mapped[Instant]
    writers: Mapped[list[int]] = mapped_column(sa.JSON)
    sent_at: Mapped[Instant | None]
    sent_back: Mapped[Text] = mapped_column(default="")


class Moment(StrEnum):
    """When a picture was taken: before the work, during it, after it."""

    BEFORE = "before"
    DURING = "during"
    AFTER = "after"


@promises.append_only()
@promises.in_series("sheet_id", at="certified_at", since="progress_sheets.opened_at")
class ProgressReport(Base):
    """A certified report. ``number`` counts the reports of a sheet, corrections too; the month of a correction is that of
    the report it names, which then counts no more. ``reported_on`` is the day printed on the report (one of the city's own
    series has none), ``certified_at`` the instant the portal took it. ``sha256`` is the hash of :func:`body_of`."""

    __tablename__ = "progress_reports"
    __table_args__ = (
        sa.UniqueConstraint("sheet_id", "number"),
        sa.CheckConstraint("number >= 1", name="number_from_one"),
        sa.CheckConstraint("done BETWEEN 0 AND 10000", name="done_in_percent"),
        sa.CheckConstraint("spent_satang >= 0", name="spent_not_negative"),
        sa.CheckConstraint("length(text) > 0", name="said_something"),
        sa.CheckConstraint("is_on_plan AND is_on_target OR length(reason) > 0", name="off_plan_with_reason"),
        sa.CheckConstraint("(corrects_id IS NULL) = (correction_reason = '')", name="correction_with_reason"),
        sa.CheckConstraint("written_by <> certified_by", name="four_eyes"),
        sa.Index("ix_progress_reports_sheet_id_for_month", "sheet_id", "for_month"),
        sa.Index(
            "uq_progress_reports_one_for_a_month",
            "sheet_id",
            "for_month",
            unique=True,
            sqlite_where=sa.text("corrects_id IS NULL"),
            postgresql_where=sa.text("corrects_id IS NULL"),
        ),
    )

    id: Mapped[Id]
    sheet_id: Mapped[int] = reference("progress_sheets.id", index=False)
    number: Mapped[int] = mapped_column(sa.Integer)
    corrects_id: Mapped[int | None] = reference("progress_reports.id", nullable=True, unique=True)
    correction_reason: Mapped[Text] = mapped_column(default="")
    for_month: Mapped[Day]
    reported_on: Mapped[Day | None]
    text: Mapped[Text]
    done: Mapped[int] = mapped_column(sa.SmallInteger)
    spent_satang: Mapped[Satang]
    is_on_plan: Mapped[bool]
    is_on_target: Mapped[bool]
    reason: Mapped[Text] = mapped_column(default="")
    over_reason: Mapped[Text] = mapped_column(default="")
    photos: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON, default=list)
    written_by: Mapped[int] = reference("people.id")
    certified_by: Mapped[int] = reference("people.id")
    certified_at: Mapped[Instant] = mapped_column(index=True)
    sha256: Mapped[Sha256]
