"""How alike two texts are, and what the same thing cost before. Works on segmented, folded words (``core.thai``)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

# Words that half of all items hold say nothing about what an item is for.
_COMMON = frozenset(
    ["ชุมชน", "โครงการ", "กิจกรรม", "ขอ", "ของ", "ใน", "และ", "เพื่อ", "ไห้", "ที่", "การ", "จัด", "ทำ", "พื้นที่", "เขต"]
)


def words_of(tokens: str) -> frozenset[str]:
    """The telling words of a text, from its tokens."""
    return frozenset(word for word in tokens.split() if len(word) > 1) - _COMMON


def share(left: frozenset[str], right: frozenset[str]) -> float:
    """Shared words over the words of the shorter text, damped by what the longer has besides: 0 to 1."""
    if not left or not right:
        return 0.0
    common = len(left & right)
    return common / (0.7 * min(len(left), len(right)) + 0.3 * max(len(left), len(right)))


@dataclass(frozen=True)
class PriceRange:
    """What one thing cost per unit before: satang, over ``count`` lines; ``sources`` are some of them."""

    count: int
    low: int
    middle: int
    high: int
    sources: tuple[Any, ...] = ()


def price_range(prices: Iterable[tuple[int, Any]], *, most: int = 0) -> PriceRange | None:
    """Lowest, median (the lower of two middles) and highest of unit prices in satang, each with where it stands, of which
    the first ``most`` are kept; None without any."""
    found = list(prices)
    if not found:
        return None
    ordered: Sequence[int] = sorted(price for price, _source in found)
    sources = tuple(source for _price, source in found[:most])
    return PriceRange(len(ordered), ordered[0], ordered[(len(ordered) - 1) // 2], ordered[-1], sources)


def same_thing(left: frozenset[str], right: frozenset[str]) -> bool:
    """Whether two budget lines name the same thing: all words of the shorter stand in the longer."""
    return bool(left) and bool(right) and (left <= right or right <= left)
