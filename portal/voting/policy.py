"""Who prepares a round, who confirms it, who keeps its roll and its paper, and who sees what of it."""

from __future__ import annotations

import sqlalchemy as sa

from portal.core.actor import Actor, Permission
from portal.voting.models import (
    CancelRequest,
    LetterPrint,
    PaperBatch,
    RollEntry,
    RollStrike,
    Round,
    RoundState,
)


def can_act_for(actor: Actor, permission: Permission, district_id: int | None) -> bool:
    """Held for this district; for the whole city (None) only by a grant of the city."""
    if district_id is None:
        return actor.districts_where(permission) is None
    return actor.may(permission, district_id=district_id)


def can_keep(actor: Actor, round_: Round) -> bool:
    """The officers who prepare rounds of this district, or of the city."""
    return can_act_for(actor, Permission.ROUND_KEEP, round_.district_id)


def can_confirm(actor: Actor, round_: Round) -> bool:
    """A second person: never the one who proposed the rules."""
    return actor.id != round_.proposed_by and can_cancel(actor, round_)


def can_cancel(actor: Actor, round_: Round) -> bool:
    """Who may confirm rounds may also call one off."""
    return can_act_for(actor, Permission.ROUND_CONFIRM, round_.district_id)


def can_ask_to_cancel(actor: Actor, round_: Round) -> bool:
    """Who may call it off may ask another for it; once it is counted, the certifiers may too."""
    return can_cancel(actor, round_) or (round_.state is RoundState.COUNTED and can_certify(actor, round_))


def can_turn_down(actor: Actor, round_: Round, asked: CancelRequest) -> bool:
    """Whoever might have asked may say no to what another asked: after the count the certifiers too, so that the only
    one who confirms rounds holds up no certificate."""
    return actor.id != asked.asked_by and can_ask_to_cancel(actor, round_)


def can_keep_roll(actor: Actor, round_: Round) -> bool:
    """The registry of the round's district; in a round of the whole city the registry of any district, for its own."""
    if round_.district_id is None:
        return actor.may(Permission.ROLL_KEEP)
    return actor.may(Permission.ROLL_KEEP, district_id=round_.district_id)


def can_see_letters(actor: Actor, asked: LetterPrint) -> bool:
    """The registry of the district whose people the letters go to."""
    return actor.may(Permission.ROLL_KEEP, district_id=asked.district_id)


def can_release_letters(actor: Actor, asked: LetterPrint) -> bool:
    """Its second officer: never the one who asked."""
    return can_see_letters(actor, asked) and actor.id != asked.asked_by


def can_lock_roll(actor: Actor, round_: Round) -> bool:
    """Locking is for good: a district's registry locks its round, but the roll of the whole city only its own officers."""
    return can_keep_roll(actor, round_) if round_.district_id is not None else can_keep(actor, round_)


def can_enter_paper(actor: Actor, round_: Round) -> bool:
    """The clerks who key paper ballots."""
    if round_.district_id is None:
        return actor.may(Permission.PAPER_ENTER)
    return actor.may(Permission.PAPER_ENTER, district_id=round_.district_id)


def can_key(actor: Actor, batch: PaperBatch) -> bool:
    """The clerks of the batch's district; the city's for one of the city."""
    return can_act_for(actor, Permission.PAPER_ENTER, batch.district_id)


def can_settle(actor: Actor, batch: PaperBatch) -> bool:
    """Who may look a third time, or void a batch: its clerks and the certifiers."""
    return can_key(actor, batch) or can_act_for(actor, Permission.RESULT_CERTIFY, batch.district_id)


def can_see_paper(actor: Actor, round_: Round) -> bool:
    """Who follows the count of the paper ballots: its clerks, the officers of the round, certifiers."""
    return can_enter_paper(actor, round_) or can_keep(actor, round_) or can_certify(actor, round_)


def can_explain_paper(actor: Actor, round_: Round) -> bool:
    """Who says why the boxes hold other than what was handed out."""
    return can_enter_paper(actor, round_) or can_keep(actor, round_)


def can_print_paper(actor: Actor, round_: Round) -> bool:
    """Who prints ballots of paper: the registry that hands them out, and the officers of the round."""
    return can_keep_roll(actor, round_) or can_keep(actor, round_)


def can_close(actor: Actor, round_: Round) -> bool:
    """The officers who keep the round; the worker writes down what it counted."""
    return actor.is_system or can_keep(actor, round_)


def can_count(actor: Actor, round_: Round) -> bool:
    """Who may type the outside number: who may close the board, and the certifiers as the second person."""
    return can_close(actor, round_) or can_certify(actor, round_)


def can_certify(actor: Actor, round_: Round) -> bool:
    """Certifiers of the round's district, or of the city."""
    return can_act_for(actor, Permission.RESULT_CERTIFY, round_.district_id)


def can_draw(actor: Actor, round_: Round) -> bool:
    """Who may have recorded voters drawn: certifiers, and as a second person who confirms rounds."""
    return can_certify(actor, round_) or can_cancel(actor, round_)


def can_hold_key(actor: Actor, round_: Round) -> bool:
    """Custodians of keys of the round's district, or of the city."""
    return can_act_for(actor, Permission.ROUND_KEY, round_.district_id)


def can_answer_objection(actor: Actor, round_: Round, made: RollStrike, entry: RollEntry) -> bool:
    """Who may confirm rounds there, but not who struck the row, nor whose row it is."""
    where = round_.district_id if round_.district_id is not None else entry.district_id
    return actor.may(Permission.ROUND_CONFIRM, district_id=where) and actor.id not in (
        made.struck_by,
        entry.person_id,
    )


def visible_to(actor: Actor) -> sa.ColumnElement[bool]:
    """The filter on :class:`Round`: everybody sees what was published; officers also what they prepare or confirm."""
    return sa.or_(Round.edition_sha256.is_not(None), visible_to_desk(actor))


def visible_to_desk(actor: Actor) -> sa.ColumnElement[bool]:
    """The filter on :class:`Round`: those of the actor's own desk."""
    mine: list[sa.ColumnElement[bool]] = []
    for permission in (Permission.ROUND_KEEP, Permission.ROUND_CONFIRM):
        where = actor.districts_where(permission)
        if where is None:
            return sa.true()
        if where:
            mine.append(Round.district_id.in_(sorted(where)))
    return sa.or_(sa.false(), *mine)


def can_open_ballots(actor: Actor, round_: Round) -> bool:
    """After the count: everybody where the rules say so, else auditors alone, as long as it is not annulled."""
    return round_.shows_ballots or (
        round_.state is not RoundState.CANCELLED and actor.may(Permission.LEDGER_READ)
    )
