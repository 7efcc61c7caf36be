"""A district and a community, each in a bounded number of queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.actionplan.models import ActionPlan, ActionPlanEdition, Project, ProjectItem
from portal.actionplan.policy import is_in_force, is_tied
from portal.core import clock, db
from portal.core.errors import NotFound
from portal.core.memo import shared
from portal.cycles.models import Cycle, Phase
from portal.cycles.queries import Window
from portal.dossier.fate import Fate, fate_of
from portal.dossier.queries.links import open_plan, public_links
from portal.forums.models import Forum, ForumState, Side
from portal.places.models import Community, CommunityState, CommunityType, District
from portal.plans.models import Item, Plan
from portal.plans.policy import is_handed_in, is_standing, is_taken_back
from portal.procurement.models import Process, ProcessState, Step
from portal.screening.models import Case
from portal.screening.queries import shown_decisions
from portal.voting.models import Round, RoundState


@dataclass(frozen=True)
class Year:
    """One cycle of a district with its windows in order."""

    cycle_id: int
    fiscal_year: int
    phases: list[Window]

    @property
    def has_begun(self) -> bool:
        """Whether its first window has started."""
        return bool(self.phases) and min(phase.starts_at for phase in self.phases) <= clock.now()


@db.prepared
def _district(*, code: Any) -> Any:
    return sa.select(*District.__table__.columns).where(District.id == code)


def district(code: int) -> Any:
    """The district of a DOPA code (every column). Raises NotFound."""
    found = _district(code=code).first()
    if found is None:
        raise NotFound
    return found


@db.prepared
def _years_of(*, district_id: Any) -> Any:
    return (
        sa.select(Cycle.id, Cycle.fiscal_year, Phase.kind, Phase.starts_at, Phase.ends_at, Phase.edition_id)
        .outerjoin(Phase, Phase.cycle_id == Cycle.id)
        .where(Cycle.district_id == district_id)
        .order_by(Cycle.fiscal_year.desc(), Phase.starts_at, Phase.ends_at)
    )


@shared
def years_of(district_id: int) -> list[Year]:
    """A district's cycles, newest first, each with its windows."""
    rows = _years_of(district_id=district_id)
    years: dict[int, Year] = {}
    for cycle_id, fiscal_year, *window in rows:
        year = years.setdefault(cycle_id, Year(cycle_id, fiscal_year, []))
        if window[0] is not None:
            year.phases.append(Window(*window))
    return list(years.values())


def chosen_year(years: Sequence[Year], fiscal_year: int | None) -> Year | None:
    """The year asked for; else the one being planned: the newest that has begun; else the newest."""
    asked = next((year for year in years if year.fiscal_year == fiscal_year), None)
    begun = next((year for year in years if year.has_begun), None)
    return asked or begun or next(iter(years), None)


@dataclass(frozen=True)
class Ideas:
    """Items of a district's cycle counted: by fate, and by side with satang asked for and accepted."""

    fates: dict[Fate, int]
    sides: dict[Side, tuple[int, int, int]]

    @property
    def total(self) -> int:
        """How many items there are."""
        return sum(self.fates.values())


@db.prepared
def _ideas_of(*, cycle_id: Any) -> Any:
    # Narrowed from inside: a database works such a part out as a whole before it joins it.
    plans = sa.select(Plan.id).where(Plan.cycle_id == cycle_id)
    items = sa.select(Item.id).where(Item.plan_id.in_(plans))
    shown = shown_decisions().where(Case.plan_id.in_(plans)).subquery()
    linked = public_links().where(ProjectItem.item_id.in_(items)).subquery()
    ties = (
        sa.select(
            linked.c.item_id,
            sa.func.max(sa.cast(linked.c.is_buying, sa.Integer)).label("is_buying"),
            sa.func.max(sa.cast(linked.c.is_contracted, sa.Integer)).label("is_contracted"),
            sa.func.max(sa.cast(linked.c.is_delivered, sa.Integer)).label("is_delivered"),
        )
        .group_by(linked.c.item_id)
        .subquery()
    )
    keys = (
        Item.kept_side,
        shown.c.outcome,
        ties.c.item_id.is_not(None),
        ties.c.is_buying,
        ties.c.is_contracted,
        ties.c.is_delivered,
    )
    return (
        sa.select(
            *keys,
            sa.func.count(),
            sa.func.sum(Item.kept_satang),
            sa.func.coalesce(sa.func.sum(shown.c.accepted_satang), 0),
        )
        .select_from(Item)
        .join(Plan, Plan.id == Item.plan_id)
        .outerjoin(shown, shown.c.item_id == Item.id)
        .outerjoin(ties, ties.c.item_id == Item.id)
        .where(Plan.cycle_id == cycle_id, is_handed_in(), ~is_taken_back())
        .group_by(*keys)
    )


