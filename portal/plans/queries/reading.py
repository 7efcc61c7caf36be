"""A plan and its items as one person may see them, and what a plan says now."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from portal.core import db
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.cycles.models import Cycle
from portal.places.models import Community, District
from portal.plans import content as science
from portal.plans import policy
from portal.plans.content import Content, ItemData, LineData
from portal.plans.models import (
    BudgetLine,
    Item,
    Plan,
)
from portal.plans.queries.reviews import items_to_review
from portal.strategy.models import Node


def _place_columns() -> tuple[Any, ...]:
    return (
        Community.id.label("community_id"),
        Community.name.label("community"),
        District.name_th.label("district_th"),
        District.name_en.label("district_en"),
        District.code.label("district_code"),
        Cycle.fiscal_year,
    )


def placed(*columns: Any) -> sa.Select[Any]:
    """A SELECT of columns of plans with the names of their places: community_id, community, district_th, district_en, district_code,
    fiscal_year."""
    return (
        sa.select(*columns, *_place_columns())
        .join(Community, Community.id == Plan.community_id)
        .join(District, District.id == Plan.district_id)
        .join(Cycle, Cycle.id == Plan.cycle_id)
    )


def visible_to(actor: Actor) -> sa.ColumnElement[bool]:
    """The SQL filter on :class:`Plan` of what this actor may see."""
    return policy.visible_to(actor)


@db.prepared
def _placed_plan(actor: Actor, *, plan_id: Any) -> Any:
    return placed(Plan).where(Plan.id == plan_id, visible_to(actor))


def placed_plan(actor: Actor, plan_id: int) -> Any:
    """(Plan, community, district_th, district_en, district_code, fiscal_year); NotFound when unseen."""
    row = _placed_plan(actor, plan_id=plan_id).first()
    if row is None:
        raise NotFound
    return row


@db.prepared
def _plain_plan(actor: Actor, *, plan_id: Any) -> Any:
    own = (column for column in Plan.__table__.columns if column.name != "community_id")
    return placed(*own).where(Plan.id == plan_id, visible_to(actor))


def plain_plan(actor: Actor, plan_id: int) -> Any:
    """The plan's columns and its place as one plain row, for pages that only read; NotFound when unseen."""
    row = _plain_plan(actor, plan_id=plan_id).first()
    if row is None:
        raise NotFound
    return row


def place_of(plan: Plan) -> Any:
    """(community, district_th, district_en, district_code, fiscal_year) of a plan, for a caller who may see it."""
    return db.session().execute(placed(Plan.id).where(Plan.id == plan.id)).one()


def get_visible(actor: Actor, plan_id: int) -> Plan:
    """The plan; NotFound when it is missing or unseen."""
    plan: Plan = placed_plan(actor, plan_id).Plan
    return plan


@db.prepared
def _plan_of(*, community_id: Any, cycle_id: Any) -> Any:
    return sa.select(Plan).where(Plan.cycle_id == cycle_id, Plan.community_id == community_id)


def plan_of(community_id: int, cycle_id: int) -> Plan | None:
    """A community's plan for a cycle."""
    return _plan_of(community_id=community_id, cycle_id=cycle_id).scalar()


def items_of(plan_id: int, include_withdrawn: bool = False) -> list[Item]:
    """A plan's items by rank."""
    statement = sa.select(Item).where(Item.plan_id == plan_id).order_by(Item.rank, Item.id)
    if not include_withdrawn:
        statement = statement.where(Item.withdrawn_at.is_(None))
    return list(db.session().scalars(statement))


def lines_of(item_ids: Iterable[int]) -> dict[int, list[BudgetLine]]:
    """Budget lines in their order, by item."""
    ids = list(item_ids)
    found: dict[int, list[BudgetLine]] = {}
    if ids:
        for line in db.session().scalars(
            sa.select(BudgetLine)
            .where(BudgetLine.item_id.in_(ids))
            .order_by(BudgetLine.item_id, BudgetLine.position)
        ):
            found.setdefault(line.item_id, []).append(line)
    return found


@db.prepared
def _placed_item(actor: Actor, *, item_id: Any) -> Any:
    return (
        placed(Item, Plan)
        .join_from(Plan, Item, Item.plan_id == Plan.id)
        .where(Item.id == item_id, policy.visible_to_as_item(actor))
    )


def placed_item(actor: Actor, item_id: int) -> Any:
    """(Item, Plan, community, district_th, …); NotFound when unseen."""
    row = _placed_item(actor, item_id=item_id).first()
    if row is None:
        raise NotFound
    return row


def item_visible(actor: Actor, item_id: int) -> Item:
    """The item; NotFound when it is missing or unseen."""
    item: Item = placed_item(actor, item_id).Item
    return item


@db.prepared
def _content(*, plan_id: Any) -> Any:
    return (
        sa.select(Item, BudgetLine, Node.number, Node.title)
        .outerjoin(BudgetLine, BudgetLine.item_id == Item.id)
        .outerjoin(Node, Node.id == Item.node_id)
        .where(Item.plan_id == plan_id, Item.withdrawn_at.is_(None))
        .order_by(Item.rank, Item.id, BudgetLine.position)
    )


def content_of(plan: Any, to_review: Iterable[Any] | None = None) -> Content:
    """What the plan says now. ``to_review``: the rows of :func:`items_to_review`, if they are at hand."""
    rows = _content(plan_id=plan.id)
    items: dict[int, Item] = {}
    lines: dict[int, list[BudgetLine]] = {}
    nodes: dict[int, str] = {}
    for item, line, number, title in rows:
        items[item.id] = item
        if item.node_id is not None:
            nodes[item.node_id] = f"{number} {title}".strip()
        if line is not None:
            lines.setdefault(item.id, []).append(line)
    reviews = items_to_review(plan) if to_review is None else to_review
    marked = [row for row in reviews if row.mark is not None]
    return science.content(plan, items.values(), lines, marked, nodes)


def content_sha256(plan_id: int) -> str:
    """The hash signatures bind to now."""
    return science.sha256(content_of(db.session().get_one(Plan, plan_id)))


def item_data(item: Item) -> ItemData:
    """What is written about an item, as a form gives it back."""
    lines = tuple(
        LineData(line.what, line.unit, line.quantity_thousandths, line.unit_price_satang)
        for line in lines_of([item.id]).get(item.id, [])
    )
    names = [part.name for part in dataclasses.fields(ItemData) if part.name != "lines"]
    return ItemData(lines=lines, **{name: getattr(item, name) for name in names})


def hinted_line(node_id: int) -> Any:
    """(id, number, title, title_en) of a line of a strategy."""
    line = sa.select(Node.id, Node.number, Node.title, Node.title_en).where(Node.id == node_id)
    return db.session().execute(line).first()
