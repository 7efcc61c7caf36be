"""What a ballot of a round may say, and the tag behind which it is kept."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import load_only

from portal.core import db, hashing
from portal.core.errors import NotFound
from portal.voting import keykeeper
from portal.voting.ballot import Limits
from portal.voting.models import (
    Area,
    Ballot,
    BallotRequest,
    Candidate,
    InPersonTag,
    RollEntry,
    Round,
    RoundEdition,
    RoundKey,
)

_BOARD = 0x766F7465  # "vote": the locks of boards among those of the database
_HOLD = sa.select(
    sa.func.pg_advisory_xact_lock_shared(_BOARD, sa.cast(sa.bindparam("round_id"), sa.Integer)),
    sa.func.pg_advisory_xact_lock(sa.cast(sa.bindparam("tag"), sa.BigInteger)),
)
_HOLD_BOARD = sa.select(sa.func.pg_advisory_xact_lock(_BOARD, sa.cast(sa.bindparam("round_id"), sa.Integer)))


def hold_voter(round_id: int, tag: str) -> None:
    """One ballot of one voter at a time, and none while the board is being closed (:func:`hold_board`): whoever was told
    "cast" is counted. SQLite has one writer anyway. Held until the transaction ends; no row is marked by it."""
    if db.dialect() == "postgresql":
        db.session().execute(_HOLD, {"round_id": round_id, "tag": int(tag[:15], 16)})


def hold_board(round_id: int) -> None:
    """Wait for ballots that are being written, and let no other begin until this transaction ends."""
    if db.dialect() == "postgresql":
        db.session().execute(_HOLD_BOARD, {"round_id": round_id})


def limits(round_: Round) -> Limits:
    """The limits of a published round's ballots; projects that were withdrawn can no longer be chosen."""
    withdrawn = {row.number for row in _withdrawn(round_id=round_.id)}
    costs = {one["number"]: one["cost_satang"] for one in projects_of(round_)}
    return Limits(
        round_.ballot_type.value,
        {number: cost for number, cost in costs.items() if number not in withdrawn},
        round_.envelope_satang,
        least=round_.min_choices,
        most=round_.max_choices,
        points=round_.max_points,
        rivals=[(first, second) for first, second in _edition(round_.id, round_.edition_sha256)["conflicts"]],
    )


def projects_of(round_: Round) -> list[dict[str, Any]]:
    """The projects of a published round as its edition has them (number, name, cost_satang and more), withdrawn ones
    too."""
    found: list[dict[str, Any]] = _edition(round_.id, round_.edition_sha256)["projects"]
    return found


@lru_cache(maxsize=64)
def _edition(round_id: int, edition_sha256: str | None) -> dict[str, Any]:
    """What an edition says: it never changes, so that its hash is all that has to be known."""
    text = db.session().scalar(
        sa.select(RoundEdition.body).where(
            RoundEdition.round_id == round_id, RoundEdition.sha256 == edition_sha256
        )
    )
    if text is None:
        raise NotFound
    found: dict[str, Any] = json.loads(text)
    return found


@db.prepared
def _withdrawn(*, round_id: Any) -> Any:
    return sa.select(Candidate.number).where(
        Candidate.round_id == round_id, Candidate.withdrawn_at.is_not(None)
    )


_DECIDING = (
    Round.state,
    Round.opens_at,
    Round.closes_at,
    Round.roll_locked_at,
    Round.edition_sha256,
    Round.ballot_type,
    Round.envelope_satang,
    Round.min_choices,
    Round.max_choices,
    Round.max_points,
)


@db.prepared
def before_cast(*, round_id: Any, roll_entry_id: Any, tag: Any, key: Any) -> Any:
    """All that decides about a cast, in one row: the Round (no more of it than is asked here), key_drawn_at; of the roll's row (None without one) entry_id,
    struck_at, paper_on and area_code; took_paper, current_leaf; and content and leaf of what was answered before."""
    return (
        sa.select(
            Round,
            RoundKey.created_at.label("key_drawn_at"),
            RollEntry.id.label("entry_id"),
            RollEntry.struck_at,
            RollEntry.paper_on,
            Area.code.label("area_code"),
            InPersonTag.voter_tag.label("took_paper"),
            Ballot.leaf.label("current_leaf"),
            BallotRequest.content,
            BallotRequest.leaf.label("answered_leaf"),
        )
        .outerjoin(RoundKey, RoundKey.round_id == Round.id)
        .outerjoin(RollEntry, sa.and_(RollEntry.id == roll_entry_id, RollEntry.round_id == Round.id))
        .outerjoin(Area, Area.id == RollEntry.area_id)
        .outerjoin(InPersonTag, sa.and_(InPersonTag.round_id == Round.id, InPersonTag.voter_tag == tag))
        .outerjoin(Ballot, sa.and_(Ballot.round_id == Round.id, Ballot.voter_tag == tag))
        .outerjoin(BallotRequest, sa.and_(BallotRequest.round_id == Round.id, BallotRequest.key == key))
        .where(Round.id == round_id)
        .options(load_only(*_DECIDING))
    )


def voter_tag(round_id: int, roll_entry_id: int) -> str:
    """The tag of a row of the roll. Raises KeeperSilent."""
    return keykeeper.keeper().tags(round_id, [_vote_name(round_id, roll_entry_id)])[0]


def paper_tag(round_id: int, number: str) -> str:
    """The tag of a numbered sheet of paper. Raises KeeperSilent."""
    return keykeeper.keeper().tags(round_id, [f"paper|{round_id}|{number}"])[0]


def has_cast(round_id: int, roll_entry_id: int) -> bool:
    """Whether a ballot stands behind a row of the roll: for the voter's own eyes. Raises KeeperSilent."""
    tag = voter_tag(round_id, roll_entry_id)
    statement = sa.select(Ballot.leaf).where(Ballot.round_id == round_id, Ballot.voter_tag == tag)
    return db.session().scalar(statement) is not None


def request_key(tag: str, idempotency_key: str) -> str:
    """The key of one sending: nobody meets another's answer with it."""
    return hashing.sha256_hex(f"{tag}|{idempotency_key}")


def current_leaf(round_id: int, tag: str) -> str | None:
    """The leaf of the ballot behind a tag."""
    return db.session().scalar(
        sa.select(Ballot.leaf).where(Ballot.round_id == round_id, Ballot.voter_tag == tag)
    )


def is_in_person(round_id: int, tag: str) -> bool:
    """Whether this voter took a ballot of paper."""
    return db.session().get(InPersonTag, (round_id, tag)) is not None


def key_of(round_id: int) -> RoundKey | None:
    """What is public of the round's key."""
    return db.session().get(RoundKey, round_id)


def recorded_voters(round_id: int, size: int, seed: str) -> list[int]:
    """Rows of the roll behind which a ballot stands, drawn by a public seed: the smallest hashes of seed and row. Under
    supervision, while the key exists; no leaf is looked at. Raises KeeperSilent."""
    rows = list(db.session().scalars(sa.select(RollEntry.id).where(RollEntry.round_id == round_id)))
    tags = keykeeper.keeper().tags(round_id, [_vote_name(round_id, row) for row in rows])
    voted = set(db.session().scalars(sa.select(Ballot.voter_tag).where(Ballot.round_id == round_id)))
    recorded = [row for row, tag in zip(rows, tags, strict=True) if tag in voted]
    return sorted(sorted(recorded, key=lambda row: hashing.sha256_hex(f"{seed}|{row}"))[:size])


def _vote_name(round_id: int, roll_entry_id: int) -> str:
    return f"vote|{round_id}|{roll_entry_id}"
