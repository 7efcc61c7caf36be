"""The room's blueprint, and what every page of it asks."""

from __future__ import annotations

from flask import Blueprint

from portal.core.actor import Actor
from portal.core.errors import NotAllowed
from portal.core.i18n import lazy_gettext as _l
from portal.forums import policy, queries
from portal.forums.models import Forum

blueprint = Blueprint("forums", __name__, url_prefix="/forums")


def kept(actor: Actor, forum_id: int) -> Forum:
    """A forum this actor keeps. Raises NotFound, or NotAllowed for somebody else's."""
    forum = queries.forum(forum_id)
    if not policy.can_keep_forum(actor, forum):
        raise NotAllowed(_l("This forum is run by others."))
    return forum
