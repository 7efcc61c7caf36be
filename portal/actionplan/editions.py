"""What a published plan says, as facts that can be hashed, and what differs between two of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from portal.core.comparing import Run, compare, excerpt

FORMAT = "ruamngop/action-plan/1"
Body = dict[str, Any]

TEXTS = (
    "printed_number",
    "name",
    "rationale",
    "objectives",
    "outputs",
    "area",
    "method",
    "fund_source",
    "sections_text",
    "indicators",
    "quarters",
)


def body(
    heading: Any,
    projects: Iterable[Any],
    links: Iterable[Any],
    nodes: Mapping[int, Iterable[Any]],
    reasons: Iterable[Any],
    number: int,
) -> Body:
    """The plan as data: money in satang, days as ISO text, no names of officers."""
    by_project: dict[int, list[Any]] = {}
    for link in links:
        by_project.setdefault(link.project_id, []).append(link)
    return {
        "format": FORMAT,
        "edition": number,
        "district": heading.code,
        "fiscal_year": heading.fiscal_year,
        "projects": [
            project_body(project, by_project.get(project.id, ()), nodes.get(project.id, ()))
            for project in projects
        ],
        "not_yet": [
            {
                "item": reason.item_id,
                "title": reason.title,
                "community": reason.community,
                "reason": reason.reason,
            }
            for reason in sorted(reasons, key=lambda row: row.item_id)
        ],
    }


def project_body(project: Any, links: Iterable[Any], nodes: Iterable[Any]) -> Body:
    """One project of a body."""
    return {
        "id": project.id,
        "kind": project.kind.value,
        "code": project.code,
        **{name: getattr(project, name) for name in TEXTS},
        "starts_on": project.starts_on.isoformat(),
        "ends_on": project.ends_on.isoformat(),
        "budget_kind": project.budget_kind.value,
        "budget_satang": project.budget_satang,
        "section": project.section.value,
        "items": [
            {
                "item": link.item_id,
                "title": link.title,
                "community": link.community,
                "amount_satang": link.amount_satang,
                "note": link.note,
            }
            for link in sorted(links, key=lambda row: row.item_id)
        ],
        "nodes": [
            {"node": node.id, "number": node.number, "title": node.title}
            for node in sorted(nodes, key=lambda row: row.id)
        ],
    }


@dataclass(frozen=True)
class Changed:
    """A project that reads otherwise: ``fields`` are (name, before, after) in the order of the sheet."""

    before: Body
    after: Body
    fields: list[tuple[str, Any, Any]]

    def passages(self, name: str) -> tuple[Run, ...]:
        """The change of a text word by word; empty for parts that are no text, or that only one of both has."""
        before, after = self.before[name], self.after[name]
        if name not in TEXTS or not (before and after and isinstance(before, str) and isinstance(after, str)):
            return ()
        return excerpt(compare(before, after))


@dataclass(frozen=True)
class Difference:
    """What one edition changes in another."""

    added: list[Body] = field(default_factory=list)
    removed: list[Body] = field(default_factory=list)
    changed: list[Changed] = field(default_factory=list)
    reasons_added: list[Body] = field(default_factory=list)
    reasons_removed: list[Body] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed or self.reasons_added or self.reasons_removed)


def changed(before: Body, after: Body) -> Changed | None:
    """What differs between two bodies of one project; None when they read the same."""
    fields = [(name, before[name], after[name]) for name in after if before[name] != after[name]]
    return Changed(before, after, fields) if fields else None


def difference(before: Body, after: Body) -> Difference:
    """Projects added, removed and changed, and reasons given or dropped, from one body to another."""
    old = {project["id"]: project for project in before["projects"]}
    new = {project["id"]: project for project in after["projects"]}
    both = (changed(old[id_], project) for id_, project in new.items() if id_ in old)
    return Difference(
        added=[project for id_, project in new.items() if id_ not in old],
        removed=[project for id_, project in old.items() if id_ not in new],
        changed=[one for one in both if one is not None],
        reasons_added=[one for one in after["not_yet"] if one not in before["not_yet"]],
        reasons_removed=[one for one in before["not_yet"] if one not in after["not_yet"]],
    )
