"""What became of the ideas of a district's year, or of one community's: counted by the database, listed page by page.

Public facts only, the same for everybody: items of plans that were handed in, decisions released by now, projects of
action plans from their hearing on. Everything else is an idea without an answer yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.actionplan.models import Project, ProjectItem
from portal.core import db, paging
from portal.dossier.fate import ELSEWHERE, Fate
from portal.dossier.flow import REACHED, Count, Part
from portal.dossier.queries.links import public_links
from portal.forums.models import Forum, ForumState, Issue, Side
from portal.places.models import Community
from portal.plans.models import Item, Plan
from portal.plans.policy import is_handed_in, is_taken_back
from portal.procurement.models import Process, ProcessProject, ProcessState
from portal.screening.models import Case
from portal.screening.queries import shown_decisions

PAGE = 20
MOST = 20_000


def _plans(cycle_id: Any, community_id: Any | None) -> Any:
    plans = sa.select(Plan.id).where(Plan.cycle_id == cycle_id)
    return plans if community_id is None else plans.where(Plan.community_id == community_id)


def ways(cycle_id: Any, community_id: Any | None = None) -> Any:
    """A subquery with one row for each idea of a cycle (of one community): item_id, community_id, side, title, rank,
    issue_id, asked, accepted, planned (satang), reason, outcome, released_at, project_id (its first), projects, fate."""
    # Narrowed from inside: a database works such a part out as a whole before it joins it.
    plans = _plans(cycle_id, community_id)
    items = sa.select(Item.id).where(Item.plan_id.in_(plans))
    shown = shown_decisions().where(Case.plan_id.in_(plans)).subquery()
    linked = public_links().where(ProjectItem.item_id.in_(items)).subquery()

    def ever(fact: Any) -> Any:
        return sa.func.max(sa.cast(fact, sa.Integer))

    ties = (
        sa.select(
            linked.c.item_id,
            sa.func.sum(linked.c.amount_satang).label("planned"),
            sa.func.min(linked.c.project_id).label("project_id"),
            sa.func.count().label("projects"),
            ever(linked.c.is_buying).label("is_buying"),
            ever(linked.c.is_contracted).label("is_contracted"),
            ever(linked.c.is_delivered).label("is_delivered"),
        )
        .group_by(linked.c.item_id)
        .subquery()
    )
    fate = sa.case(
        (is_taken_back(), Fate.WITHDRAWN.value),
        (ties.c.is_delivered == 1, Fate.DELIVERED.value),
        (ties.c.is_contracted == 1, Fate.CONTRACTED.value),
        (ties.c.is_buying == 1, Fate.BUYING.value),
        (ties.c.item_id.is_not(None), Fate.IN_PLAN.value),
        (shown.c.outcome.is_(None), Fate.WAITING.value),
        *[(shown.c.outcome == outcome, fate.value) for outcome, fate in ELSEWHERE.items()],
        else_=Fate.ACCEPTED.value,
    )
    return (
        sa.select(
            Item.id.label("item_id"),
            Item.kept_title.label("title"),
            Item.kept_side.label("side"),
            Item.rank,
            Item.issue_id,
            Plan.community_id,
            Item.kept_satang.label("asked"),
            shown.c.accepted_satang.label("accepted"),
            shown.c.outcome,
            shown.c.reason,
            shown.c.released_at,
            ties.c.planned,
            ties.c.project_id,
            sa.func.coalesce(ties.c.projects, 0).label("projects"),
            fate.label("fate"),
        )
        .select_from(Item)
        .join(Plan, Plan.id == Item.plan_id)
        .outerjoin(shown, shown.c.item_id == Item.id)
        .outerjoin(ties, ties.c.item_id == Item.id)
        .where(Plan.id.in_(plans), is_handed_in())
        .subquery("ways")
    )


@db.prepared
def _counts(is_one: bool, *, cycle_id: Any, community_id: Any) -> Any:
    way = ways(cycle_id, community_id if is_one else None)
    keyed = sa.select(*way.c, way.c.issue_id.is_not(None).label("from_forum")).subquery()
    keys = (keyed.c.community_id, keyed.c.fate, keyed.c.from_forum)

    def total(column: Any) -> Any:
        return sa.cast(sa.func.coalesce(sa.func.sum(column), 0), sa.BigInteger)

    return sa.select(
        *keys, sa.func.count(), total(keyed.c.asked), total(keyed.c.accepted), total(keyed.c.planned)
    ).group_by(*keys)


def counts(cycle_id: int, community_id: int | None = None) -> list[Count]:
    """A year's ideas counted by community, by what became of them, and by whether they began at a forum."""
    rows = _counts(community_id is not None, cycle_id=cycle_id, community_id=community_id)
    return [Count(row[0], Fate(row[1]), bool(row[2]), *row[3:]) for row in rows]


