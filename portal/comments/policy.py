"""Who may answer in an office's name, moderate, withdraw, report. A ``comment`` is a Comment or a row of its columns."""

from __future__ import annotations

from typing import Any

from portal.comments.models import Purpose
from portal.core import topics
from portal.core.actor import Actor, Permission

ANSWERERS: dict[Purpose, tuple[Permission, ...]] = {
    Purpose.HEARING: (Permission.HEARING_ANSWER,),
    Purpose.DRAFT_TOR: (Permission.PROCUREMENT_EDIT,),
}


def _holds(actor: Actor, permission: Permission, district_id: int | None) -> bool:
    """Held for the place; what belongs to no district belongs to the city."""
    where = actor.districts_where(permission)
    return where is None or district_id in where


def can_answer(actor: Actor, purpose: Purpose, topic: Any) -> bool:
    """An office answers hearing remarks (planner, director) and remarks on a draft TOR (procurement) of its district;
    talk is answered by the office its topic's kind names. ``topic`` is a row with kind and district_id."""
    kind = topics.kinds().get(topic.kind)
    answerers = ANSWERERS.get(purpose) or (kind.answered_by if kind else ())
    return any(_holds(actor, permission, topic.district_id) for permission in answerers)


def can_moderate(actor: Actor, district_id: int | None) -> bool:
    """Holders of COMMENT_MODERATE for the topic's district."""
    return _holds(actor, Permission.COMMENT_MODERATE, district_id)


def can_hide(actor: Actor, comment: Any, district_id: int | None) -> bool:
    """A moderator, but nobody moderates their own remark."""
    return can_moderate(actor, district_id) and comment.author_id != actor.id


def can_restore(actor: Actor, comment: Any, district_id: int | None) -> bool:
    """A moderator; what its author withdrew stays withdrawn."""
    return can_hide(actor, comment, district_id) and comment.hidden_by != comment.author_id


def can_withdraw(actor: Actor, comment: Any) -> bool:
    """The author, while no office has answered."""
    return (
        actor.id is not None
        and actor.id == comment.author_id
        and comment.reply_id is None
        and comment.hidden_at is None
    )


def can_report(actor: Actor, comment: Any) -> bool:
    """Anyone with an account, about somebody else's remark that is on show."""
    return actor.is_signed_in and actor.id != comment.author_id and comment.hidden_at is None
