"""The desk's workbook: its columns, what stands in them for a case, and what a cell that comes back means.

Pure. A *value* is what a cell means in any language (an answer's key, a line's id, satang), as text; empty says nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from portal.core import hashing, sheets
from portal.core.i18n import LANGUAGES, language, pgettext, speaking
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.cycles.body import Criterion
from portal.screening import words
from portal.screening.models import Answer, Outcome

LEAD = 2  # lines above the head
NODES = {
    "area": "area_strategy",
    "city": "bma_strategy",
}  # a strategy's column, and the criterion that asks for it
DECISION = (
    "outcome",
    "accepted_satang",
    "changes",
    "merge_into_item_id",
    "agency",
    "agency_reply",
    "defer_to_year",
    "reason_code",
    "reason",
)
_DIGITS = 10
_KEYS = (
    sheets.Column("case_id", "case_id", "integer", is_hidden=True),
    sheets.Column("version", "version", "integer", is_hidden=True),
    sheets.Column("fingerprint", "fingerprint", is_hidden=True),
)
_ITEM = "item"  # in a fingerprint: the version of the item itself


def answer_column(criterion: str) -> str:
    """The column of a criterion's answer."""
    return f"answer.{criterion}"


def reason_column(criterion: str) -> str:
    """The column of its reason."""
    return f"reason.{criterion}"


def criterion_of(column: str) -> str | None:
    """The criterion a column belongs to; None for one of the decision or a strategy."""
    for mark in ("answer.", "reason."):
        if column.startswith(mark):
            return column.removeprefix(mark)
    return None


def sheet_name() -> str:
    """The name of the sheet that is filled in."""
    return pgettext("spreadsheet", "Screening")


@dataclass(frozen=True)
class Strategies:
    """Lines to choose from, as label → id, of the area's and the city's strategy."""

    area: Mapping[str, int] = field(default_factory=dict)
    city: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Layout:
    """The columns for one cycle in the language of the moment."""

    criteria: tuple[Criterion, ...]
    strategies: Strategies

    @cached_property
    def columns(self) -> tuple[sheets.Column, ...]:
        """Every column: what the item is, the card, the strategies, the decision, and the hidden keys."""
        return (*_facts(), *self._card(), *self._nodes(), *_decision(), *_KEYS)

    @cached_property
    def editable(self) -> tuple[str, ...]:
        """The columns that are filled in."""
        return tuple(one.key for one in self.columns if one.is_editable)

    @cached_property
    def columns_read(self) -> tuple[sheets.Column, ...]:
        """The columns that are asked for when a workbook comes back: keys and what is filled in."""
        return tuple(one for one in self.columns if one.is_editable or one.is_hidden)

    def title(self, key: str) -> str:
        """The head of a column."""
        return next((one.title for one in self.columns if one.key == key), key)

    def _card(self) -> Iterable[sheets.Column]:
        for number, one in enumerate(self.criteria, 1):
            group = _("Formal check") if one.group == "formal" else _("Merit check")
            note = f"{group} · {_('correctable')}" if one.is_correctable else group
            yield sheets.Column(
                answer_column(one.key),
                f"{number}. {one.text(language())}",
                width=18,
                choices=tuple(self._choices["answer"]),
                note=note,
                is_editable=True,
            )
            yield sheets.Column(
                reason_column(one.key),
                _("%(number)s. Reason", number=number),
                width=26,
                note=_("Needed unless the line is met."),
                is_editable=True,
            )

    def _nodes(self) -> Iterable[sheets.Column]:
        for key, title in (
            ("area", _("Line of the area strategy")),
            ("city", _("Line of Bangkok's strategy")),
        ):
            yield sheets.Column(key, title, width=30, choices=tuple(self._choices[key]), is_editable=True)

    @cached_property
    def _choices(self) -> dict[str, dict[str, str]]:
        """Label → value, by kind of column."""
        return {
            "answer": {str(label): one.value for one, label in words.ANSWERS.items()},
            "area": {label: str(number) for label, number in self.strategies.area.items()},
            "city": {label: str(number) for label, number in self.strategies.city.items()},
            "outcome": {str(label): one.value for one, label in words.OUTCOMES.items()},
            "reason_code": {str(label): code for code, label in words.REASONS.items()},
        }

    @cached_property
    def _labels(self) -> dict[str, dict[str, str]]:
        return {
            kind: {value: label for label, value in found.items()} for kind, found in self._choices.items()
        }

    def value(self, key: str, cell: Any) -> str:
        """What a cell that was read means."""
        if cell is None or cell == "":
            return ""
        choices = self._choices.get(_kind(key))
        return str(cell) if choices is None else choices.get(str(cell), "")

    def shown(self, key: str, value: str) -> str:
        """A value as people read it."""
        labels = self._labels.get(_kind(key))
        if key == "accepted_satang" and value:
            return f"{int(value) / 100:,.2f}"
        return value if labels is None else labels.get(value, value)

    def cell(self, column: sheets.Column, value: str) -> Any:
        """A value as it is written into its cell."""
        if column.kind != "text":
            return int(value) if value else None
        return self.shown(column.key, value)


def _kind(key: str) -> str:
    return "answer" if key.startswith("answer.") else key