def _begun(plans: Any) -> Any:
    """The issues that public ideas began with: issue_id."""
    return (
        sa.select(Item.issue_id)
        .join(Plan, Plan.id == Item.plan_id)
        .where(Item.plan_id.in_(plans), is_handed_in(), Item.issue_id.is_not(None))
    )


def _issues(cycle_id: Any, community_id: Any | None) -> tuple[Any, Any]:
    """A year's issues (Issue ⋈ Forum ⟕ taken_up): of its recorded forums, and of any other forum that an idea of the
    year began at. ``taken_up`` is the first public idea of each, as (issue_id, item_id)."""
    begun = _begun(_plans(cycle_id, community_id))
    taken = begun.add_columns(sa.func.min(Item.id).label("item_id")).group_by(Item.issue_id)
    taken = taken.subquery("taken_up")
    raised = sa.select(Issue.id).join(Forum, Forum.id == Issue.forum_id).where(Forum.cycle_id == cycle_id)
    source = (
        sa.select(Issue.id)
        .join(Forum, Forum.id == Issue.forum_id)
        .outerjoin(taken, taken.c.issue_id == Issue.id)
        # Each found by its own index: "or" would read the issues of the whole city.
        .where(Forum.state == ForumState.RECORDED, Issue.id.in_(raised.union(begun)))
    )
    if community_id is not None:
        source = source.where(Forum.community_id == community_id)
    return source, taken


@db.prepared
def _issue_counts(is_one: bool, *, cycle_id: Any, community_id: Any) -> Any:
    source, taken = _issues(cycle_id, community_id if is_one else None)
    return source.with_only_columns(sa.func.count(), sa.func.count(taken.c.item_id))


def issue_counts(cycle_id: int, community_id: int | None = None) -> tuple[int, int]:
    """How many issues the forums of a year raised, and how many of them became an idea that was handed in."""
    row = _issue_counts(community_id is not None, cycle_id=cycle_id, community_id=community_id).one()
    return int(row[0]), int(row[1])


class Lots(NamedTuple):
    """The projects and contracts that ideas are in, as wholes: other money may be in them. Satang."""

    projects: int
    budget: int
    contracts: int
    contracted: int
    paid: int


@db.prepared
def _lots(is_one: bool, *, cycle_id: Any, community_id: Any) -> Any:
    plans = _plans(cycle_id, community_id if is_one else None)
    items = sa.select(Item.id).where(Item.plan_id.in_(plans), Item.withdrawn_at.is_(None))
    projects = public_links().where(ProjectItem.item_id.in_(items)).with_only_columns(Project.id)
    bought = sa.select(ProcessProject.process_id).where(ProcessProject.project_id.in_(projects))
    signed = sa.and_(
        Process.id.in_(bought),
        Process.state != ProcessState.CANCELLED,
        Process.contract_satang.is_not(None),
    )

    def total(column: Any) -> Any:
        return sa.cast(sa.func.coalesce(sa.func.sum(column), 0), sa.BigInteger)

    none = sa.cast(sa.literal(0), sa.BigInteger)
    return sa.union_all(
        sa.select(sa.func.count().label("number"), total(Project.budget_satang).label("money"), none).where(
            Project.id.in_(projects)
        ),
        sa.select(sa.func.count(), total(Process.contract_satang), total(Process.paid_satang)).where(signed),
    )


def lots(cycle_id: int, community_id: int | None = None) -> Lots:
    """The public projects that a year's ideas feed, and the contracts signed for them."""
    rows = _lots(community_id is not None, cycle_id=cycle_id, community_id=community_id).all()
    return Lots(rows[0][0], rows[0][1], *rows[1])


class Wanted(NamedTuple):
    """What of a year's list to show: the part or fate, one side, and a word of the title or the problem."""

    part: Part | Fate = Part.IDEAS
    side: Side | None = None
    typed: str = ""


def _holding(column: Any, typed: str) -> Any:
    return column.icontains(typed, autoescape=True)


