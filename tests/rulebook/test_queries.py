import datetime as dt

import pytest

from portal.core import clock
from portal.rulebook import queries
from portal.rulebook.models import Holiday, HolidayKind, LawValue
from portal.rulebook.seeds import LAW
from tests.house.source import ROOT


def enter(db, key, value, valid_from):
    db.add(
        LawValue(
            key=key,
            value=value,
            unit="working_days",
            valid_from=valid_from,
            source="คำสั่งทดสอบ",
            is_verified=True,
            entered_at=clock.now(),
        )
    )
    db.flush()


def test_a_figure_nobody_entered_is_the_built_in_one(db):
    assert queries.law("procurement.draft_tor_days") == 3
    assert not queries.law_row("procurement.draft_tor_days").is_verified


def test_the_newest_value_in_force_on_the_day_counts(db):
    enter(db, "procurement.appeal_days", 7, dt.date(2026, 1, 1))
    enter(db, "procurement.appeal_days", 9, dt.date(2027, 1, 1))
    assert queries.law("procurement.appeal_days", dt.date(2026, 12, 31)) == 7
    assert queries.law("procurement.appeal_days", dt.date(2027, 1, 1)) == 9
    assert [row.value for row in queries.history("procurement.appeal_days")] == [9, 7]


def test_a_later_row_of_the_same_day_corrects_the_earlier(db):
    enter(db, "procurement.appeal_days", 7, dt.date(2026, 1, 1))
    enter(db, "procurement.appeal_days", 8, dt.date(2026, 1, 1))
    assert queries.law("procurement.appeal_days", dt.date(2026, 1, 1)) == 8


def test_an_unknown_key_is_an_error(db):
    with pytest.raises(KeyError):
        queries.law("procurement.guess")


def test_the_calendar_reads_the_table(db):
    db.add(
        Holiday(
            on=dt.date(2026, 11, 23),
            kind=HolidayKind.SPECIAL_HOLIDAY,
            name_th="หยุดพิเศษ",
            name_en="Special day off",
            source="มติคณะรัฐมนตรี",
        )
    )
    db.add(
        Holiday(
            on=dt.date(2026, 11, 28),
            kind=HolidayKind.WORKING_DAY,
            name_th="วันทำงานชดเชย",
            name_en="Working Saturday",
            source="มติคณะรัฐมนตรี",
        )
    )
    db.flush()
    calendar = queries.working_calendar(dt.date(2026, 11, 1), dt.date(2026, 12, 31))
    assert not calendar.is_working_day(dt.date(2026, 11, 23))
    assert calendar.is_working_day(dt.date(2026, 11, 28))


def test_a_year_nobody_entered_has_the_built_in_holidays(db):
    calendar = queries.working_calendar(dt.date(2026, 12, 1), dt.date(2026, 12, 31))
    assert not calendar.is_working_day(dt.date(2026, 12, 10))  # Constitution Day
    assert calendar.is_working_day(dt.date(2026, 5, 1))  # Labour Day is no government holiday


def test_every_figure_of_law_is_asked_for_by_a_room():
    """Who changes a figure changes what the portal does."""
    rooms = [
        path.read_text(encoding="utf-8")
        for path in (ROOT / "portal").rglob("*.py")
        if "rulebook" not in path.parts
    ]
    unread = [
        key
        for key in LAW
        if not any(f'"{key}"' in room or f'f"{key.split(".")[0]}.{{' in room for room in rooms)
    ]
    assert unread == []
