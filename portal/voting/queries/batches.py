"""Batches of paper ballots: how far each is, what two people keyed, and where they differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from portal.core import db
from portal.core.actor import Actor, Permission
from portal.core.errors import NotFound
from portal.places.models import District
from portal.voting import policy
from portal.voting.models import (
    Area,
    BatchState,
    Candidate,
    PaperAnswer,
    PaperBatch,
    PaperEntry,
    PaperKeying,
    PaperRuling,
    PaperSheet,
    RollEntry,
    Round,
)


class Step(StrEnum):
    """What a batch waits for."""

    KEYING = "keying"
    DIFFERENCES = "differences"
    READY = "ready"
    ENTERED = "entered"
    VOIDED = "voided"


@dataclass(frozen=True)
class Difference:
    """A sheet that two people keyed differently, and the third look at it if there was one."""

    sheet: int
    first: str
    second: str
    ruling: Any = None


@dataclass(frozen=True)
class Progress:
    """How far a batch is. ``keyed`` counts the sheets each of its keyings holds, in the order of their turns; ``open``
    are the differences nobody has settled."""

    step: Step
    keyings: Sequence[PaperKeying] = ()
    keyed: Sequence[int] = ()
    differences: Sequence[Difference] = ()

    @property
    def open(self) -> list[Difference]:
        return [one for one in self.differences if one.ruling is None]


def rounds_with_paper(actor: Actor) -> list[Any]:
    """Published rounds whose paper the actor counts or checks, newest first: id, title, state, opens_at, closes_at."""
    mine: list[sa.ColumnElement[bool]] = [sa.false()]
    for permission in (Permission.PAPER_ENTER, Permission.RESULT_CERTIFY):
        where = actor.districts_where(permission)
        if where is None:
            mine.append(sa.true())
        elif where:
            mine.append(Round.district_id.in_(sorted(where)))
            if permission is Permission.PAPER_ENTER:
                mine.append(Round.district_id.is_(None))
    return list(
        db.session().execute(
            sa.select(Round.id, Round.title, Round.state, Round.opens_at, Round.closes_at)
            .where(Round.edition_sha256.is_not(None), sa.or_(*mine))
            .order_by(Round.closes_at.desc(), Round.id.desc())
            .limit(50)
        )
    )


def batch_seen(actor: Actor, batch_id: int) -> tuple[PaperBatch, Round, Any]:
    """A batch with its round and its area (code, name_th, name_en), for those who follow the count. NotFound otherwise."""
    row = (
        db.session()
        .execute(
            sa.select(PaperBatch, Round, Area.code, Area.name_th, Area.name_en)
            .join(Round, Round.id == PaperBatch.round_id)
            .join(Area, Area.id == PaperBatch.area_id)
            .where(PaperBatch.id == batch_id)
        )
        .first()
    )
    if row is None or not (policy.can_settle(actor, row[0]) or policy.can_keep(actor, row[1])):
        raise NotFound
    return row[0], row[1], row


def keying_seen(actor: Actor, keying_id: int) -> tuple[PaperKeying, PaperBatch, Round, Any]:
    """One's own keying with its batch, round and area. What somebody else keys is nobody's to see: NotFound."""
    keying = db.session().get(PaperKeying, keying_id)
    if keying is None or keying.keyed_by != actor.id:
        raise NotFound
    return (keying, *batch_seen(actor, keying.batch_id))


def keyings(batch_id: int) -> list[PaperKeying]:
    """The keyings of a batch that count, in the order of their turns."""
    return list(
        db.session().scalars(
            sa.select(PaperKeying)
            .where(PaperKeying.batch_id == batch_id, PaperKeying.given_up_at.is_(None))
            .order_by(PaperKeying.turn)
        )
    )


def entries(keying_ids: Iterable[int]) -> dict[int, dict[int, str]]:
    """What was keyed last of each sheet, by keying and sheet."""
    found: defaultdict[int, dict[int, str]] = defaultdict(dict)
    rows = db.session().execute(
        sa.select(PaperEntry.keying_id, PaperEntry.sheet, PaperEntry.keyed)
        .where(PaperEntry.keying_id.in_(list(keying_ids)))
        .order_by(PaperEntry.revision)
    )
    for row in rows:
        found[row.keying_id][row.sheet] = row.keyed
    return found


def numbers_on_paper(round_id: int) -> list[int]:
    """Numbers of the projects as they are printed, withdrawn ones among them."""
    statement = sa.select(Candidate.number).where(Candidate.round_id == round_id).order_by(Candidate.number)
    return list(db.session().scalars(statement))


def progress(batch: PaperBatch) -> Progress:
    """How far one batch is."""
    return progress_of([batch])[batch.id]


def progress_of(batches: Sequence[PaperBatch]) -> dict[int, Progress]:
    """How far each of these is, with as many queries for many as for one."""
    ids = [one.id for one in batches]
    turns: defaultdict[int, list[PaperKeying]] = defaultdict(list)
    for keying in db.session().scalars(
        sa.select(PaperKeying)
        .where(PaperKeying.batch_id.in_(ids), PaperKeying.given_up_at.is_(None))
        .order_by(PaperKeying.batch_id, PaperKeying.turn)
    ):
        turns[keying.batch_id].append(keying)
    rulings: defaultdict[int, dict[int, PaperRuling]] = defaultdict(dict)
    for ruling in db.session().scalars(sa.select(PaperRuling).where(PaperRuling.batch_id.in_(ids))):
        rulings[ruling.batch_id][ruling.sheet] = ruling
    keyed = entries(keying.id for found in turns.values() for keying in found)
    return {
        one.id: _progress(one, turns[one.id], [keyed[keying.id] for keying in turns[one.id]], rulings[one.id])
        for one in batches
    }


def _progress(
    batch: PaperBatch,
    turns: list[PaperKeying],
    keyed: list[dict[int, str]],
    rulings: dict[int, PaperRuling],
) -> Progress:
    counts = [len(one) for one in keyed]
    are_done = len(turns) == 2 and all(one.finished_at for one in turns)
    found = []
    if are_done:
        first, second = keyed
        found = [
            Difference(sheet, first[sheet], second[sheet], rulings.get(sheet))
            for sheet in range(1, batch.declared + 1)
            if first[sheet] != second[sheet]
        ]
    if batch.state is not BatchState.OPEN:
        step = Step(batch.state.value)
    elif not are_done:
        step = Step.KEYING
    else:
        step = Step.DIFFERENCES if any(one.ruling is None for one in found) else Step.READY
    return Progress(step, turns, counts, found)


def agreed(batch: PaperBatch) -> dict[int, str] | None:
    """What each sheet says, as two people agree or a third decided; None while that is open."""
    found = progress(batch)
    if found.step is not Step.READY:
        return None
    said = dict(entries([found.keyings[0].id])[found.keyings[0].id])
    return said | {one.sheet: one.ruling.keyed for one in found.differences}


def districts_of_paper(actor: Actor, round_: Round) -> frozenset[int] | None:
    """The districts whose paper one follows in a round of the whole city; None for all of it."""
    if round_.district_id is not None or policy.can_keep(actor, round_) or policy.can_certify(actor, round_):
        return None
    return actor.districts_where(Permission.PAPER_ENTER)


def districts_of_batch(actor: Actor, round_: Round, area_id: int) -> Sequence[int | None]:
    """Whose clerks may key a batch of this area that the actor declares. The round's district; in a round of the city the
    clerk's own, and of several the one whose people are counted in the area. None: the city. More than one: ask."""
    own = actor.districts_where(Permission.PAPER_ENTER)
    if round_.district_id is not None or own is None:
        return [round_.district_id]
    people = sa.select(RollEntry.id).where(RollEntry.area_id == area_id, RollEntry.district_id == District.id)
    counted = sa.select(District.id).where(District.id.in_(sorted(own)), people.exists())
    return sorted(set(db.session().scalars(counted)) or own)


