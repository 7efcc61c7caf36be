"""The public board of a round: heads, leaves, and where a ballot stands."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from portal.core import clock, db
from portal.voting import ballot, heads, merkle
from portal.voting.ballot import Standing
from portal.voting.models import (
    Ballot,
    BoardHead,
    BoardLeaf,
    PublishedBallot,
    Round,
    RoundKey,
    RoundState,
    SupersededLeaf,
)

BLOCK = 1024  # leaves that are read to show the place of one; a power of two, so that it is a subtree


def head_rows(round_id: int) -> list[Any]:
    """All heads in their order: number, kind, size, line, sha256, published_at."""
    return list(
        db.session().execute(
            sa.select(
                BoardHead.number,
                BoardHead.kind,
                BoardHead.size,
                BoardHead.line,
                BoardHead.sha256,
                BoardHead.published_at,
            )
            .where(BoardHead.round_id == round_id)
            .order_by(BoardHead.number)
        )
    )


def newest_head(round_id: int) -> Any | None:
    """The head that stands last."""
    statement = (
        sa.select(
            BoardHead.number,
            BoardHead.kind,
            BoardHead.size,
            BoardHead.sha256,
            BoardHead.published_at,
            BoardHead.line,
        )
        .where(BoardHead.round_id == round_id)
        .order_by(BoardHead.number.desc())
        .limit(1)
    )
    return db.session().execute(statement).first()


def closing_of(round_id: int) -> dict[str, Any] | None:
    """What the closing head says; None while the board is open."""
    statement = sa.select(BoardHead.line).where(BoardHead.round_id == round_id, BoardHead.kind == "closing")
    line = db.session().scalar(statement)
    return heads.read(line) if line else None


def newest_heads(round_id: int, size: int = 30) -> list[Any]:
    """The last heads, newest first: number, kind, size, sha256, published_at."""
    return list(
        db.session().execute(
            sa.select(
                BoardHead.number, BoardHead.kind, BoardHead.size, BoardHead.sha256, BoardHead.published_at
            )
            .where(BoardHead.round_id == round_id)
            .order_by(BoardHead.number.desc())
            .limit(size)
        )
    )


def newest_growth(round_id: int) -> int:
    """How many leaves the head that stands last put up."""
    last = newest_heads(round_id, 2)
    return last[0].size - last[1].size if len(last) > 1 else 0


def leaves(round_id: int) -> list[str]:
    """All leaves on the board in their places."""
    statement = sa.select(BoardLeaf.leaf).where(BoardLeaf.round_id == round_id).order_by(BoardLeaf.place)
    return list(db.session().scalars(statement))


def waiting(round_id: int) -> tuple[list[str], dict[str, list[str]]]:
    """Leaves that wait for the next batch: of ballots that were replaced, and by area those that count as it stands. Of one
    voter no more than one counts."""
    on_board = sa.exists().where(BoardLeaf.round_id == round_id)
    replaced = sa.select(SupersededLeaf.leaf).where(
        SupersededLeaf.round_id == round_id, ~on_board.where(BoardLeaf.leaf == SupersededLeaf.leaf)
    )
    cast = sa.select(Ballot.leaf, Ballot.body).where(
        Ballot.round_id == round_id, ~on_board.where(BoardLeaf.leaf == Ballot.leaf)
    )
    by_area: dict[str, list[str]] = {}
    for row in db.session().execute(cast):
        by_area.setdefault(json.loads(row.body)["area"], []).append(row.leaf)
    return list(db.session().scalars(replaced)), by_area


def rounds_with_boards() -> Sequence[int]:
    """Rounds whose boards may grow now."""
    return (
        db.session()
        .scalars(
            sa.select(Round.id)
            .join(RoundKey, RoundKey.round_id == Round.id)
            .where(
                Round.state == RoundState.PUBLISHED,
                Round.opens_at <= clock.now(),
                RoundKey.created_at.is_not(None),
            )
            .order_by(Round.id)
        )
        .all()
    )


def cancelled_with_key() -> Sequence[int]:
    """Cancelled rounds whose key is not destroyed yet."""
    left = sa.select(RoundKey.round_id).join(Round, Round.id == RoundKey.round_id)
    left = left.where(
        Round.state == RoundState.CANCELLED, RoundKey.created_at.is_not(None), RoundKey.destroyed_at.is_(None)
    )
    return db.session().scalars(left.order_by(RoundKey.round_id)).all()


@dataclass(frozen=True)
class Found:
    """Where a ballot stands: its leaf, its place in the tree, the head that covers it, and the proof (hashes in hex from
    the leaf upwards). ``opened`` is the text of a ballot that counts: for who asks, where the rules let it be opened."""

    standing: Standing
    leaf: str = ""
    code: str = ""
    place: int = 0
    head: Any = None
    path: tuple[str, ...] = ()
    is_signed: bool = False
    opened: str | None = None


def check(round_: Round, typed: str) -> Found:
    """Look for what is typed off a receipt: the code of twenty letters, or the whole signed text. That a ballot was
    superseded is said only when the list of superseded leaves is public."""
    typed = typed.strip()
    is_signed = False
    if "." in typed:
        key = db.session().get(RoundKey, round_.id)
        receipt = heads.read_receipt(typed, round_.id, key.public_key or "") if key else None
        if receipt is None:
            return Found(Standing.FORGED)
        prefix, is_signed = receipt.leaf_hex, True
    else:
        found = ballot.code_prefix(typed)
        if found is None:
            return Found(Standing.MALFORMED)
        prefix = found
    row = (
        db.session()
        .execute(
            sa.select(BoardLeaf.leaf, BoardLeaf.place).where(
                BoardLeaf.round_id == round_.id, BoardLeaf.leaf.between(prefix, prefix + "g")
            )
        )
        .first()
    )
    if row is None:
        return _waiting(round_, prefix, is_signed=is_signed)
    return _on_board(round_, row.leaf, row.place, is_signed=is_signed)


def _opened(round_id: int, leaf: str) -> str | None:
    """The text of a ballot that counts, published after the close."""
    return db.session().scalar(
        sa.select(PublishedBallot.body).where(
            PublishedBallot.round_id == round_id, PublishedBallot.leaf == leaf
        )
    )


def _waiting(round_: Round, prefix: str, *, is_signed: bool) -> Found:
    for model in (Ballot, SupersededLeaf):
        statement = sa.select(model.leaf).where(
            model.round_id == round_.id, model.leaf.between(prefix, prefix + "g")
        )
        leaf = db.session().scalar(statement)
        if leaf is not None:
            return Found(Standing.WAITING, leaf, ballot.code(leaf), is_signed=is_signed)
    is_called_off = round_.state is RoundState.CANCELLED
    return Found(Standing.CALLED_OFF if is_called_off else Standing.UNKNOWN, is_signed=is_signed)


def _on_board(round_: Round, leaf: str, place: int, *, is_signed: bool) -> Found:
    is_counted = round_.state in (RoundState.COUNTED, RoundState.CERTIFIED)
    opened = _opened(round_.id, leaf) if is_counted else None
    if opened is not None:
        standing = Standing.COUNTED
    else:
        is_public = is_counted or round_.state is RoundState.CLOSED
        superseded = is_public and db.session().get(SupersededLeaf, (round_.id, leaf)) is not None
        standing = Standing.SUPERSEDED if superseded else Standing.ON_BOARD
    head = newest_head(round_.id)
    size = head.size if head else 0
    path: tuple[str, ...] = ()
    if head and place < size:
        at, inside = divmod(place, BLOCK)
        near = _hashes(round_.id, at * BLOCK, min(size, (at + 1) * BLOCK))
        upper = merkle.inclusion(_crown(round_.id, size, head.sha256), at)
        path = tuple(one.hex() for one in (*merkle.inclusion(near, inside), *upper))
    return Found(
        standing,
        leaf,
        ballot.code(leaf),
        place,
        head,
        path,
        is_signed,
        opened,
    )


def _hashes(round_id: int, first: int, end: int) -> list[bytes]:
    """The leaves from one place to before another."""
    statement = sa.select(BoardLeaf.leaf).where(
        BoardLeaf.round_id == round_id, BoardLeaf.place >= first, BoardLeaf.place < end
    )
    return [bytes.fromhex(one) for one in db.session().scalars(statement.order_by(BoardLeaf.place))]


@lru_cache(maxsize=32)
def _crown(round_id: int, size: int, _head: str) -> tuple[bytes, ...]:
    """The upper part of the tree under a head, which never changes: each check then reads one block of leaves."""
    return merkle.crown(_hashes(round_id, 0, size), BLOCK)
