"""What a ballot of a round may say, and the tag behind which it is kept."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from portal.core import clock, db, hashing
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
    SupersededLeaf,
)

_BOARD = 0x766F7465  # "vote": the locks of boards among those of the database
_HOLD_BOARD = sa.select(sa.func.pg_advisory_xact_lock(_BOARD, sa.cast(sa.bindparam("round_id"), sa.Integer)))


def hold_voter(round_id: int, tag: str) -> None:
    """One ballot of one voter at a time, and none while the board is being closed (:func:`hold_board`): whoever was told
    "cast" is counted. SQLite has one writer anyway. Held until the transaction ends; no row is marked by it."""
    if db.dialect() == "postgresql":
        _hold(round_id=round_id, tag=int(tag[:15], 16))


@db.prepared
def _hold(*, round_id: Any, tag: Any) -> Any:
    return sa.select(
        sa.func.pg_advisory_xact_lock_shared(_BOARD, sa.cast(round_id, sa.Integer)),
        sa.func.pg_advisory_xact_lock(sa.cast(tag, sa.BigInteger)),
    )


def hold_board(round_id: int) -> None:
    """Wait for ballots that are being written, and let no other begin until this transaction ends."""
    if db.dialect() == "postgresql":
        db.session().execute(_HOLD_BOARD, {"round_id": round_id})


def limits(round_id: int, edition_sha256: str | None) -> Limits:
    """The limits of a ballot that is looked over now: projects that were withdrawn can no longer be chosen."""
    withdrawn = db.session().scalar(sa.select(_withdrawn(round_id)))
    return limits_without(round_id, edition_sha256, withdrawn)


def limits_without(round_id: int, edition_sha256: str | None, withdrawn: str | None) -> Limits:
    """The limits, without the projects of these numbers (a text of :func:`before_cast`)."""
    found = frozen_limits(round_id, edition_sha256)
    if withdrawn:
        gone = set(map(int, withdrawn.split(",")))
        costs = {number: cost for number, cost in found.costs.items() if number not in gone}
        return replace(found, costs=costs)
    return found


@lru_cache(maxsize=64)
def frozen_limits(round_id: int, edition_sha256: str | None) -> Limits:
    """The limits as they were published, withdrawn projects among them: under these all ballots were printed or cast."""
    rules = edition(round_id, edition_sha256)
    ballot = rules["ballot"]
    return Limits(
        ballot["type"],
        {one["number"]: one["cost_satang"] for one in rules["projects"]},
        rules["envelope_satang"],
        least=ballot["min_choices"],
        most=ballot["max_choices"],
        points=ballot["max_points"],
        rivals=[(first, second) for first, second in rules["conflicts"]],
    )


@lru_cache(maxsize=64)
def edition(round_id: int, edition_sha256: str | None) -> dict[str, Any]:
    """The frozen rules and projects of a published round (:mod:`portal.voting.editions`), not to be changed. They never
    change, so that their hash is all that has to be known, and a process reads them once. Raises NotFound."""
    text = db.session().scalar(
        sa.select(RoundEdition.body).where(
            RoundEdition.round_id == round_id, RoundEdition.sha256 == edition_sha256
        )
    )
    if text is None:
        raise NotFound
    found: dict[str, Any] = json.loads(text)
    return found


def _withdrawn(round_id: Any) -> Any:
    """The numbers of a round's withdrawn projects, as one text."""
    return (
        sa.select(sa.func.aggregate_strings(sa.cast(Candidate.number, sa.Text()), ","))
        .where(Candidate.round_id == round_id, Candidate.withdrawn_at.is_not(None))
        .scalar_subquery()
    )


