"""Letters with codes: two officers, parts, printed anew, the opening; what the database itself refuses."""

import datetime as dt
import threading

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from portal.accounts.models import GrantRow
from portal.core import clock as core_clock
from portal.core import db as core_db
from portal.core.actor import Role
from portal.core.errors import Invalid, NotAllowed, NotFound, WrongState
from portal.core.ledger import LedgerEntry
from portal.notifications.models import Notice
from portal.voting.commands import letters, strikes
from portal.voting.commands import roll as commands
from portal.voting.models import MOST_LETTERS, Area, AreaKind, LetterCode, PrintState, RollEntry
from portal.voting.queries import letters as figures
from tests.factories import accounts, places, rounds
from tests.factories import letters as printed
from tests.voting.papers import card

START = "2026-11-01 09:00"


class Desk:
    """Two officers of one registry, and people on the roll of a round to come."""

    def __init__(self, people):
        self.first, self.second = (accounts.officer(Role.REGISTRY, places.district()) for _one in range(2))
        self.round = rounds.published()
        self.numbers = [card(place) for place in range(1, people + 1)]
        lines = [commands.Line(place, number) for place, number in enumerate(self.numbers, 1)]
        commands.take_list(self.first, self.round.id, lines, is_rehearsal=False)
        self.keys = printed.keys(self.round.id, self.numbers)

    def ask(self):
        return letters.ask_letters(self.first, self.round.id, self.keys, printed.LIST)

    def release(self):
        asked = self.ask()
        letters.release_letters(self.second, asked.id)
        return asked

    def print(self, asked, part, turn=1, actor=None):
        return letters.print_letters(actor or self.first, asked.id, part, turn, self.keys, printed.LIST)


@pytest.fixture
def desk(db, clock):
    clock.travel(START)
    return Desk(5)


def test_prints_are_numbered_within_their_round(db, desk):
    other = Desk(1)
    before, asked = other.ask(), desk.ask()
    assert before.id < asked.id
    assert [figures.number_of(one) for one in (before, asked)] == [1, 1]
    assert [row.number for row in figures.prints(desk.first, desk.round.id)] == [1]


def test_one_asks_and_another_releases(db, desk):
    asked = desk.ask()
    assert (asked.letters, asked.state, asked.asked_by) == (5, PrintState.ASKED, desk.first.id)
    with pytest.raises(NotAllowed):
        letters.release_letters(desk.first, asked.id)
    for early in (desk.first, desk.second):
        with pytest.raises(WrongState):
            desk.print(asked, 1, actor=early)
    letters.release_letters(desk.second, asked.id)
    assert len(desk.print(asked, 1)) == 5
    told = {(one.person_id, one.event) for one in db.scalars(sa.select(Notice))}
    assert (desk.second.id, "voting.letters_asked") in told
    assert (desk.first.id, "voting.letters_asked") not in told
    assert (desk.first.id, "voting.letters_released") in told


def test_the_ledger_has_figures_and_no_names(transaction, clock):
    clock.travel(START)
    with transaction():
        desk = Desk(3)
        desk.print(desk.release(), 1)
        lost = letters.ask_letter(desk.first, desk.round.id, desk.numbers[0], "ชื่อจริงของผู้แจ้ง")
        letters.decline_letters(desk.second, lost.id, "ยังไม่พบตัว")
    with transaction("read") as session:
        rows = session.execute(
            sa.select(LedgerEntry.event, LedgerEntry.payload)
            .where(LedgerEntry.event.like("roll.letters%"))
            .order_by(LedgerEntry.id)
        ).all()
        assert [row.event for row in rows] == [
            "roll.letters_asked",
            "roll.letters_released",
            "roll.letters_written",
            "roll.letters_asked",
            "roll.letters_turned_down",
        ]
        assert not any(word in str(rows) for word in (*desk.numbers, *desk.keys, "ชื่อจริง", "พบตัว"))


