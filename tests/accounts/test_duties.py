"""Roles and seats: four eyes, never one's own, only where one's duty holds; kept by commands and by the database."""

import datetime as dt

import pytest
from sqlalchemy.exc import IntegrityError

from portal.accounts import commands, queries
from portal.accounts.commands import Order, Seat
from portal.accounts.committee_size import committee_size
from portal.accounts.models import CommitteeMember, CommitteePost, GrantRow
from portal.core import clock
from portal.core.actor import SYSTEM, Permission, Role, Scope
from portal.core.errors import Conflict, Invalid, NotAllowed, WrongState
from tests.factories import accounts, places

RULE = {"min": 7, "max": 15, "houses_base": 100, "houses_step": 50, "remainder": 25}


def order(role=Role.PLANNER, code="1002", **values):
    district = places.district(code).id if code else None
    return Order(role, district, "คำสั่ง 9/2569", clock.today(), **values)


def proposed(person=None, **values):
    someone = person or accounts.person()
    admin = accounts.officer(Role.ADMIN)
    return admin, someone, commands.propose_grant(admin, someone.email, order(**values))


CONFIRMERS = {
    "another admin": (lambda: accounts.officer(Role.ADMIN), True),
    "the director there": (lambda: accounts.officer(Role.DIRECTOR, places.district()), True),
    "a director elsewhere": (lambda: accounts.officer(Role.DIRECTOR, places.district("1001")), False),
    "a planner there": (lambda: accounts.officer(Role.PLANNER, places.district()), False),
    "an auditor": (lambda: accounts.officer(Role.AUDITOR), False),
    "a resident": (lambda: accounts.actor_of(accounts.person()), False),
}


@pytest.mark.parametrize("who", CONFIRMERS)
@pytest.mark.parametrize("act", ["confirm", "revoke"])
def test_who_confirms_and_who_revokes(db, who, act):
    make, allowed = CONFIRMERS[who]
    _admin, someone, grant = proposed()
    actor = make()

    def go():
        return (
            commands.confirm_grant(actor, grant)
            if act == "confirm"
            else commands.revoke_grant(actor, grant, "เหตุ")
        )

    if not allowed:
        with pytest.raises(NotAllowed):
            go()
        return
    assert not accounts.actor_of(someone).may(Permission.SCREEN)
    go()
    assert accounts.actor_of(someone).may(Permission.SCREEN, district_id=1002) is (act == "confirm")
    assert not accounts.actor_of(someone).may(Permission.SCREEN, district_id=1001)


def test_who_proposed_does_not_confirm(db):
    admin, _someone, grant = proposed()
    with pytest.raises(NotAllowed):
        commands.confirm_grant(admin, grant)


def test_nobody_touches_their_own(db):
    me = accounts.person()
    accounts.grant(me, Role.ADMIN)
    with pytest.raises(NotAllowed):
        commands.propose_grant(accounts.actor_of(me), me.email, order())
    _admin, _me, grant = proposed(me)
    with pytest.raises(NotAllowed):
        commands.confirm_grant(accounts.actor_of(me), grant)
    with pytest.raises(NotAllowed):
        commands.revoke_grant(accounts.actor_of(me), grant, "เหตุ")


def test_a_director_has_no_say_about_the_whole_city(db):
    _admin, _someone, grant = proposed(role=Role.AUDITOR, code="")
    director = accounts.officer(Role.DIRECTOR, places.district())
    with pytest.raises(NotAllowed):
        commands.confirm_grant(director, grant)
    assert queries.grant_seen(director, grant.id) is None
    assert queries.grant_seen(accounts.officer(Role.ADMIN), grant.id) is not None


@pytest.mark.parametrize(
    ("role", "code"), [(Role.PLANNER, ""), (Role.ADMIN, "1002"), (Role.LEADER, "1002"), (Role.LEADER, "")]
)
def test_a_role_has_its_place(db, role, code):
    with pytest.raises(Invalid):
        proposed(role=role, code=code)


def test_a_grant_is_decided_once(db):
    _admin, _someone, grant = proposed()
    second = accounts.officer(Role.ADMIN)
    commands.confirm_grant(second, grant)
    with pytest.raises(WrongState):
        commands.confirm_grant(second, grant)
    with pytest.raises(Invalid):
        commands.revoke_grant(second, grant, " ")
    commands.revoke_grant(second, grant, "ย้าย")
    with pytest.raises(WrongState):
        commands.revoke_grant(second, grant, "ย้าย")


