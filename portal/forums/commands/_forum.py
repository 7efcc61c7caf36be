"""What every command of the room does: hold the forum, lead back to it, tell people."""

from __future__ import annotations

from typing import Any

from portal.accounts import queries as people
from portal.core import db
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.i18n import lazy_gettext as _l
from portal.forums import queries
from portal.forums.models import Forum
from portal.notifications import commands as notifications


def held_forum(forum: Forum) -> Forum:
    held = db.get_for_update(Forum, forum.id)
    if held is None:
        raise NotFound
    return held


def way_to(forum: Forum) -> tuple[str, dict[str, Any], object]:
    return "forums.show", {"forum_id": forum.id}, _l("See the forum")


def tell_people(event: str, actor: Actor, forum: Forum, *, once: str = "") -> None:
    """Followers of the forum and of its place, and the community's leaders."""
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
