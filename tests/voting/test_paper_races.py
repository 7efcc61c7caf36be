"""Two at once, on PostgreSQL: one sheet for one person, two keyers of one batch, and no batch lost at the close."""

import contextvars
import threading
import time

import pytest
import sqlalchemy as sa

from portal.core import clock as core_clock
from portal.core import db
from portal.core.actor import Role
from portal.core.errors import Conflict, NotAllowed, PortalError, WrongState
from portal.voting.commands import batches, closing, paper_desk, strikes
from portal.voting.models import (
    Ballot,
    InPersonTag,
    PaperAccount,
    PaperBatch,
    PaperHandout,
    RollEntry,
    Verdict,
)
from portal.voting.queries import ballots as queries
from portal.voting.queries import reckoning
from tests.factories.ballots import before_the_lock, officer
from tests.voting.conftest import START, cast
from tests.voting.papers import AFTER, card, declare, hand_out, key, rows, whole_batch

BEFORE = "2026-11-01 09:00"


def at_once(*acts):
    """Run these at the same moment, by the clock of the test; what each gave or was refused."""
    barrier, found = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        barrier.wait()
        try:
            found[place] = act()
        except PortalError as refused:
            found[place] = refused

    threads = [
        threading.Thread(target=contextvars.copy_context().run, args=(run, *one)) for one in enumerate(acts)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return found


def begins(found, act):
    """Run this beside the test; what it gave or was refused is put into ``found``."""

    def run():
        try:
            found.append(act())
        except PortalError as refused:
            found.append(refused)

    thread = threading.Thread(target=contextvars.copy_context().run, args=(run,))
    thread.start()
    return thread


def waiting(many):
    """Wait until so many wait for a lock."""
    for _ in range(200):
        with db.transaction("read") as session:
            if session.scalar(sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")) == many:
                return
        time.sleep(0.05)
    pytest.fail("nobody waits")


@pytest.mark.postgres_only
def test_two_clerks_hand_out_to_one_person(vote):
    cast(vote, 1)
    with db.transaction():
        other = officer(Role.REGISTRY)
    found = at_once(
        *(
            lambda actor=one: paper_desk.hand_out(actor, vote.id, card(0))
            for one in [vote.registry, other] * 3
        )
    )
    assert sum(isinstance(one, Conflict) for one in found) == 5
    assert len(rows(PaperHandout)) == len(rows(InPersonTag)) == 1
    assert rows(Ballot) == []


@pytest.mark.postgres_only
def test_a_sheet_taken_back_and_another_handed_out_at_once_leave_no_way_to_vote_twice(vote):
    def hands_out_again():
        for _ in range(500):
            try:
                return paper_desk.hand_out(vote.registry, vote.id, card(0))
            except Conflict:
                continue
        return None

    def votes():
        for attempt in range(20):
            try:
                cast(vote, 1, key=f"another-try-{attempt}")
            except PortalError:
                continue

    hand_out(vote, [0])
    for _ in range(12):
        back, again, _voted = at_once(
            lambda: paper_desk.take_back(vote.registry, vote.id, card(0), "ยังไม่ได้ใช้"), hands_out_again, votes
        )
        assert (back, again.entry_id) == (None, vote.rolls[0])
        assert len(rows(InPersonTag)) == 1
        assert rows(Ballot) == []


def test_whoever_has_a_sheet_is_off_the_web_when_the_board_closes_whatever_broke_off(vote, clock):
    cast(vote, 0)
    hand_out(vote, [1])
    with db.transaction() as session, before_the_lock("roll_entries"):  # as a server that died left it
        session.get(RollEntry, vote.rolls[0]).paper_on = core_clock.today()
        session.flush()
    clock.travel(AFTER)
    whole_batch(vote, ["1"])
    with db.transaction():
        closing.seal(vote.keeper, vote.id)
    (ballot,) = rows(Ballot)
    assert '"channel":"paper"' in ballot.body


@pytest.mark.postgres_only
def test_who_is_being_struck_when_voting_opens_does_not_vote(vote, clock):
    found = []
    clock.travel(BEFORE)
    with db.transaction():
        strikes.strike(vote.registry, vote.id, card(0), "ย้ายออก")
        clock.travel(START)
        voting = begins(found, lambda: cast(vote, 1))
        waiting(1)
    voting.join()
    assert isinstance(found[0], NotAllowed)
    with db.transaction("read"):
        assert reckoning.reckoned(vote.id).strangers == 0


@pytest.mark.postgres_only
def test_no_sheet_is_handed_out_once_the_board_is_closed(vote, clock):
    board, sheet = [], []

    def seals():
        with db.transaction():
            closing.seal(vote.keeper, vote.id)

    with db.transaction():
        queries.hold_voter(vote.id, queries.voter_tag(vote.id, vote.rolls[0]))
        handing = begins(sheet, lambda: paper_desk.hand_out(vote.registry, vote.id, card(0)))
        waiting(1)
        clock.travel(AFTER)
        sealing = begins(board, seals)
        waiting(2)
    handing.join()
    sealing.join()
    if board == [None]:
        assert isinstance(sheet[0], WrongState)
        assert rows(PaperHandout) == []
    else:  # What was begun in time came to the round first, as PostgreSQL may choose: then the board is not closed over it.
        assert isinstance(board[0], WrongState)
        assert not isinstance(sheet[0], WrongState)
        assert [one.roll_entry_id for one in rows(PaperHandout)] == [vote.rolls[0]]


@pytest.mark.postgres_only
def test_no_row_of_a_person_stands_near_what_a_ballot_leaves_behind(vote):
    cast(vote, 2)
    hand_out(vote, [0, 1])
    with db.transaction("read") as session:

        def marks(table):
            return [int(one) for one in session.scalars(sa.text(f"SELECT xmin::text::bigint FROM {table}"))]  # noqa: S608 - our names

        left = marks("superseded_leaves") + marks("in_person_tags")
        named = marks("paper_handouts") + marks("roll_entries")
    assert len(left) == 4
    assert min(abs(one - other) for one in left for other in named) > 50


@pytest.mark.postgres_only
def test_two_second_keyers_of_one_batch(vote, clock):
    clock.travel(AFTER)
    batch = declare(vote, 1)
    key(vote, batch, 0, ["1"])

    def begin(actor):
        with db.transaction():
            return batches.begin_keying(actor, batch).turn

    found = at_once(*(lambda actor=one: begin(actor) for one in vote.clerks[1:]))
    assert sorted(map(str, found)).count("2") == 1
    assert sum(isinstance(one, Conflict) for one in found) == 2


@pytest.mark.postgres_only
def test_closing_while_a_batch_is_entered(vote, clock):
    """Either the batch is in before the board closes, or the board says that it waits."""
    clock.travel(AFTER)
    batch = declare(vote, 20)
    for clerk in (0, 1):
        key(vote, batch, clerk, ["1+2"] * 20)

    def enter():
        with db.transaction():
            return batches.enter_batch(vote.clerks[0], batch)

    def seal():
        with db.transaction() as session:
            closing.seal(vote.keeper, vote.id)
            return session.scalar(sa.text("SELECT count(*) FROM published_ballots"))

    clock.travel("2026-11-23 10:00")
    with db.transaction() as session:
        session.add(
            PaperAccount(
                area_id=session.get(PaperBatch, batch).area_id,
                difference=-20,
                reason="ทดสอบ",
                explained_by=vote.clerks[0].id,
                explained_at=core_clock.now(),
            )
        )
    entered, sealed = at_once(enter, seal)
    assert entered == {Verdict.VALID: 20}
    if sealed != 20:
        assert isinstance(sealed, WrongState)
        assert seal() == 20
