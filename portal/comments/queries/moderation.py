"""The moderator's queue."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.accounts.models import Person
from portal.comments.models import Comment, CommentReport
from portal.core import db
from portal.core.actor import Actor, Permission
from portal.core.paging import Slice, keyset
from portal.core.topics import Topic

PAGE = 20


def moderation_queue(actor: Actor, *, hidden: bool = False, cursor: str | None = None) -> Slice:
    """A page of remarks with open reports (oldest first), or of those a moderator hid (newest first), in the districts
    the actor moderates."""
    reports = (
        sa.select(CommentReport.comment_id, sa.func.count().label("reports"))
        .where(CommentReport.settled_at.is_(None))
        .group_by(CommentReport.comment_id)
        .subquery()
    )
    hider = aliased(Person)
    statement: sa.Select[*tuple[Any, ...]] = (
        sa.select(
            Comment.id,
            Comment.author_id,
            Comment.body,
            Comment.created_at,
            Comment.hidden_at,
            Comment.hidden_reason,
            Comment.parent_id,
            Topic.id.label("topic_id"),
            Topic.title,
            Person.display_name.label("author"),
            hider.display_name.label("hider"),
            reports.c.reports,
        )
        .join(Topic, Topic.id == Comment.topic_id)
        .join(Person, Person.id == Comment.author_id)
        .outerjoin(hider, hider.id == Comment.hidden_by)
        .outerjoin(reports, reports.c.comment_id == Comment.id)
    )
    where = actor.districts_where(Permission.COMMENT_MODERATE)
    if where is not None:
        statement = statement.where(Topic.district_id.in_(where))
    if hidden:
        statement = statement.where(Comment.hidden_at.is_not(None), Comment.hidden_by != Comment.author_id)
    else:
        statement = statement.where(reports.c.reports > 0, Comment.hidden_at.is_(None))
    return keyset(statement, [(Comment.id, "desc" if hidden else "asc")], cursor=cursor, size=PAGE)


def open_reports(comment_ids: Sequence[int]) -> dict[int, list[Any]]:
    """Open reports (reason, created_at) per comment, oldest first. Who reported is not shown to anyone."""
    found: dict[int, list[Any]] = {}
    if comment_ids:
        rows = db.session().execute(
            sa.select(CommentReport.comment_id, CommentReport.reason, CommentReport.created_at)
            .where(CommentReport.comment_id.in_(comment_ids), CommentReport.settled_at.is_(None))
            .order_by(CommentReport.id)
        )
        for row in rows:
            found.setdefault(row.comment_id, []).append(row)
    return found
