"""The participation audit: by which seed recorded voters were drawn, and what asking them found."""

from __future__ import annotations

import json
from dataclasses import dataclass

import sqlalchemy as sa

from portal.core import db
from portal.core.ledger import LedgerEntry
from portal.voting.models import BoardHead, ParticipationCheck


def participation_of(round_id: int) -> ParticipationCheck | None:
    """What asking recorded voters found."""
    return db.session().get(ParticipationCheck, round_id)


def voters_on_the_web(round_id: int) -> int:
    """How many voted on the web, as the signed closing head says."""
    closing = sa.select(BoardHead.line).where(BoardHead.round_id == round_id, BoardHead.kind == "closing")
    line = db.session().scalar(closing)
    return sum(area["web"] for area in json.loads(line)["head"]["areas"]) if line else 0


@dataclass(frozen=True)
class Draw:
    """Recorded voters as they are to be drawn: by which seed, how many, who named it, and whether it was done."""

    seed: str
    size: int
    people: frozenset[int]
    is_drawn: bool


def draw_of(round_id: int) -> Draw | None:
    """The draw that was asked for last, or made; the ledger alone knows it. None before."""
    rows = (
        db.session()
        .execute(
            sa.select(LedgerEntry.event, LedgerEntry.actor_id, LedgerEntry.payload)
            .where(
                LedgerEntry.subject_kind == "round",
                LedgerEntry.subject_id == round_id,
                LedgerEntry.event.in_(("round.participation_asked", "round.participation_drawn")),
            )
            .order_by(LedgerEntry.id.desc())
        )
        .all()
    )
    if not rows:
        return None
    said = json.loads(rows[0].payload or '{"changes": {}}')["changes"]
    is_drawn = rows[0].event == "round.participation_drawn"
    last_ask = next((row.actor_id for row in rows if row.event == "round.participation_asked"), None)
    people = {last_ask, *(row.actor_id for row in rows if row.event == "round.participation_drawn")}
    return Draw(str(said.get("seed", "")), int(said.get("size", 0)), frozenset(people), is_drawn)
