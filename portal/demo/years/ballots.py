"""Ballots of sample people, drawn by a seeded generator and cast by the real command: a vote that is counted and
certified, and the beginning of one that is open."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence

import sqlalchemy as sa

from portal.core import clock, db, jobs
from portal.core.actor import SYSTEM
from portal.demo.calendar import moment
from portal.demo.stage import Stage
from portal.demo.years import papers
from portal.demo.years.votes import COUNTED, ENDED, SEALED
from portal.voting.commands import ballots, board, closing
from portal.voting.commands import counting as counting  # its job is the worker's
from portal.voting.models import Candidate, CandidateConflict, RollEntry, Round

PAST, OPEN = "เลือกโครงการชุมชนเขตดุสิต รอบมีนาคม 2569", "เลือกโครงการชุมชนเขตดุสิต ปี 2570"
VOTERS, EARLY = 240, 45
CHANGED = 12
SHEETS = ("3+5", "4", "3+6+8", "0", "5+7", "3+4+5+6+7+8", "4+9", "/1", "6", "/2", "3+8", "/3", "7+10")
FEW = ("3", "4+5", "3+6", "5", "0")


def play(stage: Stage) -> None:
    """The vote of FY2569 from its first ballot to its certificate; some ballots of the one that is open."""
    stage.say("Ballots of sample people, a board and a certified result")
    past, now_open = _round(PAST), _round(OPEN)
    people = papers.neighbours(stage, past, 900, 15)
    papers.hand_out(stage, past, people[:11], moment(2026, 3, 2, 10))
    voters = _vote(past, VOTERS, _hours(moment(2026, 3, 2, 9), 12))
    _vote(past, CHANGED, [moment(2026, 3, 15, 15)], again=voters)
    papers.hand_out(stage, past, people[11:], moment(2026, 3, 15, 16))
    papers.oddities(stage, past, people[11], people[12], moment(2026, 3, 15, 17))
    papers.void(stage, past, moment(2026, 3, 15, 19))
    papers.batch(stage, past, SHEETS, moment(2026, 3, 15, 20), otherwise={4: "3", 8: "7"})
    papers.explain(stage, past, moment(2026, 3, 15, 21))
    with stage.at(moment(2026, 3, 16, 9)):
        closing.seal(stage.cast.actor("planner"), past)
    with stage.at(moment(2026, 3, 16, 16)):
        closing.begin_count(stage.cast.actor("planner"), past, "520731")
        closing.begin_count(stage.cast.actor("certifier"), past, "520731")
    with clock.travel(moment(2026, 3, 16, 17)):
        jobs.run_due()
    certifier = stage.cast.actor("certifier")
    papers.compare(stage, past, moment(2026, 3, 19, 10), dict(enumerate(SHEETS, 1)))
    with stage.at(moment(2026, 3, 19, 14)):
        closing.record_participation(
            certifier, past, 120, 0, "สุ่มจากผู้มีบันทึกว่าลงคะแนน สอบถามทางโทรศัพท์ (ข้อมูลตัวอย่าง)"
        )
    with stage.at(moment(2026, 3, 20, 10)):
        closing.certify(
            certifier,
            past,
            "ตรวจการนับซ้ำด้วยโปรแกรมตรวจสอบอิสระแล้ว ผลตรงกัน ทำลายกุญแจต่อหน้าผู้รักษากุญแจทั้งสอง (ข้อมูลตัวอย่าง)",
        )
    sealed, counted = _round(SEALED), _round(COUNTED)
    _vote(sealed, 24, _hours(moment(2026, 11, 2, 9), 2))
    papers.hand_out(stage, counted, range(51, 56), moment(2026, 10, 12, 8))
    _vote(counted, 24, _hours(moment(2026, 10, 12, 9), 2))
    papers.batch(stage, counted, FEW, moment(2026, 10, 25, 20))
    for ended, at in ((sealed, moment(2026, 11, 16, 9)), (counted, moment(2026, 10, 26, 9))):
        with stage.at(at):
            closing.seal(stage.cast.actor("planner"), ended)
    with stage.at(moment(2026, 11, 2, 10)):
        closing.begin_count(stage.cast.actor("planner"), counted, "941382")
        closing.begin_count(stage.cast.actor("certifier"), counted, "941382")
    with clock.travel(moment(2026, 11, 2, 11)):
        jobs.run_due()
    papers.compare(stage, counted, moment(2026, 11, 3, 10), dict(enumerate(FEW, 1)), most=2)
    ended = _round(ENDED)
    papers.hand_out(stage, ended, range(41, 52), moment(2026, 11, 4, 10))
    _vote(ended, 16, [moment(2026, 11, 5, 9)])
    papers.hand_out(stage, now_open, range(1301, 1306), moment(2026, 11, 9, 10))
    papers.oddities(stage, now_open, 1305, 1302, moment(2026, 11, 9, 16))
    _vote(now_open, EARLY, _hours(moment(2026, 11, 9, 9), 12))
    papers.batch(stage, ended, FEW, moment(2026, 11, 18, 19), otherwise={2: "4"})
    papers.batch(
        stage, ended, ("3+4", "0", "6"), moment(2026, 11, 19, 9), otherwise={2: "5"}, is_settled=False
    )
    papers.batch(
        stage,
        ended,
        ("5", "4"),
        moment(2026, 11, 20, 9),
        turns=1,
        clerks=("community_desk", *papers.CLERKS[1:]),
    )


def _round(title: str) -> int:
    with db.transaction("read") as session:
        return session.scalars(sa.select(Round.id).where(Round.title.startswith(title))).one()


def _hours(first: dt.datetime, days: int) -> Sequence[dt.datetime]:
    return [first + dt.timedelta(days=day) for day in range(days)]


def _vote(
    round_id: int, voters: int, hours: Sequence[dt.datetime], *, again: Sequence[int] | None = None
) -> Sequence[int]:
    """So many people of the roll who have no account vote, spread over these hours; a batch goes up at the end of each.
    ``again``: people who vote once more."""
    chance = random.Random(round_id)  # noqa: S311 - the same ballots at every loading; nothing secret
    with db.transaction("read") as session:
        people = again or session.scalars(
            sa.select(RollEntry.id)
            .where(
                RollEntry.round_id == round_id,
                RollEntry.person_id.is_(None),
                RollEntry.paper_on.is_(None),
            )
            .order_by(RollEntry.id)
        )
        chosen = chance.sample(list(people), voters)
        excluded = sa.select(CandidateConflict.second_id).where(CandidateConflict.round_id == round_id)
        numbers = list(
            session.scalars(
                sa.select(Candidate.number)
                .where(Candidate.round_id == round_id, Candidate.id.not_in(excluded))
                .order_by(Candidate.number)
            )
        )
        most = session.get_one(Round, round_id).max_choices
    tastes = [1 / (1 + place % 5) for place in range(len(numbers))]
    for place, hour in enumerate(hours):
        with clock.travel(hour):
            for voter in chosen[place :: len(hours)]:
                picks = dict.fromkeys(chance.choices(numbers, tastes, k=chance.randint(1, most)), 1)
                word = f"{chance.getrandbits(64):016x}"
                ballots.cast(round_id, voter, picks, word, f"{word}-{len(hours)}")
        with clock.travel(hour + dt.timedelta(hours=8)):
            board.extend_due(SYSTEM)
    return chosen