def districts_of_clerk(actor: Actor) -> list[Any]:
    """The districts in which the actor counts paper, in Thai order: id, name_th, name_en."""
    own = actor.districts_where(Permission.PAPER_ENTER) or frozenset()
    statement = sa.select(District.id, District.name_th, District.name_en).order_by(District.sort_key)
    return list(db.session().execute(statement.where(District.id.in_(sorted(own)))))


def batches(actor: Actor, round_: Round) -> list[PaperBatch]:
    """The batches of a round that the actor may see, in the order of their numbers."""
    statement = sa.select(PaperBatch).where(PaperBatch.round_id == round_.id).order_by(PaperBatch.number)
    where = districts_of_paper(actor, round_)
    if where is not None:
        statement = statement.where(PaperBatch.district_id.in_(sorted(where)))
    return list(db.session().scalars(statement))


def answers_of(actor: Actor, round_id: int) -> dict[str, str]:
    """What the actor read off sheets of the sample, by what is written on them."""
    rows = db.session().execute(
        sa.select(PaperBatch, PaperAnswer.sheet, PaperAnswer.keyed)
        .join(PaperAnswer, PaperAnswer.batch_id == PaperBatch.id)
        .where(PaperBatch.round_id == round_id, PaperAnswer.answered_by == actor.id)
    )
    return {batch.sheet_number(sheet): keyed for batch, sheet, keyed in rows}


def in_hand_of(actor: Actor, round_id: int) -> set[int]:
    """Batches of a round of which the actor keyed sheets or looked at them a third time."""
    keyed = sa.select(PaperKeying.batch_id).where(PaperKeying.keyed_by == actor.id)
    ruled = sa.select(PaperRuling.batch_id).where(PaperRuling.decided_by == actor.id)
    batches = sa.select(PaperBatch.id).where(PaperBatch.round_id == round_id)
    return set(db.session().scalars(batches.where(PaperBatch.id.in_(keyed.union(ruled)))))


def sheets(batch_id: int) -> list[PaperSheet]:
    """The sheets of an entered batch."""
    statement = sa.select(PaperSheet).where(PaperSheet.batch_id == batch_id).order_by(PaperSheet.sheet)
    return list(db.session().scalars(statement))


def desks(round_id: int) -> list[str]:
    """Where boxes stood, as it was written before."""
    statement = sa.select(PaperBatch.desk).where(PaperBatch.round_id == round_id).distinct()
    return sorted(db.session().scalars(statement))
