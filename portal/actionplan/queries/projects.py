"""Reading projects: their items and the reverse, strategy nodes, the money's way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa

from portal.actionplan import editions, policy, sheet
from portal.actionplan.models import (
    ActionPlan,
    ActionPlanState,
    Project,
    ProjectItem,
    ProjectMoney,
    ProjectNode,
)
from portal.comments.models import Comment
from portal.core import db
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.places.models import Community
from portal.plans.models import Item, Plan
from portal.strategy.models import Node, Tree


def shown(actor: Actor) -> sa.ColumnElement[bool]:
    """The filter on :class:`Project` joined with its plan: as the plan, but what was withdrawn while the plan was still
    a draft has never been public."""
    officer = sa.and_(ActionPlan.state == ActionPlanState.DRAFT, policy.visible_to(actor))
    public = sa.and_(
        policy.visible_to(actor),
        sa.or_(Project.withdrawn_at.is_(None), Project.withdrawn_at >= ActionPlan.hearing_opened_at),
    )
    return sa.or_(officer, public)


def project_visible(actor: Actor, project_id: int) -> Project:
    """The project, if the actor may see it; raises NotFound otherwise."""
    return project_and_plan(actor, project_id)[0]


def project_and_plan(actor: Actor, project_id: int) -> tuple[Project, ActionPlan]:
    """The project and its plan, if the actor may see them; raises NotFound otherwise."""
    row = (
        db.session()
        .execute(
            sa.select(Project, ActionPlan)
            .join(ActionPlan, ActionPlan.id == Project.action_plan_id)
            .where(Project.id == project_id, shown(actor))
        )
        .first()
    )
    if row is None:
        raise NotFound
    return row[0], row[1]


def projects_of_items(actor: Actor, item_ids: Iterable[int]) -> dict[int, list[Any]]:
    """By item id, the projects that take it in and that the actor may see: item_id, link_id, project_id, name, code,
    amount_satang, note, plan_id, plan_state. Withdrawn projects are left out."""
    wanted = list(item_ids)
    found: dict[int, list[Any]] = {}
    if not wanted:
        return found
    rows = db.session().execute(
        sa.select(
            ProjectItem.item_id,
            ProjectItem.id.label("link_id"),
            Project.id.label("project_id"),
            Project.name,
            Project.code,
            ProjectItem.amount_satang,
            ProjectItem.note,
            ActionPlan.id.label("plan_id"),
            ActionPlan.state.label("plan_state"),
        )
        .join(Project, Project.id == ProjectItem.project_id)
        .join(ActionPlan, ActionPlan.id == Project.action_plan_id)
        .where(ProjectItem.item_id.in_(wanted), Project.withdrawn_at.is_(None), policy.visible_to(actor))
        .order_by(Project.position, Project.id)
    )
    for row in rows:
        found.setdefault(row.item_id, []).append(row)
    return found


def items_of_project(actor: Actor, project_id: int) -> list[Any]:
    """The items a visible project takes in, by community and rank: link_id, item_id, title, side, community_id,
    community, amount_satang, note, remarks (how many were made on the item). Empty for a project out of sight."""
    remarks = (
        sa.select(sa.func.count())
        .where(Comment.topic_id == Item.topic_id, Comment.hidden_at.is_(None))
        .correlate(Item)
        .scalar_subquery()
    )
    return list(
        db.session().execute(
            all_links()
            .add_columns(remarks.label("remarks"))
            .join(ActionPlan, ActionPlan.id == Project.action_plan_id)
            .where(Project.id == project_id, shown(actor))
        )
    )


def links_of_plan(plan_id: int) -> list[Any]:
    """Every link of the projects that stand in a plan, as :func:`items_of_project` gives them, with project_id."""
    return list(
        db.session().execute(
            all_links().where(Project.action_plan_id == plan_id, Project.withdrawn_at.is_(None))
        )
    )


def standing(plan_id: int) -> list[Any]:
    """Whole rows of the projects that stand, in the plan's order, with what a change writes of them."""
    rows = db.session().execute(
        sa.select(Project.__table__)
        .where(Project.action_plan_id == plan_id, Project.withdrawn_at.is_(None))
        .order_by(Project.position, Project.id)
    )
    return [sheet.laid_over(row) for row in rows]


