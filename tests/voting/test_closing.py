"""From the key to the certified result: what is published holds before the verifier, and carries no tag."""

import datetime as dt
import json

import pytest
import sqlalchemy as sa

from portal.core import clock as clocks
from portal.core import db, hashing, jobs
from portal.core.actor import SYSTEM, Role
from portal.core.errors import Invalid, NotAllowed, WrongState
from portal.core.jobs import JobState
from portal.voting import ballot, heads, keykeeper, letterlist, rollkeys, verify_result
from portal.voting.ballot import Standing
from portal.voting.commands import auditing, ballots, board, closing, counting, paper_account
from portal.voting.models import (
    Ballot,
    BallotRequest,
    BoardLeaf,
    Completion,
    InPersonTag,
    PublishedBallot,
    RollEntry,
    Round,
    RoundKey,
    RoundResult,
    RoundState,
    Rule,
)
from portal.voting.queries import ballots as queries
from portal.voting.queries import board as board_queries
from portal.voting.queries import results
from tests.factories import ballots as made
from tests.factories.ballots import officer
from tests.voting import papers
from tests.voting.conftest import call_off, cast, finish
from tests.voting.test_roll import number


def state_of(vote):
    with db.transaction("read") as session:
        return session.get(Round, vote.id).state


def seed_of(vote, outside):
    with db.transaction("read") as session:
        return results.seed(session.get(Round, vote.id), outside)


def test_a_key_needs_two_custodians(keys, db):
    held = made.open_round(has_key=False)
    first, second = officer(Role.KEY_CUSTODIAN), officer(Role.KEY_CUSTODIAN)
    with pytest.raises(NotAllowed):
        board.agree_to_key(officer(Role.ROUND_OFFICER), held.id)
    with pytest.raises(NotAllowed):
        board.agree_to_key(officer(Role.KEY_CUSTODIAN, 1001), held.id)
    assert board.agree_to_key(first, held.id).public_key is None
    with pytest.raises(NotAllowed):
        board.agree_to_key(first, held.id)
    drawn = board.agree_to_key(second, held.id)
    (head,) = board_queries.head_rows(held.id)
    assert heads.read(head.line)["public_key"] == drawn.public_key
    assert heads.read(head.line)["rules"] == held.edition_sha256
    with pytest.raises(WrongState):
        board.agree_to_key(second, held.id)


def test_leaves_go_up_in_batches_sorted_by_hash(round_, clock):
    receipts = cast(round_, 19)
    clock.travel("2026-11-21 11:00")
    assert board.extend_due(SYSTEM) == 0
    receipts += cast(round_, 30, "another-try")[19:]
    assert board.extend_due(SYSTEM) == 1
    assert board.extend_due(SYSTEM) == 0
    with db.transaction("read") as session:
        up = board_queries.leaves(round_.id)
        held = session.get(Round, round_.id)
        assert up == sorted(up)
        assert len(up) == 30 + 19
        found = board_queries.check(held, receipts[0].code20)
        assert found.standing is Standing.ON_BOARD  # while open nobody is told that it was replaced
        assert board_queries.check(held, receipts[0].signed).is_signed
        assert board_queries.check(held, receipts[0].signed[:-1] + "0").standing in {
            Standing.FORGED,
            Standing.ON_BOARD,
        }
        assert board_queries.check(held, "A" * 20).standing is Standing.UNKNOWN
        assert board_queries.check(held, "nothing").standing is Standing.MALFORMED
    late = ballots.cast(round_.id, round_.rolls[0], {3: 1}, "word", "late-at-night")
    with db.transaction("read") as session:
        found = board_queries.check(session.get(Round, round_.id), late.code20)
        assert found.standing is Standing.WAITING
    clock.travel("2026-11-22 00:30")
    with db.transaction() as session:
        session.execute(sa.update(Round).where(Round.id == -1).values(title=""))
    assert board.extend_due(SYSTEM) == (1 if state_of(round_) is RoundState.PUBLISHED else 0)