@shared
def ideas_of(cycle_id: int) -> Ideas:
    """What became of a cycle's items, without reading them one by one."""
    rows = _ideas_of(cycle_id=cycle_id)
    fates: dict[Fate, int] = {}
    sides: dict[Side, tuple[int, int, int]] = {}
    for side, outcome, in_project, is_buying, is_contracted, is_delivered, number, asked, accepted in rows:
        fate = fate_of(
            outcome,
            in_project=in_project,
            is_buying=bool(is_buying),
            is_contracted=bool(is_contracted),
            is_delivered=bool(is_delivered),
        )
        fates[fate] = fates.get(fate, 0) + number
        before = sides.get(side, (0, 0, 0))
        sides[side] = (before[0] + number, before[1] + int(asked), before[2] + int(accepted))
    return Ideas(fates, sides)


@db.prepared
def _communities_with_plans(*, district_id: Any, cycle_id: Any) -> Any:
    items = (
        sa.select(
            Item.plan_id,
            sa.func.count().label("item_count"),
            sa.func.sum(Item.kept_satang).label("asked_satang"),
        )
        .join(Plan, Plan.id == Item.plan_id)
        .where(Plan.cycle_id == cycle_id, is_handed_in(), ~is_taken_back())
        .group_by(Item.plan_id)
        .subquery()
    )
    return (
        sa.select(
            Community.id,
            Community.name,
            Community.name_quality,
            CommunityType.name_th.label("type_th"),
            CommunityType.name_en.label("type_en"),
            Plan.id.label("plan_id"),
            Plan.state.label("plan_state"),
            is_standing().label("is_standing"),
            Plan.submitted_at,
            items.c.item_count,
            items.c.asked_satang,
        )
        .outerjoin(CommunityType, CommunityType.id == Community.type_id)
        .outerjoin(
            Plan,
            sa.and_(
                Plan.community_id == Community.id,
                Plan.cycle_id == cycle_id,
                Plan.submitted_at.is_not(None),
            ),
        )
        .outerjoin(items, items.c.plan_id == Plan.id)
        .where(Community.district_id == district_id, Community.state != CommunityState.DISSOLVED)
        .order_by(Community.sort_key, Community.id)
    )


@shared
def communities_with_plans(district_id: int, cycle_id: int | None) -> Sequence[Any]:
    """A district's communities in Thai order with their public plan of a cycle: id, name, name_quality, type, plan_id,
    plan_state, is_standing, submitted_at (None without a plan), item_count, asked_satang (None unless it stands)."""
    return _communities_with_plans(district_id=district_id, cycle_id=cycle_id).all()


@db.prepared
def _action_plan_of(*, cycle_id: Any) -> Any:
    projects = (
        # What the edition in force names, also while the next one is prepared.
        sa.select(
            Project.action_plan_id,
            sa.func.count().label("project_count"),
            sa.func.coalesce(sa.func.sum(Project.budget_satang), 0).label("budget_satang"),
        )
        .join(ActionPlan, ActionPlan.id == Project.action_plan_id)
        .where(ActionPlan.cycle_id == cycle_id, is_in_force())
        .group_by(Project.action_plan_id)
        .subquery()
    )
    from_items = (
        sa.select(sa.func.coalesce(sa.func.sum(ProjectItem.amount_satang), 0))
        .join(Project, Project.id == ProjectItem.project_id)
        .where(Project.action_plan_id == ActionPlan.id, is_tied())
        .correlate(ActionPlan)
        .scalar_subquery()
    )
    edition = (
        sa.select(sa.func.max(ActionPlanEdition.number))
        .where(ActionPlanEdition.action_plan_id == ActionPlan.id)
        .scalar_subquery()
    )
    return (
        sa.select(
            ActionPlan.id,
            ActionPlan.state,
            ActionPlan.hearing_opened_at,
            ActionPlan.published_at,
            sa.func.coalesce(projects.c.project_count, 0).label("project_count"),
            sa.func.coalesce(projects.c.budget_satang, 0).label("budget_satang"),
            from_items.label("community_satang"),
            edition.label("edition"),
        )
        .outerjoin(projects, projects.c.action_plan_id == ActionPlan.id)
        .where(ActionPlan.cycle_id == cycle_id, open_plan())
    )


