"""Casting a ballot: in a transaction of its own, with nothing near it that tells who it was.

On PostgreSQL every row carries the number of the transaction that wrote it. Rows of one transaction share it, and rows of
neighbouring transactions betray each other as surely. So a ballot is written alone, and before and behind it run empty
transactions, as many as chance says, so that the sign-in before it, and the next row anybody writes, stand far away.
What order is left goes when the ballot is on the board (:mod:`portal.voting.commands.board`).
"""

from __future__ import annotations

import secrets
import unicodedata
from typing import Any

import sqlalchemy as sa

from portal.core import clock, db, engines, hashing
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound, PortalError, WrongState
from portal.core.i18n import lazy_gettext as _l
from portal.voting import ballot, heads, keykeeper
from portal.voting.ballot import Channel, Choices, Limits
from portal.voting.heads import Receipt
from portal.voting.models import Ballot, InPersonTag, Round, RoundState, SupersededLeaf, is_open_at
from portal.voting.queries import ballots as queries

FEWEST_EMPTY = (
    64  # transactions before and behind each ballot; the promise is that nothing else stands within 50
)
SPREAD = 96  # more of them, by chance: no subtraction finds the sign-in before a ballot
_GAP = "DO $$ BEGIN FOR one IN 1..{} LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$"
REFUSALS = {
    "unknown": _l("A project on this ballot cannot (or can no longer) be voted on."),
    "few": _l("Choose at least as many projects as the rules require."),
    "many": _l("That is more projects than one ballot may name."),
    "money": _l("Together these projects cost more than the money available."),
    "rivals": _l("Two of these projects exclude each other: choose one of them."),
    "points": _l("These points do not add up to a ballot of this round."),
}
_STANDS_STILL = _l(
    "Voting is interrupted for the moment. We cannot say whether your ballot arrived; your choices stay on your device. Send it again in a few minutes: it counts once."
)


class KeeperAway(PortalError):
    """The keeper of the keys does not answer: nobody can vote now, and nothing is lost. Officers, whose step needs the keys
    as well, read what stands still and what to do, unless another ``message`` is given."""

    status = 503

    def __init__(self, message: object = "") -> None:
        super().__init__(
            message
            or _l(
                "The keeper of the keys does not answer, so this step was not taken and nothing was changed. Until it"
                " answers again nobody can vote on the web, and no paper can be handed out or entered, no board closed"
                " and no result certified. Ask whoever runs the portal to start it again, then take this step once more."
            )
        )


def cast(round_id: int, roll_entry_id: int, choices: Choices, nonce: str, idempotency_key: str) -> Receipt:
    """Cast a voter's ballot, in place of an earlier one, and return the signed receipt. No transaction may be open.

    ``choices`` maps numbers of projects to points (1 where the ballot gives none). The same key with the same content
    gets the same receipt; with another content it is refused. Raises NotFound, NotAllowed (struck off, or voted on
    paper), WrongState (not open), Invalid, KeeperAway.
    """
    if not 8 <= len(idempotency_key) <= 200:
        raise Invalid(_l("Open the ballot again: this page was not sent completely."))
    nonce = unicodedata.normalize("NFC", nonce).strip()
    content = hashing.sha256_hex(
        hashing.canonical_json({"choices": [[one, choices[one]] for one in sorted(choices)], "nonce": nonce})
    )
    leave_a_gap()
    try:
        tag = queries.voter_tag(round_id, roll_entry_id)
        return _write(round_id, roll_entry_id, tag, choices, nonce, idempotency_key, content)
    except keykeeper.KeeperSilent as problem:
        with db.transaction("read"):
            is_there = queries.has_key(round_id)
        raise KeeperAway(_STANDS_STILL) if is_there else _not_open() from problem
    finally:
        leave_a_gap()


def _write(
    round_id: int,
    roll_entry_id: int,
    tag: str,
    choices: Choices,
    nonce: str,
    idempotency_key: str,
    content: str,
) -> Receipt:
    """One transaction: the ballot, the leaf it replaces, what was answered. No ballot without a receipt to give."""
    key = queries.request_key(tag, idempotency_key)
    with db.plain_transaction():
        queries.hold_voter(round_id, tag)
        found = queries.before_cast(round_id=round_id, roll_entry_id=roll_entry_id, tag=tag, key=key).first()
        if found is None or found.edition_sha256 is None:
            raise NotFound
        if found.content is not None:
            if found.content != content:
                raise Invalid(_l("This ballot was sent before with other choices. Open the ballot again."))
            return heads.receipt(keykeeper.keeper(), round_id, found.answered_leaf, clock.today())
        area, limits = _area(found), queries.limits_without(round_id, found.edition_sha256, found.withdrawn)
        text = _text(round_id, limits, area, "web", choices, nonce)
        leaf = ballot.leaf(text)
        receipt = heads.receipt(keykeeper.keeper(), round_id, leaf, clock.today())
        if found.current_leaf is None:
            queries.write_new(of_round=round_id, tag=tag, new_leaf=leaf, text=text.decode())
        else:
            queries.write_superseded(of_round=round_id, old_leaf=found.current_leaf)
            queries.write_changed(of_round=round_id, tag=tag, new_leaf=leaf, text=text.decode())
        queries.write_answered(of_round=round_id, request=key, sent=content, new_leaf=leaf)
    return receipt