def test_a_position_comes_and_goes_with_its_grant(db):
    _admin, someone, grant = proposed(position="นักพัฒนาสังคม")
    assert someone.position == ""
    second = accounts.officer(Role.ADMIN)
    commands.confirm_grant(second, grant)
    assert queries.names_of([someone.id])[someone.id].endswith("(นักพัฒนาสังคม)")
    commands.revoke_grant(second, grant, "ย้าย")
    assert someone.position == ""


@pytest.mark.parametrize(
    ("begins", "ends", "counts"),
    [(-2, 1, True), (-2, None, True), (0, 1, True), (1, None, False), (-2, 0, False)],
)
def test_a_grant_counts_within_its_days(db, begins, ends, counts):
    someone, today = accounts.person(), clock.today()
    accounts.grant(
        someone,
        Role.PLANNER,
        places.district(),
        valid_from=today + dt.timedelta(days=begins),
        valid_to=None if ends is None else today + dt.timedelta(days=ends),
    )
    assert accounts.actor_of(someone).may(Permission.SCREEN) is counts
    assert (someone.id in queries.officers_with(Permission.SCREEN, 1002)) is counts
    assert someone.id not in queries.officers_with(Permission.SCREEN, 1001)


BROKEN = {
    "confirmed by who proposed": lambda one, two: {"proposed_by": one, "confirmed_by": one},
    "proposed by oneself": lambda one, two: {"person_id": one, "proposed_by": one, "confirmed_by": two},
    "confirmed by oneself": lambda one, two: {"person_id": two, "proposed_by": one, "confirmed_by": two},
    "confirmed at no time": lambda one, two: {"confirmed_at": None},
    "revoked by oneself": lambda one, two: {
        "person_id": one,
        "revoked_by": one,
        "revoked_at": clock.now(),
        "revoke_reason": "x",
    },
    "revoked without a reason": lambda one, two: {"revoked_by": one, "revoked_at": clock.now()},
    "a district's role for the city": lambda one, two: {"scope": Scope.CITY, "district_id": 1002},
    "a term that runs backwards": lambda one, two: {"valid_to": dt.date(2000, 1, 1)},
}


@pytest.mark.parametrize("broken", BROKEN)
def test_the_database_keeps_the_rules_of_grants(db, broken):
    one, two = accounts.person().id, accounts.person().id
    district = places.district()
    with pytest.raises(IntegrityError):
        accounts.grant(accounts.person(), Role.PLANNER, district, **BROKEN[broken](one, two))


# -- committees -----------------------------------------------------------------------------------------------------


def paper(post=CommitteePost.MEMBER, email="", **values):
    today = clock.today()
    term = {"valid_from": today, "valid_to": today + dt.timedelta(days=365)} | values
    return Seat("นายทดสอบ ระบบ", post, term["valid_from"], term["valid_to"], "ประกาศ 1/2569", email)


def desk(code="1002"):
    return accounts.officer(Role.COMMUNITY_DESK, places.district(code))


def test_a_seat_makes_a_leader_there_and_only_there(db):
    here, there = places.community(), places.community(name="ชุมชนอื่น")
    someone = accounts.person()
    officer = desk()
    seat = commands.seat_member(officer, here, paper(email=someone.email))
    actor = accounts.actor_of(someone)
    assert actor.may(Permission.PLAN_WRITE, district_id=1002, community_id=here.id)
    assert not actor.may(Permission.PLAN_WRITE, district_id=1002, community_id=there.id)
    assert not actor.may(Permission.PLAN_WRITE, district_id=1002)
    assert queries.leaders_of(here.id) == [someone.id]
    assert queries.seat_of(someone.id, here.id) is seat
    commands.end_seat(officer, seat, clock.today(), "ลาออก")
    assert not accounts.actor_of(someone).grants
    assert queries.committee_in_office(here.id) == []


@pytest.mark.parametrize(
    "who",
    [
        lambda: desk("1001"),
        lambda: accounts.officer(Role.PLANNER, places.district()),
        lambda: accounts.officer(Role.ADMIN),
        lambda: accounts.leader(places.community(name="ชุมชนผู้นำ")),
    ],
)
def test_who_may_not_keep_a_committee(db, who):
    community = places.community()
    member = accounts.committee(community, size=1)[0]
    actor = who()
    with pytest.raises(NotAllowed):
        commands.seat_member(actor, community, paper())
    with pytest.raises(NotAllowed):
        commands.end_seat(actor, member, clock.today(), "เหตุ")