@pytest.mark.parametrize(
    "round_",
    [
        {
            "opens_at": dt.datetime(2026, 11, 23, 1, tzinfo=dt.UTC),
            "closes_at": dt.datetime(2026, 11, 27, 10, tzinfo=dt.UTC),
        }
    ],
    indirect=True,
)
def test_nobody_goes_up_alone_however_late_the_worker_comes(round_, clock):
    """Its key was drawn two days before the opening. One voter votes four times; the worker is away over two midnights."""
    sizes, empty = [], [0, 0, 0]
    for at, voters in (
        ("23 08:01", [0]),
        ("24 00:01", []),
        ("24 08:00", [1, 1, 1, 1]),
        ("25 07:59", []),  # not at midnight
        ("25 08:01", []),
        ("26 07:59", [2]),  # not at midnight: the third goes up with the others
        ("26 08:01", [3]),
        ("27 00:01", [4]),
        ("27 23:59", []),  # closed
        ("28 00:01", []),
    ):
        clock.travel(f"2026-11-{at}")
        for place, voter in enumerate(voters):
            ballots.cast(round_.id, round_.rolls[voter], {1: 1}, "word", f"try-{place}-of-{voter}")
        board.extend_due(SYSTEM)
        with db.transaction("read"):
            sizes.append([head.size for head in board_queries.head_rows(round_.id)])
    assert sizes == [
        [0],
        [0, 0],
        [0, 0],
        empty,
        empty,
        [*empty, 6],
        [*empty, 6],
        [*empty, 6, 6],
        [*empty, 6, 6],
        [*empty, 6, 6],
    ]
    with db.transaction():
        closing.seal(round_.keeper, round_.id)
    with db.transaction("read"):
        assert [head.size for head in board_queries.head_rows(round_.id)] == [*empty, 6, 6, 8, 8]


def test_from_the_close_to_the_certificate(vote, clock):
    round_ = vote
    cast(round_, 30)
    cast(round_, 5, "changed-my-mind")
    papers.hand_out(round_, [7])
    with pytest.raises(WrongState), db.transaction():
        closing.seal(round_.keeper, round_.id)
    clock.travel(papers.AFTER)
    papers.whole_batch(round_, ["1"])
    with db.transaction("read") as session:
        tags = set(session.scalars(sa.select(Ballot.voter_tag)))
        keys_used = set(session.scalars(sa.select(BallotRequest.key)))
    finish(round_, clock)
    assert state_of(round_) is RoundState.COUNTED
    with db.transaction("read") as session:
        held = session.get(Round, round_.id)
        files = results.files(held, opened=True)
        order = session.scalars(sa.select(PublishedBallot.leaf)).all()
    verify_result.check(files, say=lambda text: None)
    assert order == sorted(order)
    assert len(order) == 30
    for text in files.values():
        assert not any(tag in text for tag in tags | keys_used)
    told = json.loads(files["round.json"])
    assert told["areas"][0]["paper"] == 1
    head, last = (json.loads(line)["head"] for line in files["heads.jsonl"].splitlines()[-2:])
    assert (last["kind"], last["outside"], last["root"]) == ("result", "42", head["root"])
    assert last["result"] == hashing.sha256_hex(files["result.json"])
    assert head["areas"] == [{"code": "d1002", "roll": 30, "web": 29, "paper": 1}]
    assert (head["roll"], head["strangers"], head["sheets"][0]["valid"]) == (30, 0, 1)
    with db.transaction():
        paper_account.check_sheet(round_.certifier, round_.id, "1-001", "1", "")
    with pytest.raises(NotAllowed), db.transaction():
        closing.certify(round_.keeper, round_.id, "ตรวจแล้ว")
    with db.transaction():
        closing.certify(round_.certifier, round_.id, "ตรวจตัวอย่างบัตรกระดาษและผลการนับแล้ว")
    assert state_of(round_) is RoundState.CERTIFIED
    with db.transaction("read") as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Ballot)) == 0
        assert session.get(RoundKey, round_.id).destroyed_at is not None
        verify_result.check(results.files(session.get(Round, round_.id), opened=True), say=lambda text: None)
    with pytest.raises(keykeeper.KeeperSilent):
        keykeeper.keeper().tags(round_.id, ["vote"])


def slipped_in(vote, area="d1002", channel="web"):
    body = ballot.body(
        round_id=vote.id,
        area=area,
        channel=channel,
        choices={1: 1},
        kind="approval",
        salt="5a" * 16,
        nonce="nobody",
    )
    return ballot.leaf(body), body.decode()


def stuffed(session, vote):
    leaf, body = slipped_in(vote)
    session.add(Ballot(round_id=vote.id, voter_tag="ab" * 32, leaf=leaf, body=body))


