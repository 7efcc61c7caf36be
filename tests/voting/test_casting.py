"""Casting ballots: once per voter, alone in their transactions, with a receipt."""

import json
import re
import threading

import pytest
import sqlalchemy as sa
from werkzeug.test import Client

from portal.core import db, i18n
from portal.core.errors import Invalid, NotAllowed, WrongState
from portal.voting import ballot, heads, keykeeper
from portal.voting.commands import ballots
from portal.voting.models import Ballot, BallotRequest, Round, RoundKey, SupersededLeaf
from portal.voting.queries import ballots as queries
from tests.factories import accounts
from tests.factories import ballots as made
from tests.page import values


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


def test_nobody_whose_first_answer_was_lost_is_told_that_the_ballot_was_not_cast(vote):
    """Without the keeper nobody knows whether a ballot of this voter arrived before: the words hold for both."""
    vote.cast({1: 1})
    keykeeper.use("unix:/nowhere/socket")
    with pytest.raises(ballots.KeeperAway) as refused:
        vote.cast({1: 1})
    with i18n.speaking("en"):
        assert "it counts once" in str(refused.value.message)
    assert len(vote.all(Ballot)) == 1


@pytest.mark.postgres_only
def test_nobody_waits_in_the_booth_for_an_officer_who_holds_the_round(vote):
    """Letters, handing out paper, withdrawing a project: whoever does it holds the round, and ballots refer to it."""
    voter = threading.Thread(target=vote.cast, args=({1: 1},))
    with db.transaction():
        assert db.get_for_update(Round, vote.round_id)
        voter.start()
        voter.join(5)
        assert len(vote.all(Ballot)) == 1
    voter.join()


@pytest.mark.postgres_only
def test_fifty_casts_at_once_by_one_voter_are_one_ballot(vote):
    done, failed = [], []

    def cast(number):
        try:
            done.append(vote.cast({1 + number % 4: 1}, key=f"try-number-{number}"))
        except Exception as problem:  # noqa: BLE001 - whatever goes wrong in a thread is to be seen
            failed.append(problem)

    at_once(cast)
    assert not failed
    (row,) = vote.all(Ballot)
    replaced = {one.leaf for one in vote.all(SupersededLeaf)}
    assert len(done) == 50
    assert replaced | {row.leaf} == {one.leaf_hex for one in done}
    assert row.leaf not in replaced


@pytest.mark.postgres_only
def test_fifty_posts_at_once_of_one_signed_in_voter_are_one_ballot(vote, app, client, transaction):
    """Through the pages: half of them are the same press of the button, half are other ballots."""
    with transaction() as session:
        person = accounts.person("voter@example.org")
        made.entry(session.get(made.Round, vote.round_id), person)
    client.sign_in("voter@example.org", accounts.PASSWORD)
    place = f"/voting/{vote.round_id}"
    review = client.submit(f"{place}/booth", {"p1": "1"}, action=f"{place}/review")
    form = {**values(review.page.form(action=f"{place}/cast")), "nonce": "word"}
    cookie = f"portal_session={client.get_cookie('portal_session').value}"
    statuses, codes = [], []

    def post(number):
        sent = form if number % 2 else {**form, "idempotency_key": f"another-try-{number}"}
        answer = Client(app.wsgi_app, use_cookies=False).post(
            f"{place}/cast", data=sent, headers={"Cookie": cookie}
        )
        statuses.append(answer.status_code)
        codes.append(re.findall(r"1\.\d+\.\d{4}-\d\d-\d\d\.([0-9a-f]{64})", answer.get_data(as_text=True)))

    at_once(post)
    assert statuses == [200] * 50
    (row,) = vote.all(Ballot)
    told = {leaf for found in codes for leaf in found}
    assert all(codes)
    assert len(told) == 26
    assert {one.leaf for one in vote.all(SupersededLeaf)} == told - {row.leaf}
    assert row.leaf in told


def at_once(doing):
    """Fifty threads, and none begins before all are there."""
    together = threading.Barrier(50)

    def run(number):
        together.wait()
        doing(number)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
