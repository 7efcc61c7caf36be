"""Months of reports: which is next, when it is due, what is late and what has come to a standstill. No session.

A month is its first day. The due day is a figure of the rulebook that warns and forbids nothing: eight of the ten dated
reports of the city's own series [S 003] came after the 25th.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence
from typing import Any

from portal.progress.models import WHOLE

DUE_DAY = "progress.due_day"
STALLED_MONTHS = "progress.stalled_months"


def month_of(day: dt.date) -> dt.date:
    """The month a day lies in."""
    return day.replace(day=1)


def after(month: dt.date, by: int = 1) -> dt.date:
    """The month ``by`` months later (earlier, if negative)."""
    count = month.year * 12 + month.month - 1 + by
    return dt.date(count // 12, count % 12 + 1, 1)


def between(first: dt.date, last: dt.date) -> int:
    """How many months ``last`` lies after ``first``."""
    return (last.year - first.year) * 12 + last.month - first.month


def due_on(month: dt.date, due_day: int) -> dt.date:
    """The day the report of a month is due: the due day, or the month's last where it is shorter."""
    return month.replace(day=min(due_day, calendar.monthrange(month.year, month.month)[1]))


def late_until(today: dt.date, due_day: int) -> dt.date:
    """The newest month whose due day has passed: a sheet whose next report is for it, or for an earlier one, is late."""
    month = month_of(today)
    return month if today > due_on(month, due_day) else after(month, -1)


def is_late(sheet: Any, today: dt.date, due_day: int) -> bool:
    """Whether a report is overdue; what is finished owes none."""
    return sheet.done < WHOLE and sheet.next_month <= late_until(today, due_day)


def is_stalled(sheet: Any, stalled_months: int) -> bool:
    """Whether report after report said the same percentage for so many months."""
    return sheet.done < WHOLE and sheet.stuck_months >= stalled_months


def stuck(series: Sequence[tuple[dt.date, int]]) -> int:
    """Months since the percentage last grew, from (month, done) in order; nothing done yet is no growth."""
    if not series:
        return 0
    grown, reached = series[0][0], series[0][1]
    for month, done in series[1:]:
        if done > reached:
            grown, reached = month, done
    return between(grown, series[-1][0])
