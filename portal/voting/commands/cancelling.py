"""Calling a round off: by one before the opening, by two once voting has begun, and after the count too."""

from __future__ import annotations

from contextlib import suppress

import sqlalchemy as sa

from portal.accounts import queries as people
from portal.core import clock, db, ledger, state
from portal.core.actor import Actor, Permission
from portal.core.errors import Invalid, NotAllowed, WrongState
from portal.core.i18n import lazy_gettext as _l
from portal.notifications import commands as notifications
from portal.voting import keykeeper, policy, queries, workflow
from portal.voting.commands import board
from portal.voting.commands.ballots import KeeperAway
from portal.voting.commands.rounds import hold_round, tell_followers
from portal.voting.models import CancelAnswer, CancelRequest, PublishedBallot, Round, RoundState
from portal.voting.queries import ballots


def ask_to_cancel(actor: Actor, round_id: int, reason: str) -> CancelRequest:
    """Voting has begun: who may confirm rounds, or after the count a certifier too, asks to call it off, and another one
    carries it out or turns it down: they are told, and the custodians. Whoever asks again puts their reason in the place
    of their own before; once it was turned down they ask no more while the round is in that state. Raises WrongState,
    NotAllowed, Invalid."""
    held = hold_round(actor, round_id)
    if not policy.can_ask_to_cancel(actor, held) or actor.id is None:
        raise NotAllowed(_l("You may not do this here."))
    if not queries.is_cancelled_by_two(held):
        raise WrongState(_l("This round cannot be cancelled in this way: reload its page."))
    waiting = queries.waiting_request(held)
    if waiting is not None and waiting.asked_by != actor.id:
        raise WrongState(
            _l("Someone else has asked for it. That request must first be carried out or rejected.")
        )
    if queries.asks_no_more(held, actor.id):
        raise WrongState(
            _l("Your request was rejected. Until the round's next step only another person may ask.")
        )
    said = _said(reason)
    _drop(round_id)
    asked = CancelRequest(
        round_id=round_id, asked_by=actor.id, asked_at=clock.now(), state=held.state, reason=said
    )
    db.session().add(asked)
    ledger.record("round.cancel_asked", actor, "round", held.id, district_id=held.district_id, note=said)
    notifications.tell(
        "voting.cancel_asked",
        topic_id=held.topic_id,
        person_ids=_who_hears(held),
        params={"title": held.title, "reason": said},
        dedupe_key=f"voting.cancel_asked:{held.id}:{asked.asked_at.isoformat()}",
        except_person=actor.id,
    )
    return asked


def take_back_request(actor: Actor, round_id: int) -> None:
    """Whoever asked does not ask any more, and may ask again. Raises WrongState, NotAllowed."""
    held, asked = _waiting(actor, round_id)
    if asked.asked_by != actor.id:
        raise NotAllowed(_l("Someone else asked for it."))
    _drop(round_id)
    ledger.record("round.cancel_taken_back", actor, "round", held.id, district_id=held.district_id)


def turn_down_request(actor: Actor, round_id: int, reason: str) -> None:
    """Another who might have asked says no, with a reason that the asker is told; who did so does not certify the count.
    Raises WrongState, NotAllowed, Invalid."""
    held, asked = _waiting(actor, round_id)
    if not policy.can_turn_down(actor, held, asked) or actor.id is None:
        raise NotAllowed(_l("You asked for it, so someone else rejects it."))
    said = _said(reason)
    ledger.record(
        "round.cancel_turned_down", actor, "round", held.id, district_id=held.district_id, note=said
    )
    notifications.tell(
        "voting.cancel_turned_down",
        topic_id=held.topic_id,
        person_ids=[asked.asked_by],
        params={"title": held.title, "reason": said},
        dedupe_key=f"voting.cancel_turned_down:{held.id}:{asked.asked_at.isoformat()}",
    )
    told = CancelAnswer(round_id=round_id, state=asked.state, asked_by=asked.asked_by)
    told.answered_by, told.answered_at = actor.id, clock.now()
    db.session().add(told)
    _drop(round_id)


