"""What one edition of a plan changes in another, so that a reader sees it without reading both.

Both are contents (:mod:`portal.plans.content`). Money is in satang, quantities in thousandths.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from portal.core.comparing import Run, compare, excerpt
from portal.plans.content import ITEM_TEXTS, LINE_FACTS, PLAN_TEXTS, Content, total_satang

ITEM_FACTS = ("side", "other_sides", "strategy", "way", "point", "beneficiaries")
"""What an item says that is no text: shown as it was and as it is. Where it came from (``issue_id``) never changes."""


@dataclass(frozen=True)
class Part:
    """One part that reads otherwise. Its runs are the change of a text, or none where the part is a plain fact."""

    name: str
    before: Any
    after: Any
    runs: tuple[Run, ...] = ()


@dataclass(frozen=True)
class LineChange:
    """A budget line that was added (``before`` is None), removed (``after`` is None) or changed."""

    before: dict[str, Any] | None
    after: dict[str, Any] | None

    @property
    def what(self) -> str:
        """The name both have, or the one that has it."""
        return str((self.after or self.before or {})["what"])

    @property
    def amount_satang(self) -> int:
        """How much more or less money it is."""
        return _amount(self.after) - _amount(self.before)


@dataclass(frozen=True)
class ItemChange:
    """An item that stands in both editions and reads otherwise, or stands at another place among the others."""

    before: dict[str, Any]
    after: dict[str, Any]
    has_moved: bool
    parts: tuple[Part, ...]
    lines: tuple[LineChange, ...]
    are_lines_reordered: bool

    @property
    def reads_otherwise(self) -> bool:
        """Whether more than its place has changed."""
        return bool(self.parts or self.lines or self.are_lines_reordered or self.money_satang)

    @property
    def money_satang(self) -> int:
        """How much more or less money it asks for."""
        more: int = self.after["budget_satang"] - self.before["budget_satang"]
        return more


@dataclass(frozen=True)
class MarkChange:
    """What the yearly review says otherwise of an item of the earlier plan: nothing before, nothing now, or both; runs
    are the change of its reason."""

    before: dict[str, Any] | None
    after: dict[str, Any] | None
    runs: tuple[Run, ...] = ()

    @property
    def title(self) -> str:
        """The item's name in the earlier plan."""
        return str((self.after or self.before or {})["title"])


@dataclass(frozen=True)
class Difference:
    """Everything that differs; false when both say the same. Items are in the order of the edition they stand in."""

    parts: tuple[Part, ...]
    added: tuple[dict[str, Any], ...]
    removed: tuple[dict[str, Any], ...]
    items: tuple[ItemChange, ...]
    before_satang: int
    after_satang: int
    marks: tuple[MarkChange, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.parts or self.added or self.removed or self.items or self.marks)

    @property
    def changed(self) -> list[ItemChange]:
        """Items that read otherwise, moved or not."""
        return [item for item in self.items if item.reads_otherwise]

    @property
    def moved(self) -> list[ItemChange]:
        """Items that changed their place among those that stand in both."""
        return [item for item in self.items if item.has_moved]


def difference(before: Content, after: Content) -> Difference:
    """What changes from one content to the other.

    An item has moved when others passed it, not when its number changed because one above it came or went.
    """
    old = {item["id"]: item for item in before["items"]}
    new = {item["id"]: item for item in after["items"]}
    moved = _moved([id_ for id_ in old if id_ in new], [id_ for id_ in new if id_ in old])
    both = (_item(old[id_], new[id_], id_ in moved) for id_ in new if id_ in old)
    return Difference(
        parts=_parts(PLAN_TEXTS, (), before, after),
        added=tuple(item for id_, item in new.items() if id_ not in old),
        removed=tuple(item for id_, item in old.items() if id_ not in new),
        items=tuple(item for item in both if item.has_moved or item.reads_otherwise),
        before_satang=total_satang(before),
        after_satang=total_satang(after),
        marks=_marks(before.get("review", []), after.get("review", [])),
    )


def _marks(before: Sequence[dict[str, Any]], after: Sequence[dict[str, Any]]) -> tuple[MarkChange, ...]:
    old = {row["item_id"]: row for row in before}
    new = {row["item_id"]: row for row in after}
    changes = []
    for id_ in dict.fromkeys((*old, *new)):
        was, now = old.get(id_), new.get(id_)
        if was == now:
            continue
        runs = excerpt(compare(was["reason"], now["reason"])) if was and now else ()
        changes.append(MarkChange(was, now, runs))
    return tuple(changes)


def _item(before: dict[str, Any], after: dict[str, Any], has_moved: bool) -> ItemChange:
    lines, are_reordered = _lines(before["lines"], after["lines"])
    return ItemChange(
        before=before,
        after=after,
        has_moved=has_moved,
        parts=_parts(ITEM_TEXTS, ITEM_FACTS, before, after),
        lines=lines,
        are_lines_reordered=are_reordered,
    )


def _parts(
    texts: Iterable[str], facts: Iterable[str], before: dict[str, Any], after: dict[str, Any]
) -> tuple[Part, ...]:
    changed = [
        Part(name, before[name], after[name], excerpt(compare(before[name], after[name])))
        for name in texts
        if before[name] != after[name]
    ]
    return (
        *changed,
        *(
            Part(name, before.get(name), after.get(name))
            for name in facts
            if before.get(name) != after.get(name)
        ),
    )


def _moved(before: Sequence[int], after: Sequence[int]) -> set[int]:
    """Those of the same ids that did not stay in line with the others."""
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    stayed = {id_ for block in blocks for id_ in before[block.a : block.a + block.size]}
    return set(before) - stayed


def _lines(
    before: Sequence[dict[str, Any]], after: Sequence[dict[str, Any]]
) -> tuple[tuple[LineChange, ...], bool]:
    """Lines are the same line when they have the same name, the first of a name with the first and so on; and whether
    those of both stand in another order."""
    old, new = _named(before), _named(after)
    changes = [
        LineChange(old.get(name), line)
        for name, line in new.items()
        if name not in old or any(old[name][fact] != line[fact] for fact in LINE_FACTS)
    ]
    changes += [LineChange(line, None) for name, line in old.items() if name not in new]
    order = [name for name in old if name in new] != [name for name in new if name in old]
    return tuple(changes), order


def _named(lines: Sequence[dict[str, Any]]) -> dict[tuple[str, int], dict[str, Any]]:
    seen: dict[str, int] = {}
    found = {}
    for line in lines:
        seen[line["what"]] = seen.get(line["what"], 0) + 1
        found[line["what"], seen[line["what"]]] = line
    return found


def _amount(line: dict[str, Any] | None) -> int:
    return 0 if line is None else int(line["amount_satang"])
