"""The board: its key by two custodians, and the signed heads over what was cast."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

import sqlalchemy as sa

from portal.core import clock, db, hashing, ledger, turns
from portal.core.actor import Actor
from portal.core.errors import NotAllowed, NotFound, WrongState
from portal.core.i18n import lazy_gettext as _l
from portal.voting import heads, keykeeper, policy
from portal.voting.commands.ballots import KeeperAway
from portal.voting.models import (
    Ballot,
    BallotRequest,
    BoardHead,
    BoardLeaf,
    InPersonTag,
    Round,
    RoundKey,
    RoundState,
)
from portal.voting.queries import ballots
from portal.voting.queries import board as queries

Each = Callable[[Iterable[int], Callable[[int], int | None]], int]
BATCH = 20  # voters together: a place on the board tells nothing about the minute
FEWEST = 3  # voters of an area together: fewer wait, so that nobody's leaf goes up alone
MOST = 5_000  # voters together, and as many replaced leaves: whoever casts waits while they are mixed
REST = dt.timedelta(hours=1)  # between two batches, so that heads stay few enough to print


def agree_to_key(actor: Actor, round_id: int) -> RoundKey:
    """A custodian agrees that the keeper draws the round's secrets; the second one's word does it, and the board begins
    with its opening head. Raises NotAllowed, WrongState, KeeperAway."""
    round_ = db.get_for_update(Round, round_id)
    if round_ is None or not round_.is_frozen:
        raise NotFound
    if not policy.can_hold_key(actor, round_) or actor.id is None:
        raise NotAllowed(_l("Only custodians of keys do this."))
    held = db.get_for_update(RoundKey, round_id)
    if round_.state is not RoundState.PUBLISHED or (held is not None and held.created_at is not None):
        raise WrongState(_l("The key of this round is drawn, or not needed any more."))
    if held is None:
        held = RoundKey(round_id=round_id, first_custodian=actor.id, asked_at=clock.now(), minutes="")
        db.session().add(held)
        ledger.record("round.key_asked", actor, "round", round_id, district_id=round_.district_id)
        return held
    if held.first_custodian == actor.id:
        raise NotAllowed(_l("A second custodian has to agree."))
    try:
        held.public_key = keykeeper.keeper().create(round_id)
        held.second_custodian, held.created_at = actor.id, clock.now()
        db.session().flush()
        sign_head(actor, round_, "opening", [], public_key=held.public_key)
    except keykeeper.KeeperSilent as problem:
        raise KeeperAway from problem
    ledger.record(
        "round.key_drawn",
        actor,
        "round",
        round_id,
        district_id=round_.district_id,
        changes={"public_key": held.public_key},
    )
    return held


def extend_due(actor: Actor, each: Each = turns.each) -> int:
    """Put on their boards what is due, each in a transaction of its own; returns how many batches. A keeper that does
    not answer leaves it for the next time, and so does somebody who holds the round."""

    def batch(round_id: int) -> int:
        with suppress(keykeeper.KeeperSilent), db.transaction():
            return db.is_free_for_update(Round, round_id) and extend(actor, round_id)
        return 0

    with db.transaction("read"):
        waiting = list(queries.rounds_with_boards())
    return each(waiting, batch)


def extend(actor: Actor, round_id: int, *, is_last: bool = False) -> bool:
    """One batch of a round's board, if it is due: leaves of twenty voters and an hour since the last, or of three when the
    day turns. What goes up is of areas with at least three voters together: the others wait for more of theirs, since the
    batch and the area of a ballot are published. A voter who votes many times is one. What went up is mixed. No batch is
    beyond measure: where a crowd is left behind one, it follows at once.
    While one votes each day has its head, though nothing be new. ``is_last``: whatever there is. Raises KeeperSilent."""
    round_ = db.get_for_update(Round, round_id)
    head = queries.newest_head(round_id)
    if round_ is None or head is None or head.kind in ("closing", "result", "annulled"):
        return False
    now = clock.now()
    since = max(head.published_at, round_.opens_at)  # the key may be drawn days before
    is_turn = clock.day_of(since) < clock.today()
    has_rested = now - since >= REST
    may_be_crowd = queries.newest_growth(round_id) >= MOST // 2
    if not (is_last or is_turn or has_rested or may_be_crowd):
        return False
    replaced, by_area = queries.waiting(round_id)
    has_rested = has_rested or sum(map(len, by_area.values())) >= MOST // 2
    if not is_last:
        replaced, by_area = _first_lot(replaced, by_area)
    together = [leaf for area in by_area.values() for leaf in area]
    is_due = is_last or (is_turn and together) or (has_rested and len(together) >= BATCH)
    new = sorted(replaced + together) if is_due else []
    if not (new or (is_turn and round_.is_open(now))):
        return False
    before = queries.leaves(round_id)
    if new:
        db.session().execute(
            sa.insert(BoardLeaf),
            [
                {"round_id": round_id, "place": place, "leaf": leaf}
                for place, leaf in enumerate(new, len(before))
            ],
        )
    # Before a head is signed, which no rollback takes back; and before the board, so that nobody who casts waits for whoever
    # writes into the ledger.
    ledger.hold()
    sign_head(actor, round_, "batch", [*before, *new])
    _mix(round_id, len(before))
    return True


def _first_lot(replaced: list[str], by_area: dict[str, list[str]]) -> tuple[list[str], dict[str, list[str]]]:
    """Of what waits no more than a lot, first in the order of the leaves, which is that of chance; of no area fewer voters
    than may go up together."""
    lot = set(sorted(leaf for area in by_area.values() for leaf in area)[:MOST])
    areas = {code: [leaf for leaf in area if leaf in lot] for code, area in by_area.items()}
    return sorted(replaced)[:MOST], {code: area for code, area in areas.items() if len(area) >= FEWEST}


def _mix(round_id: int, since: int) -> None:
    """Write the ballots that stand on the board from a place on, and what their voters were answered, anew: by one
    transaction and in the order of their leaves. The order in which they came, beside that of the sign-ins, would name
    people to whoever copies the database. Nobody casts meanwhile: a ballot that moves away under its voter is lost."""
    ballots.hold_board(round_id)
    new = sa.select(BoardLeaf.leaf).where(BoardLeaf.round_id == round_id, BoardLeaf.place >= since)
    for model in (Ballot, BallotRequest):
        taken = (
            sa.delete(model)
            .where(model.round_id == round_id, model.leaf.in_(new))
            .returning(*model.__table__.c)
        )
        rows = [dict(row) for row in db.session().execute(taken).mappings()]
        if rows:
            db.session().execute(sa.insert(model), sorted(rows, key=lambda row: str(row["leaf"])))


def destroy_key(actor: Actor, round_: Round, minutes: str) -> None:
    """The round's key is gone for good, with these minutes, and with it the tags, what was answered to requests, and the
    order in which ballots lay; the board stays. The last thing a command does, when there is nothing left to wait for: a
    transaction that fails behind it cannot bring the key back. Without a key nothing happens. Raises KeeperAway, and then
    only the key is left."""
    _clear(round_.id)
    key = db.get_for_update(RoundKey, round_.id)
    if key is None or key.created_at is None or key.destroyed_at is not None:
        return
    ledger.hold()
    try:
        keykeeper.keeper().destroy(round_.id)
    except keykeeper.KeeperSilent as problem:
        raise KeeperAway from problem
    key.destroyed_at, key.minutes = clock.now(), minutes
    ledger.record("round.key_destroyed", actor, "round", round_.id, district_id=round_.district_id)


def _clear(round_id: int) -> None:
    """Nothing is left of what lies behind the board: ballots as they were cast, answered requests, tags."""
    for model in (Ballot, BallotRequest, InPersonTag):
        db.session().execute(sa.delete(model).where(model.round_id == round_id))


def destroy_left(actor: Actor, each: Each = turns.each) -> int:
    """Destroy the keys of cancelled rounds that are left because the keeper did not answer then; returns how many."""

    def destroy(round_id: int) -> int:
        with suppress(keykeeper.KeeperSilent, KeeperAway):
            with db.transaction():
                sign_annulled(actor, db.session().get_one(Round, round_id))
            keykeeper.keeper().destroy(round_id)  # waits for it while nobody waits for us
            with db.transaction():
                round_ = db.session().get_one(Round, round_id)
                destroy_key(actor, round_, round_.cancel_reason)
            return 1
        return 0

    with db.transaction("read"):
        left = list(queries.cancelled_with_key())
    return each(left, destroy)


def sign_annulled(actor: Actor, round_: Round) -> None:
    """The last head of a board whose count was annulled, once: it holds the hash of the reason. Raises KeeperSilent."""
    head = queries.newest_head(round_.id)
    if head is not None and head.kind == "result":
        reason = hashing.sha256_hex(round_.cancel_reason)
        sign_head(actor, round_, "annulled", queries.leaves(round_.id), reason=reason)


def sign_head(actor: Actor, round_: Round, kind: heads.Kind, leaves: list[str], **more: Any) -> str:
    """Sign the next head over these leaves and keep its line; the ledger holds its hash too, which is returned. Raises
    KeeperSilent."""
    last = queries.newest_head(round_.id)
    number = 0 if last is None else last.number + 1
    line = heads.written(
        keykeeper.keeper(),
        round_id=round_.id,
        rules=round_.edition_sha256 or "",
        kind=kind,
        number=number,
        previous=heads.GENESIS if last is None else last.sha256,
        leaves=[bytes.fromhex(leaf) for leaf in leaves],
        day=clock.today(),
        **more,
    )
    db.session().add(
        BoardHead(
            round_id=round_.id,
            number=number,
            kind=kind,
            size=len(leaves),
            line=line,
            sha256=heads.line_hash(line),
            published_at=clock.now(),
        )
    )
    db.session().flush()
    ledger.record(
        "round.head_signed",
        actor,
        "round",
        round_.id,
        district_id=round_.district_id,
        changes={"number": number, "sha256": heads.line_hash(line)},
    )
    return heads.line_hash(line)
