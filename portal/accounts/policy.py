"""Who may do what with accounts, in sentences made of small questions: whose it is, which duty, where it holds."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from portal.accounts.models import (
    CommitteeMember,
    GrantRow,
    InterestDeclaration,
    LoginSession,
    Residency,
    ResidencyState,
)
from portal.core.actor import Actor, Permission
from portal.places.models import Community

# -- atoms ----------------------------------------------------------------------------------------------------------


def is_own(actor: Actor, person_id: int | None) -> bool:
    """It is the actor's own."""
    return actor.id is not None and actor.id == person_id


def is_held_at(actor: Actor, permission: Permission, district_id: int | None) -> bool:
    """The duty is held in that district; for no district, in the whole city."""
    if district_id is None:
        return actor.may(permission) and actor.districts_where(permission) is None
    return actor.may(permission, district_id=district_id)


def is_ended(grant: GrantRow) -> bool:
    """The grant was revoked."""
    return grant.revoked_at is not None


# -- sessions, residence, interests ---------------------------------------------------------------------------------


def can_end_session(actor: Actor, login: LoginSession) -> bool:
    """One signs out one's own browsers."""
    return is_own(actor, login.person_id)


def can_decide_residency(actor: Actor, residency: Residency) -> bool:
    """The registry of the district decides, never about oneself, and only what is still waiting."""
    return (
        is_held_at(actor, Permission.RESIDENCY_CONFIRM, residency.district_id)
        and not is_own(actor, residency.person_id)
        and residency.state is ResidencyState.REQUESTED
        and residency.ended_at is None
    )


def visible_to_registry(actor: Actor) -> sa.ColumnElement[bool]:
    """Requests of the districts whose registry the actor keeps."""
    return _in_districts(actor, Permission.RESIDENCY_CONFIRM, Residency.district_id)


def can_end_interest(actor: Actor, declaration: InterestDeclaration) -> bool:
    """One takes back one's own declaration."""
    return is_own(actor, declaration.person_id) and declaration.ended_at is None


# -- committees -----------------------------------------------------------------------------------------------------


def can_keep_committee(actor: Actor, community: Community) -> bool:
    """The district's community desk manages its committees."""
    return is_held_at(actor, Permission.COMMITTEE_KEEP, community.district_id)


def can_keep_seat(actor: Actor, community: Community, seat: CommitteeMember) -> bool:
    """As above, and never one's own seat."""
    return can_keep_committee(actor, community) and not is_own(actor, seat.person_id)


def visible_to_desk(actor: Actor) -> sa.ColumnElement[bool]:
    """Communities of the districts whose community desk the actor keeps."""
    return _in_districts(actor, Permission.COMMITTEE_KEEP, Community.district_id)


# -- grants ---------------------------------------------------------------------------------------------------------


def can_propose_grant(actor: Actor, person_id: int, district_id: int | None) -> bool:
    """An administrator proposes, for somebody else."""
    return is_held_at(actor, Permission.GRANT_PROPOSE, district_id) and not is_own(actor, person_id)


def can_confirm_grant(actor: Actor, grant: GrantRow) -> bool:
    """Another administrator, or the director of that district: not who proposed it, not who gets it."""
    return (
        is_held_at(actor, Permission.GRANT_CONFIRM, grant.district_id)
        and not is_own(actor, grant.person_id)
        and not is_own(actor, grant.proposed_by)
        and grant.confirmed_at is None
        and not is_ended(grant)
    )


def can_revoke_grant(actor: Actor, grant: GrantRow) -> bool:
    """An administrator, or the director of that district, takes a role back; never one's own."""
    return (
        is_held_at(actor, Permission.GRANT_CONFIRM, grant.district_id)
        and not is_own(actor, grant.person_id)
        and not is_ended(grant)
    )


def visible_to_grants_desk(actor: Actor) -> sa.ColumnElement[bool]:
    """Grants the actor could confirm or revoke, by their place."""
    return _in_districts(actor, Permission.GRANT_CONFIRM, GrantRow.district_id)


def _in_districts(actor: Actor, permission: Permission, column: Any) -> sa.ColumnElement[bool]:
    districts = actor.districts_where(permission)
    return sa.true() if districts is None else column.in_(districts)
