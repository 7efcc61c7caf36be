"""Struck from the roll with a reason, told, objected, answered by somebody else; and caps as frozen as every other rule."""

import datetime as dt
import json

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from portal.accounts.models import Person
from portal.core import clock as core_clock
from portal.core import db as core_db
from portal.core.actor import Role
from portal.core.errors import Invalid, NotAllowed, NotFound, WrongState
from portal.notifications.models import Notice
from portal.plans.models import Side
from portal.voting import queries
from portal.voting.commands import locking, projects, strikes
from portal.voting.commands import roll as commands
from portal.voting.commands import rounds as round_commands
from portal.voting.models import Area, Candidate, RollEntry
from portal.voting.queries.roll import Standing
from tests.factories import accounts, places, rounds
from tests.factories import letters as printed
from tests.voting.test_roll import number, registry, resident

__all__ = ["registry"]


@pytest.fixture
def director(db):
    return accounts.officer(Role.DIRECTOR, places.district())


@pytest.fixture
def voter(db, registry):
    """(a resident on the roll, the round)."""
    round_, person = rounds.published(), resident()
    commands.grant_place(registry, commands.ask_place(person, round_).id, number(7))
    return person, round_


def notices(db, person):
    return set(db.scalars(sa.select(Notice.event).where(Notice.person_id == person.id)))


def test_struck_told_objected_and_put_back(db, voter, registry, director):
    person, round_ = voter
    with pytest.raises(Invalid):
        strikes.strike(registry, round_.id, number(8), "ย้ายออก")
    with pytest.raises(Invalid):
        strikes.strike(registry, round_.id, number(7), " ")
    made = strikes.strike(registry, round_.id, number(7), "ย้ายออก")
    place = queries.place_on_roll(person, round_)
    assert (place.standing, place.reason, place.entry_id) == (Standing.STRUCK, "ย้ายออก", None)
    assert "voting.struck" in notices(db, person)
    with pytest.raises(NotFound):
        queries.objection_seen(director, made.id)
    strikes.object_to_strike(person, round_, "ยังอยู่บ้านเดิม")
    with pytest.raises(WrongState):
        strikes.object_to_strike(person, round_, "อีกครั้ง")
    assert "voting.objection" in notices(db, director)
    assert [row.id for row in queries.objections(director)] == [made.id]
    for other in (registry, person, accounts.officer(Role.DIRECTOR, places.district("1047"))):
        with pytest.raises(NotAllowed):
            strikes.answer_objection(other, made.id, "ดูแล้ว", restore=True)
    strikes.answer_objection(director, made.id, "อยู่จริง", restore=True)
    assert queries.place_on_roll(person, round_).may_vote
    assert "voting.restored" in notices(db, person)
    assert not queries.objections(director)
    with pytest.raises(WrongState):
        strikes.answer_objection(director, made.id, "อีกครั้ง", restore=False)


def test_rows_of_a_roll_are_numbered_on_that_roll_and_who_is_struck_is_not_counted_on_it(
    db, registry, director
):
    other, round_ = rounds.published(), rounds.published()
    for one in (other, round_):
        commands.take_list(
            registry, one.id, [commands.Line(place, number(place)) for place in (1, 2, 3)], is_rehearsal=False
        )
    person = resident()
    commands.grant_place(registry, commands.ask_place(person, round_).id, number(4))
    strikes.strike(registry, round_.id, number(2), "ย้ายออก")
    back = strikes.strike(registry, round_.id, number(4), "ย้ายออก")
    counts = queries.roll_counts(round_.id)
    assert (counts.people, counts.accounts, counts.struck) == (2, 0, 2)
    strikes.object_to_strike(person, round_, "ยังอยู่บ้านเดิม")
    strikes.answer_objection(director, back.id, "อยู่จริง", restore=True)
    assert [(row.number, row.is_out) for row in queries.strikes(registry, round_)] == [(4, False), (2, True)]
    assert queries.roll_counts(round_.id).people == 3


def test_who_has_objected_reads_that_it_waits_and_not_the_form_again(transaction, client, clock):
    with transaction():
        officer = accounts.officer(Role.REGISTRY, places.district())
        round_, person = rounds.published(), resident()
        commands.grant_place(officer, commands.ask_place(person, round_).id, number(7))
        strikes.strike(officer, round_.id, number(7), "ย้ายออก")
        place = f"/en/voting/{round_.id}/object"
        email = core_db.session().get_one(Person, person.id).email
    client.sign_in(email, accounts.PASSWORD)
    assert client.submit(place, {"objection": "ยังอยู่บ้านเดิม"}, action=place).status_code == 303
    said = client.get(place, status=200).get_data(as_text=True)
    assert "It waits for an answer" in said
    assert "ยังอยู่บ้านเดิม" in said
    assert "<textarea" not in said


