"""The S-curve of a project: what was to be done by when, and what was done. Pure geometry; the page draws it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from portal.core import calendar
from portal.progress.models import WHOLE
from portal.progress.months import after, month_of

EVEN = (2500, 5000, 7500, WHOLE)
"""A quarter of the work by the end of each quarter, where nobody planned otherwise."""
WIDE, HIGH = 1000, 400


def planned_at(day: dt.date, starts_on: dt.date, ends_on: dt.date, planned: Sequence[int]) -> int:
    """What is to be done by the end of ``day``, in hundredths of a percent: straight lines between the ends of the
    quarters of the fiscal year in which the work begins, nothing before its first day, all after its last."""
    if day >= ends_on:
        return WHOLE
    if day < starts_on:
        return 0
    before = starts_on - dt.timedelta(days=1)
    points = [(before, 0)]
    for edge, percent in zip(quarter_ends(starts_on), planned, strict=True):
        if before < edge < ends_on:
            points.append((edge, max(percent, points[-1][1])))
    points.append((ends_on, WHOLE))
    for (left, low), (right, high) in pairwise(points):
        if day <= right:
            return low + (high - low) * (day - left).days // (right - left).days
    return WHOLE


def quarter_ends(day: dt.date) -> list[dt.date]:
    """The last days of the four quarters of the fiscal year a day lies in."""
    first = month_of(calendar.fiscal_year_span(calendar.fiscal_year(day))[0])
    return [after(first, 3 * number) - dt.timedelta(days=1) for number in range(1, 5)]


@dataclass(frozen=True)
class Point:
    """One month: its end, what was planned by then and what was reported (None: no report), in hundredths of a percent;
    money spent up to then, in satang."""

    month: dt.date
    planned: int
    done: int | None
    spent_satang: int | None


@dataclass(frozen=True)
class Curve:
    """The months of a project and the two lines through them as SVG points of a :data:`WIDE` × :data:`HIGH` field."""

    points: tuple[Point, ...]
    planned_line: str
    done_line: str
    dots: tuple[tuple[float, float], ...]
    marks: tuple[tuple[float, dt.date], ...]


def draw(
    starts_on: dt.date,
    ends_on: dt.date,
    planned: Sequence[int],
    reports: Sequence[tuple[dt.date, int, int]],
) -> Curve:
    """The curve of a project from its reports (month, done, spent this time), which are in order and one for a month."""
    first = min([month_of(starts_on), *(month for month, _done, _spent in reports)])
    last = max([month_of(ends_on), *(month for month, _done, _spent in reports)])
    said = {month: (done, spent) for month, done, spent in reports}
    points: list[Point] = []
    month, spent_so_far = first, 0
    while month <= last:
        end = after(month) - dt.timedelta(days=1)
        done, spent = said.get(month, (None, 0))
        spent_so_far += spent
        points.append(
            Point(
                month,
                planned_at(end, starts_on, ends_on, planned),
                done,
                spent_so_far if month in said else None,
            )
        )
        month = after(month)
    step = WIDE / len(points)

    def place(number: int, done: int) -> tuple[float, float]:
        return round(step * (number + 1), 1), round(HIGH - HIGH * done / WHOLE, 1)

    dots = tuple(place(number, one.done) for number, one in enumerate(points) if one.done is not None)
    every = max(1, -(-len(points) // 6))
    return Curve(
        tuple(points),
        _line([(0.0, float(HIGH)), *(place(number, one.planned) for number, one in enumerate(points))]),
        _line([(round(dots[0][0] - step, 1), float(HIGH)), *dots]) if dots else "",
        dots,
        tuple(
            (round(step * number, 1), one.month) for number, one in enumerate(points) if number % every == 0
        ),
    )


def _line(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in points)
