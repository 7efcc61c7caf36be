"""Who keeps which forum. Announcements, figures, minutes and issues are public; the list of names is not."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from portal.core import clock
from portal.core.actor import Actor, Permission
from portal.forums.models import Forum, ForumPurpose, ForumState, PaperKind


def can_announce_forum(actor: Actor, district_id: int, community_id: int | None) -> bool:
    """A community's leaders announce its forums; the district's officers those of the district."""
    if community_id is None:
        return actor.may(Permission.DISTRICT_FORUM_KEEP, district_id=district_id)
    return actor.may(Permission.FORUM_KEEP, district_id=district_id, community_id=community_id)


def can_keep_forum(actor: Actor, forum: Forum) -> bool:
    """Whoever may announce such a forum keeps it: cancels, records, corrects."""
    return can_announce_forum(actor, forum.district_id, forum.community_id)


def can_edit_forum(actor: Actor, forum: Forum) -> bool:
    """The announcement may change until the forum begins."""
    return can_keep_forum(actor, forum) and clock.now() < forum.starts_at


def can_record_forum(actor: Actor, forum: Forum) -> bool:
    """What happened is recorded once it has begun."""
    return can_keep_forum(actor, forum) and forum.starts_at <= clock.now()


def can_write_issues(actor: Actor, forum: Forum) -> bool:
    """Issues are written down during the forum and after it."""
    return can_record_forum(actor, forum) and forum.state is not ForumState.CANCELLED


def can_read_names(actor: Actor, forum: Forum) -> bool:
    """The list of names is for the community's leaders and the district's officers, nobody else."""
    return can_keep_forum(actor, forum) or actor.may(
        Permission.DISTRICT_FORUM_KEEP, district_id=forum.district_id
    )


def can_read_issues(actor: Actor, forum: Forum) -> bool:
    """Issues are public with the record; before that those who keep the forum see what they wrote down."""
    return forum.state is ForumState.RECORDED or can_keep_forum(actor, forum)


def can_keep_bodies(actor: Actor, district_id: int) -> bool:
    """The community desk and those who keep the district's forums register its councils and networks."""
    return actor.may(Permission.COMMITTEE_KEEP, district_id=district_id) or actor.may(
        Permission.DISTRICT_FORUM_KEEP, district_id=district_id
    )


def can_write_paper(actor: Actor, forum: Forum, kind: PaperKind) -> bool:
    """The synthesis of problems is published before a district policy forum begins, the policy once it is recorded."""
    if forum.purpose is not ForumPurpose.DISTRICT_POLICY or not can_keep_forum(actor, forum):
        return False
    if kind is PaperKind.SYNTHESIS:
        return forum.state is ForumState.ANNOUNCED and clock.now() < forum.starts_at
    return forum.state is ForumState.RECORDED


def visible_to(actor: Actor) -> sa.Select[Any]:
    """Every forum is public: a SELECT of topic ids."""
    return sa.select(Forum.topic_id)
