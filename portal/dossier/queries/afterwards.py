"""What became of issues and items, for the rooms before this one (portal/core/afterwards.py): public facts alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from portal.actionplan.models import Project, ProjectItem
from portal.core import db
from portal.core.afterwards import Turn
from portal.dossier.fate import LABELS, TONES, Fate, fate_of
from portal.dossier.queries.links import public_links
from portal.plans.models import Item, Plan
from portal.plans.policy import is_handed_in, is_taken_back
from portal.screening.models import Case
from portal.screening.queries import shown_decisions
from portal.screening.words import OUTCOME_TONES, OUTCOMES


def _handed_in(which: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Public items with their decision and, one row each, their projects in the order of the plan."""
    items = sa.select(Item.id).where(which)
    shown = shown_decisions().where(Case.item_id.in_(items)).subquery()
    linked = public_links().where(ProjectItem.item_id.in_(items)).subquery()
    return (
        sa.select(
            Item.id,
            Item.issue_id,
            Item.kept_title.label("title"),
            is_taken_back().label("is_withdrawn"),
            shown.c.outcome,
            shown.c.reason,
            linked.c.project_id,
            linked.c.is_buying,
            linked.c.is_delivered,
            Project.name.label("project"),
        )
        .join(Plan, Plan.id == Item.plan_id)
        .outerjoin(shown, shown.c.item_id == Item.id)
        .outerjoin(linked, linked.c.item_id == Item.id)
        .outerjoin(Project, Project.id == linked.c.project_id)
        .where(which, is_handed_in())
        .order_by(Item.id, Project.position)
    )


def _decided(row: Any) -> Turn:
    if row.is_withdrawn:
        return Turn(str(LABELS[Fate.WITHDRAWN]), TONES[Fate.WITHDRAWN])
    if row.outcome is None:
        return Turn(str(LABELS[Fate.WAITING]), TONES[Fate.WAITING])
    return Turn(str(OUTCOMES[row.outcome]), OUTCOME_TONES[row.outcome], row.reason or "")


def _fate(row: Any) -> Fate:
    return fate_of(
        row.outcome, in_project=True, is_buying=bool(row.is_buying), is_delivered=bool(row.is_delivered)
    )


def turns_of_items(item_ids: Sequence[int]) -> Mapping[int, Sequence[Turn]]:
    """The released decision with its reason, then each project, being bought or delivered; an item without a decision
    waits for its answer."""
    found: dict[int, list[Turn]] = {}
    for row in db.session().execute(_handed_in(Item.id.in_(item_ids))):
        turns = found.setdefault(row.id, [])
        if not turns:
            turns.append(_decided(row))
        if row.project_id is not None:
            fate = _fate(row)
            turns.append(
                Turn(
                    str(LABELS[fate]),
                    TONES[fate],
                    row.project,
                    "actionplan.project",
                    "project_id",
                    row.project_id,
                )
            )
    return found


def turns_of_issues(issue_ids: Sequence[int]) -> Mapping[int, Sequence[Turn]]:
    """The item an issue became, while it is handed in, with how far it has come."""
    found: dict[int, dict[int, Turn]] = {}
    for row in db.session().execute(_handed_in(Item.issue_id.in_(issue_ids))):
        if row.is_withdrawn:
            continue
        fate = _fate(row) if row.project_id is not None else None
        label, tone = (str(LABELS[fate]), TONES[fate]) if fate else (_decided(row).label, _decided(row).tone)
        found.setdefault(row.issue_id, {})[row.id] = Turn(
            label, tone, row.title, "dossier.show", "item_id", row.id
        )
    return {issue_id: list(turns.values()) for issue_id, turns in found.items()}
