"""The end of a round: the board is sealed, the ballots are counted, the result is certified and the key destroyed."""

from __future__ import annotations

import re

import sqlalchemy as sa

from portal.core import clock, db, hashing, jobs, ledger, state, thai
from portal.core.actor import Actor
from portal.core.errors import Invalid, NotAllowed, NotFound, WrongState
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.voting import keykeeper, merkle, policy, workflow
from portal.voting.commands import board, paper_account
from portal.voting.commands.ballots import KeeperAway
from portal.voting.commands.cancelling import lapse_request
from portal.voting.models import (
    Ballot,
    ParticipationCheck,
    PublishedBallot,
    Round,
    RoundResult,
    Stage,
)
from portal.voting.queries import ballots, paper, reckoning
from portal.voting.queries import board as board_queries
from portal.voting.queries import results as queries
from portal.voting.queries.cancelling import turned_down_annulling, waiting_request
from portal.voting.queries.reckoning import Reckoning


def seal(actor: Actor, round_id: int) -> None:
    """Close the board for good: the last leaves, the closing head with its counts, and the ballots that count, written
    anew in the order of their leaves. Raises WrongState before the close, while paper is unsettled, or where a ballot
    belongs to nobody on the roll; NotAllowed, KeeperAway."""
    round_ = _hold(round_id)
    workflow.ROUNDS.check(round_, workflow.CLOSE, actor)
    if round_.stage(clock.now()) is not Stage.CLOSED:
        raise WrongState(_l("Voting is still open: the board is closed after the last day."))
    paper_account.settle_paper(actor, round_id)
    ballots.hold_board(round_id)
    try:
        board.extend(actor, round_id, is_last=True)
        found = _hold_against_the_roll(round_id)
        live = sorted(db.session().scalars(sa.select(Ballot.leaf).where(Ballot.round_id == round_id)))
        leaves = board_queries.leaves(round_id)
        board.sign_head(
            actor,
            round_,
            "closing",
            leaves,
            live=len(live),
            superseded=len(leaves) - len(live),
            live_root=merkle.root([bytes.fromhex(leaf) for leaf in live]).hex(),
            withdrawn=queries.withdrawn_numbers(round_id),
            roll=sum(one["roll"] for one in found.areas),
            areas=found.areas,
            strangers=found.strangers,
            sheets=paper.sheets(round_id),
        )
    except keykeeper.KeeperSilent as problem:
        raise KeeperAway from problem
    db.session().execute(
        sa.insert(PublishedBallot).from_select(
            ["round_id", "leaf", "body"],
            sa.select(Ballot.round_id, Ballot.leaf, Ballot.body)
            .where(Ballot.round_id == round_id)
            .order_by(Ballot.leaf),
        )
    )
    workflow.ROUNDS.advance(round_, workflow.CLOSE, actor)
    ledger.record("round.sealed", actor, "round", round_id, district_id=round_.district_id)
    state.bump_epoch()


def _hold_against_the_roll(round_id: int) -> Reckoning:
    """Raises WrongState where a ballot belongs to nobody, or what ballots say is not what roll, sheets and board say."""
    found = reckoning.reckoned(round_id)
    if found.strangers:
        raise WrongState(
            _(
                "Ballots that belong to nobody on the roll and to no sheet of paper: %(num)s. Someone wrote them outside the portal. The board is not closed: cancel the round.",
                num=found.strangers,
            )
        )
    if not found.agrees:
        raise WrongState(
            _l(
                "The ballots do not match the roll, the sheets and the board: something was changed outside the portal. The board is not closed: cancel the round."
            )
        )
    return found


def begin_count(actor: Actor, round_id: int, outside: str) -> RoundResult:
    """Type the outside number the rules name; with the secret that was committed to it draws the order of equals. An officer
    of the round notes it and may type it again; when somebody else, an officer or a certifier, has typed the same digits,
    the count begins. So nobody alone chooses a form of it, and a slip is seen in time. After a count that failed it begins
    again, with the number it began with. Raises WrongState, NotAllowed, Invalid."""
    round_ = _hold(round_id)
    workflow.ROUNDS.check(round_, workflow.COUNT, actor)
    kept = db.get_for_update(RoundResult, round_id)
    if queries.count_job(round_id) is not None and kept is not None:
        return _count_again(actor, round_, kept)
    number = "".join(thai.arabic_digits(outside).split())
    if not re.fullmatch(r"[0-9]{1,30}", number):
        raise Invalid({"outside": _l("Only the digits of the number, as they were announced.")})
    if kept is None or kept.asked_by == actor.id or number != kept.outside:
        return _note_outside(actor, round_, kept, number)
    kept.confirmed_by = actor.id
    _record_count(actor, round_, outside=number)
    return kept


