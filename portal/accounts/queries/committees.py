"""Committees in office, and interests that make people step aside."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from portal.accounts import policy
from portal.accounts.models import CommitteeMember, CommitteePost, InterestDeclaration, Person
from portal.core import clock, db
from portal.core.actor import Actor
from portal.places.models import Community, CommunityState, District
from portal.rulebook import queries as rulebook


def is_in_office(today: Any) -> tuple[sa.ColumnElement[bool], ...]:
    """The member sits on that day: within the term and not left before its end."""
    return (
        CommitteeMember.valid_from <= today,
        CommitteeMember.valid_to > today,
        sa.or_(CommitteeMember.left_on.is_(None), CommitteeMember.left_on > today),
    )


_RANK = sa.case(
    {post: number for number, post in enumerate(CommitteePost)}, value=CommitteeMember.post, else_=99
)


@db.prepared
def _committee_in_office(*, community_id: Any, on: Any) -> Any:
    return (
        sa.select(CommitteeMember)
        .where(CommitteeMember.community_id == community_id, *is_in_office(on))
        .order_by(_RANK, CommitteeMember.id)
    )


@db.prepared
def _names_in_office(*, community_id: Any) -> Any:
    return (
        sa.select(CommitteeMember.name, CommitteeMember.post, CommitteeMember.valid_to)
        .where(CommitteeMember.community_id == community_id, *is_in_office(db.TODAY))
        .order_by(_RANK, CommitteeMember.id)
    )


def names_in_office(community_id: int) -> Sequence[Any]:
    """Who is in office today, the chair first: name, post, valid_to."""
    return _names_in_office(community_id=community_id).all()


def committee_in_office(community_id: int, on: dt.date | None = None) -> list[CommitteeMember]:
    """The members in office on a day (today), the chair first."""
    return list(_committee_in_office(community_id=community_id, on=on or clock.today()).scalars())


def committee_between(community_id: int, since: dt.date, until: dt.date) -> list[CommitteeMember]:
    """The members in office on any day from ``since`` until the day before ``until``."""
    leaves = sa.func.coalesce(CommitteeMember.left_on, CommitteeMember.valid_to)
    return list(
        db.session().scalars(
            sa.select(CommitteeMember)
            .where(
                CommitteeMember.community_id == community_id,
                CommitteeMember.valid_from < until,
                leaves > since,
                leaves > CommitteeMember.valid_from,
            )
            .order_by(CommitteeMember.id)
        )
    )


@db.prepared
def _seat_of(*, person_id: Any, community_id: Any) -> Any:
    return sa.select(CommitteeMember).where(
        CommitteeMember.community_id == community_id,
        CommitteeMember.person_id == person_id,
        *is_in_office(db.TODAY),
    )


def seat_of(person_id: int, community_id: int) -> CommitteeMember | None:
    """The seat a person holds on a committee today."""
    return _seat_of(person_id=person_id, community_id=community_id).scalars().first()


@db.prepared
def _leaders_of(*, community_id: Any) -> Any:
    return (
        sa.select(CommitteeMember.person_id)
        .where(
            CommitteeMember.community_id == community_id,
            CommitteeMember.person_id.is_not(None),
            *is_in_office(db.TODAY),
        )
        .distinct()
        .order_by(CommitteeMember.person_id)
    )


def leaders_of(community_id: int) -> list[int]:
    """Accounts of the committee in office."""
    return list(_leaders_of(community_id=community_id).scalars())


def leaders_of_many(community_ids: Iterable[int]) -> dict[int, list[int]]:
    """Accounts of the committees in office, by community."""
    found: dict[int, list[int]] = {}
    rows = db.session().execute(
        sa.select(CommitteeMember.community_id, CommitteeMember.person_id)
        .where(
            CommitteeMember.community_id.in_(sorted(set(community_ids))),
            *is_in_office(clock.today()),
        )
        .distinct()
        .order_by(CommitteeMember.community_id, CommitteeMember.person_id)
    )
    for community_id, person_id in rows:
        if person_id is not None:
            found.setdefault(community_id, []).append(person_id)
    return found


@db.prepared
def _has_interest(*, person_id: Any, community_id: Any) -> Any:
    declared = sa.exists().where(
        InterestDeclaration.person_id == person_id,
        InterestDeclaration.community_id == community_id,
        InterestDeclaration.ended_at.is_(None),
    )
    seated = sa.exists().where(
        CommitteeMember.person_id == person_id,
        CommitteeMember.community_id == community_id,
        *is_in_office(db.TODAY),
    )
    return sa.select(sa.or_(declared, seated))


def has_interest(person_id: int, community_id: int) -> bool:
    """Whether a person must step aside in a community's matters: a declared interest, or a seat on its committee."""
    return bool(_has_interest(person_id=person_id, community_id=community_id).scalar())


