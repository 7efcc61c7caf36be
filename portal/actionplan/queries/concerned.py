"""Whose ideas are in a project: they hear of what becomes of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from portal.accounts import queries as accounts
from portal.actionplan.models import Project, ProjectItem
from portal.core import db
from portal.places.models import Community
from portal.plans.models import Item, Plan


def concerned_by(project_ids: Sequence[int]) -> dict[str, Any]:
    """Who is told of a turn of these projects, as ``notifications.tell`` takes it: the authors of their ideas and the
    leaders in office of their communities (``person_ids``); followers of the projects, the ideas, their plans and
    communities (``followers_of``, topics)."""
    own = list(project_ids)
    topics = set(db.session().scalars(sa.select(Project.topic_id).where(Project.id.in_(own))))
    rows: Sequence[Any] = (
        db.session()
        .execute(
            sa.select(
                Item.created_by,
                Item.topic_id.label("item"),
                Plan.topic_id.label("plan"),
                Plan.community_id,
                Community.topic_id.label("community"),
            )
            .join(ProjectItem, ProjectItem.item_id == Item.id)
            .join(Plan, Plan.id == Item.plan_id)
            .join(Community, Community.id == Plan.community_id)
            .where(ProjectItem.project_id.in_(own))
        )
        .all()
    )
    leaders = accounts.leaders_of_many(row.community_id for row in rows)
    people = {row.created_by for row in rows}.union(*leaders.values())
    topics.update(topic for row in rows for topic in (row.item, row.plan, row.community))
    return {"person_ids": sorted(people), "followers_of": sorted(topics)}
