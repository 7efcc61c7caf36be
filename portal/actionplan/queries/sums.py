"""The figures of a plan: how the money falls over sides, communities and strategy. While a change is made they are those of
the edition in force."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.actionplan import policy
from portal.actionplan.models import ActionPlan, NotYet, Project, ProjectItem, ProjectNode
from portal.core import db
from portal.core.memo import shared
from portal.places.models import Community
from portal.plans.models import Item, Plan
from portal.strategy.models import Node


@dataclass(frozen=True)
class Totals:
    """Figures of a plan over the projects that stand, or that its edition in force names. ``worded`` have words in place of an amount;
    ``community_projects`` take in at least one item; ``not_yet`` are accepted items with a reason instead."""

    projects: int
    worded: int
    budget_satang: int
    community_satang: int
    community_projects: int
    items: int
    communities: int
    not_yet: int

    @property
    def office_satang(self) -> int:
        """What is not fed by items of communities."""
        return max(self.budget_satang - self.community_satang, 0)


@db.prepared
def _totals(*, plan_id: Any) -> Any:
    live = (
        sa.select(Project.budget_satang)
        .join(ActionPlan, ActionPlan.id == Project.action_plan_id)
        .where(Project.action_plan_id == plan_id, policy.is_in_force())
        .subquery()
    )
    linked = (
        sa.select(ProjectItem)
        .join(Project, Project.id == ProjectItem.project_id)
        .join(ActionPlan, ActionPlan.id == Project.action_plan_id)
        .where(Project.action_plan_id == plan_id, policy.is_tied())
        .subquery()
    )
    communities = (
        sa.select(sa.func.count(sa.distinct(Plan.community_id)))
        .select_from(linked)
        .join(Item, Item.id == linked.c.item_id)
        .join(Plan, Plan.id == Item.plan_id)
    )
    return sa.select(
        sa.select(sa.func.count()).select_from(live).scalar_subquery(),
        sa.select(sa.func.count()).select_from(live).where(live.c.budget_satang.is_(None)).scalar_subquery(),
        sa.select(sa.func.coalesce(sa.func.sum(live.c.budget_satang), 0)).scalar_subquery(),
        sa.select(sa.func.coalesce(sa.func.sum(linked.c.amount_satang), 0)).scalar_subquery(),
        sa.select(sa.func.count(sa.distinct(linked.c.project_id))).scalar_subquery(),
        sa.select(sa.func.count(sa.distinct(linked.c.item_id))).scalar_subquery(),
        communities.scalar_subquery(),
        sa.select(sa.func.count())
        .select_from(NotYet)
        .where(NotYet.action_plan_id == plan_id)
        .scalar_subquery(),
    )


def totals(plan_id: int) -> Totals:
    """The figures of a plan, in one query."""
    row = _totals(plan_id=plan_id).one()
    return Totals(*(int(value) for value in row))


@db.prepared
def _split_by_side(*, plan_id: Any) -> Any:
    return (
        sa.select(Item.side, sa.func.sum(ProjectItem.amount_satang).label("satang"))
        .join(ProjectItem, ProjectItem.item_id == Item.id)
        .join(Project, Project.id == ProjectItem.project_id)
        .join(ActionPlan, ActionPlan.id == Project.action_plan_id)
        .where(Project.action_plan_id == plan_id, policy.is_tied())
        .group_by(Item.side)
    )


def split_by_side(plan_id: int) -> dict[Any, int]:
    """Satang fed by items of each side; sides without any are left out."""
    rows = _split_by_side(plan_id=plan_id)
    return {row.side: int(row.satang) for row in rows}


@db.prepared
def _nodes_of_plan(*, plan_id: Any) -> Any:
    return (
        sa.select(
            Node.id,
            Node.number,
            Node.title,
            Node.title_en,
            sa.func.count(sa.distinct(Project.id)).label("projects"),
        )
        .join(ProjectNode, ProjectNode.node_id == Node.id)
        .join(Project, Project.id == ProjectNode.project_id)
        .join(ActionPlan, ActionPlan.id == Project.action_plan_id)
        .where(Project.action_plan_id == plan_id, policy.is_in_force())
        .group_by(Node.id, Node.number, Node.title, Node.title_en, Node.tree_id, Node.path)
        .order_by(Node.tree_id, Node.path)
    )


def nodes_of_plan(plan_id: int) -> list[Any]:
    """Strategy nodes that projects of the plan serve: id, number, title, title_en, projects."""
    return list(_nodes_of_plan(plan_id=plan_id))


@db.prepared
def _communities_of_plan(*, plan_id: Any) -> Any:
    return (
        sa.select(
            Community.id,
            Community.name,
            sa.func.count(sa.distinct(Item.id)).label("items"),
            sa.func.sum(ProjectItem.amount_satang).label("satang"),
        )
        .join(Plan, Plan.community_id == Community.id)
        .join(Item, Item.plan_id == Plan.id)
        .join(ProjectItem, ProjectItem.item_id == Item.id)
        .join(Project, Project.id == ProjectItem.project_id)
        .join(ActionPlan, ActionPlan.id == Project.action_plan_id)
        .where(Project.action_plan_id == plan_id, policy.is_tied())
        .group_by(Community.id, Community.name, Community.sort_key)
        .order_by(Community.sort_key, Community.id)
    )


def communities_of_plan(plan_id: int) -> list[Any]:
    """Communities with items in the plan, in Thai order: id, name, items, satang."""
    return list(_communities_of_plan(plan_id=plan_id))


@dataclass(frozen=True)
class Figures:
    """What a plan's page shows of the plan as a whole; ``nodes`` are the strategy nodes its projects serve."""

    totals: Totals
    sides: dict[Any, int]
    communities: list[Any]
    nodes: list[Any]


def figures(plan_id: int) -> Figures:
    """The figures of a plan as they stand."""
    return Figures(
        totals(plan_id), split_by_side(plan_id), communities_of_plan(plan_id), nodes_of_plan(plan_id)
    )


@shared
def shared_figures(plan_id: int) -> Figures:
    """As :func:`figures` of a public plan, shared by its readers for a few seconds."""
    return figures(plan_id)
