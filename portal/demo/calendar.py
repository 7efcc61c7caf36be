"""When things happen in the demonstration: three years of planning, one after the other."""

from __future__ import annotations

import datetime as dt

from portal.core import clock
from portal.cycles.body import Window
from portal.cycles.models import PhaseKind

OPENED = dt.date(2024, 9, 2)
NOW = clock.at(dt.date(2026, 11, 21), 9, 30)
UNTIL = dt.date(
    2028, 9, 2
)  # the first day after the committees' terms: four years, which nobody has verified


def windows(fiscal_year: int) -> dict[PhaseKind, Window]:
    """The phases of a fiscal year (BE): forums from October two years before its calendar end, works in it."""
    first = fiscal_year - 543 - 2

    def days(start: tuple[int, int, int], end: tuple[int, int, int]) -> Window:
        return (
            clock.at(dt.date(first + start[0], start[1], start[2])),
            clock.at(dt.date(first + end[0], end[1], end[2])),
        )

    return {
        PhaseKind.FORUMS: days((0, 10, 1), (1, 1, 1)),
        PhaseKind.SUBMISSION: days((0, 10, 15), (1, 1, 16)),
        PhaseKind.SCREENING: days((0, 11, 2), (1, 2, 1)),
        PhaseKind.APPEALS: days((0, 11, 2), (1, 2, 16)),
        PhaseKind.HEARING: days((1, 3, 16), (1, 4, 16)),
        PhaseKind.PUBLICATION: days((1, 4, 16), (1, 10, 1)),
        PhaseKind.IMPLEMENTATION: days((1, 10, 1), (2, 10, 1)),
        PhaseKind.CLOSING: days((2, 10, 1), (3, 1, 1)),
    }


def moment(year_ce: int, month: int, day: int, hour: int = 10, minute: int = 0) -> dt.datetime:
    """A Bangkok wall-clock time as an instant."""
    return clock.at(dt.date(year_ce, month, day), hour, minute)


def turn(first: dt.datetime, number: int, a_day: int, apart: dt.timedelta) -> dt.datetime:
    """When the number-th of many has its turn: so many a day, so far apart, so that nobody meets or works at night."""
    return first + dt.timedelta(days=number // a_day) + number % a_day * apart
