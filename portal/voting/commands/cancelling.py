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
from portal.voting.models import CancelRequest, PublishedBallot, Round, RoundState
from portal.voting.queries import ballots


def ask_to_cancel(actor: Actor, round_id: int, reason: str) -> CancelRequest:
    """Voting has begun: who may confirm rounds, or after the count a certifier too, asks to call it off, and another one
    carries it out. Whoever asks again puts their reason in the place of the one before. Raises WrongState, NotAllowed,
    Invalid."""
    held = hold_round(actor, round_id)
    if not policy.can_ask_to_cancel(actor, held) or actor.id is None:
        raise NotAllowed(_l("You may not do this here."))
    if not queries.is_cancelled_by_two(held):
        raise WrongState(_l("This round is not called off in this way: load its page again."))
    asked = db.get_for_update(CancelRequest, round_id)
    if asked is None:
        asked = CancelRequest(round_id=round_id)
        db.session().add(asked)
    asked.asked_by, asked.asked_at, asked.reason = actor.id, clock.now(), _said(reason)
    ledger.record(
        "round.cancel_asked", actor, "round", held.id, district_id=held.district_id, note=asked.reason
    )
    if held.district_id is not None:
        notifications.tell(
            "voting.cancel_asked",
            person_ids=people.officers_with(Permission.ROUND_CONFIRM, held.district_id),
            params={"title": held.title, "reason": asked.reason},
            dedupe_key=f"voting.cancel_asked:{held.id}:{asked.asked_at.isoformat()}",
            except_person=actor.id,
        )
    return asked


def cancel_round(actor: Actor, round_id: int, reason: str) -> None:
    """Call a round off, with a published reason; once voting has begun, at the request of somebody else, and ``reason`` is
    theirs as it was read. What was published stays readable: rules, board, and of a counted round the result and the
    ballots that were shown. The key and everything behind the board are destroyed, and ballots that nobody was shown; a
    keeper that does not answer destroys the key later. Raises WrongState, NotAllowed, Invalid."""
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
    if not (was_counted and held.shows_ballots):
        db.session().execute(sa.delete(PublishedBallot).where(PublishedBallot.round_id == round_id))
    ledger.record("round.cancelled", actor, "round", held.id, district_id=held.district_id, note=reason)
    if was_public:
        tell_followers(actor, held, "voting.cancelled", [held.proposed_by])
        state.bump_epoch()
    with suppress(KeeperAway):
        board.destroy_key(actor, held, reason)


def _carry_out(actor: Actor, round_: Round, reason: str) -> None:
    """The second person's word to what the first one asked. Raises WrongState, NotAllowed."""
    asked = db.get_for_update(CancelRequest, round_.id)
    if asked is None:
        raise WrongState(_l("Voting has begun: one person asks to cancel the round, another carries it out."))
    if asked.asked_by == actor.id:
        raise NotAllowed(_l("You asked for it, so somebody else carries it out."))
    if asked.reason != reason:
        raise WrongState(_l("The reason was changed since you read it. Load the page again."))
    asked.carried_out_by = actor.id
    db.session().flush()


def _said(reason: str) -> str:
    if not reason.strip():
        raise Invalid({"reason": _l("Say in a sentence why: it is published with the round.")})
    return reason.strip()