def behind_a_sheet_nobody_keyed(session, vote):
    leaf, body = slipped_in(vote, channel="paper")
    session.add(Ballot(round_id=vote.id, voter_tag=queries.paper_tag(vote.id, "9-001"), leaf=leaf, body=body))


def behind_a_struck_row(session, vote):
    row = session.get_one(RollEntry, vote.rolls[0])
    with made.before_the_lock("roll_entries"):
        row.struck_at, row.struck_reason = clocks.now(), "ย้ายออก"
        session.flush()


def after_paper_was_taken(session, vote):
    session.add(InPersonTag(round_id=vote.id, voter_tag=queries.voter_tag(vote.id, vote.rolls[0])))


def passed_off_as_paper(session, vote):
    one = session.get_one(Ballot, (vote.id, queries.voter_tag(vote.id, vote.rolls[0])))
    one.leaf, one.body = slipped_in(vote, channel="paper")


def taken_away(session, vote):
    session.delete(session.get_one(Ballot, (vote.id, queries.voter_tag(vote.id, vote.rolls[0]))))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (stuffed, ": 1 "),
        (behind_a_sheet_nobody_keyed, ": 1 "),
        (behind_a_struck_row, ": 1 "),
        (after_paper_was_taken, ": 1 "),
        (passed_off_as_paper, "กระดาน"),
        (taken_away, "กระดาน"),
    ],
)
def test_the_board_is_not_closed_over_a_ballot_that_belongs_to_nobody(round_, clock, change, said):
    cast(round_, 25)
    clock.travel("2026-11-21 11:00")
    board.extend_due(SYSTEM)
    with db.transaction() as session:
        change(session, round_)
    clock.travel("2026-11-23 10:00")
    with pytest.raises(WrongState, match=said), db.transaction():
        closing.seal(round_.keeper, round_.id)
    assert state_of(round_) is RoundState.PUBLISHED


def test_what_is_on_the_board_stays(round_, clock):
    cast(round_, 25)
    clock.travel("2026-11-21 11:00")
    assert board.extend_due(SYSTEM) == 1
    for change in (sa.update(BoardLeaf).values(leaf="00" * 32), sa.delete(BoardLeaf)):
        with pytest.raises(sa.exc.DBAPIError), db.transaction() as session:
            session.execute(change)


@pytest.mark.parametrize("is_closed", [False, True])
def test_a_cancelled_round_keeps_no_key_no_tag_and_no_ballot_and_the_board_keeps_its_leaves(
    round_, clock, is_closed
):
    (receipt,) = cast(round_, 1)
    if is_closed:
        clock.travel("2026-11-23 10:00")
        with db.transaction():
            closing.seal(round_.keeper, round_.id)
    call_off(round_, "บัตรพิมพ์ผิด")
    with db.transaction("read") as session:
        for model in (Ballot, BallotRequest, InPersonTag, PublishedBallot):
            assert session.scalars(sa.select(model)).all() == []
        key = session.get(RoundKey, round_.id)
        assert (key.minutes, key.destroyed_at is not None) == ("บัตรพิมพ์ผิด", True)
        assert board_queries.leaves(round_.id) == [receipt.leaf_hex]
        assert (
            board_queries.check(session.get(Round, round_.id), receipt.code20).standing is Standing.ON_BOARD
        )
    with pytest.raises(keykeeper.KeeperSilent):
        keykeeper.keeper().tags(round_.id, ["vote"])
    with pytest.raises(WrongState):  # not that the keeper is away: voting is over
        cast(round_, 1, "another-try")


def test_nothing_is_cast_after_the_close(round_, clock):
    cast(round_, 3)
    finish(round_, clock)
    with pytest.raises(WrongState):
        ballots.cast(round_.id, round_.rolls[20], {1: 1}, "word", "much-too-late")
    with pytest.raises(WrongState), db.transaction():
        ballots.enter_paper(round_.id, "0009", "d1002", {1: 1})


