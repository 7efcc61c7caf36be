"""One row for one person, whatever way they come; no number and no code is kept; a code works once."""

import datetime as dt
import threading
import time

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts.models import Residency, ResidencyState
from portal.core import clock as core_clock
from portal.core import db as core_db
from portal.core.actor import SYSTEM, Role
from portal.core.errors import Invalid, NotAllowed, WrongState
from portal.voting import areas, letterlist, queries, rollkeys
from portal.voting.commands import letters, locking
from portal.voting.commands import roll as commands
from portal.voting.models import RollEntry, RollRequest, Round
from portal.voting.queries.roll import Standing
from tests.factories import accounts, places, rounds
from tests.factories import letters as printed


def number(place):
    """A number in the form of an identity card's."""
    digits = f"9{place:011d}"
    total = sum(int(digit) * (13 - at) for at, digit in enumerate(digits))
    return f"{digits}{(11 - total % 11) % 10}"


@pytest.fixture
def registry(db):
    return accounts.officer(Role.REGISTRY, places.district())


def resident(state=ResidencyState.CONFIRMED, district=None):
    someone = accounts.person()
    core_db.session().add(
        Residency(
            person_id=someone.id,
            district_id=(district or places.district()).id,
            state=state,
            requested_at=core_clock.now(),
            decided_by=None if state is ResidencyState.REQUESTED else accounts.person().id,
            decided_at=None if state is ResidencyState.REQUESTED else core_clock.now(),
            reason="ไม่พบ" if state is ResidencyState.REFUSED else "",
        )
    )
    core_db.session().flush()
    return accounts.actor_of(someone)


def lines(count):
    return [commands.Line(place + 1, number(place)) for place in range(1, count + 1)]


def test_the_registry_grants_a_place_without_keeping_the_number(db, registry):
    round_, person = rounds.published(), resident()
    assert queries.place_on_roll(person, round_).standing is Standing.CAN_ASK
    asked = commands.ask_place(person, round_)
    assert queries.place_on_roll(person, round_).standing is Standing.ASKED
    with pytest.raises(Invalid):
        commands.grant_place(registry, asked.id, "1234567890123")
    commands.grant_place(registry, asked.id, number(7))
    assert queries.place_on_roll(person, round_).may_vote
    assert number(7) not in str(db.execute(sa.text("SELECT * FROM roll_entries")).all())
    with pytest.raises(WrongState):
        commands.grant_place(registry, asked.id, number(7))


def test_a_list_answers_every_request_however_many_wait(db, registry, monkeypatch):
    monkeypatch.setattr(queries.requests, "__defaults__", (1,))
    round_ = rounds.published()
    asked = [commands.ask_place(resident(), round_).id for _one in range(3)]
    answers = [commands.Line(place, number(place), request=str(one)) for place, one in enumerate(asked, 2)]
    endless = commands.Line(9, number(9), request="1" * 5_000)
    assert commands.take_list(registry, round_.id, [endless], is_rehearsal=True).problems
    assert commands.take_list(registry, round_.id, answers, is_rehearsal=False).attached == 3


def test_whoever_grants_a_place_says_that_the_person_is_old_enough(transaction, new_client):
    with transaction():
        accounts.officer(Role.REGISTRY, places.district(), email="registry@example.org")
        round_ = rounds.published(min_age=15)
        asked = commands.ask_place(resident(), round_).id
        address, roll = f"/en/voting/requests/{asked}", f"/en/voting/{round_.id}/roll"
    client = new_client()
    client.sign_in("registry@example.org", accounts.PASSWORD)
    pages = [client.get(place, status=200).page for place in (address, roll)]
    assert all("at least 15 years old" in page.text for page in pages)
    assert {td["data-label"]: td.text for td in pages[1].all("td")}["Request number"] == str(asked)


def test_two_accounts_never_vote_for_one_person(db, registry):
    round_, first, second = rounds.published(), resident(), resident()
    asked = [commands.ask_place(one, round_).id for one in (first, second)]
    commands.grant_place(registry, asked[0], number(7))
    with pytest.raises(Invalid):
        commands.grant_place(registry, asked[1], number(7))


@pytest.mark.parametrize(
    ("state", "standing"),
    [
        (ResidencyState.REQUESTED, Standing.RESIDENCE_WAITS),
        (ResidencyState.REFUSED, Standing.NO_RESIDENCE),
    ],
)
def test_who_may_not_vote_learns_why(db, state, standing):
    assert queries.place_on_roll(resident(state), rounds.published()).standing is standing


