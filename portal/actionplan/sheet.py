"""The city's project sheet: what a person writes about a project, and what must be written before people are asked."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from types import SimpleNamespace
from typing import Any

from portal.actionplan.models import BudgetKind, ProjectKind, Section

CODE = re.compile(r"[0-9]{8}-[0-9]{4}")
QUARTERS = "1234"
WRITTEN_HEADS = ("rationale", "objectives", "outputs", "area", "method", "indicators")
"""Heads that begin empty; the others cannot be."""


@dataclass(frozen=True)
class Sheet:
    """One project as written. ``budget_satang`` belongs to an amount only; ``code`` None means the next free one."""

    kind: ProjectKind
    name: str
    starts_on: dt.date
    ends_on: dt.date
    budget_kind: BudgetKind
    budget_satang: int | None
    section: Section
    rationale: str = ""
    objectives: str = ""
    outputs: str = ""
    area: str = ""
    method: str = ""
    indicators: str = ""
    sections_text: str = ""
    fund_source: str = ""
    quarters: str = QUARTERS
    code: str | None = None
    printed_number: str = ""


SHEET_FIELDS = tuple(field.name for field in fields(Sheet))
NODES = "nodes"
_READ: Mapping[str, Callable[[str], Any]] = {
    "kind": ProjectKind,
    "section": Section,
    "budget_kind": BudgetKind,
    "starts_on": dt.date.fromisoformat,
    "ends_on": dt.date.fromisoformat,
}


def plain(value: Any) -> Any:
    """A field of the sheet as JSON has it."""
    if isinstance(value, StrEnum):
        return value.value
    return value.isoformat() if isinstance(value, dt.date) else value


def read(pending: Mapping[str, Any] | None) -> dict[str, Any]:
    """The fields of the sheet that a change keeps aside, as the row would hold them."""
    kept = {name: value for name, value in (pending or {}).items() if name != NODES}
    return {name: _READ[name](value) if name in _READ else value for name, value in kept.items()}


def prepared(project: Any) -> Sheet:
    """The sheet as the next edition will have it: the row, with what a change keeps aside laid over."""
    return Sheet(**{name: getattr(project, name) for name in SHEET_FIELDS} | read(project.pending))


def laid_over(row: Any) -> Any:
    """A row of some columns of a project, ``pending`` among them, as the next edition will have it."""
    return SimpleNamespace(**{**row._mapping, **read(row.pending)}) if row.pending else row


def searched(written: Any) -> str:
    """What a project is found by beside its name."""
    return f"{written.code or ''} {written.area} {written.objectives}"


def missing_heads(project: Any) -> list[str]:
    """Heads of the sheet that are still empty."""
    return [head for head in WRITTEN_HEADS if not getattr(project, head).strip()]


def next_code(agency_code: str, taken: list[str | None]) -> str:
    """The next free code of an agency: eight digits of the agency, a dash, four running digits [S 002]."""
    numbers = [int(code[9:]) for code in taken if code and CODE.fullmatch(code) and code[:8] == agency_code]
    return f"{agency_code}-{max(numbers, default=0) + 1:04}"
