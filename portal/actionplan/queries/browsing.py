"""Reading for the public pages: projects of a plan by what they serve, one project's page, sheets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.actionplan import policy
from portal.actionplan.models import ActionPlan, Project, ProjectItem, ProjectMoney, ProjectNode
from portal.actionplan.queries.plans import Heading, heading_columns, hearing_phase
from portal.actionplan.queries.projects import shown
from portal.core import db, paging, thai
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.storage import StoredFile
from portal.core.topics import Topic
from portal.cycles.models import Cycle, Phase
from portal.notifications.models import Follow
from portal.places.models import District
from portal.plans.models import Item, Plan
from portal.strategy.models import Node, Tree

PAGE = 25


@dataclass(frozen=True)
class Chosen:
    """The filters of a plan's page; empty ones let everything through. ``node`` includes what lies below it."""

    side: Any = None
    section: Any = None
    kind: Any = None
    community: int | None = None
    node: int | None = None
    q: str = ""

    @property
    def is_narrow(self) -> bool:
        """Whether something else than words is chosen."""
        return any((self.side, self.section, self.kind, self.community, self.node))

    def __bool__(self) -> bool:
        return self.is_narrow or bool(self.q.strip())


_BY_POSITION = [(Project.position, "asc"), (Project.id, "asc")]


@db.prepared
def _projects_in_plan(chosen: Chosen, cursor: str | None, *, plan_id: Any) -> Any:
    items = (
        sa.select(sa.func.count())
        .where(ProjectItem.project_id == Project.id)
        .correlate(Project)
        .scalar_subquery()
    )
    step = (
        sa.select(ProjectMoney.step)
        .where(ProjectMoney.project_id == Project.id)
        .order_by(ProjectMoney.id.desc())
        .limit(1)
        .correlate(Project)
        .scalar_subquery()
    )
    statement = (
        sa.select(
            Project.id,
            Project.position,
            Project.code,
            Project.printed_number,
            Project.name,
            Project.kind,
            Project.section,
            Project.budget_kind,
            Project.budget_satang,
            items.label("items"),
            step.label("step"),
        )
        .join(ActionPlan, ActionPlan.id == Project.action_plan_id)
        .where(Project.action_plan_id == plan_id, policy.is_in_force())
    )
    return paging.one_page(_chosen(statement, chosen), _BY_POSITION, cursor, PAGE)


def projects_in_plan(plan: ActionPlan, chosen: Chosen, cursor: str | None) -> paging.Slice:
    """A page of the projects that stand, or that the edition in force names, and fit, in the plan's order: id, position, code, printed_number, name, kind,
    section, budget_kind, budget_satang, items, step (the last of the money's way)."""
    found = _projects_in_plan(chosen, cursor, plan_id=plan.id)
    return paging.cut(found, _BY_POSITION, PAGE)


def _chosen(statement: Any, chosen: Chosen) -> Any:
    if chosen.section:
        statement = statement.where(Project.section == chosen.section)
    if chosen.kind:
        statement = statement.where(Project.kind == chosen.kind)
    if chosen.side or chosen.community:
        takes = (
            sa.select(ProjectItem.project_id)
            .join(Item, Item.id == ProjectItem.item_id)
            .join(Plan, Plan.id == Item.plan_id)
        )
        if chosen.side:
            takes = takes.where(Item.side == chosen.side)
        if chosen.community:
            takes = takes.where(Plan.community_id == chosen.community)
        statement = statement.where(Project.id.in_(takes))
    if chosen.node:
        below = sa.select(Node.id).where(Node.id == chosen.node).cte("below", recursive=True)
        below = below.union_all(sa.select(Node.id).join(below, Node.parent_id == below.c.id))
        statement = statement.where(
            Project.id.in_(
                sa.select(ProjectNode.project_id).where(ProjectNode.node_id.in_(sa.select(below.c.id)))
            )
        )
    for term in thai.query_terms(chosen.q):
        # Tokens are words with a space between them: a term begins one of them.
        words = sa.literal(" ") + Topic.tokens
        matching = sa.select(Topic.id).where(
            Topic.kind == "project", words.contains(f" {term}", autoescape=True)
        )
        statement = statement.where(Project.topic_id.in_(matching))
    return statement


@dataclass(frozen=True)
class ProjectPage:
    """A project with all its page needs to know at once; ``items``, ``money_steps`` and ``documents`` are counts."""

    project: Project
    plan: ActionPlan
    heading: Heading
    items: int
    money_steps: int
    documents: int
    is_following: bool