def test_who_lives_elsewhere_or_asks_too_late_learns_why(db, clock, registry):
    clock.travel("2026-11-01 09:00")
    round_ = rounds.published()
    elsewhere = resident(district=places.district("1047"))
    assert queries.place_on_roll(elsewhere, round_).standing is Standing.ELSEWHERE
    clock.travel("2026-11-02 08:00")
    assert queries.place_on_roll(resident(), round_).standing is Standing.AFTER_CUTOFF
    clock.travel("2026-11-03 09:00")
    assert queries.place_on_roll(resident(), round_).standing is Standing.TOO_LATE


def test_a_list_is_taken_in_whole_or_not_at_all(db, registry):
    round_ = rounds.published()
    wrong = [
        *lines(3),
        commands.Line(9, "123"),
        commands.Line(10, number(1)),
        commands.Line(11, number(8), "ไม่มีจริง"),
    ]
    found = commands.take_list(registry, round_.id, wrong, is_rehearsal=False)
    assert [row for row, _text in found.problems] == [9, 10, 11]
    assert queries.roll_counts(round_.id).people == 0
    assert commands.take_list(registry, round_.id, lines(3), is_rehearsal=True).new == 3
    assert queries.roll_counts(round_.id).people == 0
    commands.take_list(registry, round_.id, lines(3), is_rehearsal=False)
    again = commands.take_list(registry, round_.id, lines(4), is_rehearsal=False)
    assert (again.new, again.known, queries.roll_counts(round_.id).people) == (1, 3, 4)


def test_a_number_is_one_person_however_its_digits_are_typed(db, registry):
    round_ = rounds.published()
    plain = number(3)
    thai = "".join(chr(0x0E50 + int(one)) for one in plain)
    wide = "".join(chr(0xFF10 + int(one)) for one in plain)
    typed = [commands.Line(at, one) for at, one in enumerate((plain, thai, f"{plain[:4]}-{plain[4:]}"), 1)]
    told = commands.take_list(registry, round_.id, typed, is_rehearsal=True)
    assert [row for row, _ in told.problems] == [2, 3]
    assert rollkeys.citizen_number(wide) is None


def test_whoever_stands_twice_in_a_list_of_letters_gets_one(db, registry):
    round_ = rounds.published()
    commands.take_list(registry, round_.id, lines(2), is_rehearsal=False)
    twice = number(1)
    asked = [
        letterlist.Addressee(one, "", "") for one in (twice, f"{twice[:4]}-{twice[4:]}", number(2), "12")
    ]
    found = letterlist.by_key(round_.id, asked)
    assert [one.number for one in found.values()] == [twice, number(2)]
    keys = printed.keys(round_.id, [twice, number(2), twice])
    assert letters.ask_letters(registry, round_.id, keys, printed.LIST).letters == 2


def test_only_the_registry_of_the_district_keeps_the_roll(db):
    round_ = rounds.published()
    for actor in (
        accounts.officer(Role.REGISTRY, places.district("1047")),
        accounts.officer(Role.PLANNER, places.district()),
    ):
        with pytest.raises(NotAllowed):
            commands.take_list(actor, round_.id, lines(1), is_rehearsal=True)


def test_a_code_is_redeemed_once_and_kept_only_as_a_hash(db, registry):
    round_ = rounds.published()
    commands.take_list(registry, round_.id, lines(2), is_rehearsal=False)
    codes = printed.written(registry, round_.id, [number(1), number(2), number(99)])
    assert codes.keys() == {number(1), number(2)}
    stored = str(db.execute(sa.text("SELECT * FROM letter_codes")).all())
    assert not any(code in stored for code in codes.values())
    first, second = accounts.actor_of(accounts.person()), accounts.actor_of(accounts.person())
    letters.redeem_code(first, round_, rollkeys.spaced(codes[number(1)]).lower())
    assert queries.place_on_roll(first, round_).may_vote
    for who, code in ((second, codes[number(1)]), (second, "ABCD EFGH"), (first, codes[number(2)])):
        with pytest.raises(Invalid), db.begin_nested():
            letters.redeem_code(who, round_, code)
    newer = printed.lost(registry, round_.id, number(2))
    with pytest.raises(Invalid), db.begin_nested():
        letters.redeem_code(second, round_, codes[number(2)])
    letters.redeem_code(second, round_, newer)