def lapse_request(actor: Actor, round_: Round) -> None:
    """A request that waits no longer (:func:`queries.waiting_request`) goes before the certificate."""
    if _drop(round_.id):
        ledger.record("round.cancel_lapsed", actor, "round", round_.id, district_id=round_.district_id)


def cancel_round(actor: Actor, round_id: int, reason: str) -> None:
    """Call a round off, with a published reason; once voting has begun, at the request of somebody else, and ``reason`` is
    theirs as it was read. What was published stays readable: rules, board, and of a counted round the result and the ballots
    that were shown; the board's last head says that it is annulled. The key and everything behind the board are destroyed,
    and ballots that nobody was shown; a keeper that does not answer destroys the key later. Raises WrongState, NotAllowed,
    Invalid."""
    held = hold_round(actor, round_id)
    was_counted, was_public = held.state is RoundState.COUNTED, held.is_frozen
    move = workflow.ANNUL if was_counted else workflow.CANCEL
    workflow.ROUNDS.check(held, move, actor)
    reason = _said(reason)
    if queries.is_cancelled_by_two(held):
        _carry_out(actor, held, reason)
    ballots.hold_board(round_id)
    # A keeper that lost its keys signs nothing, and is a reason to cancel.
    with suppress(keykeeper.KeeperSilent), db.session().begin_nested():
        board.extend(actor, round_id, is_last=True)
    workflow.ROUNDS.advance(held, move, actor)
    held.cancel_reason, held.cancelled_at = reason, clock.now()
    db.session().flush()
    with suppress(keykeeper.KeeperSilent), db.session().begin_nested():
        board.sign_annulled(actor, held)
    if not (was_counted and held.shows_ballots):
        db.session().execute(sa.delete(PublishedBallot).where(PublishedBallot.round_id == round_id))
    ledger.record("round.cancelled", actor, "round", held.id, district_id=held.district_id, note=reason)
    if was_public:
        tell_followers(actor, held, "voting.cancelled", [held.proposed_by])
        state.bump_epoch()
    with suppress(KeeperAway):
        board.destroy_key(actor, held, reason)


def _waiting(actor: Actor, round_id: int) -> tuple[Round, CancelRequest]:
    """A round and the request that waits for an answer. Raises NotFound, WrongState."""
    held = hold_round(actor, round_id)
    asked = queries.waiting_request(held)
    if asked is None:
        raise WrongState(_l("The request to cancel this round no longer exists: reload the page."))
    return held, asked


def _drop(round_id: int) -> bool:
    """What was asked is asked no more; the ledger knows of it. Whether there was anything."""
    gone = sa.delete(CancelRequest).where(CancelRequest.round_id == round_id)
    return db.session().execute(gone.returning(CancelRequest.round_id)).first() is not None


def _carry_out(actor: Actor, round_: Round, reason: str) -> None:
    """The second person's word to what the first one asked. Raises WrongState, NotAllowed."""
    asked = queries.waiting_request(round_)
    if asked is None:
        raise WrongState(_l("Voting has begun: one person asks to cancel the round, another carries it out."))
    if asked.asked_by == actor.id:
        raise NotAllowed(_l("You asked for it, so someone else carries it out."))
    if asked.reason != reason:
        raise WrongState(_l("The reason was changed since you read it. Load the page again."))
    asked.carried_out_by = actor.id
    db.session().flush()


def _who_hears(round_: Round) -> list[int]:
    """Who may carry it out or has to certify, and the custodians, whose key is destroyed with it."""
    duties = (Permission.ROUND_CONFIRM, Permission.RESULT_CERTIFY, Permission.ROUND_KEY)
    return sorted({one for duty in duties for one in people.officers_with(duty, round_.district_id)})


def _said(reason: str) -> str:
    if not reason.strip():
        raise Invalid({"reason": _l("Say why in a sentence: it is published with the round.")})
    return reason.strip()
