"""The private address of one's own calendar."""

from __future__ import annotations

from portal.core import db, ledger
from portal.core.actor import Actor
from portal.core.errors import NotAllowed
from portal.core.i18n import lazy_gettext as _l
from portal.observation.models import Feed


def renew_feed(actor: Actor) -> None:
    """Let the private address of the actor's calendar be another one; who has the old one reads nothing any more. Raises
    NotAllowed for visitors."""
    if actor.id is None:
        raise NotAllowed(_l("You may not do this here."))
    feed = db.get_for_update(Feed, actor.id)
    if feed is None:
        feed = Feed(person_id=actor.id, number=0)
        db.session().add(feed)
    feed.number += 1
    ledger.record("observer.feed_renewed", actor, "person", actor.id)
