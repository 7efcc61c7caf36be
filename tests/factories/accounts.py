"""People for tests. Everyone's password is :data:`PASSWORD`. Use inside an open transaction."""

import datetime as dt
from functools import cache
from itertools import count
from typing import Any

import sqlalchemy as sa

from portal.accounts import passwords, queries
from portal.accounts.models import CommitteeMember, CommitteePost, GrantRow, LoginSession, Person
from portal.core import clock, db, hashing
from portal.core.actor import Actor, Role, Scope
from portal.places.models import Community, District

PASSWORD = "correct horse battery"
_numbers = count(1)


@cache
def _password_hash() -> str:
    return passwords.hashed(PASSWORD)


def person(email: str | None = None, name: str = "สมหญิง ใจดี", **values: Any) -> Person:
    """Somebody with an account; the name is split at its first space."""
    given, _, family = name.partition(" ")
    made = Person(
        **{
            "email": email or f"person{next(_numbers)}@example.org",
            "password_hash": _password_hash(),
            "given_name": given,
            "family_name": family,
            "display_name": name,
            "created_at": clock.now(),
            **values,
        }
    )
    db.session().add(made)
    db.session().flush()
    return made


def actor_of(person: Person) -> Actor:
    """The actor a person is now, loaded as in production."""
    db.session().flush()
    actor = queries.actor_of_person(person.id)
    assert actor is not None, f"{person.email} has no open account"
    return actor


def grant(
    person: Person,
    role: Role,
    district: District | None = None,
    community: Community | None = None,
    **values: Any,
) -> GrantRow:
    """A role in force since last year, proposed and confirmed by two others; its scope follows the place given."""
    if community is not None:
        scope, district_id = Scope.COMMUNITY, community.district_id
    else:
        scope = Scope.DISTRICT if district is not None else Scope.CITY
        district_id = district.id if district is not None else None
    made = GrantRow(
        **{
            "person_id": person.id,
            "role": role,
            "scope": scope,
            "district_id": district_id,
            "community_id": community.id if community is not None else None,
            "order_reference": "คำสั่งที่ 1/2569",
            "valid_from": clock.today() - dt.timedelta(days=365),
            "proposed_by": _clerk("proposer@example.org").id,
            "proposed_at": clock.now(),
            "confirmed_by": _clerk("confirmer@example.org").id,
            "confirmed_at": clock.now(),
            **values,
        }
    )
    db.session().add(made)
    db.session().flush()
    return made


def officer(role: Role, district: District | None = None, **values: Any) -> Actor:
    """Somebody with this one role, in a district or (None) in the whole city."""
    someone = person(**{"name": f"เจ้าหน้าที่ {role.value}", **values})
    grant(someone, role, district)
    return actor_of(someone)


def committee(community: Community, size: int = 7, **values: Any) -> list[CommitteeMember]:
    """A committee in office, each member with an account; the first is the chair, the second the vice chair…"""
    posts = list(CommitteePost)[:-1]
    made = []
    for number in range(size):
        post = posts[number] if number < len(posts) else CommitteePost.MEMBER
        member = person(name=f"กรรมการ คนที่{next(_numbers)}")
        made.append(
            CommitteeMember(
                **{
                    "community_id": community.id,
                    "person_id": member.id,
                    "name": member.display_name,
                    "post": post,
                    "valid_from": clock.today() - dt.timedelta(days=365),
                    "valid_to": clock.today() + dt.timedelta(days=365),
                    "appointment_reference": "ประกาศสำนักงานเขต ลงวันที่ 1 ตุลาคม 2568",
                    "entered_by": _clerk("desk@example.org").id,
                    "entered_at": clock.now(),
                    **values,
                }
            )
        )
    db.session().add_all(made)
    db.session().flush()
    return made


def leader(community: Community) -> Actor:
    """The chair of the committee in office; a committee of one is made when there is none."""
    seats = queries.committee_in_office(community.id) or committee(community, size=1)
    seat = next(seat for seat in seats if seat.person_id is not None)
    return actor_of(db.session().get_one(Person, seat.person_id))


def token_of(person: Person) -> str:
    """The token of a new session, as its cookie would hold it."""
    token = f"token-{next(_numbers)}"
    db.session().add(
        LoginSession(
            person_id=person.id,
            token_hash=hashing.sha256_hex(token),
            created_at=clock.now(),
            expires_at=clock.now() + dt.timedelta(days=30),
        )
    )
    db.session().flush()
    return token


def _clerk(email: str) -> Person:
    found = db.session().scalars(sa.select(Person).where(Person.email == email)).first()
    return found or person(email, "เจ้าหน้าที่ ธุรการ")
