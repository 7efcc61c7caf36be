"""Who may enter figures of law and holidays."""

from __future__ import annotations

from portal.core.actor import Actor, Permission


def can_edit(actor: Actor) -> bool:
    """The strategy office keeps the rulebook; the system enters what the portal starts with."""
    return actor.is_system or actor.may(Permission.LAW_EDIT)
