"""The sign at the door of a meeting: short codes that show that somebody is there. No session, no web.

A sign on a screen is another one every minute and counts for ten; a printed one counts for its meeting alone. Both are
bound to the step and to the time it is set for: a meeting that is moved has other signs. An observer's own code lets an
officer tick them off where there is no phone.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
from dataclasses import dataclass

COUNTS_FOR = 10
OPENS_BEFORE = dt.timedelta(hours=1)
CLOSES_AFTER = dt.timedelta(hours=4)
_LENGTH = 8
_OWN_LENGTH = 6
# A code holds neither O nor 0, neither I nor 1: it is read aloud and copied by hand.
_CLEAR = str.maketrans("OI", "89")
_ALIKE = str.maketrans({"8": "B", "9": "G", " ": None, "-": None})


def is_open(meets_at: dt.datetime | None, now: dt.datetime) -> bool:
    """Whether one can check in now: from an hour before the meeting until four hours after it began."""
    return meets_at is not None and meets_at - OPENS_BEFORE <= now < meets_at + CLOSES_AFTER


def opens_at(meets_at: dt.datetime | None, now: dt.datetime) -> dt.datetime | None:
    """When one can check in, where it is too early; None when the time has come or is over."""
    opens = meets_at - OPENS_BEFORE if meets_at is not None else None
    return opens if opens is not None and now < opens else None


def spoken(code: str) -> str:
    """A code in groups of four, as people read it out."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


@dataclass(frozen=True)
class Door:
    """Makes and knows the codes; ``secret`` is the portal's own."""

    secret: str

    def _code(self, length: int, *said: object) -> str:
        text = "|".join(str(one) for one in said)
        digest = hmac.new(self.secret.encode(), text.encode(), hashlib.sha256).digest()
        return base64.b32encode(digest).decode()[:length].translate(_CLEAR)

    def _sign(self, step_id: int, meets_at: dt.datetime, slot: object) -> str:
        return self._code(_LENGTH, "door", step_id, meets_at.astimezone(dt.UTC).isoformat(), slot)

    def sign(self, step_id: int, meets_at: dt.datetime, now: dt.datetime) -> str:
        """The code on the screen at this minute."""
        return self._sign(step_id, meets_at, int(now.timestamp()) // 60)

    def printed_sign(self, step_id: int, meets_at: dt.datetime) -> str:
        """The code on paper, for this meeting alone."""
        return self._sign(step_id, meets_at, "paper")

    def knows(self, code: str, step_id: int, meets_at: dt.datetime, now: dt.datetime) -> bool:
        """Whether this is a sign of this meeting, seen in the last minutes or printed."""
        minute = int(now.timestamp()) // 60
        given = _tidy(code)
        slots: list[object] = ["paper", *range(minute - COUNTS_FOR, minute + 1)]
        return any(hmac.compare_digest(given, _tidy(self._sign(step_id, meets_at, slot))) for slot in slots)

    def own_code(self, signup_id: int) -> str:
        """What an observer tells the officer."""
        return self._code(_OWN_LENGTH, "observer", signup_id)

    def is_own_code(self, code: str, signup_id: int) -> bool:
        """Whether this is that observer's code, however it was written."""
        return hmac.compare_digest(_tidy(code), _tidy(self.own_code(signup_id)))


def _tidy(code: str) -> str:
    return code.upper().translate(_ALIKE).encode("ascii", "ignore").decode()