def test_who_asked_takes_back_another_turns_down_and_then_it_is_over(desk):
    for actor, state in ((desk.first, PrintState.TAKEN_BACK), (desk.second, PrintState.TURNED_DOWN)):
        asked = desk.ask()
        with pytest.raises(Invalid):
            letters.decline_letters(actor, asked.id, " ")
        letters.decline_letters(actor, asked.id, "ผิดไฟล์")
        assert asked.state is state
        with pytest.raises(WrongState):
            letters.release_letters(desk.second, asked.id)


def test_what_was_asked_holds_while_the_asker_keeps_the_roll(db, desk):
    asked = desk.ask()
    db.execute(sa.delete(GrantRow).where(GrantRow.person_id == desk.first.id))
    with pytest.raises(WrongState, match="ไม่ได้ดูแลบัญชีรายชื่อ"):
        letters.release_letters(desk.second, asked.id)
    letters.decline_letters(desk.second, asked.id, "ผู้ขอย้ายไปแล้ว")
    assert asked.state is PrintState.TURNED_DOWN


def test_only_the_registry_of_that_district_has_to_do_with_them(desk):
    asked = desk.ask()
    for stranger in (
        accounts.officer(Role.REGISTRY, places.district("1047")),
        accounts.officer(Role.DIRECTOR, places.district()),
    ):
        for act in (
            lambda who=stranger: letters.release_letters(who, asked.id),
            lambda who=stranger: letters.decline_letters(who, asked.id, "x"),
            lambda who=stranger: desk.print(asked, 1, actor=who),
        ):
            with pytest.raises(NotFound):
                act()
        with pytest.raises(NotAllowed):
            letters.ask_letters(stranger, desk.round.id, desk.keys, printed.LIST)
        with pytest.raises(NotAllowed):
            letters.ask_letter(stranger, desk.round.id, desk.numbers[0], "หาย")


def test_it_is_printed_in_parts_in_their_order(db, clock):
    clock.travel(START)
    desk = Desk(2 * MOST_LETTERS + 3)
    asked = desk.release()
    assert asked.parts == 3
    with pytest.raises(WrongState):
        desk.print(asked, 2)
    whole = [desk.print(asked, part) for part in (1, 2, 3)]
    assert [len(part) for part in whole] == [MOST_LETTERS, MOST_LETTERS, 3]
    assert [key for part in whole for key in part] == desk.keys
    with pytest.raises(WrongState):
        desk.print(asked, 4)
    assert figures.turns(asked.id) == {1: 1, 2: 1, 3: 1}


def test_printed_anew_a_part_has_new_codes_and_the_old_are_void(db, desk):
    asked = desk.release()
    old = desk.print(asked, 1)
    for stale in (1, 3):
        with pytest.raises(WrongState):
            desk.print(asked, 1, stale)
    person = accounts.actor_of(accounts.person())
    letters.redeem_code(person, desk.round, old[desk.keys[0]])
    with pytest.raises(NotAllowed):
        desk.print(asked, 1, 2)
    new = desk.print(asked, 1, 2, desk.second)
    assert new.keys() == set(desk.keys[1:])  # who votes with the first letter keeps it
    assert [(one.letters, one.voided) for one in figures.printings(asked.id)] == [(5, 0), (4, 4)]
    for key in desk.keys[1:]:
        with pytest.raises(Invalid), db.begin_nested():
            letters.redeem_code(accounts.actor_of(accounts.person()), desk.round, old[key])
    letters.redeem_code(accounts.actor_of(accounts.person()), desk.round, new[desk.keys[1]])
    assert figures.told(desk.round.id) == {"written": 9, "voided": 4, "redeemed": 2}
    stored = str(db.execute(sa.text("SELECT * FROM letter_codes")).all())
    assert not any(code in stored for code in (*old.values(), *new.values()))


def test_a_list_is_the_one_that_was_released_and_reaches_nobody_twice(desk):
    one, other = desk.release(), desk.release()
    with pytest.raises(Invalid):
        letters.print_letters(desk.first, one.id, 1, 1, desk.keys, "0" * 64)
    strikes.strike(desk.first, desk.round.id, desk.numbers[0], "ย้ายออก")
    assert desk.print(one, 1).keys() == set(desk.keys[1:])
    assert desk.print(other, 1) == {}
    with pytest.raises(Invalid):  # everybody has a code in use
        desk.ask()


