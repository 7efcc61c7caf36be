"""A locked roll: whatever voting still needs goes through, and to everything else the database itself says no, also to the
role the portal works as."""

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from portal.accounts import commands as own
from portal.core import clock as core_clock
from portal.core import db as core_db
from portal.core.actor import Role
from portal.core.errors import Invalid
from portal.voting.commands import letters, locking, paper_desk, strikes
from portal.voting.commands import roll as commands
from portal.voting.models import RollEntry, Round
from tests.factories import accounts, places, rounds
from tests.factories import letters as printed
from tests.voting.papers import card

OURS = "person_id IS NOT NULL"  # the row of the voter's account
OTHERS = "person_id IS NULL"


@pytest.fixture
def locked(keys, transaction, clock, databases, database_url):
    """A locked roll of five, one of whom votes with an account and one has a letter; the day before the opening. On
    PostgreSQL the portal is at work as its own role."""

    class Locked:
        pass

    made = Locked()
    clock.travel("2026-11-20 09:00")
    with transaction():
        made.registry = accounts.officer(Role.REGISTRY, places.district())
        made.director = accounts.officer(Role.DIRECTOR, places.district())
        people = [accounts.person() for _one in range(2)]
        made.voter, made.late = map(accounts.actor_of, people)
        round_ = rounds.published(opens_at=core_clock.at(dt.date(2026, 11, 22), 8))
        made.id = round_.id
        listed = [commands.Line(place, card(place)) for place in range(1, 6)]
        commands.take_list(made.registry, made.id, listed, is_rehearsal=False)
        made.codes = printed.written(made.registry, made.id, [card(1), card(2)])
        letters.redeem_code(made.voter, round_, made.codes[card(1)])
    clock.travel("2026-11-21 09:00")
    with transaction():
        locking.lock_roll(made.registry, made.id)
    keys.create(made.id)
    is_postgres = core_db.dialect() == "postgresql"
    if is_postgres:
        core_db.bind(databases.as_portal(database_url))
    yield made
    if is_postgres:
        core_db.bind(database_url)
        with core_db.transaction() as session:
            session.execute(sa.text("DROP OWNED BY portal"))


def refused(change, where):
    """These rows of the roll do not take this change."""
    with pytest.raises(DBAPIError, match="locked"), core_db.transaction() as session:
        session.execute(sa.text(f"UPDATE roll_entries SET {change} WHERE {where}"))  # noqa: S608 - our own


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (f"person_key = '{'0' * 64}'", OURS),
        ("community_id = NULL, source = 'desk'", OURS),
        ("added_by = (SELECT max(id) FROM people)", OTHERS),
        ("id = id + 1000", OTHERS),
        ("person_id = (SELECT max(id) FROM people)", OURS),  # another votes for the row
        ("person_id = NULL", OURS),  # and nobody does
        (
            "person_id = (SELECT max(id) FROM people)",
            "id = (SELECT max(id) FROM roll_entries WHERE person_id IS NULL)",
        ),
        ("attached_on = NULL", OURS),
        ("attached_on = '2026-11-20'", OTHERS),
        ("area_id = NULL", OURS),
        ("paper_on = '2026-11-22'", OURS),  # no sheet is out
        ("struck_at = '2026-11-21 03:00:00.000000', struck_reason = 'x'", OURS),  # nobody struck
    ],
)
def test_a_row_of_a_locked_roll_stays(locked, change, where):
    refused(change, where)


def test_no_row_comes_and_none_goes(locked):
    for statement in (
        "INSERT INTO roll_entries (round_id, person_key, district_id, source, added_by, added_at, struck_reason)"
        " SELECT id, 'x', district_id, 'list', created_by, created_at, '' FROM rounds",
        "DELETE FROM roll_entries",
    ):
        with pytest.raises(DBAPIError, match="locked"), core_db.transaction() as session:
            session.execute(sa.text(statement))


