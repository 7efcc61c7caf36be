"""What became of items, for the rooms before this one (portal/core/afterwards.py): public facts alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from portal.actionplan.models import Project, ProjectItem
from portal.core import db
from portal.core.afterwards import Turn
from portal.dossier.fate import LABELS, TONES, Fate, fate_of
from portal.dossier.queries.links import handed_in, public_links
from portal.plans.models import Item, Plan
from portal.screening.models import Case
from portal.screening.queries import shown_decisions
from portal.screening.words import OUTCOME_TONES, OUTCOMES


def turns_of_items(item_ids: Sequence[int]) -> Mapping[int, Sequence[Turn]]:
    """The released decision with its reason, then each project, being bought or delivered; an item without a decision
    waits for its answer."""
    shown = shown_decisions().where(Case.item_id.in_(item_ids)).subquery()
    linked = public_links().where(ProjectItem.item_id.in_(item_ids)).subquery()
    rows = db.session().execute(
        sa.select(
            Item.id,
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
        .where(Item.id.in_(item_ids), handed_in())
        .order_by(Item.id, Project.position)
    )
    found: dict[int, list[Turn]] = {}
    for row in rows:
        if row.id not in found:
            found[row.id] = [
                Turn(str(LABELS[Fate.WAITING]), TONES[Fate.WAITING])
                if row.outcome is None
                else Turn(str(OUTCOMES[row.outcome]), OUTCOME_TONES[row.outcome], row.reason or "")
            ]
        if row.project_id is not None:
            fate = fate_of(
                row.outcome,
                in_project=True,
                is_buying=bool(row.is_buying),
                is_delivered=bool(row.is_delivered),
            )
            turn = Turn(
                str(LABELS[fate]),
                TONES[fate],
                row.project,
                "actionplan.project",
                "project_id",
                row.project_id,
            )
            found[row.id].append(turn)
    return found
