"""Calendars that phones and offices subscribe to (iCalendar, RFC 5545)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

MEDIA_TYPE = "text/calendar; charset=utf-8"
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})
_LONGEST = 75  # octets of one line, section 3.1


@dataclass(frozen=True)
class Event:
    """One entry. ``starts`` is a day (the whole day) or an aware instant; ``ends`` is the last day, or the instant at
    which it is over. ``uid`` never changes."""

    uid: str
    starts: dt.date | dt.datetime
    title: str
    ends: dt.date | dt.datetime | None = None
    text: str = ""
    place: str = ""
    url: str = ""
    revision: int = 0
    is_cancelled: bool = False


def calendar(name: str, events: Iterable[Event], *, stamp: dt.datetime) -> str:
    """The calendar as text, lines folded and ended as the standard asks; ``stamp`` says when it was written."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//ruamngop//TH",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(name)}",
        "X-WR-TIMEZONE:Asia/Bangkok",
    ]
    for event in events:
        lines += _event(event, stamp)
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _event(event: Event, stamp: dt.datetime) -> Iterable[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(event.uid)}"
    yield f"DTSTAMP:{_instant(stamp)}"
    if event.revision:
        yield f"SEQUENCE:{event.revision}"
    yield f"DTSTART{_when(event.starts)}"
    if event.ends is not None:
        is_day = not isinstance(event.ends, dt.datetime)
        # The end of whole days is the day after the last.
        yield f"DTEND{_when(event.ends + dt.timedelta(days=1) if is_day else event.ends)}"
    yield f"SUMMARY:{_text(event.title)}"
    for name, value in (("DESCRIPTION", event.text), ("LOCATION", event.place)):
        if value:
            yield f"{name}:{_text(value)}"
    if event.url:
        yield f"URL:{event.url}"
    if event.is_cancelled:
        yield "STATUS:CANCELLED"
    yield "END:VEVENT"


def _when(when: dt.date | dt.datetime) -> str:
    if isinstance(when, dt.datetime):
        return f":{_instant(when)}"
    return f";VALUE=DATE:{when:%Y%m%d}"


def _instant(when: dt.datetime) -> str:
    return f"{when.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    return value.translate(_ESCAPES)


def _folded(line: str) -> str:
    """Break a long line between characters, never inside one: a continued line begins with a space."""
    out, used = [], 0
    for character in line:
        size = len(character.encode())
        if used + size > _LONGEST:
            out.append("\r\n ")
            used = 1
        out.append(character)
        used += size
    return "".join(out)
