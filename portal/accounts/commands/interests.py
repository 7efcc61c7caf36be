"""Declared interests: whoever has one in a community steps aside there."""

from __future__ import annotations

from portal.accounts import policy
from portal.accounts.models import InterestDeclaration
from portal.core import clock, db, ledger
from portal.core.actor import Actor
from portal.core.errors import Invalid, NotFound
from portal.core.i18n import lazy_gettext as _l
from portal.places import queries as places


def declare_interest(actor: Actor, community_id: int, description: str) -> InterestDeclaration:
    """Say that one has an interest in a community's matters. Raises Invalid for an unknown community or no words."""
    community = places.community(community_id)
    if community is None:
        raise Invalid({"community": _l("Choose a community of this district.")})
    if not description.strip():
        raise Invalid({"description": _l("Say what the interest is.")})
    declared = InterestDeclaration(
        person_id=actor.id,
        community_id=community_id,
        description=description.strip(),
        declared_at=clock.now(),
    )
    db.session().add(declared)
    db.session().flush()
    ledger.record(
        "interest.declared",
        actor,
        "interest",
        declared.id,
        district_id=community.district_id,
        changes={"community": community_id},
    )
    return declared


def end_interest(actor: Actor, declaration: InterestDeclaration) -> None:
    """Say that the interest is over. Raises NotFound for somebody else's."""
    if not policy.can_end_interest(actor, declaration):
        raise NotFound
    declaration.ended_at = clock.now()
    ledger.record("interest.ended", actor, "interest", declaration.id)
