"""The plan as a whole paper: cover, contents, how the money falls, the ten heads of every project, reasons. No session.

A paper is made from an edition's body (or from the plan as it reads now) and says nothing else, so that one edition
always gives the same paper.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portal.actionplan import words
from portal.actionplan.editions import Body
from portal.actionplan.models import BudgetKind, ProjectKind, Section
from portal.core import clock, hashing, i18n, money, storage, thai, typeset
from portal.core.i18n import gettext as _
from portal.core.i18n import ngettext as _n
from portal.forums.models import Side
from portal.forums.words import SIDES

TEMPLATE = "actionplan/plan.typ"


@dataclass(frozen=True)
class Origin:
    """Where an item comes from: its side, and the forum at which it was raised (empty: at none)."""

    side: Side
    forum: str = ""
    forum_on: dt.date | None = None
    issue: str = ""


@dataclass(frozen=True)
class Content:
    """What is published or read now. ``number`` 0: not an edition; ``origins`` by item id; ``address`` leads to it."""

    body: Body
    origins: Mapping[int, Origin]
    district: str
    fiscal_year: int
    state: str
    number: int = 0
    published_at: dt.datetime | None = None
    sha256: str = ""
    address: str = ""

    @property
    def title(self) -> str:
        """The name on the cover."""
        return _(
            "Annual action plan %(year)s, %(district)s",
            year=thai.fiscal_year_text(self.fiscal_year, i18n.language()),
            district=self.district,
        )


@dataclass(frozen=True)
class Sum:
    """One line of a table of totals: how many projects and items, and how much money, in satang."""

    name: str
    projects: int
    items: int
    satang: int


def by_section(content: Content) -> list[Sum]:
    """Budgets of projects by responsible section, in the order of the sections."""
    return _sums(
        (
            (Section(one["section"]), one["id"], None, one["budget_satang"] or 0)
            for one in content.body["projects"]
        ),
        {section: str(name) for section, name in words.SECTIONS.items()},
    )


def by_side(content: Content) -> list[Sum]:
    """Money of communities' items by side, in the order of the five sides."""
    return _sums(
        (
            (side_of(content, link["item"]), one["id"], link["item"], link["amount_satang"])
            for one, link in _links(content)
        ),
        {side: str(name) for side, name in SIDES.items()},
    )


def by_community(content: Content) -> list[Sum]:
    """Money of communities' items by community, in Thai order."""
    names = sorted({link["community"] for _project, link in _links(content)}, key=thai.sort_key)
    return _sums(
        (
            (link["community"], one["id"], link["item"], link["amount_satang"])
            for one, link in _links(content)
        ),
        {name: name for name in names},
    )


def side_of(content: Content, item_id: int) -> Side | None:
    """The side of an item; None for an item that is gone."""
    origin = content.origins.get(item_id)
    return origin.side if origin else None


def _links(content: Content) -> Iterable[tuple[Body, Body]]:
    return ((one, link) for one in content.body["projects"] for link in one["items"])


def _sums(rows: Iterable[tuple[Any, int, int | None, int]], names: Mapping[Any, str]) -> list[Sum]:
    found: dict[Any, tuple[set[int], set[int], list[int]]] = {}
    for key, project, item, satang in rows:
        projects, items, amounts = found.setdefault(key, (set(), set(), []))
        projects.add(project)
        if item is not None:
            items.add(item)
        amounts.append(satang)
    return [
        Sum(names[key], len(found[key][0]), len(found[key][1]), sum(found[key][2]))
        for key in names
        if key in found
    ]


def budget_text(project: Mapping[str, Any], *, in_words: bool = False) -> str:
    """The amount, in words too if wished, or the words printed in its place."""
    satang = project["budget_satang"]
    if satang is None:
        return str(words.BUDGETS[BudgetKind(project["budget_kind"])])
    amount = money.baht(satang, i18n.language())
    return f"{amount} ({money.baht_words(satang)})" if in_words and i18n.language() == "th" else amount


def node_text(node: Mapping[str, Any]) -> str:
    """A strategy node as it is printed."""
    return f"{node['number']} {node['title']}".strip()


def pdf(content: Content, *, is_thai_digits: bool = False) -> bytes:
    """The plan as PDF in the language spoken now."""
    # Thai digits reach every figure of a paper, its foot too, and a hash is no hash in them.
    foot = "" if is_thai_digits else _foot(content)
    return typeset.pdf(
        TEMPLATE,
        {**paper(content), "foot": foot},
        title=content.title,
        lang=i18n.language(),
        is_thai_digits=is_thai_digits,
    )


