"""Reading plans: which there are, how the money falls, their editions."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.actionplan import policy
from portal.actionplan.models import (
    ActionPlan,
    ActionPlanState,
    NotYet,
    Project,
    ProjectItem,
)
from portal.core import clock, db
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.cycles.models import Cycle, Phase, PhaseKind
from portal.places.models import Community, District
from portal.plans.models import Item, Plan


@db.prepared
def _get_visible(actor: Actor, *, plan_id: Any) -> Any:
    return sa.select(ActionPlan).where(ActionPlan.id == plan_id, policy.visible_to(actor))


def get_visible(actor: Actor, plan_id: int) -> ActionPlan:
    """The plan, if the actor may see it; raises NotFound otherwise."""
    found = _get_visible(actor, plan_id=plan_id).scalar()
    if found is None:
        raise NotFound
    return found


@db.prepared
def _plan_and_heading(actor: Actor, *, plan_id: Any) -> Any:
    return (
        sa.select(ActionPlan, *heading_columns())
        .join(Cycle, Cycle.id == ActionPlan.cycle_id)
        .join(District, District.id == Cycle.district_id)
        .outerjoin(Phase, hearing_phase())
        .where(ActionPlan.id == plan_id, policy.visible_to(actor))
    )


def plan_and_heading(actor: Actor, plan_id: int) -> tuple[ActionPlan, Heading]:
    """The plan and whose it is, in one query; raises NotFound when the actor may not see it."""
    row = _plan_and_heading(actor, plan_id=plan_id).first()
    if row is None:
        raise NotFound
    values: list[Any] = list(row)
    return values[0], Heading(*values[1:])


@db.prepared
def _plain_plan(actor: Actor, *, plan_id: Any) -> Any:
    return (
        sa.select(*ActionPlan.__table__.columns, *heading_columns())
        .select_from(ActionPlan)
        .join(Cycle, Cycle.id == ActionPlan.cycle_id)
        .join(District, District.id == Cycle.district_id)
        .outerjoin(Phase, hearing_phase())
        .where(ActionPlan.id == plan_id, policy.visible_to(actor))
    )


def plain_plan(actor: Actor, plan_id: int) -> tuple[Any, Heading]:
    """As :func:`plan_and_heading` with the plan as a plain row, for pages that only read."""
    row = _plain_plan(actor, plan_id=plan_id).first()
    if row is None:
        raise NotFound
    return row, Heading(*row[-len(heading_columns()) :])


def visible_to(actor: Actor) -> sa.ColumnElement[bool]:
    """The filter on :class:`ActionPlan`: drafts are for the district's officers."""
    return policy.visible_to(actor)


def plan_of_cycle(cycle_id: int) -> ActionPlan | None:
    """The plan of a cycle in any state: ask ``policy.can_see`` before showing it."""
    return db.session().scalar(sa.select(ActionPlan).where(ActionPlan.cycle_id == cycle_id))


@dataclass(frozen=True)
class Heading:
    """Whose plan this is and of which year; ``hearing_starts_at``/``hearing_ends_at`` bound its hearing phase (None: no
    such phase, or its rules were not published in time)."""

    cycle_id: int
    fiscal_year: int
    district_id: int
    code: str
    name_th: str
    name_en: str
    agency_code: str
    hearing_starts_at: dt.datetime | None
    hearing_ends_at: dt.datetime | None

    @property
    def is_hearing_open(self) -> bool:
        """Whether the hearing phase is open now."""
        if self.hearing_starts_at is None or self.hearing_ends_at is None:
            return False
        return self.hearing_starts_at <= clock.now() < self.hearing_ends_at


def heading_columns() -> tuple[Any, ...]:
    """Columns of a :class:`Heading`, from Cycle, District and the outer join of :func:`hearing_phase`."""
    return (
        Cycle.id,
        Cycle.fiscal_year,
        District.id,
        District.code,
        District.name_th,
        District.name_en,
        District.agency_code,
        Phase.starts_at,
        Phase.ends_at,
    )


def hearing_phase() -> sa.ColumnElement[bool]:
    """The join of a Cycle with its hearing phase, if its rules were published."""
    return sa.and_(Phase.cycle_id == Cycle.id, Phase.kind == PhaseKind.HEARING, Phase.edition_id.is_not(None))


def heading(plan: ActionPlan) -> Heading:
    """District, year and hearing days of a plan, in one query."""
    row = (
        db.session()
        .execute(
            sa.select(*heading_columns())
            .select_from(Cycle)
            .join(District, District.id == Cycle.district_id)
            .outerjoin(Phase, hearing_phase())
            .where(Cycle.id == plan.cycle_id)
        )
        .one()
    )
    return Heading(*row)


def years() -> list[int]:
    """Fiscal years (BE) that have a public plan, newest first."""
    return list(
        db.session().scalars(
            sa.select(Cycle.fiscal_year)
            .join(ActionPlan, ActionPlan.cycle_id == Cycle.id)
            .where(ActionPlan.state != ActionPlanState.DRAFT)
            .distinct()
            .order_by(Cycle.fiscal_year.desc())
        )
    )


