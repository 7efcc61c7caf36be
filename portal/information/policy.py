"""Who keeps the information centre. Everything in it is public."""

from __future__ import annotations

import sqlalchemy as sa

from portal.core.actor import Actor, Permission


def can_keep(actor: Actor, district_id: int) -> bool:
    """Publish documents, monthly summaries and pages of services in this district."""
    return actor.may(Permission.INFORMATION_KEEP, district_id=district_id)


def visible_to(actor: Actor) -> sa.ColumnElement[bool]:
    """Everybody sees every entry: what was published is not taken back. The actor changes nothing."""
    return sa.true()
