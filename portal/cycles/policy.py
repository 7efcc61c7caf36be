"""Who opens cycles, who proposes rules, who confirms them. The public reads every edition and no proposal."""

from __future__ import annotations

import sqlalchemy as sa

from portal.core.actor import Actor, Permission
from portal.cycles.models import Cycle, RulesProposal


def can_open_cycle(actor: Actor, district_id: int) -> bool:
    """A proposer of rules opens the cycle they are for."""
    return actor.may(Permission.RULES_PROPOSE, district_id=district_id)


def can_propose_rules(actor: Actor, cycle: Cycle) -> bool:
    """A district planner or the city's strategy office."""
    return actor.may(Permission.RULES_PROPOSE, district_id=cycle.district_id)


def can_confirm_rules(actor: Actor, proposal: RulesProposal) -> bool:
    """The director or the city's strategy office, never the person who proposed."""
    return actor.id != proposal.proposed_by and actor.may(
        Permission.RULES_CONFIRM, district_id=proposal.cycle.district_id
    )


def visible_to(actor: Actor) -> sa.ColumnElement[bool]:
    """Proposals are read by those who may propose or confirm there; a filter for a SELECT joined with Cycle."""
    districts: set[int] = set()
    for permission in (Permission.RULES_PROPOSE, Permission.RULES_CONFIRM):
        held = actor.districts_where(permission)
        if held is None:
            return sa.true()
        districts |= held
    return Cycle.district_id.in_(sorted(districts))
