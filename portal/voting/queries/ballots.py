"""What a ballot of a round may say, and the tag behind which it is kept."""

from __future__ import annotations

import sqlalchemy as sa

from portal.core import db, hashing
from portal.voting import keykeeper
from portal.voting.ballot import Limits
from portal.voting.models import (
    Ballot,
    BallotRequest,
    Candidate,
    CandidateConflict,
    InPersonTag,
    RollEntry,
    Round,
    RoundKey,
)


def limits(round_: Round) -> Limits:
    """The limits of a round's ballots; projects that were withdrawn can no longer be chosen."""
    standing = db.session().execute(
        sa.select(Candidate.id, Candidate.number, Candidate.cost_satang).where(
            Candidate.round_id == round_.id, Candidate.withdrawn_at.is_(None)
        )
    )
    rows = standing.all()
    numbers = {row.id: row.number for row in rows}
    pairs = db.session().execute(
        sa.select(CandidateConflict.first_id, CandidateConflict.second_id).where(
            CandidateConflict.round_id == round_.id
        )
    )
    return Limits(
        round_.ballot_type.value,
        {row.number: row.cost_satang for row in rows},
        round_.envelope_satang,
        least=round_.min_choices,
        most=round_.max_choices,
        points=round_.max_points,
        rivals=[
            (numbers[one.first_id], numbers[one.second_id])
            for one in pairs
            if one.first_id in numbers and one.second_id in numbers
        ],
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


def answered(round_id: int, key: str) -> BallotRequest | None:
    """What was answered to this sending before."""
    return db.session().get(BallotRequest, (round_id, key))


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
