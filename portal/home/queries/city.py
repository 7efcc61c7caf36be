"""What goes on in the city now. The same for everybody: only what is public is counted or named."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from portal.actionplan.models import ActionPlan, ActionPlanState
from portal.core import clock, db
from portal.core.actor import Actor
from portal.core.memo import shared
from portal.cycles.models import Cycle, Phase, PhaseKind
from portal.cycles.queries import Window
from portal.forums.models import Forum, ForumState
from portal.home.stages import Standing
from portal.places.models import Community, CommunityState, District
from portal.plans import policy as plans_policy
from portal.plans.models import Item, Plan
from portal.procurement.models import Process, ProcessState, Step, StepKind, is_of_whole
from portal.screening.models import Case
from portal.screening.queries import shown_decisions
from portal.voting.models import Round, RoundState

RECENT_DAYS = 21


@db.prepared
def _districts() -> Any:
    return sa.select(
        District.id, District.name_th, District.name_en, District.tile_column, District.tile_row
    ).order_by(District.sort_key)


@shared
def districts() -> Sequence[Any]:
    """The 50 districts in Thai order: id, name_th, name_en, tile_column, tile_row."""
    return _districts().all()


@db.prepared
def _named_communities(community_ids: tuple[int, ...]) -> Any:
    return (
        sa.select(Community.id, Community.name)
        .where(Community.id.in_(community_ids))
        .order_by(Community.sort_key, Community.id)
    )


def own_communities(actor: Actor) -> Sequence[Any]:
    """The communities a person acts for (id, name) in Thai order; asks nothing for all others."""
    own = {grant.community_id for grant in actor.grants if grant.community_id is not None}
    return _named_communities(tuple(sorted(own))).all() if own else ()


@db.prepared
def _standings() -> Any:
    begun = (
        sa.select(Cycle.district_id, sa.func.max(Cycle.fiscal_year).label("fiscal_year"))
        .join(Phase, Phase.cycle_id == Cycle.id)
        .where(Phase.starts_at <= db.NOW)
        .group_by(Cycle.district_id)
        .subquery()
    )
    return (
        sa.select(
            Cycle.district_id,
            Cycle.id,
            Cycle.fiscal_year,
            Phase.kind,
            Phase.starts_at,
            Phase.ends_at,
            Phase.edition_id,
        )
        .join(
            begun,
            sa.and_(begun.c.district_id == Cycle.district_id, begun.c.fiscal_year == Cycle.fiscal_year),
        )
        .join(Phase, Phase.cycle_id == Cycle.id)
        .order_by(Cycle.district_id, Phase.starts_at, Phase.ends_at)
    )


@shared
def standings() -> dict[int, Standing]:
    """By district id, the cycle being planned: the newest fiscal year of which a window has begun."""
    rows = _standings()
    found: dict[int, Standing] = {}
    for district_id, cycle_id, fiscal_year, *window in rows:
        before = found.get(district_id)
        found[district_id] = Standing(
            cycle_id, fiscal_year, (*(before.phases if before else ()), Window(*window))
        )
    return found


class Figures(NamedTuple):
    """The four figures, and what stands on each tile. Money in satang; ``answered`` of ``items`` have a released
    decision; the communities are those entered so far, of ``districts`` districts."""

    communities: int
    districts: int
    plans: int
    asked_satang: int
    items: int
    answered: int
    items_by_district: dict[int, int]


@shared
def figures(cycle_ids: tuple[int, ...]) -> Figures:
    """Counts over the cycles being planned (all of them, one per district)."""
    entered = Community.state != CommunityState.DISSOLVED
    communities = sa.select(sa.func.count()).select_from(Community).where(entered).scalar_subquery()
    districts = sa.select(sa.func.count(sa.distinct(Community.district_id))).where(entered).scalar_subquery()
    handed_in = (Plan.cycle_id.in_(cycle_ids), plans_policy.is_standing())
    plans = sa.select(sa.func.count()).select_from(Plan).where(*handed_in).scalar_subquery()
    released = Case.released_at <= clock.now()
    rows = (
        db.session()
        .execute(
            sa.select(
                Plan.district_id,
                sa.func.count().label("items"),
                sa.func.sum(Item.kept_satang).label("asked"),
                sa.func.count(Case.id).label("answered"),
            )
            .join(Item, Item.plan_id == Plan.id)
            .outerjoin(Case, sa.and_(Case.item_id == Item.id, released))
            .where(*handed_in, ~plans_policy.is_taken_back(), plans_policy.is_handed_in())
            .group_by(Plan.district_id)
        )
        .all()
    )
    totals = (
        db.session()
        .execute(
            sa.select(communities.label("communities"), districts.label("districts"), plans.label("plans"))
        )
        .one()
    )
    return Figures(
        communities=totals.communities,
        districts=totals.districts,
        plans=totals.plans,
        asked_satang=sum(int(row.asked) for row in rows),
        items=sum(row.items for row in rows),
        answered=sum(row.answered for row in rows),
        items_by_district={row.district_id: row.items for row in rows},
    )


class Opening(NamedTuple):
    """Something people can go to or act on now. ``kind``: vote, hearing, draft_tor, forum, results. ``until`` closes it;
    the ``number`` of a draft_tor says whether its ``satang`` are the median price (1) or the budget (0);
    a vote of the whole city has no district."""

    kind: str
    ref_id: int
    title: str
    at: dt.datetime | None
    until: dt.datetime | None
    on: dt.date | None
    satang: int | None
    number: int | None
    place: str | None
    community: str | None
    district_id: int | None


_COLUMNS: tuple[tuple[str, Any], ...] = (
    ("title", sa.Text()),
    ("at", db.UtcInstant()),
    ("until", db.UtcInstant()),
    ("on", sa.Date()),
    ("satang", sa.BigInteger()),
    ("number", sa.BigInteger()),
    ("place", sa.Text()),
    ("community", sa.Text()),
)


def _openings(kind: str, ref_id: Any, district_id: Any, **values: Any) -> sa.Select[Any]:
    return sa.select(
        sa.literal(kind).label("kind"),
        ref_id.label("ref_id"),
        *(
            (values[name] if name in values else sa.cast(sa.null(), type_)).label(name)
            for name, type_ in _COLUMNS
        ),
        district_id.label("district_id"),
    )


@db.prepared
def _open_now(limit: int, *, since: Any) -> Any:
    is_median = is_of_whole(Process.median_price_satang, Process.budget_satang)
    parts = (
        _openings(
            "vote",
            Round.id,
            Round.district_id,
            title=Round.title,
            until=Round.closes_at,
            satang=Round.envelope_satang,
        )
        .where(Round.state == RoundState.PUBLISHED, Round.opens_at <= db.NOW, Round.closes_at > db.NOW)
        .order_by(Round.closes_at, Round.id),
        _openings(
            "hearing", ActionPlan.id, ActionPlan.district_id, until=Phase.ends_at, number=Cycle.fiscal_year
        )
        .join(Cycle, Cycle.id == ActionPlan.cycle_id)
        .join(Phase, sa.and_(Phase.cycle_id == Cycle.id, Phase.kind == PhaseKind.HEARING))
        .where(
            ActionPlan.state == ActionPlanState.HEARING,
            Phase.edition_id.is_not(None),
            Phase.starts_at <= db.NOW,
            Phase.ends_at > db.NOW,
        )
        .order_by(Phase.ends_at, ActionPlan.id),
        _openings(
            "draft_tor",
            Process.id,
            Process.district_id,
            title=Process.title,
            on=Step.ends_on,
            satang=sa.case((is_median, Process.median_price_satang), else_=Process.budget_satang),
            number=sa.case((is_median, 1), else_=0),
        )
        .join(Step, Step.process_id == Process.id)
        .where(
            Step.kind == StepKind.DRAFT_TOR,
            Step.actual_on <= db.TODAY,
            Step.ends_on >= db.TODAY,
            Process.state == ProcessState.RUNNING,
        )
        .order_by(Step.ends_on, Process.id),
        _openings(
            "forum",
            Forum.id,
            Forum.district_id,
            title=Forum.title,
            at=Forum.starts_at,
            until=Forum.ends_at,
            place=Forum.place,
            community=Community.name,
        )
        .outerjoin(Community, Community.id == Forum.community_id)
        .where(Forum.state == ForumState.ANNOUNCED, Forum.ends_at > db.NOW)
        .order_by(Forum.starts_at, Forum.id),
        _openings(
            "results",
            Case.district_id,
            Case.district_id,
            at=sa.func.max(Case.released_at),
            number=sa.func.count(),
        )
        .where(Case.released_at <= db.NOW, Case.released_at > since)
        .group_by(Case.district_id)
        .order_by(sa.func.max(Case.released_at).desc(), Case.district_id),
    )
    return sa.union_all(*(sa.select(part.limit(limit).subquery()) for part in parts))


@shared
def open_now(limit: int = 3) -> list[Opening]:
    """Votes, hearings and draft TORs open now, the next forums, districts whose results were released lately: at most
    ``limit`` of each kind, in one read."""
    since = clock.now() - dt.timedelta(days=RECENT_DAYS)
    return [Opening(*row) for row in _open_now(limit, since=since)]


@db.prepared
def _latest_decisions(limit: int) -> Any:
    newest = (
        sa.select(Case.item_id)
        .where(Case.released_at <= db.NOW)
        .order_by(Case.released_at.desc(), Case.id.desc())
        .limit(limit)
        .subquery()
    )
    shown = shown_decisions().where(Case.item_id.in_(sa.select(newest.c.item_id))).subquery()
    return (
        sa.select(
            Item.id.label("item_id"),
            Item.kept_title.label("title"),
            shown.c.outcome,
            shown.c.reason,
            shown.c.accepted_satang,
            shown.c.released_at,
            Community.name.label("community"),
            Plan.district_id,
        )
        .join(shown, shown.c.item_id == Item.id)
        .join(Plan, Plan.id == Item.plan_id)
        .join(Community, Community.id == Plan.community_id)
        .order_by(shown.c.released_at.desc(), shown.c.case_id.desc())
    )


@shared
def latest_decisions(limit: int = 5) -> Sequence[Any]:
    """The decisions released last: item_id, title, outcome, reason, accepted_satang, released_at, community,
    district_id."""
    return _latest_decisions(limit).all()
