"""The actor behind a session, in one query that is compiled once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import (
    CommitteeMember,
    GrantRow,
    LoginSession,
    Person,
    Residency,
    ResidencyState,
)
from portal.accounts.queries.committees import is_in_office
from portal.core import clock, db, hashing
from portal.core.actor import Actor, Grant, Role, Scope
from portal.places.models import Community

# Read by name: the inbox belongs to a later room, and the one query of the actor carries its count.
_notices = sa.table("notices", sa.column("person_id"), sa.column("read_at"))


def _actor_statement(who: sa.CTE) -> sa.CompoundSelect[Any]:
    """One row for the person, then one per duty in force. ``who`` holds (person_id, session_id) of at most one row."""
    today: sa.BindParameter[dt.date] = sa.bindparam("today", type_=sa.Date())
    role_type, scope_type = GrantRow.role.type, GrantRow.scope.type
    nothing = sa.null()
    home = (
        sa.select(Residency.district_id)
        .where(
            Residency.person_id == Person.id,
            Residency.state == ResidencyState.CONFIRMED,
            Residency.ended_at.is_(None),
        )
        .limit(1)
        .scalar_subquery()
    )
    unread = (
        sa.select(sa.func.count())
        .select_from(_notices)
        .where(_notices.c.person_id == Person.id, _notices.c.read_at.is_(None))
        .scalar_subquery()
    )
    person = (
        sa.select(
            Person.id.label("person_id"),
            Person.display_name.label("name"),
            Person.language.label("language"),
            who.c.session_id.label("session_id"),
            unread.label("unread"),
            sa.type_coerce(nothing, role_type).label("role"),
            sa.type_coerce(nothing, scope_type).label("scope"),
            home.label("district_id"),
            sa.type_coerce(nothing, sa.BigInteger).label("community_id"),
        )
        .join(who, who.c.person_id == Person.id)
        .where(Person.closed_at.is_(None))
    )
    granted = (
        sa.select(
            nothing,
            nothing,
            nothing,
            nothing,
            nothing,
            GrantRow.role,
            GrantRow.scope,
            GrantRow.district_id,
            GrantRow.community_id,
        )
        .join(who, who.c.person_id == GrantRow.person_id)
        .where(
            GrantRow.confirmed_at.is_not(None),
            GrantRow.revoked_at.is_(None),
            GrantRow.valid_from <= today,
            sa.or_(GrantRow.valid_to.is_(None), GrantRow.valid_to > today),
        )
    )
    seated = (
        sa.select(
            nothing,
            nothing,
            nothing,
            nothing,
            nothing,
            sa.literal(Role.LEADER, role_type),
            sa.literal(Scope.COMMUNITY, scope_type),
            Community.district_id,
            CommitteeMember.community_id,
        )
        .join(Community, Community.id == CommitteeMember.community_id)
        .join(who, who.c.person_id == CommitteeMember.person_id)
        .where(*is_in_office(today))
    )
    return sa.union_all(person, granted, seated)


_BY_TOKEN = _actor_statement(
    sa.select(LoginSession.person_id, LoginSession.id.label("session_id"))
    .where(
        LoginSession.token_hash == sa.bindparam("token_hash"),
        LoginSession.revoked_at.is_(None),
        LoginSession.expires_at > sa.bindparam("now"),
    )
    .cte("who")
)
_BY_PERSON = _actor_statement(
    sa.select(Person.id.label("person_id"), sa.null().label("session_id"))
    .where(Person.id == sa.bindparam("person_id"))
    .cte("who")
)


def actor_of_token(token: str) -> Actor | None:
    """The actor of a live session, with every duty in force today; None when it ended, was revoked, or never was."""
    values = {"token_hash": hashing.sha256_hex(token), "now": clock.now(), "today": clock.today()}
    return _actor(db.plain_rows(_BY_TOKEN, values))


def actor_of_person(person_id: int) -> Actor | None:
    """The actor a person is now, outside of any session (worker, command line); None for a closed account."""
    return _actor(db.plain_rows(_BY_PERSON, {"person_id": person_id, "today": clock.today()}))


def _actor(rows: Iterable[Any]) -> Actor | None:
    person = None
    grants = []
    for row in rows:
        if row.role is None:
            person = row
        else:
            grants.append(Grant(row.role, row.scope, row.district_id, row.community_id))
    if person is None:
        return None
    return Actor(
        id=person.person_id,
        grants=tuple(grants),
        name=person.name,
        lang=person.language,
        session_id=person.session_id,
        home_district_id=person.district_id,
        unread=person.unread,
    )
