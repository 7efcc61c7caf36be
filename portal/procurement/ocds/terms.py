"""How values are written in OCDS: amounts in baht, instants with Bangkok's offset, identifiers; nothing empty is said."""

from __future__ import annotations

import datetime as dt
import hashlib
import unicodedata
from typing import Any

from portal.core.clock import BANGKOK

Json = dict[str, Any]


def value(satang: int) -> Json:
    """An amount of money: baht, with two decimals at most."""
    whole, rest = divmod(satang, 100)
    return {"amount": satang / 100 if rest else whole, "currency": "THB"}


def begin_of(day: dt.date) -> str:
    """The first instant of a Bangkok day."""
    return f"{day.isoformat()}T00:00:00+07:00"


def end_of(day: dt.date) -> str:
    """The last second of a Bangkok day: a window is open to its end."""
    return f"{day.isoformat()}T23:59:59+07:00"


def instant(at: dt.datetime) -> str:
    """An instant to the second, on Bangkok's clocks."""
    return at.astimezone(BANGKOK).isoformat(timespec="seconds")


def period(first: dt.date | None, last: dt.date | None) -> Json:
    """From the beginning of one day to the end of another, as far as they are known."""
    return said(
        startDate=begin_of(first) if first else None,
        endDate=end_of(last) if last else None,
    )


def said(**members: Any) -> Json:
    """The members that say something: no None, no empty text, list or object. A trailing underscore of a name is only
    Python's."""
    return {
        name.rstrip("_"): member
        for name, member in members.items()
        if member is not None and member not in ("", [], {})
    }


def company_id(name: str) -> str:
    """The id of a company known by its name alone: the same name has the same id in every process."""
    return f"supplier-{_fingerprint(name)}"


def agency_id(name: str) -> str:
    """The id of a public agency known by its name alone."""
    return f"agency-{_fingerprint(name)}"


def _fingerprint(name: str) -> str:
    words = " ".join(unicodedata.normalize("NFC", name).split())
    return hashlib.sha256(words.encode()).hexdigest()[:12]