def test_voting_goes_on(locked, clock):
    """A letter is redeemed, somebody struck and put back, a sheet handed out and taken back."""
    with core_db.transaction() as session:
        round_ = session.get_one(Round, locked.id)
        letters.redeem_code(locked.late, round_, locked.codes[card(2)])
        struck = strikes.strike(locked.registry, locked.id, card(1), "ย้ายออก")
    refused("struck_reason = 'y'", "struck_at IS NOT NULL")
    refused("struck_reason = '', struck_at = NULL", "struck_at IS NOT NULL")
    with core_db.transaction() as session:
        strikes.object_to_strike(locked.voter, session.get_one(Round, locked.id), "ยังอยู่บ้านเดิม")
    with core_db.transaction():
        strikes.answer_objection(locked.director, struck.id, "พบชื่อในทะเบียน", restore=True)
    clock.travel("2026-11-22 09:00")
    paper_desk.hand_out(locked.registry, locked.id, card(3))
    refused("paper_on = NULL", "paper_on IS NOT NULL")
    paper_desk.take_back(locked.registry, locked.id, card(3), "หยิบผิด")
    with core_db.transaction("read") as session:
        rows = session.scalars(sa.select(RollEntry)).all()
    assert len(rows) == 5
    assert {one.person_id for one in rows} == {locked.voter.id, locked.late.id, None}
    assert all(one.area_id and not one.struck_at and not one.paper_on for one in rows)


def test_who_closed_their_account_votes_with_another_by_a_new_letter(locked, clock):
    clock.travel("2026-11-22 09:00")
    with pytest.raises(Invalid), core_db.transaction():
        letters.ask_letter(locked.registry, locked.id, card(1), "มีบัญชีอยู่")
    with core_db.transaction():
        own.close_account(locked.voter, accounts.PASSWORD)
        another = accounts.actor_of(accounts.person())
    refused(f"person_id = {another.id}", OURS)  # the letter of before is not enough
    with core_db.transaction() as session:
        code = printed.lost(locked.registry, locked.id, card(1))
        letters.redeem_code(another, session.get_one(Round, locked.id), code)
    with core_db.transaction("read") as session:
        rows = session.scalars(sa.select(RollEntry)).all()
    assert (len(rows), {one.person_id for one in rows}) == (5, {another.id, None})
    with pytest.raises(Invalid), core_db.transaction():
        letters.ask_letter(locked.registry, locked.id, card(1), "อีกครั้ง")


def test_nobody_is_struck_once_the_booth_is_open_and_nothing_changes_behind_the_close(locked):
    """Past the portal too: a strike that is on record but was noted too late; a letter redeemed after the board is closed."""
    with core_db.transaction() as session:
        session.execute(
            sa.text(
                "INSERT INTO roll_strikes (round_id, roll_entry_id, reason, struck_by, struck_at, objection, answer)"
                " SELECT round_id, id, 'x', added_by, '2026-11-23 03:00:00.000000', '', '' FROM roll_entries"
            )
        )
    late = "struck_at = (SELECT max(struck_at) FROM roll_strikes), struck_reason = 'x'"
    refused(late, OURS)
    with core_db.transaction() as session:
        session.execute(sa.text("UPDATE letter_codes SET redeemed_on = '2026-11-24'"))
        session.execute(sa.text("UPDATE rounds SET state = 'closed'"))
    lettered = "person_id IS NULL AND id IN (SELECT roll_entry_id FROM letter_codes)"
    refused("person_id = (SELECT max(id) FROM people)", lettered)
    refused("attached_on = '2026-11-24'", OURS)


def test_an_account_that_is_deleted_leaves_its_row(locked):
    person_id = locked.voter.id
    with core_db.transaction() as session:
        session.execute(sa.text("DELETE FROM people WHERE id = :id"), {"id": person_id})
    with core_db.transaction("read") as session:
        assert session.scalar(sa.select(sa.func.count(RollEntry.person_id))) == 0
        assert session.scalar(sa.select(sa.func.count()).select_from(RollEntry)) == 5