def test_once_the_round_is_open_there_are_lost_letters_and_no_lists(db, desk, clock):
    waiting, released = desk.ask(), desk.release()
    old = desk.print(released, 1)[desk.keys[0]]
    clock.travel(core_clock.now() + dt.timedelta(days=2))
    for act in (
        desk.ask,
        lambda: letters.release_letters(desk.second, waiting.id),
        lambda: desk.print(released, 1, 2),
    ):
        with pytest.raises(WrongState):
            act()
    letters.decline_letters(desk.second, waiting.id, "สายไป")
    for number, reason in ((desk.numbers[0], " "), ("123", "หาย"), (card(99), "หาย")):
        with pytest.raises(Invalid):
            letters.ask_letter(desk.first, desk.round.id, number, reason)
    asked = letters.ask_letter(desk.first, desk.round.id, desk.numbers[0], "จดหมายหาย")
    with pytest.raises(NotAllowed):
        letters.release_letters(desk.first, asked.id)
    letters.release_letters(desk.second, asked.id)
    with pytest.raises(Invalid):
        letters.print_letters(desk.first, asked.id, 1, 1, desk.keys[1:])
    new = letters.print_letters(desk.first, asked.id, 1, 1, desk.keys[:1])[desk.keys[0]]
    with pytest.raises(Invalid), db.begin_nested():
        letters.redeem_code(accounts.actor_of(accounts.person()), desk.round, old)
    letters.redeem_code(accounts.actor_of(accounts.person()), desk.round, new)
    with pytest.raises(Invalid):  # an account votes for the row: no letter helps
        letters.ask_letter(desk.first, desk.round.id, desk.numbers[0], "หาย")
    clock.travel(core_clock.now() + dt.timedelta(days=30))
    with pytest.raises(WrongState):
        letters.ask_letter(desk.first, desk.round.id, desk.numbers[1], "หาย")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE letter_prints SET state = 'released', decided_by = asked_by, decided_at = asked_at",
        "UPDATE letter_prints SET letters = letters + 1, list_sha256 = '0'",
        "UPDATE letter_prints SET asked_by = (SELECT max(id) FROM people)",
        "DELETE FROM letter_prints",
        "INSERT INTO letter_prints (round_id, district_id, reason, letters, state, asked_by, asked_at, decided_by,"
        " decided_at, note) SELECT round_id, district_id, 'x', 1, 'released', asked_by, asked_at,"
        " (SELECT min(id) FROM people), asked_at, '' FROM letter_prints",
        "INSERT INTO letter_parts (print_id, number, turn, letters, voided, printed_by, printed_at)"
        " SELECT id, 1, 1, 5, 0, asked_by, asked_at FROM letter_prints",
        "INSERT INTO letter_codes (round_id, roll_entry_id, code_hash, issued_by, issued_at)"
        " SELECT round_id, id, person_key, added_by, added_at FROM roll_entries",
        "UPDATE letter_rows SET place = place + 100",
        "DELETE FROM letter_rows",
    ],
)
def test_the_database_says_no_to_one_person(transaction, clock, statement):
    clock.travel(START)
    with transaction():
        Desk(2).ask()
    with pytest.raises(DBAPIError), core_db.transaction() as session:
        session.execute(sa.text(statement))


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO letter_rows (print_id, place, roll_entry_id)"
        " SELECT letter_prints.id, 9, max(roll_entries.id) FROM letter_prints, roll_entries GROUP BY letter_prints.id",
        "INSERT INTO letter_codes (round_id, roll_entry_id, part_id, code_hash, issued_by, issued_at)"
        " SELECT round_id, id, (SELECT max(id) FROM letter_parts), person_key, added_by, added_at FROM roll_entries"
        " WHERE NOT EXISTS (SELECT 1 FROM letter_rows WHERE roll_entry_id = roll_entries.id)",
        "INSERT INTO letter_codes (round_id, roll_entry_id, part_id, code_hash, issued_by, issued_at)"
        " SELECT round_id, roll_entry_id, part_id, 'x', issued_by, '2026-12-01 00:00:00.000000' FROM letter_codes"
        " WHERE id = (SELECT max(id) FROM letter_codes WHERE voided_on IS NOT NULL)",
        "UPDATE letter_codes SET code_hash = 'x' WHERE id = (SELECT max(id) FROM letter_codes)",
        "DELETE FROM letter_codes",
        "UPDATE letter_parts SET letters = 1",
    ],
)
def test_the_database_takes_a_code_only_for_a_row_that_was_released(transaction, clock, statement):
    clock.travel(START)
    with transaction():
        desk = Desk(3)
        desk.keys.pop()
        desk.print(desk.release(), 1)
        core_db.session().execute(sa.update(LetterCode).values(voided_on=core_clock.today()))
    with pytest.raises(DBAPIError, match=r"letter|append"), core_db.transaction() as session:
        session.execute(sa.text(statement))


