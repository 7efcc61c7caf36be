"""How many projects one ballot can name together, where some exclude each other and a ballot may have to fit the money."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

MOST_IN_PAIRS = 40  # projects with a rival for which the answer is exact


def most_together(costs: Mapping[int, int], pairs: Iterable[tuple[int, int]], money: int | None) -> int:
    """The most of these projects (``costs`` by their ids) of which no two are a pair, within ``money`` where it is given.
    With more than MOST_IN_PAIRS of them in pairs, as many as are found by taking the cheapest first: that many go for sure."""
    rivals: dict[int, set[int]] = {one: set() for one in costs}
    for one, other in pairs:
        if one in rivals and other in rivals:
            rivals[one].add(other)
            rivals[other].add(one)
    tied = frozenset(one for one in costs if rivals[one])
    cheapest = _cheapest(costs, rivals, tied) if len(tied) <= MOST_IN_PAIRS else _greedy(costs, rivals, tied)
    free = sorted(costs[one] for one in costs.keys() - tied)
    sums = _beside(cheapest, [sum(free[:many]) for many in range(len(free) + 1)])
    return max(many for many, cost in enumerate(sums) if money is None or cost <= money)


def _cheapest(costs: Mapping[int, int], rivals: Mapping[int, set[int]], tied: frozenset[int]) -> list[int]:
    """What 0, 1, 2 … projects cost at least that go together."""

    @cache
    def of(left: frozenset[int]) -> tuple[int, ...]:
        if not left:
            return (0,)
        group = _group(min(left), left, rivals)
        if group != left:
            return tuple(_beside(of(group), of(left - group)))
        one = max(sorted(left), key=lambda each: len(rivals[each] & left))
        without, with_it = of(left - {one}), of(left - {one} - rivals[one])
        found = list(without) + [costs[one] + with_it[-1]] * (len(with_it) + 1 > len(without))
        for many, cost in enumerate(with_it, 1):
            found[many] = min(found[many], cost + costs[one])
        return tuple(found)

    return list(of(tied))


def _greedy(costs: Mapping[int, int], rivals: Mapping[int, set[int]], tied: frozenset[int]) -> list[int]:
    named: set[int] = set()
    found = [0]
    for one in sorted(tied, key=lambda each: (costs[each], each)):
        if not rivals[one] & named:
            named.add(one)
            found.append(found[-1] + costs[one])
    return found


def _group(one: int, left: frozenset[int], rivals: Mapping[int, set[int]]) -> frozenset[int]:
    """Who hangs together with ``one`` by pairs."""
    found, waiting = {one}, [one]
    while waiting:
        fresh = (rivals[waiting.pop()] & left) - found
        found |= fresh
        waiting.extend(fresh)
    return frozenset(found)


def _beside(these: Iterable[int], those: Iterable[int]) -> list[int]:
    """The same for two lots of projects that do not exclude each other."""
    ones, others = list(these), list(those)
    found: list[int] = []
    for many in range(len(ones) + len(others) - 1):
        ways = range(max(0, many - len(others) + 1), min(many, len(ones) - 1) + 1)
        found.append(min(ones[way] + others[many - way] for way in ways))
    return found
