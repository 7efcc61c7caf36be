"""How large a community committee should be, by the regulation of B.E. 2555 (figures from the rulebook)."""

from __future__ import annotations


def committee_size(rule: dict[str, int], houses: int | None) -> int:
    """How many members the regulation asks for; without a count of houses, the least."""
    if houses is None or houses <= rule["houses_base"]:
        return rule["min"]
    steps, rest = divmod(houses - rule["houses_base"], rule["houses_step"])
    return min(rule["max"], rule["min"] + steps + (1 if rest > rule["remainder"] else 0))
