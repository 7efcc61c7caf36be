"""The yearly review: the community's earlier plan, what was said of each of its items, what goes on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.accounts.models import Person
from portal.core import db
from portal.cycles.models import Cycle
from portal.plans import policy
from portal.plans.models import Item, Plan, Review


def _earlier_plan(community_id: Any, cycle_id: Any) -> Any:
    year = sa.select(Cycle.fiscal_year).where(Cycle.id == cycle_id).scalar_subquery()
    return (
        sa.select(Plan.id)
        .join(Cycle, Cycle.id == Plan.cycle_id)
        .where(
            Plan.community_id == community_id,
            Cycle.fiscal_year < year,
            policy.is_standing(),
        )
        .order_by(Cycle.fiscal_year.desc())
        .limit(1)
        .scalar_subquery()
    )


@db.prepared
def _items_to_review(*, plan_id: Any, community_id: Any, cycle_id: Any) -> Any:
    carried = aliased(Item)
    earlier = (
        sa.select(Item.id)
        .join(Plan, Plan.id == Item.plan_id)
        .where(
            Item.plan_id == _earlier_plan(community_id, cycle_id),
            Item.withdrawn_at.is_(None),
            policy.is_handed_in(),
        )
    )
    marked = sa.select(Review.item_id).where(Review.plan_id == plan_id)
    return (
        sa.select(
            Item.id.label("item_id"),
            Item.title,
            Item.side,
            Item.rank,
            Item.budget_satang,
            Cycle.fiscal_year,
            Review.mark,
            Review.reason,
            sa.func.coalesce(Review.version_id, 0).label("version"),
            Review.marked_at,
            Person.display_name.label("marked_by"),
            carried.id.label("carried_id"),
            (carried.changed_at == carried.created_at).label("is_as_it_was"),
        )
        .join(Plan, Plan.id == Item.plan_id)
        .join(Cycle, Cycle.id == Plan.cycle_id)
        .outerjoin(Review, sa.and_(Review.item_id == Item.id, Review.plan_id == plan_id))
        .outerjoin(Person, Person.id == Review.marked_by)
        .outerjoin(
            carried,
            sa.and_(
                carried.continues_id == Item.id,
                carried.plan_id == plan_id,
                carried.withdrawn_at.is_(None),
            ),
        )
        .where(Item.id.in_(sa.union_all(earlier, marked)))
        .order_by(Item.rank, Item.id)
    )


def items_to_review(plan: Any) -> Sequence[Any]:
    """Every item of the newest plan the community handed in for an earlier year, with what the review says of it, by
    rank there: (item_id, title, side, rank, budget_satang, fiscal_year, mark, reason, version, marked_at, marked_by,
    carried_id: its successor in this plan, is_as_it_was: the successor has not been written since). Empty for a first
    plan."""
    return _items_to_review(plan_id=plan.id, community_id=plan.community_id, cycle_id=plan.cycle_id).all()
