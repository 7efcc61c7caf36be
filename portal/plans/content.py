"""What a plan says, in one form that can be hashed, read by anyone, and shown again years later.

Signatures bind to the SHA-256 of this content; an edition carries it. Only facts stand in it, in whole numbers and
text: satang, thousandths of a unit, coordinates as text with six decimals. What was added to the form later (the yearly
review, what an item continues) stands in it only where somebody wrote it, so that older texts keep their hash.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.core import hashing
from portal.forums.models import Side
from portal.plans.models import Way

PLAN_TEXTS = ("vision", "profile", "analysis")
ITEM_TEXTS = (
    "title",
    "problem",
    "cause",
    "proposal",
    "objective",
    "indicator",
    "place",
    "beneficiary_groups",
)
LINE_FACTS = ("what", "unit", "quantity_thousandths", "unit_price_satang", "amount_satang")
REVIEW_FACTS = ("item_id", "fiscal_year", "rank", "title", "mark", "reason")
"""What the review says of an item of the earlier plan: its year (BE), rank and name there, the mark and why."""
# What may not be changed after a return under the chair's signature alone (rulings, "Screening states").
SUBSTANCE = (
    "id",
    "rank",
    "title",
    "side",
    "other_sides",
    "way",
    "place",
    "proposal",
    "budget_satang",
    "lines",
)

Content = dict[str, Any]


@dataclass(frozen=True)
class LineData:
    """A budget line as written: quantity in thousandths of its unit, unit price in satang."""

    what: str
    unit: str
    quantity_thousandths: int
    unit_price_satang: int

    @property
    def amount_satang(self) -> int:
        """Quantity × unit price, halves of a satang rounded up."""
        return (self.quantity_thousandths * self.unit_price_satang + 500) // 1000


@dataclass(frozen=True)
class ItemData:
    """Everything a person writes about one item. ``latitude`` and ``longitude`` come together or not at all."""

    title: str
    side: Side
    other_sides: frozenset[Side] = frozenset()
    problem: str = ""
    cause: str = ""
    proposal: str = ""
    objective: str = ""
    indicator: str = ""
    place: str = ""
    latitude: float | None = None
    longitude: float | None = None
    beneficiaries: int | None = None
    beneficiary_groups: str = ""
    way: Way = Way.SUPPORT
    lines: tuple[LineData, ...] = ()

    @property
    def budget_satang(self) -> int:
        """The sum of the lines."""
        return sum(line.amount_satang for line in self.lines)


def content(
    plan: Any,
    items: Iterable[Any],
    lines: Mapping[int, Sequence[Any]],
    reviews: Iterable[Any] = (),
    nodes: Mapping[int, str] | None = None,
) -> Content:
    """The content of a plan from its rows: the order in which rows arrive does not matter, ranks and positions do.

    ``lines`` maps an item's id to its budget lines; ``reviews`` are the marked items of the earlier plan
    (:data:`REVIEW_FACTS`), ``nodes`` the names of the strategy's lines that items point at. Withdrawn items are not part of what a plan says.
    """
    live = sorted(
        (item for item in items if item.withdrawn_at is None), key=lambda item: (item.rank, item.id)
    )
    said = {
        **{name: getattr(plan, name) for name in PLAN_TEXTS},
        "items": [
            _item(item, place, lines.get(item.id, ()), nodes or {}) for place, item in enumerate(live, 1)
        ],
    }
    review = [{name: getattr(row, name) for name in REVIEW_FACTS} for row in reviews]
    if review:
        said["review"] = sorted(review, key=lambda row: (row["rank"], row["item_id"]))
    return said


def _item(item: Any, rank: int, lines: Sequence[Any], nodes: Mapping[int, str]) -> dict[str, Any]:
    has_point = item.latitude is not None
    others = [side.value for side in Side if side in item.other_sides]
    return {
        "id": item.id,
        "rank": rank,
        "side": str(item.side.value),
        "way": str(item.way.value),
        **{name: getattr(item, name) for name in ITEM_TEXTS},
        "point": f"{item.latitude:.6f},{item.longitude:.6f}" if has_point else None,
        "beneficiaries": item.beneficiaries,
        "issue_id": item.issue_id,
        **({} if item.continues_id is None else {"continues_id": item.continues_id}),
        **({"other_sides": others} if others else {}),
        **({} if item.node_id is None else {"strategy": {"id": item.node_id, "title": nodes[item.node_id]}}),
        "budget_satang": item.budget_satang,
        "lines": [
            {name: getattr(line, name) for name in LINE_FACTS}
            for line in sorted(lines, key=lambda line: line.position)
        ],
    }


def sha256(said: Mapping[str, Any]) -> str:
    """The hash a signature binds to."""
    return hashing.sha256_hex(hashing.canonical_json(said))


def substance_sha256(said: Mapping[str, Any]) -> str:
    """The hash of the items and the money alone: what decides after a return whether everybody must sign again."""
    items = [{name: item[name] for name in SUBSTANCE if name in item} for item in said["items"]]
    return hashing.sha256_hex(hashing.canonical_json(items))


def more_than_half(members: int) -> int:
    """How many of so many members are more than half: 4 of 7, 5 of 8."""
    return members // 2 + 1


def total_satang(said: Mapping[str, Any]) -> int:
    """All money a plan asks for or brings, in satang."""
    return sum(item["budget_satang"] for item in said["items"])


def quantity_text(thousandths: int) -> str:
    """A quantity as people write it: 2500 is ``2.5``, 1000000 is ``1,000``."""
    whole, part = divmod(thousandths, 1000)
    return f"{whole:,}" + (f".{part:03}".rstrip("0") if part else "")


def sides_served(said: Mapping[str, Any]) -> frozenset[str]:
    """Every side that an item serves, first or besides."""
    return frozenset(side for item in said["items"] for side in (item["side"], *item.get("other_sides", ())))


def by_side(said: Mapping[str, Any]) -> list[tuple[Side, int, int]]:
    """(side, items, satang) for each of the five sides, in their official order; an item counts under its first."""
    rows = []
    for side in Side:
        of_side = [item for item in said["items"] if item["side"] == side.value]
        rows.append((side, len(of_side), sum(item["budget_satang"] for item in of_side)))
    return rows


def missing(item: Mapping[str, Any]) -> list[str]:
    """Names of the parts an item still lacks; empty when it can be screened. Work the community does itself needs no
    money."""
    lacking = [
        name
        for name in ("title", "problem", "proposal", "objective", "indicator", "place")
        if not item[name].strip()
    ]
    if item["beneficiaries"] is None:
        lacking.append("beneficiaries")
    if not item["lines"] and item["way"] != Way.SELF.value:
        lacking.append("lines")
    return lacking
