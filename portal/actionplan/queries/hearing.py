"""Reading the hearing: what was said about the plan and each of its projects, and what still waits for an answer."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Person
from portal.actionplan.models import ActionPlan, Project
from portal.comments.models import Comment, OfficialReply, Purpose
from portal.core import db, paging
from portal.core.topics import Topic

PAGE = 20


def topic_ids(plan: ActionPlan) -> sa.Select[Any]:
    """The topics of a plan and of all its projects, withdrawn ones too: what was said about them is answered as well."""
    return sa.union_all(  # type: ignore[return-value]
        sa.select(ActionPlan.topic_id).where(ActionPlan.id == plan.id),
        sa.select(Project.topic_id).where(Project.action_plan_id == plan.id),
    )


def _remarks(plan: ActionPlan) -> sa.ColumnElement[bool]:
    return sa.and_(
        Comment.topic_id.in_(topic_ids(plan)),
        Comment.purpose == Purpose.HEARING,
        Comment.parent_id.is_(None),
        Comment.hidden_at.is_(None),
    )


def waiting(plan: ActionPlan) -> int:
    """How many remarks of the hearing have no official answer."""
    return (
        db.session().scalar(
            sa.select(sa.func.count()).select_from(Comment).where(_remarks(plan), Comment.reply_id.is_(None))
        )
        or 0
    )


def counts(plan: ActionPlan) -> dict[int, tuple[int, int]]:
    """By topic id: (remarks of the hearing, those that are answered). Topics without any are left out."""
    rows = db.session().execute(
        sa.select(Comment.topic_id, sa.func.count(), sa.func.count(Comment.reply_id))
        .where(_remarks(plan))
        .group_by(Comment.topic_id)
    )
    return {topic_id: (said, answered) for topic_id, said, answered in rows}


def remarks(plan: ActionPlan, *, show: str = "", cursor: str | None = None, size: int = PAGE) -> paging.Slice:
    """A page of the hearing's remarks over the plan and all projects, oldest first: id, topic_id, title (of what it is
    about), ref_id, kind, author, body, created_at, reply, office, replied_at. ``show``: ``waiting`` or ``answered``."""
    statement = (
        sa.select(
            Comment.id,
            Comment.topic_id,
            Topic.title,
            Topic.kind,
            Topic.ref_id,
            Person.display_name.label("author"),
            Comment.body,
            Comment.created_at,
            OfficialReply.body.label("reply"),
            OfficialReply.office,
            OfficialReply.created_at.label("replied_at"),
        )
        .join(Topic, Topic.id == Comment.topic_id)
        .join(Person, Person.id == Comment.author_id)
        .outerjoin(OfficialReply, OfficialReply.id == Comment.reply_id)
        .where(_remarks(plan))
    )
    if show == "waiting":
        statement = statement.where(Comment.reply_id.is_(None))
    elif show == "answered":
        statement = statement.where(Comment.reply_id.is_not(None))
    return paging.keyset(statement, [(Comment.id, "asc")], cursor=cursor, size=size)
