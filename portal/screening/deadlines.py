"""The clock of a case: working days from its opening, pauses, and the window for an appeal.

Days run from a cycle's rules; holidays from the rulebook. A period's first day does not count.
"""

from __future__ import annotations

import datetime as dt

from portal.core import clock
from portal.core.calendar import WorkingCalendar


def first_due_on(days_off: WorkingCalendar, opened_on: dt.date, working_days: int) -> dt.date:
    """The day by which a case opened on a day should be decided."""
    return days_off.add_working_days(opened_on, working_days)


def paused_due_on(
    days_off: WorkingCalendar, due_on: dt.date, asked_on: dt.date, answered_on: dt.date
) -> dt.date:
    """``due_on`` put off by the working days between asking and answering: waiting for others costs the officer none."""
    waited = days_off.working_days_between(asked_on, answered_on)
    return days_off.add_working_days(due_on, waited) if waited > 0 else due_on


def appeal_window_end(
    released_at: dt.datetime, appeal_days: int, phase_ends_at: dt.datetime | None
) -> dt.datetime:
    """The first instant at which no appeal is possible any more.

    The rules name calendar days after the release, and a phase for appeals; a community gets the later of the two, so
    that a decision released late leaves as much time as one released early. Source: rulings "Screening states".
    """
    end_of_days = clock.at(clock.day_of(released_at) + dt.timedelta(days=appeal_days + 1))
    return end_of_days if phase_ends_at is None else max(end_of_days, phase_ends_at)