@db.prepared
def before_cast(*, round_id: Any, roll_entry_id: Any, tag: Any, key: Any) -> Any:
    """All that decides about a cast, in one row: of the round state, opens_at, closes_at, roll_locked_at, edition_sha256 and
    key_drawn_at; of the roll's row (None without one) entry_id, struck_at, paper_on and area_code; took_paper,
    current_leaf; content and leaf of what was answered before; and the numbers of withdrawn projects."""
    return (
        sa.select(
            Round.state,
            Round.opens_at,
            Round.closes_at,
            Round.roll_locked_at,
            Round.edition_sha256,
            RoundKey.created_at.label("key_drawn_at"),
            RollEntry.id.label("entry_id"),
            RollEntry.struck_at,
            RollEntry.paper_on,
            Area.code.label("area_code"),
            InPersonTag.voter_tag.label("took_paper"),
            Ballot.leaf.label("current_leaf"),
            BallotRequest.content,
            BallotRequest.leaf.label("answered_leaf"),
            _withdrawn(round_id).label("withdrawn"),
        )
        .outerjoin(RoundKey, RoundKey.round_id == Round.id)
        .outerjoin(RollEntry, sa.and_(RollEntry.id == roll_entry_id, RollEntry.round_id == Round.id))
        .outerjoin(Area, Area.id == RollEntry.area_id)
        .outerjoin(InPersonTag, sa.and_(InPersonTag.round_id == Round.id, InPersonTag.voter_tag == tag))
        .outerjoin(Ballot, sa.and_(Ballot.round_id == Round.id, Ballot.voter_tag == tag))
        .outerjoin(BallotRequest, sa.and_(BallotRequest.round_id == Round.id, BallotRequest.key == key))
        .where(Round.id == round_id)
    )


# The tables themselves, not their objects: a ballot is written without a session.
_BALLOTS, _GONE, _REQUESTS = (
    db.Base.metadata.tables[one.__tablename__] for one in (Ballot, SupersededLeaf, BallotRequest)
)


@db.prepared
def write_new(*, of_round: Any, tag: Any, new_leaf: Any, text: Any) -> Any:
    """A voter's first ballot."""
    return sa.insert(_BALLOTS).values(round_id=of_round, voter_tag=tag, leaf=new_leaf, body=text)


@db.prepared
def write_changed(*, of_round: Any, tag: Any, new_leaf: Any, text: Any) -> Any:
    """Another ballot in the place of the one before."""
    of_voter = sa.and_(_BALLOTS.c.round_id == of_round, _BALLOTS.c.voter_tag == tag)
    return sa.update(_BALLOTS).where(of_voter).values(leaf=new_leaf, body=text)


@db.prepared
def write_superseded(*, of_round: Any, old_leaf: Any) -> Any:
    """The leaf that was replaced."""
    return sa.insert(_GONE).values(round_id=of_round, leaf=old_leaf)


@db.prepared
def write_answered(*, of_round: Any, request: Any, sent: Any, new_leaf: Any) -> Any:
    """What this sending was answered."""
    return sa.insert(_REQUESTS).values(round_id=of_round, key=request, content=sent, leaf=new_leaf)


def voter_tag(round_id: int, roll_entry_id: int) -> str:
    """The tag of a row of the roll. Raises KeeperSilent."""
    return voter_tags(round_id, [roll_entry_id])[0]


def voter_tags(round_id: int, roll_entry_ids: Sequence[int]) -> list[str]:
    """The tags of rows of the roll. Raises KeeperSilent."""
    return keykeeper.keeper().tags(round_id, [f"vote|{round_id}|{one}" for one in roll_entry_ids])


def paper_tag(round_id: int, number: str) -> str:
    """The tag of a numbered sheet of paper. Raises KeeperSilent."""
    return paper_tags(round_id, [number])[0]


def paper_tags(round_id: int, numbers: Sequence[str]) -> list[str]:
    """The tags of numbered sheets. Raises KeeperSilent."""
    return keykeeper.keeper().tags(round_id, [f"paper|{round_id}|{one}" for one in numbers])


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


def has_key(round_id: int) -> bool:
    """Whether the round's key is drawn and not destroyed: without it nobody can vote."""
    key = key_of(round_id)
    return key is not None and key.created_at is not None and key.destroyed_at is None


def is_voting(round_: Round) -> bool:
    """Whether a ballot can be cast now: within the days, on a locked roll, with the key drawn."""
    return round_.is_open(clock.now()) and has_key(round_.id)


def recorded_voters(round_id: int, size: int, seed: str) -> list[int]:
    """Rows of the roll behind which a ballot stands, drawn by a public seed: the smallest hashes of seed and row. Under
    supervision, while the key exists; no leaf is looked at. Raises KeeperSilent."""
    rows = list(db.session().scalars(sa.select(RollEntry.id).where(RollEntry.round_id == round_id)))
    tags = voter_tags(round_id, rows)
    voted = set(db.session().scalars(sa.select(Ballot.voter_tag).where(Ballot.round_id == round_id)))
    recorded = [row for row, tag in zip(rows, tags, strict=True) if tag in voted]
    return sorted(sorted(recorded, key=lambda row: hashing.sha256_hex(f"{seed}|{row}"))[:size])
