"""Telling: people hear what became of an idea they gave or follow, each piece of news once."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa

from portal.accounts import queries as accounts
from portal.actionplan import queries
from portal.actionplan.models import ActionPlan, ActionPlanEdition, Project, ProjectItem
from portal.core import db
from portal.core.actor import Actor
from portal.notifications import commands as notifications
from portal.notifications.models import Follow
from portal.places.models import Community
from portal.plans.models import Item, Plan


def tell_of_hearing(actor: Actor, plan: ActionPlan) -> None:
    """Authors and leaders, and who follows an idea in the draft, its plan or its community, hear that they can speak."""
    notifications.tell(
        "actionplan.hearing_opened",
        topic_id=plan.topic_id,
        **queries.concerned_by(_projects(plan)),
        dedupe_key=f"actionplan.hearing_opened:{plan.id}",
        except_person=actor.id,
    )


def _projects(plan: ActionPlan) -> list[int]:
    """The projects of the plan that stand."""
    return list(
        db.session().scalars(
            sa.select(Project.id).where(Project.action_plan_id == plan.id, Project.withdrawn_at.is_(None))
        )
    )


def _fates(plan: ActionPlan) -> Any:
    """Items in projects that stand, with the topics of all they come from."""
    return (
        sa.select(
            Item.id.label("item_id"),
            Item.title,
            Item.created_by,
            Item.topic_id.label("item_topic"),
            Plan.topic_id.label("plan_topic"),
            Plan.community_id,
            Community.topic_id.label("community_topic"),
            Project.id.label("project_id"),
            Project.topic_id.label("project_topic"),
        )
        .join(ProjectItem, ProjectItem.item_id == Item.id)
        .join(Project, Project.id == ProjectItem.project_id)
        .join(Plan, Plan.id == Item.plan_id)
        .join(Community, Community.id == Plan.community_id)
        .where(Project.action_plan_id == plan.id, Project.withdrawn_at.is_(None))
        .order_by(Item.id, Project.id)
    )


def follow_along(actor: Actor, plan: ActionPlan) -> None:
    """Authors and followers of an item follow the projects it became a part of."""
    rows = db.session().execute(_fates(plan)).all()
    followers: dict[int, list[int]] = {}
    for topic_id, person_id in db.session().execute(
        sa.select(Follow.topic_id, Follow.person_id).where(
            Follow.topic_id.in_(sorted({row.item_topic for row in rows}))
        )
    ):
        followers.setdefault(topic_id, []).append(person_id)
    by_project: dict[int, set[int]] = {}
    for row in rows:
        by_project.setdefault(row.project_topic, {row.created_by}).update(
            [row.created_by, *followers.get(row.item_topic, ())]
        )
    for topic_id, people in by_project.items():
        notifications.follow_for(people, topic_id)


def tell_fates(actor: Actor, plan: ActionPlan) -> None:
    """Each item's author and followers, and those of its plan and community, hear once where it is, or why not yet; so do its leaders."""
    rows = db.session().execute(_fates(plan)).all()
    left = queries.not_yet_of_plan(plan.id)
    leaders = accounts.leaders_of_many(row.community_id for row in (*rows, *left))
    for row in rows:
        notifications.tell(
            "actionplan.placed",
            topic_id=row.project_topic,
            person_ids=[row.created_by, *leaders.get(row.community_id, ())],
            followers_of=[row.item_topic, row.plan_topic, row.community_topic],
            params={"item": row.title},
            dedupe_key=f"actionplan.placed:{row.item_id}:{row.project_id}",
            except_person=actor.id,
        )
    for row in left:
        notifications.tell(
            "actionplan.not_yet",
            topic_id=row.item_topic,
            person_ids=[row.created_by, *leaders.get(row.community_id, ())],
            followers_of=[row.item_topic, row.plan_topic, row.community_topic],
            params={"item": row.title, "reason": row.reason},
            dedupe_key=f"actionplan.not_yet:{row.item_id}:{row.given_at.isoformat()}",
            except_person=actor.id,
        )


def tell_of_removal(actor: Actor, project: Project) -> None:
    """Whose ideas were in a project hear that the plan has it no more."""
    notifications.tell(
        "actionplan.withdrawn",
        topic_id=project.topic_id,
        **queries.concerned_by([project.id]),
        params={"reason": project.withdrawn_reason},
        dedupe_key=f"actionplan.withdrawn:{project.id}",
        except_person=actor.id,
    )


def tell_of_removals_since(actor: Actor, edition: ActionPlanEdition) -> None:
    """The same for every project that an edition names and the next one does not."""
    named = [one["id"] for one in json.loads(edition.body)["projects"]]
    for project in db.session().scalars(
        sa.select(Project)
        .where(Project.id.in_(named), Project.withdrawn_at.is_not(None))
        .order_by(Project.id)
    ):
        tell_of_removal(actor, project)