@shared
def action_plan_of(cycle_id: int) -> Any | None:
    """The public action plan of a cycle: id, state, published_at, project_count, budget_satang, community_satang (what
    of it comes from community items), edition (the number of the one in force); None while there is none to see."""
    return _action_plan_of(cycle_id=cycle_id).first()


@db.prepared
def _to_take_part(limit: int, *, district_id: Any) -> Any:
    forums = (
        sa.select(
            sa.literal("forum").label("kind"),
            Forum.id,
            Forum.title,
            Forum.starts_at,
            Forum.ends_at,
            Forum.place,
            sa.cast(sa.null(), sa.BigInteger()).label("satang"),
        )
        .where(
            Forum.district_id == district_id,
            Forum.state == ForumState.ANNOUNCED,
            Forum.ends_at > db.NOW,
        )
        .order_by(Forum.starts_at, Forum.id)
    )
    votes = (
        sa.select(
            sa.literal("vote").label("kind"),
            Round.id,
            Round.title,
            Round.opens_at.label("starts_at"),
            Round.closes_at.label("ends_at"),
            sa.cast(sa.null(), sa.Text()).label("place"),
            Round.envelope_satang.label("satang"),
        )
        .where(
            sa.or_(Round.district_id == district_id, Round.district_id.is_(None)),
            Round.state == RoundState.PUBLISHED,
            Round.closes_at > db.NOW,
        )
        .order_by(Round.closes_at, Round.id)
    )
    return sa.union_all(*(sa.select(part.limit(limit).subquery()) for part in (votes, forums)))


@shared
def to_take_part(district_id: int, limit: int = 4) -> Sequence[Any]:
    """What people of a district can take part in next: published votes that have not closed, and announced forums of
    the district and its communities: kind, id, title, starts_at, ends_at, place, satang."""
    return _to_take_part(limit, district_id=district_id).all()


@db.prepared
def _procurement_steps(limit: int, *, district_id: Any) -> Any:
    ahead = (
        sa.select(
            Step.process_id,
            Step.kind,
            Step.planned_on,
            sa.func.row_number().over(partition_by=Step.process_id, order_by=Step.position).label("place"),
        )
        .join(Process, Process.id == Step.process_id)
        .where(
            Process.district_id == district_id,
            Process.state == ProcessState.RUNNING,
            Step.actual_on.is_(None),
            ~Step.is_skipped,
        )
        .subquery()
    )
    return (
        sa.select(
            Process.id.label("process_id"),
            Process.title,
            Process.budget_satang,
            ahead.c.kind,
            ahead.c.planned_on,
        )
        .join(ahead, ahead.c.process_id == Process.id)
        .where(ahead.c.place == 1)
        .order_by(ahead.c.planned_on.is_(None), ahead.c.planned_on, Process.id)
        .limit(limit)
    )


@shared
def procurement_steps(district_id: int, limit: int = 8) -> Sequence[Any]:
    """The calendar of a district's running processes: each with its next step that is not done: process_id, title,
    budget_satang, kind, planned_on."""
    return _procurement_steps(limit, district_id=district_id).all()


def boundary(phases: Sequence[Window], coming: Sequence[Any] = ()) -> dt.datetime | None:
    """When a page of these windows, forums and votes next changes by itself."""
    now = clock.now()
    edges = [edge for one in (*phases, *coming) for edge in (one.starts_at, one.ends_at) if edge > now]
    return min(edges, default=None)