def _area(found: sa.Row[Any]) -> str:
    """The code of the voter's publication area. Raises WrongState when voting is not open, NotAllowed for who is not (or
    no longer) on the roll, or votes on paper."""
    if not is_open_at(found, clock.now()) or found.key_drawn_at is None:
        raise _not_open()
    if found.entry_id is None or found.struck_at is not None or found.area_code is None:
        raise NotAllowed(_l("You are not on the roll of this round."))
    if found.paper_on is not None or found.took_paper is not None:
        raise NotAllowed(_l("You have taken a paper ballot. It counts, not one cast online."))
    return str(found.area_code)


def _not_open() -> WrongState:
    return WrongState(_l("Voting is not open."))


def set_aside_for_paper(round_id: int, roll_entry_id: int) -> None:
    """The voter takes a ballot of paper: the one on the web, if there is one, counts no more, and no other can be cast.
    In the caller's transaction; nobody learns whether there was one. Raises KeeperAway."""
    try:
        tag = queries.voter_tag(round_id, roll_entry_id)
    except keykeeper.KeeperSilent as problem:
        raise KeeperAway from problem
    queries.hold_voter(round_id, tag)
    session = db.session()
    if queries.is_in_person(round_id, tag):
        return
    session.execute(sa.insert(InPersonTag).values(round_id=round_id, voter_tag=tag))
    replaced = queries.current_leaf(round_id, tag)
    if replaced is not None:
        session.execute(sa.insert(SupersededLeaf).values(round_id=round_id, leaf=replaced))
        session.execute(sa.delete(Ballot).where(Ballot.round_id == round_id, Ballot.voter_tag == tag))


def back_from_paper(round_id: int, roll_entry_id: int) -> None:
    """The sheet came back unused: the voter may cast a ballot on the web again; the earlier one stays set aside. In the
    caller's transaction. Raises KeeperAway."""
    try:
        tag = queries.voter_tag(round_id, roll_entry_id)
    except keykeeper.KeeperSilent as problem:
        raise KeeperAway from problem
    queries.hold_voter(round_id, tag)
    db.session().execute(
        sa.delete(InPersonTag).where(InPersonTag.round_id == round_id, InPersonTag.voter_tag == tag)
    )


def enter_paper(round_id: int, number: str, area: str, choices: Choices) -> str:
    """Put a valid sheet of paper, by its ``number``, among the ballots; ``area`` is the code of its publication area.
    In the caller's transaction, until the board is closed. Returns the leaf; the number itself is the ballot's nonce, so
    that the sheet can be found on the board. Raises Conflict for a number entered before, Invalid, KeeperAway."""
    try:
        tag = queries.paper_tag(round_id, number)
    except keykeeper.KeeperSilent as problem:
        raise KeeperAway from problem
    queries.hold_voter(round_id, tag)
    round_ = db.session().get(Round, round_id, populate_existing=True)
    if round_ is None:
        raise NotFound
    if round_.state is not RoundState.PUBLISHED:
        raise WrongState(_l("The board of this round is closed."))
    if queries.current_leaf(round_id, tag) is not None:
        raise Conflict(_l("A sheet with this number has been entered."))
    limits = queries.frozen_limits(round_id, round_.edition_sha256)
    text = _text(round_id, limits, area, "paper", choices, number)
    leaf = ballot.leaf(text)
    db.session().execute(
        sa.insert(Ballot).values(round_id=round_id, voter_tag=tag, leaf=leaf, body=text.decode())
    )
    return leaf


def _text(round_id: int, limits: Limits, area: str, channel: Channel, choices: Choices, nonce: str) -> bytes:
    wrong = ballot.faults(choices, limits)
    if wrong:
        raise Invalid({"choices": REFUSALS[wrong[0]]})
    try:
        return ballot.body(
            round_id=round_id,
            area=area,
            channel=channel,
            choices=choices,
            kind=limits.kind,
            salt=secrets.token_hex(16),
            nonce=nonce,
        )
    except ValueError as problem:
        raise Invalid({"nonce": _l("Write a word of your own, of at most 80 letters.")}) from problem


def leave_a_gap() -> None:
    """Run empty transactions, each of which uses up a transaction's number: what is written next stands far away, and nobody
    can reckon how far."""
    if db.dialect() != "postgresql":
        return
    engines.run_alone(db.engine("read"), _GAP.format(FEWEST_EMPTY + secrets.randbelow(SPREAD)))
