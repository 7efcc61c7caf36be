"""The strategies an item may serve: trees in force, lines to choose from, the way down to a line."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import sqlalchemy as sa

from portal.core import db
from portal.cycles.models import Cycle
from portal.plans.models import Plan
from portal.screening.models import Case
from portal.screening.policy import Docket
from portal.strategy import queries as strategy
from portal.strategy.models import Indicator, Level, Node

MOST_LINES = 60

_LINE = (Node.id, Node.parent_id, Node.number, Node.title, Node.title_en, Node.depth, Node.tree_id)


def strategy_trees(district_id: int, fiscal_year: int) -> dict[str, list[int]]:
    """Ids of the published trees to plan by in a fiscal year: the district's own under ``area``, the city's under
    ``city``."""
    trees: dict[str, list[int]] = {"area": [], "city": []}
    for row in strategy.trees_for(district_id, fiscal_year):
        trees["city" if row.district_id is None else "area"].append(row.id)
    return trees


def branches(node_ids: Iterable[int | None]) -> dict[int, list[Any]]:
    """The way from the root down to each of some nodes (leaf_id, id, number, title, title_en, depth, level_th,
    level_en, tree_id), by node: one query for the area's and the city's together."""
    wanted = [node_id for node_id in node_ids if node_id is not None]
    if not wanted:
        return {}
    leaf = sa.select(Node.id.label("leaf_id"), *_LINE).where(Node.id.in_(wanted))
    way = leaf.cte("way", recursive=True)
    way = way.union_all(sa.select(way.c.leaf_id, *_LINE).join(way, Node.id == way.c.parent_id))
    rows = db.session().execute(
        sa.select(way, Level.name_th.label("level_th"), Level.name_en.label("level_en"))
        .outerjoin(Level, sa.and_(Level.tree_id == way.c.tree_id, Level.depth == way.c.depth))
        .order_by(way.c.leaf_id, way.c.depth)
    )
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.leaf_id, []).append(row)
    return found


class StrategyLine(NamedTuple):
    """A line to choose, with the lines above it, its indicators, and how many other items of the cycle were
    put under it by the desk."""

    id: int
    number: str
    title: str
    title_en: str
    above: tuple[Any, ...]
    indicators: tuple[str, ...] = ()
    serving: int = 0


def nodes_to_choose(docket: Docket, which: str, text: str) -> tuple[list[StrategyLine], bool]:
    """Lines of the area's ("area") or the city's ("city") strategy that fit ``text``, in the order of print, and
    whether there are more than are shown."""
    year = db.session().scalar(sa.select(Cycle.fiscal_year).where(Cycle.id == docket.cycle_id)) or 0
    rows = strategy.nodes_of(strategy_trees(docket.case.district_id, year)[which])
    by_id = {row.id: row for row in rows}
    fitting = strategy.matching(rows, text)
    found = [
        StrategyLine(row.id, row.number, row.title, row.title_en, strategy.lines_above(row, by_id))
        for row in rows
        if row.id in fitting
    ]
    return _told(docket, which, found[:MOST_LINES]), len(found) > MOST_LINES


def _told(docket: Docket, which: str, lines: list[StrategyLine]) -> list[StrategyLine]:
    """The lines with their indicators and what else serves them: two queries."""
    ids = [line.id for line in lines]
    indicators: dict[int, list[str]] = {}
    for row in db.session().execute(
        sa.select(Indicator.node_id, Indicator.title).where(Indicator.node_id.in_(ids)).order_by(Indicator.id)
    ):
        indicators.setdefault(row.node_id, []).append(row.title)
    column = Case.city_node_id if which == "city" else Case.area_node_id
    serving = dict(
        db.session()
        .execute(
            sa.select(column, sa.func.count())
            .join(Plan, Plan.id == Case.plan_id)
            .where(column.in_(ids), Plan.cycle_id == docket.cycle_id, Case.id != docket.case.id)
            .group_by(column)
        )
        .all()
    )
    return [
        line._replace(indicators=tuple(indicators.get(line.id, ())), serving=serving.get(line.id, 0))
        for line in lines
    ]
