"""Who may do what with accounts, in sentences made of small questions: whose it is, what the duty is, where it holds."""

from __future__ import annotations

from portal.accounts.models import LoginSession
from portal.core.actor import Actor

# -- atoms ----------------------------------------------------------------------------------------------------------


def is_own(actor: Actor, person_id: int | None) -> bool:
    """It is the actor's own."""
    return actor.id is not None and actor.id == person_id


# -- sentences ------------------------------------------------------------------------------------------------------


def can_end_session(actor: Actor, login: LoginSession) -> bool:
    """One signs out one's own browsers."""
    return is_own(actor, login.person_id)
