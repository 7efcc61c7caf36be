"""Publication areas: the smallest place with enough people on the roll that a ballot gives nobody away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

FEWEST = 500


@dataclass(frozen=True)
class Home:
    """Where people of the roll live: codes from near to far; the last is the whole of the round."""

    way_up: tuple[str, ...]


def fixed(homes: Iterable[tuple[Home, int]], fewest: int = FEWEST) -> dict[Home, str]:
    """The area of each home: its smallest place in which at least ``fewest`` people are published.

    Who is counted in a smaller area is not counted again in the larger one, so a remainder that stays too small goes up
    as well. Is the remainder of the whole still too small, the smallest other areas join it.
    """
    people = dict(homes)
    level = dict.fromkeys(people, 0)

    def area(home: Home) -> str:
        return home.way_up[level[home]]

    def sums() -> Counter[str]:
        found: Counter[str] = Counter()
        for home, count in people.items():
            found[area(home)] += count
        return found

    def left(home: Home) -> int:
        return len(home.way_up) - 1 - level[home]

    while small := [home for home in people if left(home) and sums()[area(home)] < fewest]:
        finest = max(left(home) for home in small)
        for home in [one for one in small if left(one) == finest]:
            level[home] += 1
    tops = {home.way_up[-1] for home in people}
    for top in tops:
        while 0 < sums()[top] < fewest:
            others = [home for home in people if home.way_up[-1] == top and left(home)]
            if not others:
                break
            counted = sums()
            smallest = min((counted[area(home)], area(home)) for home in others)[1]
            for home in [one for one in others if area(one) == smallest]:
                level[home] = len(home.way_up) - 1
    return {home: area(home) for home in people}
