"""When gathered news leaves: every morning at seven in Bangkok, or Monday mornings. No session, no web."""

from __future__ import annotations

import datetime as dt

from portal.core import clock
from portal.notifications.models import Hearing

HOUR = 7
# What is being written down at seven is in the database some minutes later.
GRACE = dt.timedelta(minutes=10)


def last_boundary(hearing: Hearing, now: dt.datetime) -> dt.datetime:
    """The newest instant (UTC) up to which news of this rhythm, daily or weekly, is gathered by now."""
    now -= GRACE
    day = clock.day_of(now)
    if hearing is Hearing.WEEKLY:
        day -= dt.timedelta(days=day.weekday())
    if clock.at(day, HOUR) > now:
        day -= dt.timedelta(days=7 if hearing is Hearing.WEEKLY else 1)
    return clock.at(day, HOUR)
