"""The days of the law against a table written out by hand for four fiscal years, from the announcements of the cabinet."""

import datetime as dt
from bisect import bisect_right

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portal.core.calendar import WorkingCalendar, fiscal_year_span, thai_government_holidays
from portal.procurement.models import StepKind
from portal.procurement.rules import Facts, Rule, earliest, earliest_end, of_step
from portal.rulebook.seeds import LAW
from tests.procurement.test_rules import situation

DAY = dt.timedelta(days=1)
MILLION = 1_000_000_00

# Monday to Friday on which offices are closed: year, month, days. Nothing here comes from the code or its packages.
CLOSED = {
    2567: """2023 10: 13 23 | 2023 12: 5 11 29 | 2024 1: 1 | 2024 2: 26 | 2024 4: 8 12 15 16 | 2024 5: 6 10 22
             2024 6: 3 | 2024 7: 22 29 | 2024 8: 12""",
    2568: """2024 10: 14 23 | 2024 12: 5 10 30 31 | 2025 1: 1 | 2025 2: 12 | 2025 4: 7 14 15 16 | 2025 5: 5 9 12
             2025 6: 2 3 | 2025 7: 10 11 28 | 2025 8: 11 12""",
    2569: """2025 10: 13 23 | 2025 12: 5 10 31 | 2026 1: 1 2 | 2026 3: 3 | 2026 4: 6 13 14 15 | 2026 5: 4 13
             2026 6: 1 3 | 2026 7: 28 29 30 | 2026 8: 12""",
    2570: """2026 10: 13 23 | 2026 12: 7 10 31 | 2027 1: 1 | 2027 2: 22 | 2027 4: 6 13 14 15 | 2027 5: 4 20
             2027 6: 3 | 2027 7: 19 20 28 | 2027 8: 12""",
}
OPEN_DAYS = {2567: 243, 2568: 239, 2569: 241, 2570: 243}


def closed(year):
    """The closed weekdays of a fiscal year, as written."""
    for month in CLOSED[year].replace("\n", "|").split("|"):
        place, _colon, days = month.partition(":")
        for day in days.split():
            yield dt.date(*(int(part) for part in place.split()), int(day))


def days_of(year):
    first, last = fiscal_year_span(year)
    return [first + DAY * number for number in range((last - first).days + 1)]


TABLE = [
    day for year in CLOSED for day in days_of(year) if day.weekday() < 5 and day not in set(closed(year))
]
OFFICE = WorkingCalendar(
    {day: name for year in range(2023, 2028) for day, name, _ in thai_government_holidays(year)}
)
HARD = sorted(
    {day for year in CLOSED for day in closed(year)}
    | {dt.date(year, *day) for year in range(2024, 2028) for day in ((5, 1), (1, 1), (4, 30), (9, 30))}
    | {dt.date(year, *day) for year in range(2023, 2027) for day in ((10, 1), (12, 31), (12, 30))}
)
# Around what is hard to count: holidays and their substitutes, special days, Labour Day, ends of years.
days = st.one_of(
    st.builds(lambda day, off: day + DAY * off, st.sampled_from(HARD), st.integers(-9, 3)),
    st.dates(dt.date(2023, 10, 1), dt.date(2027, 7, 1)),
).filter(lambda day: dt.date(2023, 10, 1) <= day <= dt.date(2027, 7, 31))


def counted(day, number):
    """The ``number``-th open day after ``day``, with a finger on the table."""
    return TABLE[bisect_right(TABLE, day) + number - 1]


@pytest.mark.parametrize("year", CLOSED)
def test_every_day_of_the_year_is_as_the_table_says(year):
    table = set(TABLE)
    assert [day for day in days_of(year) if OFFICE.is_working_day(day) != (day in table)] == []
    assert sum(day in table for day in days_of(year)) == OPEN_DAYS[year]


@given(days, st.integers(1, 25))
@example(dt.date(2025, 4, 30), 1)  # Labour Day is open
@example(dt.date(2025, 12, 30), 1)  # three days closed and a weekend
@example(dt.date(2024, 4, 11), 3)  # a special day before Songkran, and its substitute
def test_periods_end_where_a_finger_on_the_table_ends(day, number):
    end = OFFICE.add_working_days(day, number)
    assert end == counted(day, number)
    assert OFFICE.working_days_between(day, end) == number


@given(days, st.sampled_from([(5, 5), (10, 10), (50, 12), (51, 20)]))
def test_an_invitation_lasts_the_days_of_its_budget(day, law):
    millions, number = law
    on = OFFICE.next_working_day(day)
    now = situation(budget=millions * MILLION, calendar=OFFICE, invitation=Facts(actual_on=on))
    lawful = earliest_end(now, StepKind.INVITATION)
    assert lawful == counted(on, number)
    for end, is_short in ((lawful, False), (TABLE[TABLE.index(lawful) - 1], True)):
        told = now.with_step(StepKind.INVITATION, Facts(actual_on=on, ends_on=end))
        warned = {one.rule for one in of_step(told, StepKind.INVITATION)}
        assert (Rule.INVITATION_SHORT in warned) is is_short


@given(days)
def test_a_draft_lasts_three_days_and_appeals_seven(day):
    on = OFFICE.next_working_day(day)
    shown = situation(calendar=OFFICE, draft_tor=Facts(actual_on=on))
    assert earliest_end(shown, StepKind.DRAFT_TOR) == counted(on, 3)
    won = situation(calendar=OFFICE, award=Facts(actual_on=on))
    assert earliest_end(won, StepKind.APPEAL) == counted(on, 7)
    assert earliest(won, StepKind.CONTRACT) == counted(on, 8)
    for signed, is_early in ((counted(on, 7), True), (counted(on, 8), False)):
        told = won.with_step(StepKind.CONTRACT, Facts(actual_on=signed))
        assert (Rule.SIGNED_EARLY in {one.rule for one in of_step(told, StepKind.CONTRACT)}) is is_early


def test_the_figures_are_those_of_the_rulebook():
    assert {key: LAW[key].value for key in LAW if key.startswith("procurement.")} == {
        "procurement.direct_limit_satang": MILLION // 2,
        "procurement.draft_tor_days": 3,
        "procurement.draft_tor_must_above_satang": 5 * MILLION,
        "procurement.draft_tor_may_from_satang": MILLION // 2,
        "procurement.invitation_days_to_5m": 5,
        "procurement.invitation_days_to_10m": 10,
        "procurement.invitation_days_to_50m": 12,
        "procurement.invitation_days_above": 20,
        "procurement.committee_members": 3,
        "procurement.appeal_days": 7,
    }