def _facts() -> tuple[sheets.Column, ...]:
    return (
        sheets.Column("item_id", _("Item number"), "integer", width=9),
        sheets.Column("community", _("Community"), width=20),
        sheets.Column("title", _("Item"), width=36),
        sheets.Column("what", _("Problem and what is to be done"), width=48),
        sheets.Column("asked_satang", _("Asked for"), "baht", width=14),
        sheets.Column("state", _("State"), width=16),
        sheets.Column("due_on", _("Due"), width=13),
    )


def _decision() -> tuple[sheets.Column, ...]:
    outcomes = tuple(str(label) for label in words.OUTCOMES.values())
    reasons = tuple(str(label) for label in words.REASONS.values())

    def column(key: str, title: str, kind: sheets.Kind = "text", **more: Any) -> sheets.Column:
        return sheets.Column(key, title, kind, **{"width": 24, "is_editable": True, **more})

    return (
        column("outcome", _("Decision proposed"), choices=outcomes),
        column("accepted_satang", _("Amount accepted"), "baht", width=14, note=_("When accepted: in baht.")),
        column("changes", _("What changes"), note=_("When accepted with changes.")),
        column(
            "merge_into_item_id",
            _("Merged with item number"),
            "integer",
            width=12,
            note=_("When merged: the number of the other item."),
        ),
        column("agency", _("Agency"), note=_("When passed to another agency.")),
        column("agency_reply", _("What the agency has answered")),
        column(
            "defer_to_year",
            _("Put off to fiscal year (B.E.)"),
            "integer",
            width=12,
            note=_("When put off to a later year."),
        ),
        column("reason_code", _("Kind of reason"), choices=reasons),
        column("reason", _("Reason in plain words"), width=48),
    )


# -- what stands in the columns ---------------------------------------------------------------------------------------


def values_of(
    case: Any, card: Mapping[str, tuple[Answer, str]], decision: Any | None, criteria: Sequence[Criterion]
) -> dict[str, str]:
    """What the portal says of a case now, by column; ``decision`` is the one proposed or made, if any."""
    values: dict[str, str] = {}
    for one in criteria:
        answer, reason = card.get(one.key, (None, ""))
        values[answer_column(one.key)] = answer.value if answer is not None else ""
        values[reason_column(one.key)] = reason
    for which in NODES:
        node_id = getattr(case, f"{which}_node_id")
        values[which] = "" if node_id is None else str(node_id)
    for name in DECISION:
        value = None if decision is None else getattr(decision, name)
        value = value.value if isinstance(value, Outcome) else value
        values[name] = "" if value is None else str(value)
    return values


def _digest(value: str) -> str:
    return hashing.sha256_hex(" ".join(value.split()))[:_DIGITS]


def fingerprint(values: Mapping[str, str], item_version: int) -> str:
    """What every column said when the workbook was made, shortened: it tells later which cells were changed by whom."""
    marks = {key: _digest(value) for key, value in values.items() if value}
    return " ".join(f"{key}={mark}" for key, mark in sorted({**marks, _ITEM: str(item_version)}.items()))


@dataclass(frozen=True)
class Fingerprint:
    """A fingerprint, read back."""

    marks: Mapping[str, str]

    @classmethod
    def read(cls, text: str) -> Fingerprint:
        """From a hidden cell; a damaged one says nothing."""
        return cls(dict(part.split("=", 1) for part in text.split() if "=" in part))

    def differs(self, key: str, value: str) -> bool:
        """Whether a column says something else than then."""
        return self.marks.get(key, "") != (_digest(value) if value else "")

    def is_of_item(self, version: int) -> bool:
        """Whether the item itself is as it was then."""
        return self.marks.get(_ITEM) == str(version)


# -- how it is filled in ----------------------------------------------------------------------------------------------


def guide_name() -> str:
    """The name of the sheet that explains the others."""
    return _("How to fill it in")


def guides() -> list[sheets.Sheet]:
    """How to fill the workbook in: a sheet for each language, the language of the moment first."""
    made = []
    for code in sorted(LANGUAGES, key=lambda one: one != language()):
        with speaking(code):
            lines = [[str(line)] for line in _GUIDE]
            made.append(sheets.Sheet(guide_name(), [sheets.Column("line", guide_name(), width=110)], lines))
    return made


_GUIDE = (
    _l(
        "Fill in only the green columns; the others are for reading. Hidden columns tell the portal which item a row is: keep them."
    ),
    _l("Rows may be filtered. A row that you left as it was changes nothing."),
    _l("Choose answers, strategy lines, decisions and kinds of reason from the list in the cell."),
    _l("A line of the card that is not met or not applicable needs its reason."),
    _l(
        "The merit check can be filled in once every line of the formal check is answered and none fails; the item then passes the formal check."
    ),
    _l("A decision filled in is a proposal. Another person confirms it in the portal, never in this file."),
    _l(
        "Each decision asks for its own columns: the amount when accepted, what changes, the item it is merged with, the agency, or the year."
    ),
    _l("An answer or a line that you clear stays as it is in the portal."),
    _l(
        "Upload the file to the portal. It first shows every row that is wrong, changed, or changed by someone else in the meantime; nothing is saved before you say so."
    ),
    _l("Then all rows are written together, or none. Sending the same file again writes nothing twice."),
)
