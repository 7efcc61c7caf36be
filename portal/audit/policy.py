"""Who may take something out of the ledger."""

from __future__ import annotations

from portal.core.actor import Actor, Permission
from portal.core.ledger import BLANKED, LedgerEntry


def can_blank(actor: Actor, entry: LedgerEntry) -> bool:
    """Auditors and administrators; nobody what they did themselves, nor the reason of an earlier removal."""
    return actor.may(Permission.LEDGER_BLANK) and entry.actor_id != actor.id and entry.event != BLANKED
