"""Reads of the screening room. What has not been released is in none of the answers meant for other rooms."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from portal.core import clock, db
from portal.places.models import Community
from portal.plans.models import Item, Plan
from portal.screening.models import Appeal, Case, Decision, Outcome

ACCEPTED = (Outcome.ACCEPT, Outcome.ACCEPT_CHANGED)


def case_of_item(item_id: int) -> Case | None:
    """The screening of an item, released or not; for the district's own pages only."""
    return db.session().scalar(sa.select(Case).where(Case.item_id == item_id))


def is_final(case: Case) -> bool:
    """Released, and no appeal is open or possible any more."""
    return bool(
        db.session().scalar(
            sa.select(_final())
            .select_from(Case)
            .outerjoin(Appeal, Appeal.case_id == Case.id)
            .where(Case.id == case.id)
        )
    )


def released_outcomes(item_ids: Iterable[int]) -> dict[int, Any]:
    """By item id, the decision the public may see now: item_id, case_id, outcome, reason_code, reason, changes,
    accepted_satang, merge_into_item_id, agency, agency_reply, defer_to_year, released_at, is_final, was_appealed.

    An item whose decision is not released (yet, or any more) is not in the answer.
    """
    wanted = list(item_ids)
    if not wanted:
        return {}
    rows = db.session().execute(shown_decisions().where(Case.item_id.in_(wanted)))
    return {row.item_id: row for row in rows}


def final_accepted_items(cycle_id: int) -> list[Any]:
    """Items of a cycle whose acceptance is final, in the order of their communities and ranks: item_id, title, side,
    community_id, community, accepted_satang, outcome, case_id. Voting and merging take only these (rulings)."""
    shown = shown_decisions().where(Decision.outcome.in_(ACCEPTED), _final()).subquery()
    return list(
        db.session().execute(
            sa.select(
                Item.id.label("item_id"),
                Item.title,
                Item.side,
                Community.id.label("community_id"),
                Community.name.label("community"),
                shown.c.accepted_satang,
                shown.c.outcome,
                shown.c.case_id,
            )
            .join(shown, shown.c.item_id == Item.id)
            .join(Plan, Plan.id == Item.plan_id)
            .join(Community, Community.id == Plan.community_id)
            .where(Plan.cycle_id == cycle_id)
            .order_by(Community.sort_key, Item.rank, Item.id)
        )
    )


def shown_decisions() -> Any:
    """A SELECT of every decision that is public now (Case ⋈ Decision, with Appeal): the appeal's once that is released,
    else the first. Every public read of a decision begins here."""
    now = clock.now()
    in_force = sa.case((Appeal.released_at <= now, Appeal.decision_id), else_=Case.decision_id)
    return (
        sa.select(
            Case.item_id,
            Case.id.label("case_id"),
            Decision.id.label("decision_id"),
            Decision.outcome,
            Decision.reason_code,
            Decision.reason,
            Decision.changes,
            Decision.accepted_satang,
            Decision.merge_into_item_id,
            Decision.agency,
            Decision.agency_reply,
            Decision.defer_to_year,
            sa.case((Appeal.released_at <= now, Appeal.released_at), else_=Case.released_at).label(
                "released_at"
            ),
            _final().label("is_final"),
            Appeal.id.is_not(None).label("was_appealed"),
        )
        .select_from(Case)
        .outerjoin(Appeal, Appeal.case_id == Case.id)
        .join(Decision, Decision.id == in_force)
        .where(Case.released_at <= now)
    )


def _final() -> sa.ColumnElement[bool]:
    now = clock.now()
    return sa.and_(
        Case.released_at <= now,
        sa.or_(sa.and_(Appeal.id.is_(None), Case.appeals_until <= now), Appeal.released_at <= now),
    )
