"""The one source of time. ``now()`` is aware UTC; ``today()`` is the civil day in Bangkok.

The demo shifts the clock by a stored offset; tests and the demo loader travel with :func:`travel`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo

BANGKOK = ZoneInfo("Asia/Bangkok")

_frozen: ContextVar[dt.datetime | None] = ContextVar("portal_clock", default=None)
_offset = dt.timedelta()


def now() -> dt.datetime:
    """This instant, UTC."""
    frozen = _frozen.get()
    return frozen if frozen is not None else dt.datetime.now(dt.UTC) + _offset


def today() -> dt.date:
    """The civil day in Bangkok."""
    return now().astimezone(BANGKOK).date()


def set_offset(seconds: int) -> None:
    """Shift the clock of this process (demo only; the stored value is read by the page cache's epoch watch)."""
    global _offset
    _offset = dt.timedelta(seconds=seconds)


def offset_seconds() -> int:
    """The shift now in force, in seconds."""
    return int(_offset.total_seconds())


def at(day: dt.date, hour: int = 0, minute: int = 0) -> dt.datetime:
    """The instant of a Bangkok wall-clock time."""
    return dt.datetime(day.year, day.month, day.day, hour, minute, tzinfo=BANGKOK).astimezone(dt.UTC)


def day_of(instant: dt.datetime) -> dt.date:
    """The Bangkok civil day of an instant."""
    return instant.astimezone(BANGKOK).date()


@contextmanager
def travel(instant: dt.datetime) -> Iterator[None]:
    """Stand still at ``instant`` inside the block."""
    token = _frozen.set(instant.astimezone(dt.UTC))
    try:
        yield
    finally:
        _frozen.reset(token)