def kept_pdf(content: Content, *, is_thai_digits: bool = False) -> Path:
    """The paper of an edition on this machine, in the language spoken now: set when it is first asked for, since an
    edition never changes. The folder may be emptied at any time."""
    name = f"{TEMPLATE}:{content.sha256}:{i18n.language()}:{is_thai_digits}"
    path = storage.path_of(hashing.sha256_hex(name)).with_suffix(".pdf")
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(f".{secrets.token_hex(4)}.part")
        partial.write_bytes(pdf(content, is_thai_digits=is_thai_digits))
        partial.replace(path)
    return path


def paper(content: Content) -> dict[str, Any]:
    """What the template sets, in words and figures that need no more work."""
    baht, projects = _baht(), content.body["projects"]
    total = sum(one["budget_satang"] or 0 for one in projects)
    shared = sum(link["amount_satang"] for _project, link in _links(content))
    return {
        "heading": content.title,
        "cover": [
            _(
                "Annual action plan %(year)s",
                year=thai.fiscal_year_text(content.fiscal_year, i18n.language()),
            ),
            content.district,
        ],
        "standing": _standing(content),
        "figures": [
            [_("Projects, activities and measures"), str(len(projects))],
            [_("In projects with an amount"), baht(total)],
            [_("Of this, from community items"), baht(shared)],
            [_("Community items"), str(len({link["item"] for _project, link in _links(content)}))],
            [_("Accepted, not yet in a project"), str(len(content.body["not_yet"]))],
        ],
        "contents": _("Contents"),
        "money": _("How the money is divided"),
        "tables": [
            _table(_("Responsible section"), by_section(content), is_of_items=False),
            _table(_("Community items by theme"), by_side(content)),
            _table(_("Community items by community"), by_community(content)),
        ],
        "projects": _("Projects by the ten headings"),
        "sheets": [_sheet(number, one) for number, one in enumerate(projects, start=1)],
        "reasons": {
            "heading": _("Accepted items that are in no project yet"),
            "head": [_("Item"), _("Community"), _("Why not yet")],
            "rows": [[one["title"], one["community"], one["reason"]] for one in content.body["not_yet"]],
        },
    }


def _baht() -> Callable[[int], str]:
    language = i18n.language()
    return lambda satang: money.baht(satang, language)


def _standing(content: Content) -> str:
    if not content.number or content.published_at is None:
        return _("As it reads now: %(state)s", state=content.state)
    return _(
        "Edition %(number)s of %(day)s",
        number=content.number,
        day=thai.day_text(clock.day_of(content.published_at), i18n.language(), "long"),
    )


def _table(name: str, sums: list[Sum], *, is_of_items: bool = True) -> dict[str, Any]:
    baht = _baht()
    count = [str(one.items if is_of_items else one.projects) for one in sums]
    total = sum(one.items if is_of_items else one.projects for one in sums)
    return {
        "head": [name, _("Items") if is_of_items else _("Projects"), _("Amount in baht")],
        "rows": [[one.name, number, baht(one.satang)] for one, number in zip(sums, count, strict=True)],
        "total": [_("Total"), str(total), baht(sum(one.satang for one in sums))],
    }


def _sheet(number: int, project: Body) -> dict[str, Any]:
    language, baht = i18n.language(), _baht()
    days = (dt.date.fromisoformat(project[name]) for name in ("starts_on", "ends_on"))
    first, last = (thai.day_text(day, language, "long") for day in days)
    values = {
        **{name: project[name] for name in ("name", "rationale", "objectives", "outputs", "area", "method")},
        "period": _("%(first)s to %(last)s", first=first, last=last),
        "budget": budget_text(project, in_words=True),
        "section": project["sections_text"] or str(words.SECTIONS[Section(project["section"])]),
        "indicators": project["indicators"],
    }
    kind = str(words.KINDS[ProjectKind(project["kind"])])
    return {
        "name": f"{number}. {project['name']}",
        "line": " · ".join(one for one in (kind, project["code"], project["printed_number"]) if one),
        "heads": [
            [f"{place}. {label}", values[name]]
            for place, (name, label) in enumerate(words.HEADS.items(), start=1)
        ],
        "more": [
            *([[_("Source of funds"), project["fund_source"]]] if project["fund_source"] else []),
            *([[_("Strategy"), "\n".join(map(node_text, project["nodes"]))]] if project["nodes"] else []),
        ],
        "items": {
            "heading": _n(
                "%(num)s community item in it",
                "%(num)s community items in it",
                len({link["item"] for link in project["items"]}),
            ),
            "head": [_("Item"), _("Community"), _("Amount in baht")],
            "rows": [
                [one["title"], one["community"], baht(one["amount_satang"])] for one in project["items"]
            ],
        },
    }


def _foot(content: Content) -> str:
    return f"{content.address} · SHA-256 {content.sha256}" if content.sha256 else content.address
