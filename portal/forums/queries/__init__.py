"""Reads of forums: what is announced, what was recorded, what the people asked for."""

from __future__ import annotations

from portal.core import db, topics
from portal.core.actor import Actor
from portal.core.i18n import lazy_gettext as _l
from portal.forums import policy, titles
from portal.forums.models import Forum
from portal.forums.queries.announced import (
    agenda_of,
    agendas_of,
    calendar_of,
    coming_forums,
    cycle_at,
    forum,
    forum_held,
    forums_of_community,
    forums_page,
    next_boundary,
    place_of,
    places_of,
    way_to,
    windows_ahead,
)
from portal.forums.queries.district import (
    bodies_of,
    body,
    forums_of_body,
    papers_of,
    policy_forums,
    problems_gathered,
)
from portal.forums.queries.recorded import (
    NAMES_KEPT,
    PHOTO,
    RecordedForum,
    attendance_of,
    attendees_of,
    corrections_of,
    issue,
    issues_for_plan,
    issues_of,
    photo,
    photos_of,
    recorded_plan_forums,
)
from portal.forums.queries.sending import mark_of, sending, standing

__all__ = [
    "NAMES_KEPT",
    "PHOTO",
    "RecordedForum",
    "agenda_of",
    "agendas_of",
    "attendance_of",
    "attendees_of",
    "bodies_of",
    "body",
    "calendar_of",
    "coming_forums",
    "corrections_of",
    "cycle_at",
    "forum",
    "forum_held",
    "forums_of_body",
    "forums_of_community",
    "forums_page",
    "issue",
    "issues_for_plan",
    "issues_of",
    "mark_of",
    "next_boundary",
    "papers_of",
    "photo",
    "photos_of",
    "place_of",
    "places_of",
    "policy_forums",
    "problems_gathered",
    "recorded_plan_forums",
    "sending",
    "standing",
    "way_to",
    "windows_ahead",
]


def _photo_is_public(actor: Actor, forum_id: int, _sha256: str) -> bool:
    return db.session().get(Forum, forum_id) is not None


KINDS = (topics.Kind("forum", policy.visible_to, "forums.show", "forum_id", _l("Forum"), told=titles.told),)
NEWS = {
    "forum.announced": _l("A forum was announced: %(title)s"),
    "forum.changed": _l("The announcement of a forum has changed: %(title)s"),
    "forum.cancelled": _l("A forum was cancelled: %(title)s"),
    "forum.recorded": _l("The record of a forum is published: %(title)s"),
    "forum.synthesis_published": _l("The problems a district policy forum is about are published: %(title)s"),
    "forum.policy_published": _l("The policy adopted after a district policy forum is published: %(title)s"),
}
FILE_GUARDS = {PHOTO: _photo_is_public}
