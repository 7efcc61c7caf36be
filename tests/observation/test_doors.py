"""Checking in by the code at the door: for whom, when, and how often."""

import datetime as dt

import pytest

from portal.accounts.models import Person
from portal.core import clock as core_clock
from portal.core.actor import ANONYMOUS, Role
from portal.core.errors import Invalid, NotAllowed, NotFound, WrongState
from portal.observation import commands
from portal.observation.doors import Door
from portal.observation.models import Arrival, SignupState
from tests.factories import accounts, observation, places
from tests.observation.conftest import MEETS

S = SignupState
DOOR = Door("a secret of these tests")


@pytest.fixture
def place(step, resident, db):
    """The resident's confirmed place."""
    return observation.signup(step, db.get_one(Person, resident.id), S.CONFIRMED)


def shown(step):
    return DOOR.sign(step.id, step.meets_at, core_clock.now())


HOURS = {
    "2026-12-14 10:00": False,
    "2026-12-15 08:59": False,
    "2026-12-15 09:00": True,
    "2026-12-15 10:00": True,
    "2026-12-15 13:59": True,
    "2026-12-15 14:00": False,
}


@pytest.mark.parametrize("when", HOURS)
@pytest.mark.parametrize("is_paper", [False, True])
def test_only_in_the_hours_of_the_door(step, place, resident, clock, when, is_paper):
    clock.travel(when)
    code = DOOR.printed_sign(step.id, step.meets_at) if is_paper else shown(step)
    if HOURS[when]:
        commands.check_in(resident, step.id, code, DOOR)
        assert (place.state, place.arrived_by) == (S.ATTENDED, Arrival.DOOR)
    else:
        with pytest.raises(WrongState):
            commands.check_in(resident, step.id, code, DOOR)


def test_twice_is_once(step, place, resident, clock):
    clock.travel("2026-12-15 10:00")
    commands.check_in(resident, step.id, shown(step), DOOR)
    came = place.arrived_at
    clock.travel("2026-12-15 11:00")
    assert commands.check_in(resident, step.id, "anything", DOOR) is place
    assert place.arrived_at == came


@pytest.mark.parametrize("state", sorted(set(S) - {S.CONFIRMED, S.ATTENDED}))
def test_only_with_a_confirmed_place(step, resident, db, clock, state):
    observation.signup(step, db.get_one(Person, resident.id), state)
    clock.travel("2026-12-15 10:00")
    with pytest.raises(WrongState):
        commands.check_in(resident, step.id, shown(step), DOOR)


def test_only_ones_own_place(step, place, officer, clock):
    clock.travel("2026-12-15 10:00")
    for actor in (accounts.actor_of(accounts.person()), officer, ANONYMOUS):
        with pytest.raises(NotAllowed):
            commands.check_in(actor, step.id, shown(step), DOOR)
    with pytest.raises(NotFound):
        commands.check_in(officer, 999, shown(step), DOOR)


def test_a_code_counts_for_ten_minutes_at_its_own_door(step, place, resident, clock):
    clock.travel("2026-12-15 10:00")
    early = shown(step)
    clock.travel("2026-12-15 10:11")
    elsewhere = DOOR.sign(step.id + 1, step.meets_at, core_clock.now())
    before_it_moved = DOOR.printed_sign(step.id, MEETS - dt.timedelta(days=1))
    by_somebody = Door("another secret").printed_sign(step.id, step.meets_at)
    for code in (early, elsewhere, before_it_moved, by_somebody, "", "๑๒๓"):
        with pytest.raises(Invalid):
            commands.check_in(resident, step.id, code, DOOR)
    clock.travel("2026-12-15 10:10")
    commands.check_in(resident, step.id, f" {early[:4].lower()}-{early[4:]} ", DOOR)
    assert place.state is S.ATTENDED


def test_an_officer_ticks_off_by_the_observers_own_code(step, place, officer, resident, clock):
    clock.travel("2026-12-15 10:00")
    code = DOOR.own_code(place.id)
    for actor in (resident, accounts.officer(Role.PROCUREMENT, places.district("1001")), ANONYMOUS):
        with pytest.raises(NotAllowed):
            commands.tick_by_code(actor, step.id, code, DOOR)
    with pytest.raises(Invalid):
        commands.tick_by_code(officer, step.id, "AAAAAA", DOOR)
    for _ in range(2):
        assert commands.tick_by_code(officer, step.id, code.lower(), DOOR) is place
    assert (place.state, place.arrived_by, place.decided_by) == (S.ATTENDED, Arrival.OFFICER, officer.id)


def test_no_code_holds_what_sounds_or_looks_like_something_else():
    codes = {Door(f"secret {number}").own_code(number) for number in range(300)}
    assert not set("".join(codes)) & set("O0I1")
    code = Door("secret").own_code(7)
    assert Door("secret").is_own_code(f" {code[:3].lower()}-{code[3:]} ".replace("8", "B"), 7)
