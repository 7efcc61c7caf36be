"""Who may correct the name of a community."""

from __future__ import annotations

from portal.core.actor import Actor, Permission
from portal.places.models import Community


def can_correct_name(actor: Actor, community: Community) -> bool:
    """The community desk of the district."""
    return actor.may(Permission.PLACE_EDIT, district_id=community.district_id, community_id=community.id)
