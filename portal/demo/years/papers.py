"""Ballots of paper of sample people: handed out, keyed by two, settled by a third, compared before the certificate."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from portal.core import clock, db
from portal.demo.stage import Stage
from portal.demo.years.votes import sample_number
from portal.voting.commands import batches, paper_account, paper_desk
from portal.voting.models import Round
from portal.voting.queries import paper

DESK = "สำนักงานเขตดุสิต ฝ่ายทะเบียน (ตัวอย่าง)"
CLERKS = ("paper_clerk", "paper_clerk2", "paper_clerk3")


def neighbours(stage: Stage, round_id: int, first: int, count: int) -> list[int]:
    """So many people of the sample list, from the ``first`` on, who live in the round's first area."""
    found: list[int] = []
    with db.transaction("read") as session:
        round_ = session.get_one(Round, round_id)
        area, number = paper.areas(round_id)[0].id, first
        while len(found) < count:
            row = paper.person_found(stage.cast.actor("registry"), round_, sample_number(number))
            found += [number] if row.area_id == area else []
            number += 1
    return found


def hand_out(stage: Stage, round_id: int, people: Iterable[int], at: dt.datetime) -> None:
    """The registry hands a sheet to each of these people of its sample list, some minutes apart."""
    for place, number in enumerate(people):
        with clock.travel(at + dt.timedelta(minutes=7 * place)):
            paper_desk.hand_out(stage.cast.actor("registry"), round_id, sample_number(number))


def oddities(stage: Stage, round_id: int, back: int, spoiled: int, at: dt.datetime) -> None:
    """One sheet comes back unused the day it was handed out, another is exchanged."""
    registry = stage.cast.actor("registry")
    with clock.travel(at):
        reason = "ผู้มีสิทธิขอกลับไปลงคะแนนทางเว็บ (ข้อมูลตัวอย่าง)"
        paper_desk.take_back(registry, round_id, sample_number(back), reason)
        paper_desk.exchange(registry, round_id, sample_number(spoiled))


def batch(
    stage: Stage,
    round_id: int,
    keyed: Sequence[str],
    at: dt.datetime,
    *,
    otherwise: Mapping[int, str] | None = None,
    turns: int = 2,
    clerks: Sequence[str] = CLERKS,
    is_settled: bool = True,
) -> int:
    """A batch in which these sheets were keyed; ``otherwise`` the second person reads some differently. With one turn the
    first person is in the middle of it. Entered when it is settled; returns its id."""
    first, second, third = (stage.cast.actor(one) for one in clerks)
    with stage.at(at):
        area = paper.areas(round_id)[0].code
        made = batches.declare_batch(first, round_id, area, DESK, len(keyed)).id
    for place, clerk in enumerate((first, second)[:turns]):
        read = {**dict(enumerate(keyed, 1)), **(otherwise or {} if place else {})}
        with stage.at(at + dt.timedelta(minutes=10 + 15 * place)):
            keying = batches.begin_keying(clerk, made).id
            for number in list(read)[: None if turns == 2 else -1]:
                batches.key_sheet(clerk, keying, number, read[number])
            if turns == 2:
                batches.finish_keying(clerk, keying)
    if not is_settled or turns < 2:
        return made
    with stage.at(at + dt.timedelta(minutes=45)):
        for number in otherwise or {}:
            batches.settle(third, made, number, keyed[number - 1], "ดูบัตรจริงแล้ว เครื่องหมายชัดเจน (ข้อมูลตัวอย่าง)")
        batches.enter_batch(first, made)
    return made


def void(stage: Stage, round_id: int, at: dt.datetime) -> None:
    """A batch that was counted wrongly."""
    with stage.at(at):
        clerk = stage.cast.actor(CLERKS[0])
        area = paper.areas(round_id)[0].code
        made = batches.declare_batch(clerk, round_id, area, DESK, 5).id
        batches.void_batch(clerk, made, "นับใหม่แล้วจำนวนบัตรไม่ตรง จึงรวมชุดใหม่ (ข้อมูลตัวอย่าง)")


def explain(stage: Stage, round_id: int, at: dt.datetime) -> None:
    """Why a sheet is missing."""
    with stage.at(at):
        area = paper.areas(round_id)[0].code
        reason = "ผู้มีสิทธินำบัตรกลับไป ไม่ได้หย่อนลงหีบ (ข้อมูลตัวอย่าง)"
        paper_account.explain_difference(stage.cast.actor(CLERKS[0]), round_id, area, reason)


def compare(stage: Stage, round_id: int, at: dt.datetime, sheets: Mapping[int, str], most: int = 99) -> None:
    """A certifier reads the sample off the paper: ``sheets`` is what the one batch says."""
    with stage.at(at):
        for one in [one for one in paper.sample(round_id) if one.check is None][:most]:
            paper_account.check_sheet(
                stage.cast.actor("certifier"), round_id, one.number, sheets[one.sheet], ""
            )