def seat(member_id: int) -> CommitteeMember | None:
    """One seat by id."""
    return db.session().get(CommitteeMember, member_id)


def seats_of_community(community_id: int) -> Sequence[Any]:
    """Every seat a committee had, those in office first, with the account's address and whether it sits today."""
    sits = sa.and_(*is_in_office(clock.today()))
    return (
        db.session()
        .execute(
            sa.select(
                CommitteeMember.id,
                CommitteeMember.name,
                CommitteeMember.post,
                CommitteeMember.valid_from,
                CommitteeMember.valid_to,
                CommitteeMember.appointment_reference,
                CommitteeMember.left_on,
                CommitteeMember.left_reason,
                CommitteeMember.person_id,
                Person.email,
                sits.label("is_in_office"),
            )
            .outerjoin(Person, Person.id == CommitteeMember.person_id)
            .where(CommitteeMember.community_id == community_id)
            .order_by(sits.desc(), CommitteeMember.valid_to.desc(), _RANK, CommitteeMember.id)
            .limit(200)
        )
        .all()
    )


def communities_of_desk(actor: Actor, district_id: int) -> Sequence[Any]:
    """A district's communities as its desk sees them: id, name, houses, how many sit, how many have an account."""
    sits = sa.and_(*is_in_office(clock.today()))
    count = sa.func.count(CommitteeMember.id)
    return (
        db.session()
        .execute(
            sa.select(
                Community.id,
                Community.name,
                Community.houses,
                count.label("members"),
                sa.func.count(CommitteeMember.person_id).label("accounts"),
                sa.func.min(CommitteeMember.valid_to).label("first_end"),
            )
            .outerjoin(CommitteeMember, sa.and_(CommitteeMember.community_id == Community.id, sits))
            .where(
                Community.district_id == district_id,
                Community.state != CommunityState.DISSOLVED,
                policy.visible_to_desk(actor),
            )
            .group_by(Community.id, Community.name, Community.houses, Community.sort_key)
            .order_by(Community.sort_key, Community.id)
        )
        .all()
    )


def committee_size_rule() -> dict[str, int]:
    """The figures of the regulation: least, most, and how houses add members."""
    keys = ("min", "max", "houses_base", "houses_step", "remainder")
    rows = rulebook.laws([f"committee.{key}" for key in keys])
    return {key: rows[f"committee.{key}"].value for key in keys}


def interests_of(person_id: int) -> Sequence[Any]:
    """A person's declarations, those in force first: id, description, since, until, community and district."""
    return (
        db.session()
        .execute(
            sa.select(
                InterestDeclaration.id,
                InterestDeclaration.description,
                InterestDeclaration.declared_at,
                InterestDeclaration.ended_at,
                Community.name.label("community"),
                District.name_th,
                District.name_en,
            )
            .join(Community, Community.id == InterestDeclaration.community_id)
            .join(District, District.id == Community.district_id)
            .where(InterestDeclaration.person_id == person_id)
            .order_by(InterestDeclaration.ended_at.is_not(None), InterestDeclaration.id.desc())
            .limit(200)
        )
        .all()
    )


def interest(declaration_id: int) -> InterestDeclaration | None:
    """One declaration by id."""
    return db.session().get(InterestDeclaration, declaration_id)
