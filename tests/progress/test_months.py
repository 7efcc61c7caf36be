"""Months of reports, the marks of a sheet, the curve: pure rules."""

import datetime as dt
import re
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.progress import curve, months, words
from portal.progress.models import WHOLE

NOVEMBER = dt.date(2026, 11, 1)
DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2035, 12, 31))


def sheet(**given):
    return SimpleNamespace(**{"done": 4000, "next_month": NOVEMBER, "stuck_months": 0, **given})


@pytest.mark.parametrize(
    ("today", "next_month", "late"),
    [
        (dt.date(2026, 11, 25), NOVEMBER, False),
        (dt.date(2026, 11, 26), NOVEMBER, True),
        (dt.date(2026, 11, 1), dt.date(2026, 10, 1), True),
        (dt.date(2026, 11, 30), dt.date(2026, 12, 1), False),
        (dt.date(2027, 1, 3), dt.date(2026, 12, 1), True),
    ],
)
def test_a_report_is_late_the_day_after_its_due_day(today, next_month, late):
    assert months.is_late(sheet(next_month=next_month), today, 25) is late
    assert not months.is_late(sheet(next_month=next_month, done=WHOLE), today, 25)


def test_a_short_month_is_due_on_its_last_day():
    assert months.due_on(dt.date(2027, 2, 1), 31) == dt.date(2027, 2, 28)
    assert months.due_on(dt.date(2028, 2, 1), 30) == dt.date(2028, 2, 29)


@given(DAYS, st.integers(-60, 60))
def test_months_add_up(day, by):
    month = months.month_of(day)
    assert months.between(month, months.after(month, by)) == by
    assert months.after(months.after(month, by), -by) == month


@given(DAYS, st.integers(1, 31))
def test_late_until_is_the_newest_month_whose_due_day_has_passed(today, due_day):
    newest = months.late_until(today, due_day)
    assert months.due_on(newest, due_day) < today <= months.due_on(months.after(newest), due_day)


def test_work_stands_still_when_report_after_report_says_the_same():
    def series(*percents):
        return months.stuck([(months.after(NOVEMBER, n), p * 100) for n, p in enumerate(percents)])

    assert [series(), series(0), series(10, 10), series(10, 30, 30, 30), series(10, 30, 30, 40)] == [
        0,
        0,
        1,
        2,
        0,
    ]
    assert months.is_stalled(sheet(stuck_months=2), 2)
    assert not months.is_stalled(sheet(stuck_months=2, done=WHOLE), 2)


@given(
    DAYS,
    st.integers(1, 500),
    st.lists(st.integers(0, WHOLE), min_size=3, max_size=3).map(lambda some: [*sorted(some), WHOLE]),
)
def test_what_is_planned_never_falls_and_ends_with_the_whole(starts_on, length, planned):
    ends_on = starts_on + dt.timedelta(days=length)
    days = [starts_on + dt.timedelta(days=n) for n in range(-1, length + 2)]
    said = [curve.planned_at(day, starts_on, ends_on, planned) for day in days]
    assert said == sorted(said)
    assert said[0] == 0
    assert said[-1] == WHOLE


def test_the_curve_has_a_point_for_every_month_and_a_dot_for_every_report():
    drawn = curve.draw(
        dt.date(2026, 10, 1),
        dt.date(2027, 9, 30),
        curve.EVEN,
        [(dt.date(2026, 10, 1), 1000, 5), (dt.date(2026, 12, 1), 3000, 7)],
    )
    assert [one.done for one in drawn.points[:4]] == [1000, None, 3000, None]
    assert [one.spent_satang for one in drawn.points[:4]] == [5, None, 12, None]
    assert len(drawn.points) == 12
    assert len(drawn.dots) == 2
    assert drawn.points[2].planned == 2500


def test_no_name_of_a_month_runs_over_the_edge_of_the_curve(app):
    """On phones one is 150 wide, and the picture ends at 1020."""
    macro = app.jinja_env.from_string(
        '{% from "progress/_curve.html" import s_curve with context %}{{ s_curve(curve, "") }}'
    )
    for length in range(1, 60):
        day = dt.date(2026, 10, 1)
        drawn = curve.draw(day, day + dt.timedelta(days=30 * length), curve.EVEN, [(day, 0, 0)])
        shown = macro.render(curve=drawn, progress_words=words, lang="en")
        ends = [
            float(x) + {"end": 0, "middle": 75, "": 150}[anchor]
            for anchor, x in re.findall(r'<text[^>]*?(?: text-anchor="(\w+)")? x="([\d.]+)" y="446"', shown)
        ]
        assert len(ends) == len(drawn.marks)
        assert max(ends) <= 1020, length