def test_the_desk_gives_itself_no_seat(db):
    community = places.community()
    me = accounts.person()
    accounts.grant(me, Role.COMMUNITY_DESK, places.district())
    with pytest.raises(NotAllowed):
        commands.seat_member(accounts.actor_of(me), community, paper(email=me.email))
    seat = commands.seat_member(desk(), community, paper(email=me.email))
    with pytest.raises(NotAllowed):
        commands.end_seat(accounts.actor_of(me), seat, clock.today(), "เหตุ")


def test_one_chair_and_one_seat_each(db):
    community = places.community()
    chair = accounts.committee(community, size=2)[0]
    officer, holder = desk(), queries.person(chair.person_id)
    with pytest.raises(Invalid):
        commands.seat_member(officer, community, paper(CommitteePost.CHAIR))
    with pytest.raises(Invalid):
        commands.seat_member(officer, community, paper(email=holder.email))
    with pytest.raises(Invalid):
        commands.seat_member(officer, community, paper(valid_to=clock.today()))
    commands.end_seat(officer, chair, clock.today(), "ลาออก")
    commands.seat_member(officer, community, paper(CommitteePost.CHAIR, holder.email))
    assert queries.committee_in_office(community.id)[0].post is CommitteePost.CHAIR


def test_one_chair_and_one_seat_each_on_every_day_to_come(db):
    community, officer, holder = places.community(), desk(), accounts.person()
    day = clock.today() + dt.timedelta(days=60)
    later = {"valid_from": day, "valid_to": day + dt.timedelta(days=1000)}
    commands.seat_member(officer, community, paper(CommitteePost.CHAIR, holder.email, **later))
    with pytest.raises(Invalid):
        commands.seat_member(officer, community, paper(CommitteePost.CHAIR))
    with pytest.raises(Invalid):
        commands.seat_member(officer, community, paper(email=holder.email))
    loose = commands.seat_member(officer, community, paper())
    with pytest.raises(Invalid):
        commands.link_member(officer, loose, holder.email)
    until = commands.seat_member(officer, community, paper(CommitteePost.CHAIR, holder.email, valid_to=day))
    assert queries.committee_in_office(community.id, day - dt.timedelta(days=1))[0] is until


def test_a_seat_is_tied_to_an_account_once(db):
    community, officer = places.community(), desk()
    seat = commands.seat_member(officer, community, paper())
    someone = accounts.person()
    with pytest.raises(Invalid):
        commands.link_member(officer, seat, "nobody@example.org")
    commands.link_member(officer, seat, someone.email)
    with pytest.raises(WrongState):
        commands.link_member(officer, seat, accounts.person().email)


def test_the_database_keeps_the_rules_of_seats(db):
    community, someone = places.community(), accounts.person()
    for broken in (
        {"left_on": clock.today()},
        {"entered_by": someone.id, "person_id": someone.id},
        {"valid_to": dt.date(2000, 1, 1)},
    ):
        with pytest.raises(IntegrityError), db.begin_nested():
            accounts.committee(community, size=1, **broken)
    assert db.query(CommitteeMember).count() == 0
    assert db.query(GrantRow).count() == 0


@pytest.mark.parametrize(
    ("houses", "size"),
    [
        (None, 7),
        (0, 7),
        (100, 7),
        (101, 7),
        (125, 7),
        (126, 8),
        (150, 8),
        (175, 8),
        (176, 9),
        (200, 9),
        (475, 14),
        (476, 15),
        (5000, 15),
    ],
)
def test_how_large_a_committee_should_be(houses, size):
    assert committee_size(RULE, houses) == size


def test_the_rule_comes_from_the_rulebook(db):
    assert queries.committee_size_rule() == RULE


def test_three_people_found_the_office(db):
    names = ["a@example.org", "b@example.org", "c@example.org"]
    for wrong in (names[:2], ["a@example.org", "A@example.org", "b@example.org"]):
        with pytest.raises(Invalid):
            commands.found_office(SYSTEM, wrong, "คำสั่ง 1/2569")
    people = commands.found_office(SYSTEM, names, "คำสั่ง 1/2569")
    assert all(accounts.actor_of(one).may(Permission.GRANT_CONFIRM) for one in people)
    with pytest.raises(Conflict):
        commands.found_office(SYSTEM, names, "คำสั่ง 1/2569")
