"""A result stands in a signed head of the board, or nowhere; and what is known where no head can be signed any more."""

from portal.core import db, jobs
from portal.core.actor import SYSTEM
from portal.core.jobs import JobState
from portal.voting import keykeeper
from portal.voting.ballot import Standing
from portal.voting.commands import board, closing
from portal.voting.models import Round, RoundState
from portal.voting.queries import board as boards
from portal.voting.queries import results
from portal.voting.words import STANDINGS
from tests.voting.conftest import call_off, cast
from tests.voting.test_closing import state_of


def kinds(vote):
    with db.transaction("read"):
        return [head.kind for head in boards.head_rows(vote.id)]


def test_no_result_without_a_signature_and_one_head_of_it(round_, clock):
    cast(round_, 3)
    clock.travel("2026-11-23 10:00")
    with db.transaction():
        closing.seal(round_.keeper, round_.id)
    for actor in (round_.keeper, round_.certifier):
        with db.transaction():
            closing.begin_count(actor, round_.id, "42")
    key = round_.folder / f"round-{round_.id}.json"
    away = key.rename(key.with_suffix(".away"))
    jobs.run_due()
    assert (state_of(round_), kinds(round_)) == (RoundState.CLOSED, ["opening", "batch", "closing"])
    with db.transaction("read"):
        assert results.count_job(round_.id).state is JobState.FAILED
        assert results.result_of(round_.id).counted_at is None
    away.rename(key)
    with db.transaction():
        closing.begin_count(round_.keeper, round_.id, "")
    jobs.run_due()
    with db.transaction():
        closing.keep_result(SYSTEM, round_.id, "{}")
        assert not board.extend(SYSTEM, round_.id, is_last=True)
    assert (state_of(round_), kinds(round_)) == (
        RoundState.COUNTED,
        ["opening", "batch", "closing", "result"],
    )


def test_a_round_whose_keeper_lost_the_key_can_be_cancelled_and_its_receipts_are_told_so(
    round_, tmp_path, client
):
    (receipt,) = cast(round_, 1)
    keykeeper.use(f"folder:{tmp_path / 'new'}")
    call_off(round_, "กุญแจสูญหาย")
    assert state_of(round_) is RoundState.CANCELLED
    with db.transaction("read") as session:
        held = session.get_one(Round, round_.id)
        assert boards.leaves(round_.id) == []
        for typed, is_signed in ((receipt.code20, False), (receipt.signed, True)):
            found = boards.check(held, typed)
            assert (found.standing, found.is_signed) == (Standing.CALLED_OFF, is_signed)
        assert boards.check(held, receipt.signed[:-130] + "0" * 130).standing is Standing.FORGED
    shown = client.get(f"/voting/{round_.id}/receipt?code={receipt.signed}", status=200).page.text
    assert str(STANDINGS[Standing.CALLED_OFF][1]) in shown
    assert "ลายเซ็นบนใบรับถูกต้อง" in shown