def project_page(actor: Actor, project_id: int) -> ProjectPage:
    """The project, its plan and counts in one query; raises NotFound unseen."""

    def count(column: Any, *where: Any) -> Any:
        return sa.select(sa.func.count()).select_from(column).where(*where).scalar_subquery()

    row = (
        db.session()
        .execute(
            sa.select(
                Project,
                ActionPlan,
                count(ProjectItem, ProjectItem.project_id == project_id),
                count(ProjectMoney, ProjectMoney.project_id == project_id),
                count(StoredFile, StoredFile.owner_kind == "project", StoredFile.owner_id == project_id),
                sa.exists().where(Follow.person_id == (actor.id or 0), Follow.topic_id == Project.topic_id),
                *heading_columns(),
            )
            .join(ActionPlan, ActionPlan.id == Project.action_plan_id)
            .join(Cycle, Cycle.id == ActionPlan.cycle_id)
            .join(District, District.id == Cycle.district_id)
            .outerjoin(Phase, hearing_phase())
            .where(Project.id == project_id, shown(actor))
        )
        .first()
    )
    if row is None:
        raise NotFound
    project, plan, items, steps, documents, is_following, *rest = row
    return ProjectPage(project, plan, Heading(*rest), items, steps, documents, bool(is_following))


def branches_of(project_id: int) -> list[list[Any]]:
    """The strategy nodes a project serves, each with its way from the root of its tree: lists of (leaf, id, number,
    title, title_en, depth, tree, tree_en, tree_id)."""
    return branches_to(sa.select(ProjectNode.node_id).where(ProjectNode.project_id == project_id))


def branches_to(node_ids: Any) -> list[list[Any]]:
    """The same of these nodes: their ids, or a SELECT of them."""
    above = aliased(Node)
    climb = (
        sa.select(Node.id.label("leaf"), Node.id, Node.parent_id)
        .where(Node.id.in_(node_ids))
        .cte("climb", recursive=True)
    )
    climb = climb.union_all(
        sa.select(climb.c.leaf, above.id, above.parent_id).join(climb, above.id == climb.c.parent_id)
    )
    rows = db.session().execute(
        sa.select(
            climb.c.leaf,
            Node.id,
            Node.number,
            Node.title,
            Node.title_en,
            Node.depth,
            Tree.title.label("tree"),
            Tree.title_en.label("tree_en"),
            Tree.id.label("tree_id"),
        )
        .join(Node, Node.id == climb.c.id)
        .join(Tree, Tree.id == Node.tree_id)
        .order_by(Tree.id, climb.c.leaf, Node.depth)
    )
    branches: dict[int, list[Any]] = {}
    for row in rows:
        branches.setdefault(row.leaf, []).append(row)
    return list(branches.values())


def sheets_of_plan(plan_id: int, cursor: str | None) -> paging.Slice:
    """A page of whole projects that stand, or that the edition in force names, in the plan's order."""
    return paging.keyset(
        sa.select(Project.__table__)
        .join(ActionPlan, ActionPlan.id == Project.action_plan_id)
        .where(Project.action_plan_id == plan_id, policy.is_in_force()),
        [(Project.position, "asc"), (Project.id, "asc")],
        cursor=cursor,
        size=PAGE,
    )


def hearing_projects(plan: ActionPlan, cursor: str | None) -> paging.Slice:
    """A page of the projects a hearing is about: id, position, code, name, kind, budget_kind, budget_satang, topic_id,
    withdrawn_at. What was withdrawn before the hearing is left out, and what a change adds, until its edition."""
    stands: Any = Project.withdrawn_at.is_(None)
    if plan.hearing_opened_at is not None:
        stands = sa.or_(stands, Project.withdrawn_at >= plan.hearing_opened_at)
    if plan.reopened_at is not None:
        stands = sa.and_(stands, Project.created_at < plan.reopened_at)
    return paging.keyset(
        sa.select(
            Project.id,
            Project.position,
            Project.code,
            Project.name,
            Project.kind,
            Project.budget_kind,
            Project.budget_satang,
            Project.topic_id,
            Project.withdrawn_at,
        ).where(Project.action_plan_id == plan.id, stands),
        [(Project.position, "asc"), (Project.id, "asc")],
        cursor=cursor,
        size=PAGE,
    )