def _note_outside(actor: Actor, round_: Round, kept: RoundResult | None, number: str) -> RoundResult:
    """What one officer typed waits for a second person; another number takes its place. Raises NotAllowed, Invalid."""
    if actor.id is None or not policy.can_keep(actor, round_):
        if kept is None:
            raise NotAllowed(_l("An officer of the round types the number first."))
        raise Invalid(
            {
                "outside": _l(
                    "The officer typed other digits. Look at the announcement together; the officer types it again."
                )
            }
        )
    seed = queries.seed(round_, number)
    if kept is None:
        kept = RoundResult(
            round_id=round_.id, outside=number, seed=seed, asked_by=actor.id, body="", certify_note=""
        )
        db.session().add(kept)
    else:
        kept.outside, kept.seed, kept.asked_by = number, seed, actor.id
    ledger.record(
        "round.outside_noted",
        actor,
        "round",
        round_.id,
        district_id=round_.district_id,
        changes={"outside": number},
    )
    return kept


def _count_again(actor: Actor, round_: Round, kept: RoundResult) -> RoundResult:
    """After a count that failed: with the same number and the same draw. Raises WrongState while one runs."""
    job = queries.count_job(round_.id)
    if job is None or job.state is not jobs.JobState.FAILED:
        raise WrongState(_l("The count has begun."))
    _record_count(actor, round_)
    return kept


def _record_count(actor: Actor, round_: Round, **changes: object) -> None:
    ledger.record(
        "round.count_begun", actor, "round", round_.id, district_id=round_.district_id, changes=changes
    )
    jobs.start(actor, queries.COUNT_JOB, round_.title, {"round_id": round_.id})


def keep_result(actor: Actor, round_id: int, text: str) -> None:
    """Write down what the count found, and seal it with the outside number in the board's last head; the round is counted.
    Once. Raises WrongState while the keeper does not answer: the count begins again."""
    round_ = _hold(round_id)
    result = db.get_for_update(RoundResult, round_id)
    if result is None or result.counted_at is not None:
        return
    result.body, result.sha256, result.counted_at = text, hashing.sha256_hex(text), clock.now()
    try:
        board.sign_head(
            actor,
            round_,
            "result",
            board_queries.leaves(round_id),
            outside=result.outside,
            result=result.sha256,
        )
    except keykeeper.KeeperSilent as problem:
        raise WrongState(
            _("The keeper of the keys does not answer: the result was not signed. Begin the count again.")
        ) from problem
    workflow.ROUNDS.advance(round_, workflow.COUNT, actor)
    ledger.record(
        "round.counted",
        actor,
        "round",
        round_id,
        district_id=round_.district_id,
        changes={"sha256": result.sha256},
    )
    state.bump_epoch()


def certify(actor: Actor, round_id: int, note: str) -> None:
    """A second person certifies what was counted. The key is destroyed with minutes, and with it go the tags, what was
    answered to requests, and the order in which ballots lay. Raises WrongState, NotAllowed, Invalid, KeeperAway."""
    round_ = _hold(round_id)
    workflow.ROUNDS.check(round_, workflow.CERTIFY, actor)
    result = db.get_for_update(RoundResult, round_id)
    if result is None or result.counted_at is None or actor.id is None:
        raise WrongState(_l("Nothing is counted yet."))
    if result.asked_by == actor.id:
        raise NotAllowed(_l("The person who started the count cannot certify it."))
    if turned_down_annulling(round_id, actor.id):
        raise NotAllowed(
            _l("You rejected a request to annul this count, so another certifier must certify it.")
        )
    if waiting_request(round_) is not None:
        raise WrongState(
            _l(
                "Someone has asked to annul this count. That request must first be carried out, rejected or taken back."
            )
        )
    if not note.strip():
        raise Invalid({"note": _l("Say what you checked: it is published with the result.")})
    paper_account.settle_sample(actor, round_id)
    lapse_request(actor, round_)
    now = clock.now()
    result.certified_by, result.certified_at, result.certify_note = actor.id, now, note.strip()
    workflow.ROUNDS.advance(round_, workflow.CERTIFY, actor)
    ledger.record(
        "round.certified",
        actor,
        "round",
        round_id,
        district_id=round_.district_id,
        changes={"result": result.sha256, "key": "destroyed"},
        note=note,
    )
    state.bump_epoch()
    board.destroy_key(actor, round_, note.strip())


def record_participation(actor: Actor, round_id: int, asked: int, denied: int, note: str) -> None:
    """Publish how many recorded voters, drawn at random, were asked, and how many said they had not voted. Raises
    WrongState once the result is certified, NotAllowed, Invalid."""
    round_ = _hold(round_id)
    workflow.ROUNDS.check(round_, workflow.CERTIFY, actor)
    if not 0 <= denied <= asked or not asked or actor.id is None:
        raise Invalid({"asked": _l("Write how many were asked, and how many of them said no.")})
    found = db.session().get(ParticipationCheck, round_id)
    if found is None:
        found = ParticipationCheck(round_id=round_id)
        db.session().add(found)
    found.asked, found.denied, found.note = asked, denied, note.strip()
    found.recorded_by, found.recorded_at = actor.id, clock.now()
    ledger.record(
        "round.participation_checked",
        actor,
        "round",
        round_id,
        district_id=round_.district_id,
        changes={"asked": asked, "denied": denied},
    )
    state.bump_epoch()


def _hold(round_id: int) -> Round:
    held = db.get_for_update(Round, round_id)
    if held is None:
        raise NotFound
    return held