@pytest.mark.parametrize(
    "round_", [{"rule": Rule.EQUAL_SHARES, "completion": Completion.ADD1U}], indirect=True
)
def test_a_count_that_failed_begins_again_with_the_same_draw(round_, clock, monkeypatch):
    cast(round_, 3)
    monkeypatch.setattr(counting, "LONGEST", -counting.LONGEST)
    finish(round_, clock)
    with db.transaction():
        job, kept = results.count_job(round_.id), results.result_of(round_.id)
        assert (job.state, kept.counted_at) == (JobState.FAILED, None)
        assert "1" in job.problems[0]["message"]
        seed = kept.seed
    monkeypatch.undo()
    with db.transaction():
        assert closing.begin_count(round_.keeper, round_.id, "").seed == seed
        with pytest.raises(WrongState):
            closing.begin_count(round_.keeper, round_.id, "42")
    jobs.run_due()
    assert state_of(round_) is RoundState.COUNTED


def test_two_people_type_the_outside_number_and_nobody_chooses_its_form(round_, clock):
    cast(round_, 3)
    clock.travel("2026-11-23 10:00")
    with db.transaction():
        closing.seal(round_.keeper, round_.id)
        colleague, certifier = officer(Role.ROUND_OFFICER), round_.certifier

    def types(actor, outside):
        with db.transaction():
            closing.begin_count(actor, round_.id, outside)
        with db.transaction("read"):
            kept = results.result_of(round_.id)
            return kept.outside, kept.seed, results.count_job(round_.id) is not None

    with pytest.raises(NotAllowed):
        types(certifier, "538194")
    for odd in ("", "538-194", "เลข 538194", "5381.94", "1" * 31):
        with pytest.raises(Invalid):
            types(round_.keeper, odd)
    outside, seed, has_begun = types(round_.keeper, "๕๓๘ ๑๙๔")
    assert (outside, has_begun) == ("538194", False)
    assert types(round_.keeper, "538149") == ("538149", seed_of(round_, "538149"), False)
    with pytest.raises(Invalid):
        types(certifier, "538194")
    assert types(colleague, "538194") == (
        "538194",
        seed,
        False,
    )  # takes its place, and waits for somebody else
    assert types(colleague, "538194")[2] is False
    with pytest.raises(sa.exc.IntegrityError), db.transaction() as session:
        session.execute(sa.update(RoundResult).values(confirmed_by=colleague.id))
    assert types(certifier, "538194") == ("538194", seed, True)
    with pytest.raises(WrongState):
        types(round_.keeper, "538149")


def test_recorded_voters_are_drawn_from_the_registrys_list_and_nobody_else_is(round_, clock):
    cast(round_, 10)
    with db.transaction(), pytest.raises(WrongState):  # who has voted so far is nobody's business
        auditing.draw_sample(round_.certifier, round_.id, 4, "7 3 5", [])
    finish(round_, clock)
    people = [letterlist.Addressee(number(place), f"ผู้มีสิทธิคนที่ {place}", "บ้านเลขที่ 1") for place in range(1, 31)]
    with db.transaction() as session, made.before_the_lock("roll_entries"):
        for place, roll_id in enumerate(round_.rolls, 1):
            session.get_one(RollEntry, roll_id).person_key = rollkeys.person_key(round_.id, number(place))
        session.flush()
        colleague, director = officer(Role.CERTIFIER), officer(Role.DIRECTOR)

    def draws(actor, size=4, seed="7 3 5", listed=people):
        with db.transaction():
            return auditing.draw_sample(actor, round_.id, size, seed, listed)

    for listed in (people[:1], people[:29], []):  # a list of a few would tell who of these few voted
        with pytest.raises(Invalid):
            draws(round_.certifier, 30, listed=listed)
    for size, seed in ((4, " "), (6, "7 3 5"), (0, "7 3 5")):  # of ten, more than half is no sample
        with pytest.raises(Invalid):
            draws(round_.certifier, size, seed)
    for actor in (round_.keeper, director):
        with pytest.raises(NotAllowed):
            draws(actor)
    assert draws(round_.certifier, 5) is draws(round_.certifier) is None  # alone, as often as one likes
    with pytest.raises(Invalid):
        draws(director, 5)
    with pytest.raises(Invalid):
        draws(director, listed=people[:29])
    drawn = draws(director)
    assert (len(drawn.people), drawn.unknown) == (4, 0)
    assert {one.number for one in drawn.people} <= {number(place) for place in range(1, 11)}
    assert draws(round_.certifier) == drawn
    for actor, size, seed in ((colleague, 4, "7 3 5"), (director, 5, "7 3 5"), (round_.certifier, 4, "1")):
        with pytest.raises(WrongState):
            draws(actor, size, seed)
