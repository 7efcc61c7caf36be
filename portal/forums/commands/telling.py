"""Telling those a forum concerns."""

from __future__ import annotations

from portal.accounts import queries as people
from portal.core.actor import Actor
from portal.forums import queries
from portal.forums.models import Forum
from portal.notifications import commands as notifications


def tell_people(actor: Actor, event: str, forum: Forum, *, once: str = "") -> None:
    """Put ``event`` in the inbox of the community's leaders and of the followers of the forum and of its place.
    ``once`` tells apart events that may happen again (a change)."""
    place = queries.place_of(forum)
    leaders = people.leaders_of(forum.community_id) if forum.community_id is not None else []
    notifications.tell(
        event,
        topic_id=forum.topic_id,
        person_ids=leaders,
        followers_of=[forum.topic_id, place.community_topic_id or place.district_topic_id],
        params={"title": forum.title},
        dedupe_key=f"{event}:{forum.id}:{once}",
        except_person=actor.id,
    )
