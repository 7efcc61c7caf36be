"""Calendar feeds (RFC 5545): a list of events as the text a calendar program subscribes to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

LINE = 75
"""The longest line in octets, without its break (section 3.1)."""

_PRODUCT = "-//Ruamngop//Participatory budgeting//TH"


@dataclass(frozen=True)
class Event:
    """One event. ``uid`` never changes; ``revision`` counts up from 0 when it does; ``changed_at`` is its last change.
    Instants are aware."""

    uid: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    changed_at: dt.datetime
    title: str
    place: str = ""
    text: str = ""
    address: str = ""
    revision: int = 0
    is_cancelled: bool = False


def feed(name: str, events: Iterable[Event]) -> str:
    """The feed ``name`` with its events, in UTC, lines folded and ended with CRLF."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{_PRODUCT}",
        "CALSCALE:GREGORIAN",
        f"NAME:{escape(name)}",
        f"X-WR-CALNAME:{escape(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
    ]
    for event in events:
        lines += _event(event)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in fold(line))


def _event(event: Event) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{escape(event.uid)}"
    yield f"DTSTAMP:{_instant(event.changed_at)}"
    yield f"SEQUENCE:{event.revision}"
    yield f"DTSTART:{_instant(event.starts_at)}"
    yield f"DTEND:{_instant(event.ends_at)}"
    yield f"SUMMARY:{escape(event.title)}"
    if event.place:
        yield f"LOCATION:{escape(event.place)}"
    if event.text:
        yield f"DESCRIPTION:{escape(event.text)}"
    if event.address:
        yield f"URL:{event.address}"
    yield f"STATUS:{'CANCELLED' if event.is_cancelled else 'CONFIRMED'}"
    yield "END:VEVENT"


def escape(text: str) -> str:
    """Text as a value (section 3.3.11): backslash, comma, semicolon and line breaks are escaped, controls dropped."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    plain = "".join(char for char in plain if char in "\n\t" or (ord(char) >= 32 and ord(char) != 127))
    return plain.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;").replace("\n", "\\n")


def fold(line: str) -> Iterator[str]:
    """A line in pieces of at most 75 octets of UTF-8, each but the first led by a space, no letter torn."""
    piece, size = "", 0
    for char in line:
        octets = len(char.encode())
        if size + octets > LINE:
            yield piece
            piece, size = " ", 1
        piece += char
        size += octets
    yield piece


def _instant(instant: dt.datetime) -> str:
    return instant.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")