def test_the_roll_is_locked_once_the_cut_off_day_is_over(db, clock, registry):
    clock.travel("2026-11-01 09:00")
    round_ = rounds.published(opens_at=core_clock.at(dt.date(2026, 11, 4), 8))
    commands.take_list(registry, round_.id, lines(3), is_rehearsal=False)
    with pytest.raises(WrongState):
        locking.lock_roll(registry, round_.id)
    clock.travel("2026-11-02 09:00")
    assert locking.lock_roll(registry, round_.id) == 3
    assert {one.area_id for one in db.scalars(sa.select(RollEntry))} != {None}
    assert not round_.is_open(core_clock.now())
    assert round_.is_open(round_.opens_at)
    with pytest.raises(WrongState):
        commands.take_list(registry, round_.id, lines(4), is_rehearsal=False)


def test_of_the_city_each_registry_keeps_its_own_people_and_none_locks_the_roll(db, clock):
    clock.travel("2026-11-01 09:00")
    ours, theirs = (accounts.officer(Role.REGISTRY, places.district(code)) for code in ("1002", "1047"))
    round_ = rounds.published(is_city=True)
    commands.take_list(ours, round_.id, lines(2), is_rehearsal=False)
    commands.take_list(theirs, round_.id, [commands.Line(2, number(9))], is_rehearsal=False)
    beside = accounts.officer(Role.REGISTRY, places.district("1047"))
    assert printed.written(theirs, round_.id, [number(9)], beside).keys() == {number(9)}
    code = printed.written(ours, round_.id, [number(1)])[number(1)]
    with pytest.raises(Invalid):
        printed.written(theirs, round_.id, [number(2)], beside)
    letters.redeem_code(accounts.actor_of(accounts.person()), round_, code)
    clock.travel("2026-11-02 09:00")
    for registry in (ours, theirs):
        with pytest.raises(NotAllowed):
            locking.lock_roll(registry, round_.id)
    assert locking.lock_roll(accounts.officer(Role.STRATEGY, None), round_.id) == 3


def test_a_reminder_is_asked_before_the_opening_and_goes_to_all_who_asked(db, clock):
    clock.travel("2026-11-01 09:00")
    round_, person = rounds.published(), resident()
    commands.ask_reminder(person, round_)
    commands.ask_reminder(person, round_)
    clock.travel("2026-11-03 09:00")
    assert queries.reminders_due() == []
    with pytest.raises(WrongState):
        commands.ask_reminder(resident(), round_)
    clock.travel("2026-11-07 12:00")
    assert queries.reminders_due() == [round_.id]
    assert [commands.send_reminders(SYSTEM, round_.id) for _turn in (1, 2)] == [1, 0]
    assert queries.reminders_due() == []


@given(st.dictionaries(st.integers(1, 40), st.integers(1, 900), min_size=1))
def test_no_area_is_small_unless_the_whole_is(people):
    homes = {areas.Home((f"c{one}", f"s{one % 4}", "d1002")): count for one, count in people.items()}
    fixed = areas.fixed(homes.items())
    sums = {}
    for home, area in fixed.items():
        assert area in home.way_up
        sums[area] = sums.get(area, 0) + homes[home]
    if sum(people.values()) >= areas.FEWEST:
        assert min(sums.values()) >= areas.FEWEST
    else:
        assert set(sums) == {"d1002"}


def test_a_plain_list_ends_its_lines_as_it_likes_and_names_the_one_that_cannot_be_read():
    head = ",".join(one.title for one in letterlist.ROLL)
    found = [
        list(letterlist.rows(f"{head}{end}1101700200010,a,{end}".encode(), letterlist.ROLL)) for end in "\r\n"
    ]
    assert found[0] == found[1] != []
    unclosed = f'{head}\n"' + "1101700200010,a,\n" * 10_000
    with pytest.raises(Invalid, match=r"\d+"):
        list(letterlist.rows(unclosed.encode(), letterlist.ROLL))


def test_a_list_may_be_a_spreadsheet_or_plain_text():
    rows = [["1 2345", "ชุมชนหนึ่ง", ""]]
    sheet = letterlist.blank(letterlist.ROLL, rows, "x")
    text = "เลขประจำตัวประชาชน,ชุมชน,เลขที่คำขอ\n1 2345,ชุมชนหนึ่ง,\n".encode("cp874")
    wanted = [(2, {"number": "1 2345", "community": "ชุมชนหนึ่ง", "request": ""})]
    assert (
        list(letterlist.rows(sheet, letterlist.ROLL))
        == list(letterlist.rows(text, letterlist.ROLL))
        == wanted
    )
    with pytest.raises(Invalid):
        list(letterlist.rows(b"x,y\n", letterlist.ROLL))