@pytest.mark.postgres_only
def test_of_two_who_print_one_part_at_once_one_has_codes_that_work(transaction):
    with transaction():
        desk = Desk(20)
        asked = desk.release()
    ready, got, refused = threading.Barrier(6), [], []

    def print_it(actor):
        ready.wait()
        try:
            with core_db.transaction():
                codes = desk.print(asked, 1, actor=actor)
            got.append(codes)
        except WrongState:
            refused.append(actor)

    threads = [threading.Thread(target=print_it, args=(who,)) for who in (desk.first, desk.second) * 3]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert (len(got), len(refused)) == (1, 5)
    with transaction() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(LetterCode)) == 20
        letters.redeem_code(accounts.actor_of(accounts.person()), desk.round, got[0][desk.keys[0]])


@pytest.mark.postgres_only
def test_who_redeems_while_the_part_is_printed_anew_votes_or_has_a_new_letter(transaction):
    with transaction():
        desk = Desk(6)
        asked = desk.release()
        old = desk.print(asked, 1)
        voters = [accounts.actor_of(accounts.person()) for _one in desk.keys]
    ready, in_time, new = threading.Barrier(7), [], {}

    def redeem(voter, key):
        ready.wait()
        try:
            with core_db.transaction():
                letters.redeem_code(voter, desk.round, old[key])
            in_time.append(key)
        except Invalid:
            pass

    def print_anew():
        ready.wait()
        with core_db.transaction():
            new.update(desk.print(asked, 1, 2, desk.second))

    threads = [threading.Thread(target=redeem, args=pair) for pair in zip(voters, desk.keys, strict=True)] + [
        threading.Thread(target=print_anew)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert set(in_time) | new.keys() == set(desk.keys)
    assert not set(in_time) & new.keys()


def test_figures_by_area_only_where_nobody_shows(db, desk):
    for code in ("c1", "c2"):
        db.add(
            Area(
                round_id=desk.round.id,
                kind=AreaKind.COMMUNITY,
                code=code,
                name_th=code,
                name_en=code,
                roll_count=0,
            )
        )
    db.flush()
    lines = [commands.Line(place, card(place)) for place in range(6, 11)]
    commands.take_list(desk.first, desk.round.id, lines, is_rehearsal=False)
    areas = dict(db.execute(sa.select(Area.code, Area.id)).all())
    rows = db.scalars(sa.select(RollEntry).order_by(RollEntry.id)).all()
    for place, row in enumerate(rows):
        row.area_id = areas["c1" if place < 5 else "c2"]
    db.flush()
    assert figures.told(desk.round.id) == {"written": 0, "voided": 0, "redeemed": 0}
    codes = printed.written(desk.first, desk.round.id, [card(place) for place in range(1, 11)])
    each = {"written": 5, "voided": 0, "redeemed": 0}
    assert figures.told(desk.round.id)["areas"] == {"c1": each, "c2": each}
    for _time in range(3):  # three letters that went astray, of one person
        printed.lost(desk.first, desk.round.id, card(6))
    assert figures.told(desk.round.id) == {"written": 13, "voided": 3, "redeemed": 0}
    letters.redeem_code(accounts.actor_of(accounts.person()), desk.round, codes[card(1)])
    assert figures.told(desk.round.id) == {"written": 13, "voided": 3, "redeemed": 1}
