"""The plan as a table for spreadsheets. No cell can become a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

from portal.actionplan import words
from portal.actionplan.models import BudgetKind, ProjectKind, Section
from portal.core import i18n

COLUMNS = (
    "code",
    "printed_number",
    "kind",
    "name",
    "rationale",
    "objectives",
    "outputs",
    "area",
    "method",
    "starts_on",
    "ends_on",
    "quarters",
    "budget_kind",
    "budget_satang",
    "fund_source",
    "section",
    "sections_text",
    "indicators",
    "items",
    "nodes",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|")


def plain(value: object) -> str:
    """A cell that a spreadsheet shows and never runs: what begins like a formula gets an apostrophe before it."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def projects_csv(body: Mapping[str, Any], language: str) -> str:
    """One line per project of an edition's body, in UTF-8 with a byte order mark, amounts in baht with two decimals.
    Words of the portal are written in ``language``."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    with i18n.speaking(language):
        writer.writerow([plain(words.FIELDS[name]) for name in COLUMNS])
        for project in body["projects"]:
            writer.writerow([plain(_cell(project, name)) for name in COLUMNS])
    return out.getvalue()


def _cell(project: Mapping[str, Any], name: str) -> object:
    value = project[name]
    if name == "kind":
        return words.KINDS[ProjectKind(value)]
    if name == "section":
        return words.SECTIONS[Section(value)]
    if name == "budget_kind":
        return words.BUDGETS[BudgetKind(value)]
    if name == "budget_satang":
        return "" if value is None else _baht(value)
    if name == "items":
        return "; ".join(
            f"{one['community']}: {one['title']} ({_baht(one['amount_satang'])})" for one in value
        )
    if name == "nodes":
        return "; ".join(f"{one['number']} {one['title']}".strip() for one in value)
    return value


def _baht(satang: int) -> str:
    return f"{satang // 100}.{satang % 100:02}"
