"""Reading figures of law and the working calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from portal.core import clock, db
from portal.core.calendar import WorkingCalendar, thai_government_holidays
from portal.rulebook.models import Holiday, HolidayKind, LawValue
from portal.rulebook.seeds import LAW


class LawRow(NamedTuple):
    """A figure as it stands on one day. ``unit``: satang, working_days, days, count."""

    key: str
    value: int
    unit: str
    valid_from: dt.date
    source: str
    is_verified: bool


def laws(keys: Iterable[str] | None = None, on: dt.date | None = None) -> dict[str, LawRow]:
    """Figures in force on a day (today), by key, in one query; built-in ones stand in for what nobody has entered.
    Raises KeyError for an unknown key."""
    wanted = list(LAW) if keys is None else list(keys)
    day = on or clock.today()
    rows = db.session().execute(
        sa.select(
            LawValue.key,
            LawValue.value,
            LawValue.unit,
            LawValue.valid_from,
            LawValue.source,
            LawValue.is_verified,
        )
        .where(LawValue.key.in_(wanted), LawValue.valid_from <= day)
        .order_by(LawValue.valid_from, LawValue.id)
    )
    entered = {row.key: LawRow(*row) for row in rows}
    return {key: entered[key] if key in entered else _seed(key) for key in wanted}


def law_row(key: str, on: dt.date | None = None) -> LawRow:
    """The figure with its unit and source as it stands on a day (today). Raises KeyError for an unknown key."""
    return laws([key], on)[key]


def law(key: str, on: dt.date | None = None) -> int:
    """The figure alone: satang, days or a count, as its key says. Raises KeyError for an unknown key."""
    return law_row(key, on).value


def _seed(key: str) -> LawRow:
    seed = LAW[key]
    return LawRow(key, seed.value, seed.unit, seed.valid_from, seed.source, seed.is_verified)


def history(key: str) -> Sequence[Any]:
    """Every value entered for a key, newest first."""
    return (
        db.session()
        .execute(
            sa.select(LawValue.__table__)
            .where(LawValue.key == key)
            .order_by(LawValue.valid_from.desc(), LawValue.id.desc())
        )
        .all()
    )


def holidays_between(first: dt.date, last: dt.date) -> Sequence[Any]:
    """Rows of the table of exceptional days, first to last, both included, in order."""
    return (
        db.session()
        .execute(sa.select(Holiday.__table__).where(Holiday.on.between(first, last)).order_by(Holiday.on))
        .all()
    )


def working_calendar(first: dt.date, last: dt.date) -> WorkingCalendar:
    """The working days from the year of ``first`` to the year of ``last``, in one query.

    A year without a single row in the table is taken from the built-in list of government holidays; the first day that
    is entered for it brings that list into the table.
    """
    span = range(first.year, last.year + 1)
    rows = holidays_between(dt.date(span[0], 1, 1), dt.date(span[-1], 12, 31))
    off = {row.on for row in rows if row.kind is not HolidayKind.WORKING_DAY}
    working = {row.on for row in rows if row.kind is HolidayKind.WORKING_DAY}
    entered = {row.on.year for row in rows}
    for year in span:
        if year not in entered:
            off |= {day.on for day in built_in_days(year)}
    return WorkingCalendar(off, working)


class BuiltInDay(NamedTuple):
    """A government holiday that is known without anybody having entered it."""

    on: dt.date
    name_th: str
    name_en: str
    kind: HolidayKind = HolidayKind.HOLIDAY


@lru_cache(maxsize=128)
def built_in_days(year: int) -> Sequence[BuiltInDay]:
    """The holidays that a Common Era year is counted with while the table has none of it."""
    return tuple(BuiltInDay(*day) for day in thai_government_holidays(year))


def all_values() -> dict[str, list[Any]]:
    """Every value of every key, newest first: (key, value, unit, valid_from, source, is_verified, entered_at); a key
    nobody has entered has its built-in one alone."""
    found: dict[str, list[Any]] = {key: [] for key in LAW}
    rows = db.session().execute(
        sa.select(LawValue.__table__).order_by(LawValue.valid_from.desc(), LawValue.id.desc())
    )
    for row in rows:
        found.setdefault(row.key, []).append(row)
    return {key: values or [_seed(key)] for key, values in found.items()}


def holidays_of(year: int) -> Sequence[Any]:
    """The exceptional days of a Common Era year, in order."""
    return holidays_between(dt.date(year, 1, 1), dt.date(year, 12, 31))


def holiday_years() -> list[int]:
    """Common Era years that have rows in the table, in order."""
    years = sa.select(sa.func.min(Holiday.on).label("first"), sa.func.max(Holiday.on).label("last"))
    row: Any = db.session().execute(years).one()
    return [] if row.first is None else list(range(row.first.year, row.last.year + 1))


def holiday(holiday_id: int) -> Holiday | None:
    """One exceptional day."""
    return db.session().get(Holiday, holiday_id)