def _idea_rows(cycle_id: int, community_id: int | None, wanted: Wanted) -> Any:
    way = ways(cycle_id, community_id)
    fates = {wanted.part} if isinstance(wanted.part, Fate) else REACHED[wanted.part]
    statement = (
        sa.select(
            *way.c,
            Community.name.label("community"),
            Community.sort_key,
            Project.name.label("project"),
            Forum.id.label("forum_id"),
            Forum.starts_at.label("forum_at"),
        )
        .join(Community, Community.id == way.c.community_id)
        .outerjoin(Project, Project.id == way.c.project_id)
        .outerjoin(Issue, Issue.id == way.c.issue_id)
        .outerjoin(Forum, Forum.id == Issue.forum_id)
    )
    if len(fates) < len(Fate):
        statement = statement.where(way.c.fate.in_(sorted(fates)))
    if wanted.part is Part.FROM_FORUM:
        statement = statement.where(way.c.issue_id.is_not(None))
    if wanted.side is not None:
        statement = statement.where(way.c.side == wanted.side)
    if wanted.typed:
        statement = statement.where(_holding(way.c.title, wanted.typed))
    return statement, [(Community.sort_key, "asc"), (way.c.rank, "asc"), (way.c.item_id, "asc")]


def _issue_rows(cycle_id: int, community_id: int | None, wanted: Wanted) -> Any:
    source, taken = _issues(cycle_id, community_id)
    item = aliased(Item)
    statement = (
        source.outerjoin(item, item.id == taken.c.item_id)
        .outerjoin(Community, Community.id == Forum.community_id)
        .with_only_columns(
            Issue.id.label("issue_id"),
            Issue.problem,
            Issue.proposal,
            Issue.side,
            Issue.votes,
            Issue.raised_by,
            Forum.id.label("forum_id"),
            Forum.starts_at.label("forum_at"),
            Community.name.label("community"),
            item.id.label("item_id"),
            item.kept_title.label("title"),
        )
    )
    if wanted.part is Part.TAKEN_UP:
        statement = statement.where(taken.c.item_id.is_not(None))
    if wanted.part is Part.LEFT:
        statement = statement.where(taken.c.item_id.is_(None))
    if wanted.side is not None:
        statement = statement.where(Issue.side == wanted.side)
    if wanted.typed:
        statement = statement.where(_holding(Issue.problem, wanted.typed))
    return statement, [(Issue.id.label("issue_id"), "asc")]


def rows(cycle_id: int, community_id: int | None, wanted: Wanted, cursor: str | None) -> paging.Slice:
    """A page of the list behind a figure: ideas in the order of communities and ranks, or issues as they were raised."""
    build = _issue_rows if wanted.part in (Part.RAISED, Part.TAKEN_UP, Part.LEFT) else _idea_rows
    statement, order = build(cycle_id, community_id, wanted)
    return paging.keyset(statement, order, cursor=cursor, size=PAGE)


def every_idea(cycle_id: int, community_id: int | None = None) -> Sequence[Any]:
    """All ideas of a year for an export, in the order of the list."""
    statement, order = _idea_rows(cycle_id, community_id, Wanted())
    ordered = statement.order_by(*(column for column, _direction in order)).limit(MOST)
    return db.session().execute(ordered).all()


def projects_of(cycle_id: int, community_id: int | None = None) -> dict[int, list[Any]]:
    """By item, the public projects it feeds: item_id, project_id, name, amount_satang."""
    plans = _plans(cycle_id, community_id)
    linked = (
        public_links()
        .where(ProjectItem.item_id.in_(sa.select(Item.id).where(Item.plan_id.in_(plans))))
        .subquery()
    )
    found: dict[int, list[Any]] = {}
    for row in db.session().execute(
        sa.select(linked.c.item_id, linked.c.project_id, Project.name, linked.c.amount_satang)
        .join(Project, Project.id == linked.c.project_id)
        .order_by(linked.c.item_id, Project.position, Project.id)
    ):
        found.setdefault(row.item_id, []).append(row)
    return found


def communities_of(district_id: int) -> Sequence[Any]:
    """A district's communities (id, name) in Thai order."""
    return _communities(district_id=district_id).all()


@db.prepared
def _communities(*, district_id: Any) -> Any:
    return (
        sa.select(Community.id, Community.name)
        .where(Community.district_id == district_id)
        .order_by(Community.sort_key, Community.id)
    )
