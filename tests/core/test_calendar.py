from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.calendar import (
    WorkingCalendar,
    fiscal_year,
    fiscal_year_span,
    thai_government_holidays,
)

DAY = timedelta(days=1)
days = st.dates(date(2026, 1, 1), date(2027, 12, 31))
calendars = st.builds(
    WorkingCalendar,
    st.dictionaries(days, st.just("วันหยุด"), max_size=40),
    st.frozensets(days, max_size=8),
)
counts = st.integers(0, 60)
official = WorkingCalendar(
    {day: name for year in (2026, 2027) for day, name, _ in thai_government_holidays(year)}
)


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2026, 9, 30), 2569),
        (date(2026, 10, 1), 2570),
        (date(2026, 11, 21), 2570),
        (date(2027, 1, 1), 2570),
        (date(2027, 9, 30), 2570),
        (date(2027, 10, 1), 2571),
    ],
)
def test_the_fiscal_year_begins_in_october(day: date, year: int) -> None:
    assert fiscal_year(day) == year


@given(days)
def test_a_day_lies_in_the_span_of_its_fiscal_year(day: date) -> None:
    first, last = fiscal_year_span(fiscal_year(day))
    assert first <= day <= last
    assert (
        fiscal_year(first - DAY) + 1 == fiscal_year(first) == fiscal_year(last) == fiscal_year(last + DAY) - 1
    )


# Written out by hand, without the code: the dates on which district offices are open.
OPEN = {
    (2026, 4): [1, 2, 3, 7, 8, 9, 10, 16, 17, 20, 21, 22, 23, 24, 27, 28, 29, 30],
    (2026, 5): [1, 5, 6, 7, 8, 11, 12, 14, 15, 18, 19, 20, 21, 22, 25, 26, 27, 28, 29],
    (2026, 6): [2, 4, 5, 8, 9, 10, 11, 12, 15, 16, 17, 18, 19, 22, 23, 24, 25, 26, 29, 30],
    (2026, 12): [1, 2, 3, 4, 8, 9, 11, 14, 15, 16, 17, 18, 21, 22, 23, 24, 25, 28, 29, 30],
    (2027, 1): [4, 5, 6, 7, 8, 11, 12, 13, 14, 15, 18, 19, 20, 21, 22, 25, 26, 27, 28, 29],
    (2027, 5): [3, 5, 6, 7, 10, 11, 12, 13, 14, 17, 18, 19, 21, 24, 25, 26, 27, 28, 31],
}


@pytest.mark.parametrize("month", OPEN, ids=str)
def test_the_office_is_open_on_the_days_written_out_by_hand(month: tuple[int, int]) -> None:
    first = date(*month, 1)
    in_month = [first + DAY * n for n in range(31) if (first + DAY * n).month == first.month]
    assert [day.day for day in in_month if official.is_working_day(day)] == OPEN[month]


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2026, 4, 10), 1, date(2026, 4, 16)),  # over Songkran
        (date(2026, 4, 13), 1, date(2026, 4, 16)),  # a start inside it
        (date(2026, 4, 3), 5, date(2026, 4, 16)),  # Chakri Day and Songkran
        (date(2026, 4, 30), 1, date(2026, 5, 1)),  # Labour Day works
        (date(2026, 12, 30), 2, date(2027, 1, 5)),  # over New Year
        (date(2026, 12, 4), 1, date(2026, 12, 8)),  # Saturday 5 December has its substitute on Monday
        (date(2026, 11, 21), 15, date(2026, 12, 15)),
        (date(2026, 11, 21), 0, date(2026, 11, 21)),
        (date(2026, 4, 16), -1, date(2026, 4, 10)),
    ],
)
def test_counting_working_days(start: date, count: int, end: date) -> None:
    assert official.add_working_days(start, count) == end


@pytest.mark.parametrize(
    ("day", "moved"),
    [
        (date(2026, 4, 11), date(2026, 4, 16)),
        (date(2026, 5, 1), date(2026, 5, 1)),
        (date(2026, 12, 31), date(2027, 1, 4)),
    ],
)
def test_a_period_that_ends_on_a_holiday_ends_on_the_next_working_day(day: date, moved: date) -> None:
    assert official.next_working_day(day) == moved


