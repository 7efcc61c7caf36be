"""The city's project sheet: what a person writes about a project, and what must be written before people are asked."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, fields
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


def missing_heads(project: Any) -> list[str]:
    """Heads of the sheet that are still empty."""
    return [head for head in WRITTEN_HEADS if not getattr(project, head).strip()]


def next_code(agency_code: str, taken: list[str | None]) -> str:
    """The next free code of an agency: eight digits of the agency, a dash, four running digits [S 002]."""
    numbers = [int(code[9:]) for code in taken if code and CODE.fullmatch(code) and code[:8] == agency_code]
    return f"{agency_code}-{max(numbers, default=0) + 1:04}"
