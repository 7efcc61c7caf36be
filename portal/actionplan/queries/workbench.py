"""Reading for the merge workbench, a page at a time: what is left to place, where it may go, what was done last."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.accounts.models import Person
from portal.actionplan import sheet
from portal.actionplan.models import ActionPlan, MergeStep, NotYet, Project, ProjectItem
from portal.actionplan.queries.merging import Accepted
from portal.actionplan.queries.projects import all_links
from portal.core import db, paging, thai
from portal.core.topics import Topic
from portal.cycles import queries as cycles
from portal.cycles.models import PhaseKind
from portal.forums.models import Side
from portal.places.models import Community
from portal.plans.models import Item, Plan
from portal.screening import queries as screening

ITEMS, PROJECTS, STEPS = 30, 20, 6
SHOWS = ("", "placed", "not_yet", "all")


@dataclass(frozen=True)
class Chosen:
    """The filters of the workbench. ``show`` "": items left to place; ``q`` and ``p`` are words in item and project."""

    show: str = ""
    side: Side | None = None
    community: int | None = None
    q: str = ""
    p: str = ""


def _board(plan: ActionPlan) -> Any:
    """Every finally accepted item of the plan's cycle with what became of it. ``place`` sorts: 0 neither in a project
    nor with a reason, 1 in a project with money left over, 2 settled."""
    accepted = screening.shown_decisions().subquery()
    placed = (
        sa.select(
            ProjectItem.item_id,
            sa.func.count().label("links"),
            sa.func.sum(ProjectItem.amount_satang).label("satang"),
        )
        .join(Project, Project.id == ProjectItem.project_id)
        .where(Project.action_plan_id == plan.id, Project.withdrawn_at.is_(None))
        .group_by(ProjectItem.item_id)
        .subquery()
    )
    links = sa.func.coalesce(placed.c.links, 0)
    satang = sa.func.coalesce(placed.c.satang, 0)
    loose = sa.and_(links == 0, NotYet.reason.is_(None))
    partly = sa.and_(links > 0, satang < accepted.c.accepted_satang)
    return (
        sa.select(
            Item.id.label("item_id"),
            Item.title,
            Item.side,
            Item.rank,
            Item.topic_id,
            Community.id.label("community_id"),
            Community.name.label("community"),
            Community.sort_key,
            Community.topic_id.label("community_topic"),
            accepted.c.accepted_satang,
            links.label("links"),
            satang.label("placed_satang"),
            NotYet.reason,
            sa.case((loose, 0), (partly, 1), else_=2).label("place"),
        )
        .join(accepted, accepted.c.item_id == Item.id)
        .join(Plan, Plan.id == Item.plan_id)
        .join(Community, Community.id == Plan.community_id)
        .outerjoin(placed, placed.c.item_id == Item.id)
        .outerjoin(NotYet, sa.and_(NotYet.item_id == Item.id, NotYet.action_plan_id == plan.id))
        .where(
            Plan.cycle_id == plan.cycle_id, accepted.c.outcome.in_(screening.ACCEPTED), accepted.c.is_final
        )
        .subquery()
    )


def _accepted(row: Any) -> Accepted:
    return Accepted(
        item_id=row.item_id,
        title=row.title,
        side=row.side,
        community_id=row.community_id,
        community=row.community,
        accepted_satang=row.accepted_satang,
        placed_satang=int(row.placed_satang),
        links=row.links,
        reason=row.reason,
    )


def accepted(plan: ActionPlan, item_ids: Collection[int]) -> list[Accepted]:
    """Those of these items whose acceptance is final in the plan's cycle, by community and rank, in one query."""
    if not item_ids:
        return []
    board = _board(plan)
    rows = db.session().execute(
        sa.select(board)
        .where(board.c.item_id.in_(list(item_ids)))
        .order_by(board.c.sort_key, board.c.rank, board.c.item_id)
    )
    return [_accepted(row) for row in rows]


def items(plan: ActionPlan, chosen: Chosen, cursor: str | None) -> paging.Slice:
    """A page of items that fit, those left to place first, then by community and rank: :class:`Accepted`."""
    board = _board(plan)
    statement = sa.select(board).where(_shown(board, chosen.show))
    if chosen.side:
        statement = statement.where(board.c.side == chosen.side)
    if chosen.community:
        statement = statement.where(board.c.community_id == chosen.community)
    about, home = aliased(Topic), aliased(Topic)
    for number, term in enumerate(thai.query_terms(chosen.q)):
        if not number:
            statement = statement.join(about, about.id == board.c.topic_id).join(
                home, home.id == board.c.community_topic
            )
        words = sa.literal(" ") + about.tokens + " " + home.tokens
        statement = statement.where(words.contains(f" {term}", autoescape=True))
    order = [
        (board.c.place, "asc"),
        (board.c.sort_key, "asc"),
        (board.c.rank, "asc"),
        (board.c.item_id, "asc"),
    ]
    found = paging.keyset(statement, order, cursor=cursor, size=ITEMS)
    return paging.Slice([_accepted(row) for row in found.rows], found.next_cursor)


def _shown(board: Any, show: str) -> sa.ColumnElement[bool]:
    if show == "placed":
        return board.c.links > 0
    if show == "not_yet":
        return board.c.reason.is_not(None)
    return sa.true() if show == "all" else board.c.place < 2


