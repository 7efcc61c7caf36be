"""What is done under a line of the strategy and all lines below it: accepted items, projects, contracts, measures."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple

import sqlalchemy as sa

from portal.actionplan.models import ActionPlan, Project, ProjectItem, ProjectNode
from portal.actionplan.policy import is_in_force
from portal.core import db, paging
from portal.cycles.models import Cycle
from portal.dossier.queries.links import open_plan
from portal.places.models import Community, District
from portal.plans.models import Item, Plan
from portal.plans.policy import is_handed_in
from portal.procurement.models import Process, ProcessProject, ProcessState
from portal.screening.models import Case
from portal.screening.queries import shown_decisions
from portal.strategy.models import Indicator, Measure, Node

PAGE = 25


class Part(StrEnum):
    """The lists of the page, each with its own pages."""

    ITEMS = "items"
    PROJECTS = "projects"
    CONTRACTS = "contracts"
    MEASURES = "measures"


class Sum(NamedTuple):
    """How many rows a list has and what they come to in satang."""

    number: int
    satang: int


def _below(node_id: Any) -> Any:
    """The ids of a line and of every line below it."""
    below = sa.select(Node.id).where(Node.id == node_id).cte("below", recursive=True)
    below = below.union_all(sa.select(Node.id).join(below, Node.parent_id == below.c.id))
    return sa.select(below.c.id)


def _accepted(below: Any) -> Any:
    return (
        shown_decisions()
        .where(sa.or_(Case.area_node_id.in_(below), Case.city_node_id.in_(below)))
        .subquery("accepted")
    )


def _items(below: Any) -> tuple[Any, Any]:
    accepted = _accepted(below)
    source = (
        sa.select(Item.id)
        .join(accepted, accepted.c.item_id == Item.id)
        .join(Plan, Plan.id == Item.plan_id)
        .where(is_handed_in(), Item.withdrawn_at.is_(None), accepted.c.accepted_satang.is_not(None))
    )
    return source, accepted.c.accepted_satang


def _projects(below: Any) -> Any:
    serving = sa.select(ProjectNode.project_id).where(ProjectNode.node_id.in_(below))
    return (
        sa.select(Project.id)
        .join(ActionPlan, ActionPlan.id == Project.action_plan_id)
        .where(Project.id.in_(serving), open_plan(), is_in_force())
    )


def _contracts(below: Any) -> Any:
    buying = sa.select(ProcessProject.process_id).where(ProcessProject.project_id.in_(_projects(below)))
    return sa.select(Process.id).where(Process.id.in_(buying))


def _measures(below: Any) -> Any:
    return (
        sa.select(Measure.id)
        .join(Indicator, Indicator.id == Measure.indicator_id)
        .where(Indicator.node_id.in_(below))
    )


@db.prepared
def _sums(*, node_id: Any) -> Any:
    below = _below(node_id)
    items, accepted = _items(below)

    def total(part: Part, source: Any, satang: Any) -> Any:
        summed = sa.cast(sa.func.coalesce(sa.func.sum(satang), 0), sa.BigInteger)
        return source.with_only_columns(
            sa.literal(part.value).label("part"), sa.func.count().label("number"), summed.label("satang")
        )

    signed = sa.case((Process.state != ProcessState.CANCELLED, Process.contract_satang))
    return sa.union_all(
        total(Part.ITEMS, items, accepted),
        total(Part.PROJECTS, _projects(below), Project.budget_satang),
        total(Part.CONTRACTS, _contracts(below), signed),
        total(Part.MEASURES, _measures(below), Measure.budget_satang),
    )


def sums(node_id: int) -> Mapping[Part, Sum]:
    """For each list how long it is and the money in it: accepted, planned, contracted, foreseen by the strategy."""
    return {Part(row.part): Sum(row.number, row.satang) for row in _sums(node_id=node_id)}


_PLACE = (District.name_th, District.name_en, Cycle.fiscal_year)


def _item_rows(below: Any) -> tuple[Any, list[tuple[Any, str]]]:
    items, accepted = _items(below)
    linked = (
        sa.select(sa.func.count())
        .where(ProjectItem.item_id == Item.id, ProjectItem.project_id.in_(_projects(below)))
        .scalar_subquery()
    )
    statement = (
        items.join(Cycle, Cycle.id == Plan.cycle_id)
        .join(Community, Community.id == Plan.community_id)
        .join(District, District.id == Plan.district_id)
        .with_only_columns(
            Item.id,
            Item.kept_title.label("title"),
            Community.id.label("community_id"),
            Community.name.label("community"),
            *_PLACE,
            accepted.label("satang"),
            linked.label("projects"),
        )
    )
    return statement, [(Cycle.fiscal_year, "desc"), (Item.id, "desc")]


def _project_rows(below: Any) -> tuple[Any, list[tuple[Any, str]]]:
    fed = sa.select(sa.func.count()).where(ProjectItem.project_id == Project.id).scalar_subquery()
    statement = (
        _projects(below)
        .join(Cycle, Cycle.id == ActionPlan.cycle_id)
        .join(District, District.id == Project.district_id)
        .with_only_columns(
            Project.id,
            Project.name,
            Project.code,
            Project.budget_kind,
            Project.budget_satang,
            *_PLACE,
            fed.label("fed"),
        )
    )
    return statement, [(Cycle.fiscal_year, "desc"), (Project.id, "desc")]


def _contract_rows(below: Any) -> tuple[Any, list[tuple[Any, str]]]:
    statement = (
        _contracts(below)
        .join(District, District.id == Process.district_id)
        .with_only_columns(
            Process.id,
            Process.title,
            Process.state,
            Process.supplier,
            Process.budget_satang,
            Process.contract_satang,
            Process.paid_satang,
            District.name_th,
            District.name_en,
        )
    )
    return statement, [(Process.id, "desc")]


def _measure_rows(below: Any) -> tuple[Any, list[tuple[Any, str]]]:
    statement = (
        _measures(below)
        .join(Node, Node.id == Indicator.node_id)
        .with_only_columns(
            Measure.id,
            Measure.title,
            Measure.is_flagship,
            Measure.agency,
            Measure.fiscal_year,
            Measure.budget_satang,
            Measure.budget_words,
            Node.id.label("node_id"),
            Node.number,
        )
    )
    return statement, [(Measure.fiscal_year, "desc"), (Measure.id, "asc")]


_ROWS = {
    Part.ITEMS: _item_rows,
    Part.PROJECTS: _project_rows,
    Part.CONTRACTS: _contract_rows,
    Part.MEASURES: _measure_rows,
}


def rows(part: Part, node_id: int, cursor: str | None) -> paging.Slice:
    """A page of one list, the newest year first; money in satang."""
    statement, order = _ROWS[part](_below(node_id))
    return paging.keyset(statement, order, cursor=cursor, size=PAGE)
