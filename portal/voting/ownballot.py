"""What became of one ballot: which of its projects won, and what the voter's equal share paid for. From the published
result and the choices alone, so that a device that kept its own choices comes to the same (static/js/ownballot.js)."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

BAHT = 100  # satang


@dataclass(frozen=True)
class Line:
    """One project. ``by_shares``: its supporters paid for it from their shares, ``price`` at most each; ``paid`` is what the
    ballot looked at gave. Satang."""

    number: int
    name: str
    is_funded: bool
    by_shares: bool
    price: int
    paid: int = 0


def share(found: Mapping[str, Any]) -> int:
    """What every voter held at first in the count that stands, in whole satang; 0 where no shares were counted."""
    return math.floor(Fraction(found["share"])) if found["share"] else 0


def first_share(rules: Mapping[str, Any], found: Mapping[str, Any]) -> int:
    """What every voter held in the first count, before shares were raised, in whole satang; 0 where no shares were counted."""
    if not found["share"]:
        return 0
    rule = rules["rule"]
    voters = found["voters"] + (found["empty"] if rule["counts_empty"] else 0)
    first = int(rules["envelope_satang"]) // voters
    return first // BAHT * BAHT if rule["start"] == "floor" else first


def lines(rules: Mapping[str, Any], found: Mapping[str, Any]) -> list[Line]:
    """All projects, in the order in which they were funded; those without money behind, by number."""
    reasons = {one["number"]: one for one in found["projects"]}
    told = [(one["number"], one["name"], reasons[one["number"]]) for one in rules["projects"]]
    told.sort(key=lambda one: (one[2].get("place") or len(reasons) + 1, one[0]))
    return [
        Line(
            number,
            name,
            reason["why"] == "funded",
            bool(reason.get("by_shares")),
            reason.get("price", 0),
        )
        for number, name, reason in told
    ]


def of_ballot(rules: Mapping[str, Any], found: Mapping[str, Any], chosen: Collection[int]) -> list[Line]:
    """The projects of one ballot (``chosen``: their numbers) with what its share paid: the price, or all that was left."""
    left = share(found)
    own = []
    for one in lines(rules, found):
        if one.number in chosen:
            paid = min(one.price, left) if one.by_shares else 0
            left -= paid
            own.append(Line(one.number, one.name, one.is_funded, one.by_shares, one.price, paid))
    return own