@dataclass(frozen=True)
class Standing:
    """One community at the workbench: how many of its items are left, how much of its money is in projects."""

    id: int
    name: str
    items: int
    left: int
    settled: int
    accepted_satang: int
    placed_satang: int


@dataclass(frozen=True)
class Tally:
    """The figures above the workbench, satang. ``budget_satang`` is that of all projects that stand; ``envelope`` is what
    the rules the plan is published under give for items in all, ``ceiling`` what those the communities handed in under
    give each of them (0: no limit)."""

    communities: list[Standing]
    budget_satang: int
    envelope_satang: int
    ceiling_satang: int

    @property
    def items(self) -> int:
        return sum(one.items for one in self.communities)

    @property
    def settled(self) -> int:
        return sum(one.settled for one in self.communities)

    @property
    def placed_satang(self) -> int:
        return sum(one.placed_satang for one in self.communities)

    @property
    def over_ceiling(self) -> list[Standing]:
        """Communities whose items take more than the ceiling of one community."""
        if not self.ceiling_satang:
            return []
        return [one for one in self.communities if one.placed_satang > self.ceiling_satang]


def tally(plan: ActionPlan) -> Tally:
    """The figures in three queries."""
    board = _board(plan)
    rows = db.session().execute(
        sa.select(
            board.c.community_id,
            board.c.community,
            sa.func.count(),
            sa.func.sum(sa.case((board.c.place < 2, 1), else_=0)),
            sa.func.sum(sa.case((board.c.place > 0, 1), else_=0)),
            sa.func.sum(board.c.accepted_satang),
            sa.func.sum(board.c.placed_satang),
        )
        .group_by(board.c.community_id, board.c.community, board.c.sort_key)
        .order_by(board.c.sort_key, board.c.community_id)
    )
    communities = [Standing(id_, name, *(int(one) for one in figures)) for id_, name, *figures in rows]
    budgets = db.session().execute(
        sa.select(Project.budget_satang, Project.pending).where(
            Project.action_plan_id == plan.id, Project.withdrawn_at.is_(None)
        )
    )
    rules = cycles.rules_by_phase(plan.cycle_id, PhaseKind.SUBMISSION, PhaseKind.PUBLICATION)
    return Tally(
        communities,
        sum(sheet.laid_over(row).budget_satang or 0 for row in budgets),
        rules[PhaseKind.PUBLICATION].envelope_satang if rules else 0,
        rules[PhaseKind.SUBMISSION].community_ceiling_satang if rules else 0,
    )


def projects(plan: ActionPlan, p: str, cursor: str | None) -> tuple[paging.Slice, Mapping[int, list[Any]]]:
    """A page of the projects that stand and have all words of ``p``, in the plan's order (id, position, code, name,
    kind, budget_kind, budget_satang, as the next edition will have them), and their items by project id: two queries."""
    statement = sa.select(
        Project.id,
        Project.position,
        Project.code,
        Project.name,
        Project.kind,
        Project.budget_kind,
        Project.budget_satang,
        Project.pending,
    ).where(Project.action_plan_id == plan.id, Project.withdrawn_at.is_(None))
    for term in thai.query_terms(p):
        words = sa.literal(" ") + Topic.tokens
        matching = sa.select(Topic.id).where(
            Topic.kind == "project", words.contains(f" {term}", autoescape=True)
        )
        statement = statement.where(Project.topic_id.in_(matching))
    order = [(Project.position, "asc"), (Project.id, "asc")]
    found = paging.keyset(statement, order, cursor=cursor, size=PROJECTS)
    found = paging.Slice([sheet.laid_over(row) for row in found.rows], found.next_cursor)
    links: dict[int, list[Any]] = {}
    for row in _links_in([project.id for project in found.rows]):
        links.setdefault(row.project_id, []).append(row)
    return found, links


def _links_in(project_ids: Iterable[int]) -> Iterable[Any]:
    return db.session().execute(all_links().where(ProjectItem.project_id.in_(list(project_ids))))


def steps(plan_id: int, limit: int = STEPS) -> list[Any]:
    """What was done last at the workbench, newest first: id, act, changes, undoes_id, done_by, done_at, name (who),
    undone_by (the step that took it back)."""
    return list(db.session().execute(_steps(plan_id).order_by(MergeStep.id.desc()).limit(limit)))


def steps_since(plan_id: int, seen: int, limit: int = 200) -> list[Any]:
    """As :func:`steps`, what was done after step ``seen``, oldest first."""
    return list(
        db.session().execute(_steps(plan_id).where(MergeStep.id > seen).order_by(MergeStep.id).limit(limit))
    )


def _steps(plan_id: int) -> Any:
    back = aliased(MergeStep)
    return (
        sa.select(
            MergeStep.id,
            MergeStep.act,
            MergeStep.changes,
            MergeStep.undoes_id,
            MergeStep.done_by,
            MergeStep.done_at,
            Person.display_name.label("name"),
            back.id.label("undone_by"),
        )
        .join(Person, Person.id == MergeStep.done_by)
        .outerjoin(back, back.undoes_id == MergeStep.id)
        .where(MergeStep.action_plan_id == plan_id)
    )
