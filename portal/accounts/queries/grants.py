"""Roles: who holds which, and what waits for a second person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from portal.accounts import policy
from portal.accounts.models import CommitteeMember, GrantRow, Person
from portal.accounts.queries.committees import is_in_office
from portal.core import clock, db
from portal.core.actor import ROLE_PERMISSIONS, Actor, Permission, Scope
from portal.places.models import Community, District


def officers_with(permission: Permission, district_id: int | None) -> list[int]:
    """People whose grant in force carries the permission in the district (None: for the whole city)."""
    today = clock.today()
    roles = [role for role, permissions in ROLE_PERMISSIONS.items() if permission in permissions]
    place = GrantRow.scope == Scope.CITY
    if district_id is not None:
        place = sa.or_(place, sa.and_(GrantRow.scope == Scope.DISTRICT, GrantRow.district_id == district_id))
    return list(
        db.session().scalars(
            sa.select(GrantRow.person_id)
            .join(Person, Person.id == GrantRow.person_id)
            .where(
                GrantRow.role.in_(roles),
                place,
                Person.closed_at.is_(None),
                GrantRow.confirmed_at.is_not(None),
                GrantRow.revoked_at.is_(None),
                GrantRow.valid_from <= today,
                sa.or_(GrantRow.valid_to.is_(None), GrantRow.valid_to > today),
            )
            .distinct()
            .order_by(GrantRow.person_id)
        )
    )


def grant(grant_id: int) -> GrantRow | None:
    """One grant by id."""
    return db.session().get(GrantRow, grant_id)


def _grants() -> sa.Select[Any]:
    proposer, confirmer, revoker = (sa.orm.aliased(Person) for _ in range(3))
    return (
        sa.select(
            *GrantRow.__table__.columns,
            Person.display_name.label("name"),
            Person.email,
            District.name_th,
            District.name_en,
            proposer.display_name.label("proposer"),
            confirmer.display_name.label("confirmer"),
            revoker.display_name.label("revoker"),
        )
        .join(Person, Person.id == GrantRow.person_id)
        .outerjoin(District, District.id == GrantRow.district_id)
        .join(proposer, proposer.id == GrantRow.proposed_by)
        .outerjoin(confirmer, confirmer.id == GrantRow.confirmed_by)
        .outerjoin(revoker, revoker.id == GrantRow.revoked_by)
    )


def grant_seen(actor: Actor, grant_id: int) -> Any | None:
    """One grant with its names, if the actor has a say in its place."""
    statement = _grants().where(GrantRow.id == grant_id, policy.visible_to_grants_desk(actor))
    return db.session().execute(statement).first()


def grants_of_desk(actor: Actor, part: str) -> Sequence[Any]:
    """Grants in the actor's reach: ``waiting`` for a second person, ``held`` now or from a later day, or ``over``."""
    today = clock.today()
    alive = sa.and_(
        GrantRow.revoked_at.is_(None), sa.or_(GrantRow.valid_to.is_(None), GrantRow.valid_to > today)
    )
    which = {
        "waiting": sa.and_(GrantRow.confirmed_at.is_(None), alive),
        "held": sa.and_(GrantRow.confirmed_at.is_not(None), alive),
        "over": sa.not_(alive),
    }[part]
    statement = _grants().where(which, policy.visible_to_grants_desk(actor))
    return db.session().execute(statement.order_by(GrantRow.id.desc()).limit(300)).all()


def duties_of(person_id: int) -> tuple[Sequence[Any], Sequence[Any]]:
    """A person's grants in force (with district), and committee seats in office (with community and district)."""
    today = clock.today()
    grants = (
        db.session()
        .execute(
            sa.select(
                GrantRow.role,
                GrantRow.section,
                GrantRow.position,
                GrantRow.order_reference,
                GrantRow.valid_to,
                District.name_th,
                District.name_en,
            )
            .outerjoin(District, District.id == GrantRow.district_id)
            .where(
                GrantRow.person_id == person_id,
                GrantRow.confirmed_at.is_not(None),
                GrantRow.revoked_at.is_(None),
                GrantRow.valid_from <= today,
                sa.or_(GrantRow.valid_to.is_(None), GrantRow.valid_to > today),
            )
            .order_by(GrantRow.id)
        )
        .all()
    )
    seats = (
        db.session()
        .execute(
            sa.select(
                CommitteeMember.post,
                CommitteeMember.valid_to,
                Community.id.label("community_id"),
                Community.name.label("community"),
                District.name_th,
                District.name_en,
            )
            .join(Community, Community.id == CommitteeMember.community_id)
            .join(District, District.id == Community.district_id)
            .where(CommitteeMember.person_id == person_id, *is_in_office(today))
            .order_by(CommitteeMember.id)
        )
        .all()
    )
    return grants, seats
