"""The committee of the plan: what is written about a seat and about a resolution. No session."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from portal.actionplan.models import Opinion, SeatKind


@dataclass(frozen=True)
class Seat:
    """A seat as the order (คำสั่ง) gives it; ``represents`` names the section, the agency or the community."""

    kind: SeatKind
    name: str
    represents: str
    order_number: str
    order_on: dt.date
    from_on: dt.date


@dataclass(frozen=True)
class Resolution:
    """What the committee resolved at a meeting (a forum), with its votes."""

    forum_id: int
    opinion: Opinion
    text: str
    in_favour: int
    against: int
    abstained: int


@dataclass(frozen=True)
class Voice:
    """What a committee in office has to say about a plan: how many sit in it, how many of them for the people, and its
    newest resolution (None: none yet)."""

    seats: int
    of_the_people: int
    opinion: Opinion | None
    content_sha256: str | None

    @property
    def is_asked(self) -> bool:
        """Where a committee is in office the plan goes before it."""
        return self.seats > 0

    @property
    def supports(self) -> bool:
        """Its newest resolution is for the plan."""
        return self.opinion in (Opinion.SUPPORTS, Opinion.SUPPORTS_CHANGED)


# A plan that is published is not put before the committee again.
NOT_ASKED = Voice(0, 0, None, None)
