"""Reading the hearing: what was said about the plan and each of its projects, and what still waits for an answer."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Person
from portal.actionplan.models import ActionPlan, GroupedRemark, HearingGroup, Project
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


def subjects(plan: ActionPlan) -> list[Any]:
    """What remarks of the hearing are about, the plan itself first, then in the order of the projects: topic_id, title,
    kind, said, waiting (how many have no answer)."""
    return list(
        db.session().execute(
            sa.select(
                Topic.id.label("topic_id"),
                Topic.title,
                Topic.kind,
                sa.func.count().label("said"),
                (sa.func.count() - sa.func.count(Comment.reply_id)).label("waiting"),
            )
            .join(Comment, Comment.topic_id == Topic.id)
            .where(_remarks(plan))
            .group_by(Topic.id, Topic.title, Topic.kind)
            .order_by(Topic.kind, Topic.id)
        )
    )


def groups(plan: ActionPlan) -> list[Any]:
    """Groups made by hand, by name: id, name, said, waiting."""
    counted = sa.and_(Comment.id == GroupedRemark.comment_id, _remarks(plan))
    return list(
        db.session().execute(
            sa.select(
                HearingGroup.id,
                HearingGroup.name,
                sa.func.count(Comment.id).label("said"),
                (sa.func.count(Comment.id) - sa.func.count(Comment.reply_id)).label("waiting"),
            )
            .outerjoin(GroupedRemark, GroupedRemark.group_id == HearingGroup.id)
            .outerjoin(Comment, counted)
            .where(HearingGroup.action_plan_id == plan.id)
            .group_by(HearingGroup.id, HearingGroup.name)
            .order_by(HearingGroup.name, HearingGroup.id)
        )
    )


def waiting_ids(plan: ActionPlan, *, topic: int | None = None, group: int | None = None) -> list[int]:
    """Every remark without an answer that is about a topic, or stands in a group."""
    statement = sa.select(Comment.id).where(_remarks(plan), Comment.reply_id.is_(None)).order_by(Comment.id)
    return list(db.session().scalars(_among(statement, topic, group)))


def _among(statement: Any, topic: int | None, group: int | None) -> Any:
    if topic is not None:
        statement = statement.where(Comment.topic_id == topic)
    if group is not None:
        grouped = sa.select(GroupedRemark.comment_id).where(GroupedRemark.group_id == group)
        statement = statement.where(Comment.id.in_(grouped))
    return statement


def remarks(
    plan: ActionPlan,
    *,
    show: str = "",
    topic: int | None = None,
    group: int | None = None,
    cursor: str | None = None,
    size: int = PAGE,
) -> paging.Slice:
    """A page of the hearing's remarks over the plan and all projects, oldest first: id, topic_id, title (of what it is
    about), ref_id, kind, author, body, created_at, reply, office, replied_at, group. ``show``: ``waiting`` or
    ``answered``; only those about ``topic`` or in ``group``."""
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
            HearingGroup.name.label("group"),
        )
        .join(Topic, Topic.id == Comment.topic_id)
        .join(Person, Person.id == Comment.author_id)
        .outerjoin(OfficialReply, OfficialReply.id == Comment.reply_id)
        .outerjoin(GroupedRemark, GroupedRemark.comment_id == Comment.id)
        .outerjoin(HearingGroup, HearingGroup.id == GroupedRemark.group_id)
        .where(_remarks(plan))
    )
    statement = _among(statement, topic, group)
    if show == "waiting":
        statement = statement.where(Comment.reply_id.is_(None))
    elif show == "answered":
        statement = statement.where(Comment.reply_id.is_not(None))
    return paging.keyset(statement, [(Comment.id, "asc")], cursor=cursor, size=size)
