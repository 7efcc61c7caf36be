"""Before a board is closed: every ballot is held against the roll and the sheets of paper, while the round's key exists.

Tags are compared with tags and sums with sums. Nowhere does a row of the roll meet a leaf or what a ballot says, and only
sums leave this module.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.core import db
from portal.voting.models import (
    Area,
    Ballot,
    InPersonTag,
    PaperBatch,
    PaperSheet,
    RollEntry,
    SupersededLeaf,
    Verdict,
)
from portal.voting.queries import ballots, board

AT_ONCE = 2_000  # names in one question to the keeper


@dataclass(frozen=True)
class Reckoning:
    """``areas`` are figures for each publication area, by code: code, roll (people who may vote), web and paper (ballots).
    ``strangers`` are ballots behind neither a row that may vote on the web nor an entered sheet. ``agrees``: ballots say of
    area and channel what roll and sheets say, no entered sheet is without its ballot, and whatever is on the board either
    counts or was replaced."""

    areas: list[dict[str, Any]]
    strangers: int
    agrees: bool


def reckoned(round_id: int) -> Reckoning:
    """Hold the ballots of a round against its roll and its sheets. Raises KeeperSilent."""
    session = db.session()
    left = set(session.scalars(sa.select(Ballot.voter_tag).where(Ballot.round_id == round_id)))
    on_paper = set(session.scalars(sa.select(InPersonTag.voter_tag).where(InPersonTag.round_id == round_id)))
    roll, found = Counter[str](), Counter[tuple[str, str]]()
    for code, tag in _roll(round_id):
        roll[code] += 1
        if tag in left and tag not in on_paper:
            left.remove(tag)
            found[code, "web"] += 1
    is_whole = True
    for code, tag in _sheets(round_id):
        found[code, "paper"] += 1
        is_whole = is_whole and tag in left
        left.discard(tag)
    said = Counter[tuple[str, str]]()
    for text in session.scalars(sa.select(Ballot.body).where(Ballot.round_id == round_id)):
        body = json.loads(text)
        said[body["area"], body["channel"]] += 1
    live = set(session.scalars(sa.select(Ballot.leaf).where(Ballot.round_id == round_id)))
    gone = set(session.scalars(sa.select(SupersededLeaf.leaf).where(SupersededLeaf.round_id == round_id)))
    figures: list[dict[str, Any]] = [
        {"code": code, "roll": roll[code], "web": found[code, "web"], "paper": found[code, "paper"]}
        for code in session.scalars(sa.select(Area.code).where(Area.round_id == round_id).order_by(Area.code))
    ]
    agrees = (
        is_whole
        and said == found
        and not live & gone
        and live | gone == set(board.leaves(round_id))
        and all(one["web"] + one["paper"] <= one["roll"] for one in figures)
    )
    return Reckoning(figures, len(left), agrees)


def _roll(round_id: int) -> Iterator[tuple[str, str]]:
    """Area and tag of each row that may vote."""
    rows = db.session().execute(
        sa.select(RollEntry.id, Area.code)
        .join(Area, Area.id == RollEntry.area_id)
        .where(RollEntry.round_id == round_id, RollEntry.struck_at.is_(None))
    )
    for some in rows.partitions(AT_ONCE):
        tags = ballots.voter_tags(round_id, [row.id for row in some])
        yield from zip((row.code for row in some), tags, strict=True)


def _sheets(round_id: int) -> Iterator[tuple[str, str]]:
    """Area and tag of each valid sheet that was entered."""
    rows = db.session().execute(
        sa.select(PaperBatch.number, PaperSheet.sheet, Area.code)
        .join(PaperSheet, PaperSheet.batch_id == PaperBatch.id)
        .join(Area, Area.id == PaperBatch.area_id)
        .where(PaperBatch.round_id == round_id, PaperSheet.verdict == Verdict.VALID)
    )
    for some in rows.partitions(AT_ONCE):
        names = [f"{row.number}-{row.sheet:03d}" for row in some]
        yield from zip((row.code for row in some), ballots.paper_tags(round_id, names), strict=True)
