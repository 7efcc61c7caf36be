"""Casting ballots: once per voter, alone in their transactions, with a receipt."""

import json
import threading

import pytest
import sqlalchemy as sa

from portal.core import db
from portal.core.errors import Invalid, NotAllowed, WrongState
from portal.voting import ballot, heads, keykeeper
from portal.voting.commands import ballots
from portal.voting.models import Ballot, BallotRequest, RoundKey, SupersededLeaf
from portal.voting.queries import ballots as queries
from tests.factories import accounts
from tests.factories import ballots as made


@pytest.fixture
def vote(keys, transaction):
    """An open round and one row of its roll: ``vote.cast({1: 1})``."""

    class Vote:
        def __init__(self):
            with transaction():
                round_ = made.open_round()
                self.round_id, self.roll_id = round_.id, made.entry(round_).id

        def another(self, **given):
            with transaction() as session:
                return made.entry(session.get(made.Round, self.round_id), **given).id

        def cast(self, choices, nonce="word", key="a-key-of-one-try", roll_id=None):
            return ballots.cast(self.round_id, roll_id or self.roll_id, choices, nonce, key)

        def all(self, model):
            with transaction("read") as session:
                return session.scalars(sa.select(model)).all()

    return Vote()


def test_a_ballot_stands_behind_a_tag_and_the_receipt_is_signed(vote):
    receipt = vote.cast({3: 1, 1: 1}, nonce="ดอกไม้")
    (row,) = vote.all(Ballot)
    body = json.loads(row.body)
    assert (body["choices"], body["nonce"], body["area"], body["channel"]) == (
        [1, 3],
        "ดอกไม้",
        "d1002",
        "web",
    )
    assert receipt.leaf_hex == row.leaf == ballot.leaf(row.body.encode())
    assert receipt.code20 == ballot.code(row.leaf)
    (key,) = vote.all(RoundKey)
    assert heads.read_receipt(receipt.signed, vote.round_id, key.public_key) == receipt
    with db.transaction("read"):
        assert queries.has_cast(vote.round_id, vote.roll_id)
        assert not queries.has_cast(vote.round_id, vote.roll_id + 1)


def test_a_ballot_has_no_person_no_time_and_no_number_of_order():
    assert set(Ballot.__table__.columns.keys()) == {"round_id", "voter_tag", "leaf", "body"}
    for model in (Ballot, BallotRequest, SupersededLeaf):
        for column in model.__table__.columns:
            assert not isinstance(column.type, (sa.Date, sa.DateTime, sa.Interval)), column
            assert {key.column.table.name for key in column.foreign_keys} <= {"rounds"}


def test_sending_again_gives_the_same_receipt_and_other_content_is_refused(vote):
    first = vote.cast({1: 1})
    assert vote.cast({1: 1}) == first
    for choices, nonce in (({2: 1}, "word"), ({1: 1}, "other")):
        with pytest.raises(Invalid):
            vote.cast(choices, nonce)
    assert len(vote.all(Ballot)) == 1
    assert vote.all(SupersededLeaf) == []


def test_a_later_ballot_replaces_the_earlier_and_a_late_retry_does_not_bring_it_back(vote):
    first = vote.cast({1: 1}, key="the-first-try")
    second = vote.cast({2: 1}, key="the-second-try")
    assert vote.cast({1: 1}, key="the-first-try").leaf_hex == first.leaf_hex
    (row,) = vote.all(Ballot)
    assert row.leaf == second.leaf_hex
    assert [one.leaf for one in vote.all(SupersededLeaf)] == [first.leaf_hex]


def test_two_voters_of_one_mind_have_two_receipts(vote):
    one, other = vote.cast({1: 1}), vote.cast({1: 1}, roll_id=vote.another())
    assert one.leaf_hex != other.leaf_hex


@pytest.mark.parametrize("choices", [{}, {9: 1}, {1: 2}, {1: 1, 2: 1, 3: 1, 4: 1}])
def test_a_ballot_outside_the_limits_is_refused(vote, choices):
    with pytest.raises(Invalid):
        vote.cast(choices)
    assert vote.all(Ballot) == []


def test_who_may_not_vote(vote, clock):
    struck = vote.another(struck_at=made.clock.now(), struck_reason="ย้ายออก")
    paper = vote.another(paper_on=made.clock.today())
    for roll_id in (struck, paper, 999_999):
        with pytest.raises(NotAllowed):
            vote.cast({1: 1}, roll_id=roll_id)
    with db.transaction():
        other = made.open_round(title="รอบอื่น")
        elsewhere = made.entry(other).id
    with pytest.raises(NotAllowed):
        vote.cast({1: 1}, roll_id=elsewhere)
    clock.travel("2031-01-01 09:00")
    with pytest.raises(WrongState):
        vote.cast({1: 1})


def test_a_ballot_of_paper_overrides_the_one_on_the_web(vote):
    first = vote.cast({1: 1})
    with db.transaction():
        ballots.set_aside_for_paper(vote.round_id, vote.roll_id)
        ballots.set_aside_for_paper(vote.round_id, vote.roll_id)
    assert [one.leaf for one in vote.all(SupersededLeaf)] == [first.leaf_hex]
    with pytest.raises(NotAllowed):
        vote.cast({1: 1}, key="one-more-try")
    with db.transaction():
        leaf = ballots.enter_paper(vote.round_id, "0001", "d1002", {2: 1})
    (row,) = vote.all(Ballot)
    assert row.leaf == leaf
    assert json.loads(row.body)["channel"] == "paper"
    with pytest.raises(ballots.Conflict), db.transaction():
        ballots.enter_paper(vote.round_id, "0001", "d1002", {2: 1})


def test_without_the_keeper_nobody_votes(vote):
    keykeeper.use("unix:/nowhere/socket")
    with pytest.raises(ballots.KeeperAway):
        vote.cast({1: 1})
    assert vote.all(Ballot) == []


@pytest.mark.postgres_only
def test_fifty_casts_at_once_by_one_voter_are_one_ballot(vote):
    done, failed = [], []

    def cast(number):
        try:
            done.append(vote.cast({1 + number % 4: 1}, key=f"try-number-{number}"))
        except Exception as problem:  # noqa: BLE001 - whatever goes wrong in a thread is to be seen
            failed.append(problem)

    threads = [threading.Thread(target=cast, args=(number,)) for number in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    (row,) = vote.all(Ballot)
    replaced = {one.leaf for one in vote.all(SupersededLeaf)}
    assert len(done) == 50
    assert replaced | {row.leaf} == {one.leaf_hex for one in done}
    assert row.leaf not in replaced


@pytest.mark.postgres_only
def test_no_row_that_names_a_person_was_written_near_a_ballot(vote):
    """The voter is alone: rows before the booth, the ballot, rows after. All but the ballot's own stand far away."""
    before = _now()
    vote.cast({1: 1})
    with db.transaction():
        accounts.person()
    with db.transaction("read") as session:
        mark = int(session.scalar(sa.text("SELECT xmin::text::bigint FROM ballots")))
        assert mark > before
        near = {}
        for table in db.Base.metadata.sorted_tables:
            found = session.execute(
                sa.select(sa.func.count())
                .select_from(table)
                .where(sa.text("xmin::text::bigint > :low AND xmin::text::bigint <= :high")),
                {"low": before, "high": mark + 50},
            ).scalar()
            if found:
                near[table.name] = found
    assert near == {"ballots": 1, "ballot_requests": 1}


def _now():
    with db.transaction() as session:
        return int(session.scalar(sa.text("SELECT pg_current_xact_id()::text::bigint")))