def links_by_project(plan_id: int) -> dict[int, list[Any]]:
    """:func:`links_of_plan`, by project id."""
    found: dict[int, list[Any]] = {}
    for row in links_of_plan(plan_id):
        found.setdefault(row.project_id, []).append(row)
    return found


def all_links() -> Any:
    """A SELECT of links with their items and communities, by community and rank; the caller narrows it."""
    return (
        sa.select(
            ProjectItem.id.label("link_id"),
            ProjectItem.project_id,
            Item.id.label("item_id"),
            Item.title,
            Item.side,
            Community.id.label("community_id"),
            Community.name.label("community"),
            ProjectItem.amount_satang,
            ProjectItem.note,
        )
        .join(Project, Project.id == ProjectItem.project_id)
        .join(Item, Item.id == ProjectItem.item_id)
        .join(Plan, Plan.id == Item.plan_id)
        .join(Community, Community.id == Plan.community_id)
        .order_by(Community.sort_key, Item.rank, Item.id, ProjectItem.id)
    )


def link(link_id: int) -> ProjectItem:
    """One link; raises NotFound. Whether it may be seen is asked of its project."""
    found = db.session().get(ProjectItem, link_id)
    if found is None:
        raise NotFound
    return found


def money_of(project_id: int) -> list[ProjectMoney]:
    """The money's way of a project, oldest first."""
    return list(
        db.session().scalars(
            sa.select(ProjectMoney).where(ProjectMoney.project_id == project_id).order_by(ProjectMoney.id)
        )
    )


def nodes_of(project_ids: Iterable[int]) -> dict[int, list[Any]]:
    """By project id, the strategy nodes it serves: project_id, id, number, title, title_en, tree (its title)."""
    wanted = list(project_ids)
    return _nodes_by_project(wanted)[0] if wanted else {}


def nodes_prepared(rows: Iterable[Any]) -> dict[int, list[Any]]:
    """As :func:`nodes_of` for projects (of which ``id`` and ``pending`` are asked), as the next edition will have them; in
    one query too."""
    projects = list(rows)
    named = {one.id: one.pending[sheet.NODES] for one in projects if sheet.NODES in (one.pending or {})}
    served, chosen = _nodes_by_project([one.id for one in projects], named.values())
    return served | {id_: [node for node in chosen if node.id in nodes] for id_, nodes in named.items()}


def _nodes_by_project(
    project_ids: list[int], named: Iterable[list[int]] = ()
) -> tuple[dict[int, list[Any]], list[Any]]:
    """The nodes that projects serve, by project; and each of these and of the ``named`` ones once."""
    serves = sa.and_(ProjectNode.node_id == Node.id, ProjectNode.project_id.in_(project_ids))
    ids = sorted({node_id for nodes in named for node_id in nodes})
    rows = db.session().execute(
        sa.select(
            ProjectNode.project_id, Node.id, Node.number, Node.title, Node.title_en, Tree.title.label("tree")
        )
        .select_from(Node)
        .join(Tree, Tree.id == Node.tree_id)
        .join(ProjectNode, serves, isouter=bool(ids))
        .where(sa.or_(ProjectNode.project_id.is_not(None), Node.id.in_(ids)) if ids else sa.true())
        .order_by(Tree.id, Node.path)
    )
    served: dict[int, list[Any]] = {}
    once: dict[int, Any] = {}
    for row in rows:
        served.setdefault(row.project_id, []).append(row)
        once[row.id] = row
    return served, list(once.values())


def nodes_in_force(project_id: int) -> list[int]:
    """The ids of the strategy nodes a project serves, in their order."""
    return list(
        db.session().scalars(
            sa.select(ProjectNode.node_id)
            .where(ProjectNode.project_id == project_id)
            .order_by(ProjectNode.node_id)
        )
    )


def served_by(project: Project) -> list[int]:
    """As :func:`nodes_in_force`, as the next edition will have it."""
    kept = (project.pending or {}).get(sheet.NODES)
    return nodes_in_force(project.id) if kept is None else kept


def change_of(project: Project) -> editions.Changed | None:
    """What a change of its plan writes of a project otherwise than the edition in force: sheet and strategy."""
    if not project.pending:
        return None
    after = SimpleNamespace(id=project.id, **asdict(sheet.prepared(project)))
    return editions.changed(
        editions.project_body(project, (), nodes_of([project.id]).get(project.id, ())),
        editions.project_body(after, (), nodes_prepared([project]).get(project.id, ())),
    )
