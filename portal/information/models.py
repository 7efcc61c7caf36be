"""The catalogue, monthly summaries as they were published, public services in editions."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.actionplan.models import Section
from portal.core import promises
from portal.core.db import Base, Day, Id, Instant, Line, Sha256, Short, Text, enum_column, reference


class InfoClass(StrEnum):
    """Classes of the Official Information Act B.E. 2540: section 7 (to be printed in the Gazette) and section 9 (to be
    kept open to inspection), by the number of their item."""

    STRUCTURE = "7.1"
    DUTIES = "7.2"
    CONTACT = "7.3"
    RULES = "7.4"
    DECISIONS = "9.1"
    POLICY = "9.2"
    PLANS = "9.3"
    MANUALS = "9.4"
    REFERRED = "9.5"
    CONCESSIONS = "9.6"
    RESOLUTIONS = "9.7"
    OTHER = "9.8"


class Source(StrEnum):
    """Where a document comes from."""

    PROCUREMENT = "procurement"
    ACTION_PLAN = "action_plan"
    FORUM = "forum"
    PROGRESS = "progress"
    SUMMARY = "summary"
    SERVICE = "service"
    UPLOAD = "upload"


@promises.append_only()
class Entry(Base):
    """One published document. ``place`` holds the values of the address at which it stands in its own room; an upload has
    its text or its file here. After ``shown_until`` it is shown as archived and never taken away. The words that are
    searched stand in its topic."""

    __tablename__ = "information_entries"
    __table_args__ = (
        sa.UniqueConstraint("source", "source_id"),
        sa.CheckConstraint(
            "source <> 'upload' OR length(text) > 0 OR file_id IS NOT NULL", name="text_or_file"
        ),
        sa.CheckConstraint("(source = 'upload') = (source_id IS NULL)", name="upload_or_source"),
        sa.CheckConstraint("shown_until >= published_on", name="shown_forward"),
        sa.Index("ix_information_entries_district_id_published_on", "district_id", "published_on"),
        sa.Index("ix_information_entries_published_on", "published_on"),
    )

    id: Mapped[Id]
    topic_id: Mapped[int] = reference("topics.id", unique=True)
    district_id: Mapped[int | None] = reference("districts.id", nullable=True, index=False)
    info_class: Mapped[InfoClass] = enum_column(InfoClass, name="info_class")
    source: Mapped[Source] = enum_column(Source, name="source")
    source_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    place: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    title: Mapped[Line]
    text: Mapped[Text] = mapped_column(default="")
    file_id: Mapped[int | None] = reference("stored_files.id", nullable=True)
    published_on: Mapped[Day]
    shown_until: Mapped[Day]
    entered_by: Mapped[int | None] = reference("people.id", nullable=True)
    entered_at: Mapped[Instant]


@promises.append_only()
class MonthlySummary(Base):
    """The purchases of a district in one month as they were published (สขร.1): ``body`` is canonical JSON and ``sha256``
    its hash; a correction is the next number, with its reason. ``month`` is the first day of the month."""

    __tablename__ = "monthly_summaries"
    __table_args__ = (
        sa.UniqueConstraint("district_id", "month", "number"),
        sa.CheckConstraint("number >= 1 AND (number = 1) = (reason = '')", name="reason_with_number"),
    )

    id: Mapped[Id]
    district_id: Mapped[int] = reference("districts.id", index=False)
    month: Mapped[Day]
    number: Mapped[int] = mapped_column(sa.SmallInteger)
    body: Mapped[Text]
    sha256: Mapped[Sha256]
    reason: Mapped[Line] = mapped_column(default="")
    published_by: Mapped[int] = reference("people.id")
    published_at: Mapped[Instant]


class Service(Base):
    """A public service of a district office; what its page says stands in its newest edition."""

    __tablename__ = "public_services"

    id: Mapped[Id]
    district_id: Mapped[int] = reference("districts.id")
    created_by: Mapped[int] = reference("people.id")
    created_at: Mapped[Instant]


@promises.append_only()
class ServiceEdition(Base):
    """What a service's page says from ``published_at`` on. ``papers`` are what to bring; ``steps`` are {what, time} in their
    order. A later number says what changed."""

    __tablename__ = "public_service_editions"
    __table_args__ = (
        sa.UniqueConstraint("service_id", "number"),
        sa.CheckConstraint("number >= 1 AND (number = 1) = (reason = '')", name="reason_with_number"),
    )

    id: Mapped[Id]
    service_id: Mapped[int] = reference("public_services.id", index=False)
    number: Mapped[int] = mapped_column(sa.SmallInteger)
    name: Mapped[Short]
    section: Mapped[Section] = enum_column(Section, name="section")
    what: Mapped[Text]
    papers: Mapped[list[str]] = mapped_column(sa.JSON)
    steps: Mapped[list[dict[str, str]]] = mapped_column(sa.JSON)
    duration: Mapped[Short]
    fee: Mapped[Short]
    place: Mapped[Line]
    is_sample: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[Line] = mapped_column(default="")
    published_by: Mapped[int] = reference("people.id")
    published_at: Mapped[Instant]