def test_who_stays_struck_reads_why_and_whoever_comes_back_after_the_lock_has_an_area(
    db, voter, registry, director, clock
):
    person, round_ = voter
    commands.take_list(
        registry, round_.id, [commands.Line(one, number(one)) for one in range(20, 30)], is_rehearsal=False
    )
    made = strikes.strike(registry, round_.id, number(7), "ย้ายออก")
    with pytest.raises(Invalid):
        printed.released(registry, round_.id, [number(7)])
    clock.travel(round_.opens_at)
    locking.lock_roll(registry, round_.id)
    assert round_.roll_count == 10
    with pytest.raises(WrongState):
        strikes.strike(registry, round_.id, number(21), "สายไป")
    strikes.object_to_strike(person, round_, "ยังอยู่บ้านเดิม")
    strikes.answer_objection(director, made.id, "อยู่จริง", restore=True)
    entry = db.get_one(RollEntry, made.roll_entry_id)
    assert queries.place_on_roll(person, round_).may_vote
    assert entry.area_id is not None


def test_whoever_is_struck_or_back_after_the_lock_is_counted_so(db, registry, director, clock):
    clock.travel("2026-11-01 09:00")
    round_, person, other = (
        rounds.published(opens_at=core_clock.at(dt.date(2026, 11, 4), 8)),
        resident(),
        resident(),
    )
    for place, someone in ((7, person), (8, other)):
        commands.grant_place(registry, commands.ask_place(someone, round_).id, number(place))
    clock.travel("2026-11-02 09:00")
    assert locking.lock_roll(registry, round_.id) == 2
    (area,) = db.scalars(sa.select(Area))
    made = [strikes.strike(registry, round_.id, number(place), "ย้ายออก").id for place in (7, 8)]
    assert (round_.roll_count, area.roll_count) == (0, 0)
    for someone in (person, other):
        strikes.object_to_strike(someone, round_, "ยังอยู่บ้านเดิม")
    strikes.answer_objection(director, made[0], "อยู่จริง", restore=True)
    assert (round_.roll_count, area.roll_count) == (1, 1)
    clock.travel(round_.closes_at)
    with pytest.raises(WrongState):
        strikes.answer_objection(director, made[1], "อยู่จริง", restore=True)
    strikes.answer_objection(director, made[1], "ตอบช้าไป", restore=False)


def test_caps_stand_in_the_edition_and_then_nobody_changes_them(db, director):
    planner = accounts.officer(Role.PLANNER, places.district())
    made = rounds.draft()
    db.execute(sa.update(Candidate).where(Candidate.number < 3).values(side=Side.SOCIAL))
    db.expire_all()
    with pytest.raises(Invalid):
        projects.set_cap(planner, made.id, Side.HEALTH, None, 1_000_00)
    with pytest.raises(Invalid):
        projects.set_cap(planner, made.id, Side.SOCIAL, None, 0)
    projects.set_cap(planner, made.id, Side.SOCIAL, None, 900_000_00)
    kept = projects.set_cap(planner, made.id, Side.SOCIAL, None, 350_000_00)
    round_commands.propose_round(planner, made.id)
    edition = rounds.publish(director, made)
    assert json.loads(edition.body)["caps"] == [
        {"side": "social", "community": None, "most_satang": 350_000_00, "projects": [1, 2]}
    ]
    with pytest.raises(WrongState):
        projects.set_cap(planner, made.id, Side.SOCIAL, None, 1_000_00)
    with pytest.raises(WrongState):
        projects.drop_cap(planner, kept.id)
    for statement in ("UPDATE round_caps SET most_satang = 1", "DELETE FROM round_caps"):
        with pytest.raises(DBAPIError, match="frozen"), db.begin_nested():
            db.execute(sa.text(statement))


def test_who_was_struck_objects_on_a_page_and_nobody_else_finds_it(transaction, new_client):
    with transaction():
        keeper = accounts.officer(Role.REGISTRY, places.district())
        round_, person = rounds.published(), resident()
        commands.grant_place(keeper, commands.ask_place(person, round_).id, number(7))
        strikes.strike(keeper, round_.id, number(7), "ย้ายออก")
        address, email = f"/voting/{round_.id}/object", core_db.session().get(Person, person.id).email
        stranger = accounts.person().email
    client = new_client()
    client.sign_in(email, accounts.PASSWORD)
    assert "ย้ายออก" in client.get(address, status=200).page.text
    assert client.submit(address, {"objection": " "}, action=address).status_code == 422
    assert client.submit(address, {"objection": "ยังอยู่บ้านเดิม"}, action=address).status_code == 303
    other = new_client()
    other.sign_in(stranger, accounts.PASSWORD)
    assert other.get(address).status_code == 303
    assert other.get("/voting/999999/object").status_code == 404