def plans_in_year(actor: Actor, fiscal_year: int) -> list[Any]:
    """Every district in Thai order with its plan of a year, if there is one to see: name_th, name_en, plan_id, state,
    projects, budget_satang, community_satang; of a plan that is being changed those of the edition in force."""
    projects = (
        sa.select(
            Project.action_plan_id,
            sa.func.count().label("projects"),
            sa.func.coalesce(sa.func.sum(Project.budget_satang), 0).label("budget_satang"),
        )
        .join(ActionPlan, ActionPlan.id == Project.action_plan_id)
        .where(policy.is_in_force())
        .group_by(Project.action_plan_id)
        .subquery()
    )
    links = (
        sa.select(
            Project.action_plan_id,
            sa.func.sum(ProjectItem.amount_satang).label("community_satang"),
        )
        .join(Project, Project.id == ProjectItem.project_id)
        .join(ActionPlan, ActionPlan.id == Project.action_plan_id)
        .where(policy.is_tied())
        .group_by(Project.action_plan_id)
        .subquery()
    )
    seen = (
        sa.select(ActionPlan.id, ActionPlan.state, Cycle.district_id)
        .join(Cycle, Cycle.id == ActionPlan.cycle_id)
        .where(Cycle.fiscal_year == fiscal_year, policy.visible_to(actor))
        .subquery()
    )
    return list(
        db.session().execute(
            sa.select(
                District.id,
                District.name_th,
                District.name_en,
                seen.c.id.label("plan_id"),
                seen.c.state,
                sa.func.coalesce(projects.c.projects, 0).label("projects"),
                sa.func.coalesce(projects.c.budget_satang, 0).label("budget_satang"),
                sa.func.coalesce(links.c.community_satang, 0).label("community_satang"),
            )
            .outerjoin(seen, seen.c.district_id == District.id)
            .outerjoin(projects, projects.c.action_plan_id == seen.c.id)
            .outerjoin(links, links.c.action_plan_id == seen.c.id)
            .order_by(District.sort_key)
        )
    )


def change_in_figures(plan_id: int) -> Any:
    """How many projects a change of a plan adds, takes out and writes otherwise: added, removed, changed."""

    def number(which: Any) -> Any:
        return sa.func.count(sa.case((which, Project.id)))

    added = sa.and_(Project.withdrawn_at.is_(None), ~policy.is_in_force())
    return (
        db.session()
        .execute(
            sa.select(
                number(added).label("added"),
                number(policy.is_leaving()).label("removed"),
                number(Project.pending.is_not(None)).label("changed"),
            )
            .join(ActionPlan, ActionPlan.id == Project.action_plan_id)
            .where(Project.action_plan_id == plan_id)
        )
        .one()
    )


def desk_plans(actor: Actor) -> list[Any]:
    """Cycles of the districts whose plan this actor makes or approves, newest year first: cycle_id, fiscal_year,
    district_id, name_th, name_en, plan_id and state (None: not begun)."""
    return list(
        db.session().execute(
            sa.select(
                Cycle.id.label("cycle_id"),
                Cycle.fiscal_year,
                Cycle.district_id,
                District.name_th,
                District.name_en,
                ActionPlan.id.label("plan_id"),
                ActionPlan.state,
            )
            .join(District, District.id == Cycle.district_id)
            .outerjoin(ActionPlan, ActionPlan.cycle_id == Cycle.id)
            .where(policy.visible_to_desk(actor))
            .order_by(Cycle.fiscal_year.desc(), District.sort_key)
            .limit(60)
        )
    )


def not_yet(item_ids: list[int]) -> dict[int, Any]:
    """By item id, the published reason why an accepted item is in no project (item_id, reason, given_at, plan_id).
    Reasons of a draft are in no answer."""
    if not item_ids:
        return {}
    rows = db.session().execute(
        sa.select(NotYet.item_id, NotYet.reason, NotYet.given_at, NotYet.action_plan_id.label("plan_id"))
        .join(ActionPlan, ActionPlan.id == NotYet.action_plan_id)
        .where(NotYet.item_id.in_(item_ids), ActionPlan.state != ActionPlanState.DRAFT)
    )
    return {row.item_id: row for row in rows}


def not_yet_of_plan(plan_id: int) -> list[Any]:
    """Accepted items of the year that are in no project, with their reason: item_id, title, side, community_id,
    community, reason, given_at, created_by (the item's author), item_topic, plan_topic, community_topic."""
    return list(
        db.session().execute(
            sa.select(
                NotYet.item_id,
                Item.title,
                Item.side,
                Item.created_by,
                Item.topic_id.label("item_topic"),
                Plan.topic_id.label("plan_topic"),
                Community.topic_id.label("community_topic"),
                Community.id.label("community_id"),
                Community.name.label("community"),
                NotYet.reason,
                NotYet.given_at,
            )
            .join(Item, Item.id == NotYet.item_id)
            .join(Plan, Plan.id == Item.plan_id)
            .join(Community, Community.id == Plan.community_id)
            .where(NotYet.action_plan_id == plan_id)
            .order_by(Community.sort_key, Item.rank, Item.id)
        )
    )
