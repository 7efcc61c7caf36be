"""The line of stops on an idea's page: what is done, what is now, what is to come."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

Link = tuple[str, str, int] | None


class Stop(NamedTuple):
    """One stop of the line: ``state`` is done, now or next."""

    label: str
    when: str
    state: str
    link: Link = None


def by_day(stops: list[Any], days: list[dt.date | None]) -> list[Any]:
    """What is done stands by its days: money may also come after the contract."""
    places = [place for place, day in enumerate(days) if day is not None]
    line = list(stops)
    for place, of in zip(places, sorted(places, key=lambda one: str(days[one])), strict=True):
        line[place] = stops[of]
    return line


def open_behind(stops: list[Any], place: int) -> list[Any]:
    """The stop at a place is known to be open: it stands behind all that is done, which does not make it done."""
    rest = stops[:place] + stops[place + 1 :]
    behind = max([place, *(at for at, one in enumerate(rest, 1) if one[2])])
    return [*rest[:behind], stops[place], *rest[behind:]]


def lined(found: list[tuple[str, str, bool, Link]]) -> list[Stop]:
    """A later stop that is done makes the earlier ones done: money may be entered late, work is not undone by it."""
    last_done = max((place for place, one in enumerate(found) if one[2]), default=-1)
    return [
        Stop(label, when, "done" if place <= last_done else "now" if place == last_done + 1 else "next", link)
        for place, (label, when, _is_done, link) in enumerate(found)
    ]
