"""Dated values of law with their source, and the table of holidays: officers correct them without a developer."""

from __future__ import annotations

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import promises
from portal.core.db import Base, Day, Id, Instant, Line, Short, enum_column


@promises.append_only()
class LawValue(Base):
    """One value in force from ``valid_from``; a correction is a new row. ``value`` is an integer in ``unit``
    (``satang``, ``working_days``, ``days``, ``count``). ``is_verified`` is False for what domain.md marks [C]."""

    __tablename__ = "law_values"
    __table_args__ = (sa.Index("ix_law_values_key_valid_from", "key", "valid_from"),)

    id: Mapped[Id]
    key: Mapped[Short]
    value: Mapped[int] = mapped_column(sa.BigInteger)
    unit: Mapped[Short]
    valid_from: Mapped[Day]
    source: Mapped[Line]
    is_verified: Mapped[bool] = mapped_column(default=False)
    entered_by: Mapped[int | None] = mapped_column(sa.BigInteger)
    entered_at: Mapped[Instant]


class HolidayKind(StrEnum):
    """A day off, or a day that became a working day by order."""

    HOLIDAY = "holiday"
    SPECIAL_HOLIDAY = "special_holiday"
    WORKING_DAY = "working_day"


class Holiday(Base):
    """One exceptional day of the official calendar."""

    __tablename__ = "holidays"

    id: Mapped[Id]
    on: Mapped[Day] = mapped_column(unique=True)
    kind: Mapped[HolidayKind] = enum_column(HolidayKind, name="kind")
    name_th: Mapped[Short]
    name_en: Mapped[Short]
    source: Mapped[Line]