def test_the_cabinet_can_make_a_day_work() -> None:
    saturday, songkran = date(2026, 11, 21), date(2026, 4, 13)
    calendar = WorkingCalendar({songkran: "วันสงกรานต์"}, frozenset({saturday, songkran}))
    assert calendar.is_working_day(saturday)
    assert calendar.is_working_day(songkran)
    assert calendar.working_days_between(date(2026, 11, 20), date(2026, 11, 23)) == 2


@given(calendars, days, days)
def test_between_counts_what_a_finger_on_the_calendar_counts(
    calendar: WorkingCalendar, start: date, end: date
) -> None:
    start, end = min(start, end), max(start, end)
    finger = sum(calendar.is_working_day(start + DAY * n) for n in range(1, (end - start).days + 1))
    assert calendar.working_days_between(start, end) == finger
    assert calendar.working_days_between(end, start) == -finger


@given(calendars, days, counts)
def test_between_undoes_add(calendar: WorkingCalendar, day: date, count: int) -> None:
    assert calendar.working_days_between(day, calendar.add_working_days(day, count)) == count


@given(calendars, days, counts, counts)
def test_adding_twice_is_adding_the_sum(calendar: WorkingCalendar, day: date, one: int, other: int) -> None:
    assert calendar.add_working_days(calendar.add_working_days(day, one), other) == calendar.add_working_days(
        day, one + other
    )


@given(calendars, days, days, counts, counts)
def test_a_later_start_or_a_longer_period_never_ends_earlier(
    calendar: WorkingCalendar, one: date, other: date, few: int, many: int
) -> None:
    early, late = sorted((one, other))
    few, many = sorted((few, many))
    assert calendar.add_working_days(early, few) <= calendar.add_working_days(late, few)
    assert calendar.add_working_days(early, few) <= calendar.add_working_days(early, many)
    assert calendar.next_working_day(early) <= calendar.next_working_day(late)


@given(calendars, days, days, days)
def test_between_adds_up_over_any_stop(calendar: WorkingCalendar, a: date, b: date, c: date) -> None:
    assert calendar.working_days_between(a, b) + calendar.working_days_between(
        b, c
    ) == calendar.working_days_between(a, c)


@given(calendars, days, st.integers(1, 60))
def test_the_end_of_a_period_is_a_working_day(calendar: WorkingCalendar, day: date, count: int) -> None:
    end = calendar.add_working_days(day, count)
    assert end > day
    assert calendar.is_working_day(end)
    assert calendar.next_working_day(end) == end
    assert calendar.add_working_days(end + DAY, -1) == end


def test_the_holidays_are_those_of_the_government() -> None:
    found = {day: (thai, english) for day, thai, english in thai_government_holidays(2026)}
    assert found[date(2026, 4, 13)] == ("วันสงกรานต์", "Songkran Festival")
    assert found[date(2026, 5, 13)] == ("วันพืชมงคล", "Royal Ploughing Ceremony")
    assert found[date(2026, 6, 1)] == ("ชดเชยวันวิสาขบูชา", "Visakha Bucha (in lieu)")
    assert found[date(2026, 12, 5)][0].startswith("วันคล้ายวันพระบรมราชสมภพ พระบาทสมเด็จพระบรมชนกาธิเบศร")
    assert found[date(2026, 12, 7)][0].startswith("ชดเชยวันคล้ายวันพระบรมราชสมภพ พระบาทสมเด็จ")
    assert date(2026, 5, 1) not in found
    assert date(2026, 1, 10) not in found


@pytest.mark.parametrize("year", range(2020, 2040))
def test_labour_day_and_its_substitute_are_never_among_them(year: int) -> None:
    rows = thai_government_holidays(year)
    assert not [row for row in rows if "แรงงาน" in row[1] or "Labor" in row[2] or "Labour" in row[2]]
    assert [row[0] for row in rows] == sorted({row[0] for row in rows})
    assert {row[0].year for row in rows} == {year}
    assert len(rows) >= 16


@pytest.mark.parametrize("year", [1999, 2101])
def test_no_holidays_are_known_of_years_far_off(year: int) -> None:
    assert thai_government_holidays(year) == []
