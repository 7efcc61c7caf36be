"""What became of the ideas of a place: the stages of their way, and the picture of it. No session, no web.

Words: a *stage* is a point of the way that an idea has reached; an *exit* is where an idea has left the way or stands
now. Every idea that was handed in has exactly one fate, so the exits of the picture add up to its ideas.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from portal.core.i18n import lazy_gettext as _l
from portal.dossier.fate import FILLS, LABELS, Fate


class Part(StrEnum):
    """What a list of the page can show besides the ideas of one fate: issues of forums, or a whole stage."""

    RAISED = "raised"
    TAKEN_UP = "taken_up"
    LEFT = "left"
    IDEAS = "ideas"
    FROM_FORUM = "from_forum"
    ANSWERED = "answered"
    PLANNED = "planned"
    SIGNED = "signed"
    INSPECTED = "inspected"


ISSUES = frozenset({Part.RAISED, Part.TAKEN_UP, Part.LEFT})
_INSPECTED = frozenset({Fate.DELIVERED})
_SIGNED = _INSPECTED | {Fate.CONTRACTED}
_PLANNED = _SIGNED | {Fate.BUYING, Fate.IN_PLAN}
_ANSWERED = frozenset(Fate) - {Fate.WAITING, Fate.WITHDRAWN}
REACHED: Mapping[Part, frozenset[Fate]] = {
    Part.IDEAS: frozenset(Fate),
    Part.FROM_FORUM: frozenset(Fate),
    Part.ANSWERED: _ANSWERED,
    Part.PLANNED: _PLANNED,
    Part.SIGNED: _SIGNED,
    Part.INSPECTED: _INSPECTED,
}
# Where ideas leave the way after a stage, the exit that the community waits for first.
EXITS: Mapping[Part, tuple[Fate, ...]] = {
    Part.IDEAS: (Fate.WAITING, Fate.WITHDRAWN),
    Part.ANSWERED: (
        Fate.ACCEPTED,
        Fate.MERGED,
        Fate.REFERRED,
        Fate.COMMUNITY,
        Fate.DEFERRED,
        Fate.REJECTED,
    ),
    Part.PLANNED: (Fate.IN_PLAN, Fate.BUYING),
    Part.SIGNED: (Fate.CONTRACTED,),
}
STAGES = (Part.IDEAS, Part.ANSWERED, Part.PLANNED, Part.SIGNED, Part.INSPECTED)
PARTS: Mapping[Part, object] = {
    Part.RAISED: _l("Issues raised at forums"),
    Part.TAKEN_UP: _l("Became an idea of a plan"),
    Part.LEFT: _l("Not in a plan"),
    Part.IDEAS: _l("Ideas submitted"),
    Part.FROM_FORUM: _l("Ideas that began at a forum"),
    Part.ANSWERED: _l("Answered by the district"),
    Part.PLANNED: _l("In projects of the action plan"),
    Part.SIGNED: _l("Contract signed"),
    Part.INSPECTED: _l("Delivered and inspected"),
}
EXIT_LABELS: Mapping[Fate, object] = {
    **LABELS,
    Fate.IN_PLAN: _l("In the plan, purchase not begun yet"),
}


@dataclass(frozen=True)
class Count:
    """Ideas of one community that share a fate: how many, and satang asked for, accepted, and put into projects."""

    community_id: int
    fate: Fate
    from_forum: bool
    number: int
    asked: int
    accepted: int
    planned: int


@dataclass
class Figure:
    """A number of ideas and their money in satang, as far as it is known at that point of the way."""

    number: int = 0
    asked: int = 0
    accepted: int = 0
    planned: int = 0

    def add(self, count: Count) -> None:
        """Count these ideas too."""
        self.number += count.number
        self.asked += count.asked
        self.accepted += count.accepted
        self.planned += count.planned


@dataclass
class Figures:
    """The whole way in figures: by stage and by exit, and the issues before it."""

    raised: int
    taken_up: int
    stages: dict[Part, Figure] = field(default_factory=dict)
    exits: dict[Fate, Figure] = field(default_factory=dict)

    @property
    def has_begun(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.raised or self.stages[Part.IDEAS].number)

    def number(self, part: Part | Fate) -> int:
        """How many rows the list of a part has."""
        if isinstance(part, Fate):
            return self.exits[part].number
        issues = {
            Part.RAISED: self.raised,
            Part.TAKEN_UP: self.taken_up,
            Part.LEFT: self.raised - self.taken_up,
        }
        return issues[part] if part in issues else self.stages[part].number


def figures_of(counts: Iterable[Count], raised: int = 0, taken_up: int = 0) -> Figures:
    """The counts of :func:`portal.dossier.queries.flow.counts`, added up along the way."""
    found = Figures(raised, taken_up, {part: Figure() for part in REACHED}, {fate: Figure() for fate in Fate})
    for count in counts:
        found.exits[count.fate].add(count)
        for part, fates in REACHED.items():
            if count.fate in fates and (count.from_forum or part is not Part.FROM_FORUM):
                found.stages[part].add(count)
    return found


def part_named(name: str) -> Part | Fate:
    """The part or fate of an address; the ideas for anything else."""
    if name in set(Part):
        return Part(name)
    return Fate(name) if name in set(Fate) else Part.IDEAS


def label_of(part: Part | Fate) -> object:
    """What people read for a part or fate on this page."""
    if isinstance(part, Part):
        return PARTS[part]
    return EXIT_LABELS.get(part, PARTS[Part.INSPECTED])


class Row(NamedTuple):
    """A line of the table: ``money`` (satang) is what ``money_of`` says: asked, accepted or planned; None: no money."""

    part: Part | Fate
    label: str
    number: int
    money: int | None
    money_of: str
    is_stage: bool
    tone: str


_MONEY = {
    Part.IDEAS: "asked",
    Part.ANSWERED: "accepted",
    Part.PLANNED: "planned",
    Part.SIGNED: "planned",
    Part.INSPECTED: "planned",
    Fate.ACCEPTED: "accepted",
    Fate.IN_PLAN: "planned",
    Fate.BUYING: "planned",
    Fate.CONTRACTED: "planned",
}


def table(figures: Figures) -> list[Row]:
    """Every stage with the exits after it that anybody took, from the issues to the inspection."""
    rows = [Row(Part.RAISED, str(PARTS[Part.RAISED]), figures.raised, None, "", True, "five")]
    left = figures.raised - figures.taken_up
    if left:
        rows.append(Row(Part.LEFT, str(PARTS[Part.LEFT]), left, None, "", False, "five"))
    for stage in STAGES:
        rows.append(_row(figures.stages[stage], stage, str(PARTS[stage]), "one"))
        rows += [
            _row(figures.exits[fate], fate, str(label_of(fate)), TONES[fate])
            for fate in EXITS.get(stage, ())
            if figures.exits[fate].number
        ]
    return rows


def _row(figure: Figure, part: Part | Fate, label: str, tone: str) -> Row:
    money_of = _MONEY.get(part, "asked")
    return Row(part, label, figure.number, getattr(figure, money_of), money_of, isinstance(part, Part), tone)


# Ribbons beside the green way.
TONES: Mapping[Fate, str] = {**FILLS, Fate.IN_PLAN: "four", Fate.ACCEPTED: "two"}
# The picture, in its own units: a bar for each stage with its words beside it, from which ribbons run on to the next stage or out to the right.
FULL, RIGHT = 112, 142
_BAR, _SLOT, _GAP, _STEP = 20, 34, 5, 22


class Exit(NamedTuple):
    """A ribbon out of the way, where it ends and what stands beside it."""

    path: str
    top: float
    thick: float
    text_at: float
    row: Row


class Bar(NamedTuple):
    """A stage of the picture with the ribbon to the next one (empty for none) and its exits."""

    top: float
    width: float
    row: Row
    onward: str
    exits: list[Exit]


class Picture(NamedTuple):
    """The flow as it is drawn; ``height`` in units of a picture 360 wide."""

    height: float
    bars: list[Bar]


def picture(rows: Sequence[Row]) -> Picture:
    """Places every stage under the one before. All widths count ideas (above the first line: issues) on one scale."""
    groups: list[tuple[Row, list[Row]]] = []
    for row in rows:
        if row.is_stage:
            groups.append((row, []))
        else:
            groups[-1][1].append(row)
    most = max((row.number for row in rows), default=0) or 1
    bars, top = [], 0.0
    for place, (stage, exits) in enumerate(groups):
        at = top
        width = stage.number * FULL / most
        following = groups[place + 1][0].number if place + 1 < len(groups) else 0
        kept = min(following * FULL / most, max(0.0, width - sum(row.number for row in exits) * FULL / most))
        ends, below = _exits(exits, at + _BAR, width, most)
        bottom = max(below + _GAP, at + _BAR + _STEP)
        onward = f"M0 {at + _BAR:.1f}H{kept:.1f}V{bottom:.1f}H0Z" if kept else ""
        bars.append(Bar(round(at, 1), round(max(width, 2 if stage.number else 0), 1), stage, onward, ends))
        top = bottom
    return Picture(round(top - _STEP + 4 if bars and not bars[-1].exits else top), bars)


def _exits(rows: Sequence[Row], above: float, width: float, most: int) -> tuple[list[Exit], float]:
    """The outermost part of the bar turns off first, so that no ribbon crosses another."""
    found, at, right = [], above + 6, width
    for row in reversed(rows):
        thick = row.number * FULL / most
        slot = max(thick, _SLOT)
        high = at + (slot - thick) / 2
        left = right - thick
        path = (
            f"M{left:.1f} {above:.1f}C{left:.1f} {high + thick:.1f} {left:.1f} {high + thick:.1f} {RIGHT} {high + thick:.1f}"
            f"V{high:.1f}C{right:.1f} {high:.1f} {right:.1f} {high:.1f} {right:.1f} {above:.1f}Z"
        )
        found.append(Exit(path, round(high, 1), round(max(thick, 1.5), 1), round(at + slot / 2, 1), row))
        right, at = left, at + slot + _GAP
    return found, at if found else above


def spoken(rows: Sequence[Row]) -> str:
    """The picture in words, for those who do not see it."""
    return "; ".join(f"{row.label}: {row.number:,}" for row in rows)


def by_community(counts: Iterable[Count]) -> dict[int, Figures]:
    """The figures of each community, by its id."""
    gathered: dict[int, list[Count]] = {}
    for count in counts:
        gathered.setdefault(count.community_id, []).append(count)
    return {community_id: figures_of(own) for community_id, own in gathered.items()}


def choices(figures: Figures) -> list[tuple[str, Any, int]]:
    """What the list can show, as (value, label, number), without what nobody would find anything under."""
    parts: list[Part | Fate] = [Part.RAISED, Part.TAKEN_UP, Part.LEFT, Part.IDEAS, Part.FROM_FORUM]
    parts += [Part.ANSWERED, Part.PLANNED, Part.SIGNED, Part.INSPECTED]
    parts += [fate for fates in EXITS.values() for fate in fates]
    return [
        (part.value, label_of(part), figures.number(part))
        for part in parts
        if figures.number(part) or part is Part.IDEAS
    ]
