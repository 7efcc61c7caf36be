"""The plan as a workbook (XLSX): projects, items with where they come from and where they went, totals. No session."""

from __future__ import annotations

import datetime as dt
from typing import Any

from portal.actionplan import papers, words
from portal.actionplan.models import ProjectKind, Section
from portal.actionplan.papers import Content
from portal.core import i18n, sheets, thai
from portal.core.i18n import gettext as _
from portal.core.sheets import Column, Sheet
from portal.forums.words import SIDES


def workbook(content: Content) -> bytes:
    """The plan's three sheets in the language spoken now. Amounts are numbers; everything else is text."""
    return sheets.workbook(
        [_projects(content), _items(content), _totals(content)],
        title=content.title,
    )


def _projects(content: Content) -> Sheet:
    texts = ("rationale", "objectives", "outputs", "area", "method")
    columns = [
        Column("number", _("Number"), "integer", 8),
        Column("code", str(words.FIELDS["code"]), width=16),
        Column("kind", str(words.FIELDS["kind"]), width=12),
        Column("name", str(words.FIELDS["name"]), width=44),
        *(Column(name, str(words.FIELDS[name]), width=36) for name in texts),
        *(Column(name, str(words.FIELDS[name]), width=14) for name in ("starts_on", "ends_on", "quarters")),
        Column("budget", _("Budget in baht"), "baht", 16),
        Column("words", str(words.FIELDS["budget_kind"]), width=22),
        Column("community", _("Of this, from community items"), "baht", 16),
        Column("fund_source", str(words.FIELDS["fund_source"]), width=24),
        Column("section", str(words.FIELDS["section"]), width=30),
        Column("indicators", str(words.FIELDS["indicators"]), width=36),
        Column("nodes", str(words.FIELDS["nodes"]), width=40),
    ]
    return Sheet(
        _("Projects"), columns, [_project(*one) for one in enumerate(content.body["projects"], start=1)]
    )


def _project(number: int, one: dict[str, Any]) -> list[Any]:
    texts = ("rationale", "objectives", "outputs", "area", "method")
    return [
        number,
        one["code"],
        str(words.KINDS[ProjectKind(one["kind"])]),
        one["name"],
        *(one[name] for name in texts),
        *(_day(one[name]) for name in ("starts_on", "ends_on")),
        one["quarters"],
        one["budget_satang"],
        "" if one["budget_satang"] is not None else papers.budget_text(one),
        sum(link["amount_satang"] for link in one["items"]),
        one["fund_source"],
        one["sections_text"] or str(words.SECTIONS[Section(one["section"])]),
        one["indicators"],
        "\n".join(map(papers.node_text, one["nodes"])),
    ]


def _day(text: str) -> str:
    return thai.day_text(dt.date.fromisoformat(text), i18n.language())


def _items(content: Content) -> Sheet:
    columns = [
        Column("item", _("Number of the item"), "integer", 12),
        Column("title", _("Item"), width=40),
        Column("community", _("Community"), width=26),
        Column("side", _("Theme"), width=24),
        Column("issue", _("Raised at a forum as"), width=40),
        Column("forum", _("Forum"), width=34),
        Column("forum_on", _("Day of the forum"), width=16),
        Column("code", _("Code of the project"), width=16),
        Column("project", _("Project"), width=40),
        Column("amount", _("Amount in baht"), "baht", 16),
        Column("note", _("Note, or why not yet"), width=40),
    ]
    rows = [
        [
            *_origin(content, link),
            one["code"],
            one["name"],
            link["amount_satang"],
            link["note"],
        ]
        for one in content.body["projects"]
        for link in one["items"]
    ]
    rows += [[*_origin(content, one), "", "", None, one["reason"]] for one in content.body["not_yet"]]
    return Sheet(_("Community items"), columns, rows)


def _origin(content: Content, item: dict[str, Any]) -> list[Any]:
    origin = content.origins.get(item["item"])
    return [
        item["item"],
        item["title"],
        item["community"],
        str(SIDES[origin.side]) if origin else "",
        origin.issue if origin else "",
        origin.forum if origin else "",
        thai.day_text(origin.forum_on, i18n.language()) if origin and origin.forum_on else "",
    ]


def _totals(content: Content) -> Sheet:
    columns = [
        Column("by", _("Totals by"), width=28),
        Column("name", _("Name"), width=40),
        Column("projects", _("Projects"), "integer", 12),
        Column("items", _("Items"), "integer", 12),
        Column("satang", _("Amount in baht"), "baht", 18),
    ]
    tables = (
        (_("Responsible section"), papers.by_section(content)),
        (_("Theme"), papers.by_side(content)),
        (_("Community"), papers.by_community(content)),
    )
    rows = [[name, one.name, one.projects, one.items, one.satang] for name, sums in tables for one in sums]
    return Sheet(_("Totals"), columns, rows)
