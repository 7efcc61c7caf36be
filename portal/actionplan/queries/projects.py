"""Reading projects: their items and the reverse, strategy nodes, the money's way."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from portal.actionplan import policy
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
    """Whole rows of the projects that stand, in the plan's order."""
    return list(
        db.session().execute(
            sa.select(Project.__table__)
            .where(Project.action_plan_id == plan_id, Project.withdrawn_at.is_(None))
            .order_by(Project.position, Project.id)
        )
    )


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
    found: dict[int, list[Any]] = {}
    if not wanted:
        return found
    rows = db.session().execute(
        sa.select(
            ProjectNode.project_id, Node.id, Node.number, Node.title, Node.title_en, Tree.title.label("tree")
        )
        .join(Node, Node.id == ProjectNode.node_id)
        .join(Tree, Tree.id == Node.tree_id)
        .where(ProjectNode.project_id.in_(wanted))
        .order_by(Tree.id, Node.path)
    )
    for row in rows:
        found.setdefault(row.project_id, []).append(row)
    return found
