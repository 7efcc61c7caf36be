"""Who may take something out of the ledger."""

from __future__ import annotations

from portal.audit.models import REMOVALS, SEALS
from portal.core.actor import Actor, Permission
from portal.core.ledger import LedgerEntry


def can_blank(actor: Actor, entry: LedgerEntry) -> bool:
    """Auditors and administrators, two of them; nobody what they did themselves, nor the reason of an earlier removal, nor
    what vouches for something published."""
    return (
        actor.may(Permission.LEDGER_BLANK)
        and entry.actor_id != actor.id
        and entry.event not in REMOVALS
        and not is_seal(entry)
    )


def is_seal(entry: LedgerEntry) -> bool:
    """Whether the entry vouches for something published or sealed: it stays as it is for good."""
    return entry.event in SEALS