@pytest.mark.postgres_only
def test_of_twenty_people_with_one_code_one_gets_it(transaction):
    with transaction():
        registry = accounts.officer(Role.REGISTRY, places.district())
        round_id = rounds.published().id
        commands.take_list(registry, round_id, lines(1), is_rehearsal=False)
        code = printed.written(registry, round_id, [number(1)])[number(1)]
        actors = [accounts.actor_of(accounts.person()) for _one in range(20)]
    got, ready = [], threading.Barrier(20)

    def redeem(actor):
        ready.wait()
        try:
            with core_db.transaction() as session:
                got.append(letters.redeem_code(actor, session.get_one(Round, round_id), code))
        except Invalid:
            pass

    threads = [threading.Thread(target=redeem, args=(one,)) for one in actors]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(got) == 1
    with transaction("read") as session:
        assert session.scalar(sa.select(sa.func.count(RollEntry.person_id))) == 1


@pytest.mark.postgres_only
def test_two_clerks_who_grant_one_person_at_once_make_one_row(transaction):
    with transaction():
        registry = accounts.officer(Role.REGISTRY, places.district())
        round_ = rounds.published()
        asked = [commands.ask_place(resident(), round_).id for _one in range(6)]
    ready, granted = threading.Barrier(6), []

    def grant(request_id):
        ready.wait()
        try:
            with core_db.transaction():
                commands.grant_place(registry, request_id, number(5))
            granted.append(request_id)
        except Invalid:
            pass

    threads = [threading.Thread(target=grant, args=(one,)) for one in asked]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    with transaction("read") as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(RollEntry)) == 1
        assert len(granted) == 1


@pytest.mark.postgres_only
def test_a_place_is_granted_while_a_list_is_taken(transaction):
    with transaction():
        registry = accounts.officer(Role.REGISTRY, places.district())
        round_ = rounds.published()
        round_id, request_id = round_.id, commands.ask_place(resident(), round_).id
    begun, granted = threading.Event(), []

    def grant():
        begun.set()
        with core_db.transaction():
            granted.append(commands.grant_place(registry, request_id, number(5)).id)

    granting = threading.Thread(target=grant)
    with core_db.transaction() as session:
        commands.hold_open_roll(registry, round_id)
        granting.start()
        begun.wait()
        while not session.scalar(sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
            time.sleep(0.05)
        found = commands.take_list(
            registry, round_id, [commands.Line(1, number(6), request=str(request_id))], is_rehearsal=True
        )
        session.get_one(RollRequest, request_id, with_for_update=True)
    granting.join()
    assert (found.problems, len(granted)) == ([], 1)


def test_the_roll_is_not_locked_over_requests_that_wait(db, registry, clock):
    clock.travel("2026-11-01 09:00")
    round_ = rounds.published(opens_at=core_clock.at(dt.date(2026, 11, 4), 8))
    commands.take_list(registry, round_.id, lines(1), is_rehearsal=False)
    waiting = commands.ask_place(resident(), round_)
    clock.travel("2026-11-02 09:00")
    with pytest.raises(WrongState, match="1"):
        locking.lock_roll(registry, round_.id)
    assert round_.roll_locked_at is None
    commands.refuse_place(registry, waiting.id, "ไม่ได้อยู่ในเขต")
    assert locking.lock_roll(registry, round_.id) == 1


def test_beside_the_refusal_stands_the_way_to_the_requests(transaction, client, clock):
    clock.travel("2026-11-01 09:00")
    with transaction():
        registry = accounts.officer(Role.REGISTRY, places.district(), email="registry@example.org")
        round_ = rounds.published(opens_at=core_clock.at(dt.date(2026, 11, 4), 8))
        city = rounds.published(is_city=True, opens_at=core_clock.at(dt.date(2026, 11, 4), 8))
        for one in (round_, city):
            commands.take_list(registry, one.id, lines(1), is_rehearsal=False)
            commands.ask_place(resident(), one)
        place, of_the_city = f"/voting/{round_.id}/roll", city.id
        strategy = accounts.officer(Role.STRATEGY, None)
    clock.travel("2026-11-02 09:00")
    client.sign_in("registry@example.org", accounts.PASSWORD)
    refused = client.submit(place, action=f"{place}/lock")
    assert refused.status_code == 409
    assert f"{place}#requests" in refused.page.links
    assert client.get(place, status=200).page.ids["requests"] == 1
    with pytest.raises(WrongState) as error, transaction():
        locking.lock_roll(strategy, of_the_city)
    assert error.value.way_on is None  # the page of the roll is the registry's
