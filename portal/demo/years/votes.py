"""Residents vote: rounds of Dusit in every state, on items that were really accepted."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import replace

import sqlalchemy as sa

from portal.core import clock, db, hashing
from portal.core.actor import Role
from portal.cycles.models import Cycle
from portal.demo import facts, pictures
from portal.demo.calendar import moment
from portal.demo.cast import officer_for
from portal.demo.ideas import Ideas
from portal.demo.stage import Stage
from portal.plans.models import Side
from portal.voting import queries as voting_queries
from portal.voting import rollkeys
from portal.voting.commands import board, cancelling, letters, locking, replacing, roll, strikes
from portal.voting.commands import projects as ballot_projects
from portal.voting.commands import rounds as voting
from portal.voting.models import BallotType, Completion, LetterPrint, Round, Rule

TIE_SOURCE = "เลขท้ายรางวัลที่ 1 สลากกินแบ่งรัฐบาล งวดแรกหลังปิดลงคะแนน ประกาศที่ www.glo.or.th"

SEALED = "เลือกอุปกรณ์ดับเพลิงของชุมชน (ข้อมูลตัวอย่าง)"
COUNTED = "เลือกจุดติดกล้องวงจรปิดของชุมชน (ข้อมูลตัวอย่าง)"
ENDED = "เลือกทางเดินริมคลองที่จะติดไฟ (ข้อมูลตัวอย่าง)"
CALLED_OFF = "เลือกชุมชนที่จะได้เต็นท์ก่อน (ข้อมูลตัวอย่าง)"
MISTAKEN = "เลือกของใช้ส่วนกลางของชุมชน เขตดุสิต (ข้อมูลตัวอย่าง)"
CITY = "เลือกโครงการต้นแบบของกรุงเทพมหานคร (ข้อมูลตัวอย่าง)"
NEIGHBOUR = 1004  # another district, whose registry has a list of its own in the round of the city


def play(stage: Stage) -> None:
    """Rounds that have ended (certified, counted, sealed), one that is open, one to come in the place of a mistaken one, one
    called off, two at the officer's desk, and one of the whole city."""
    stage.say("Votes of residents")
    y2569, y2570 = _cycle(2569), _cycle(2570)
    ideas = Ideas(y2570)
    small = (
        (SEALED, 200_000_00, ideas.about("ดับเพลิง", 6), moment(2026, 10, 5), moment(2026, 11, 2, 8)),
        (COUNTED, 350_000_00, ideas.about("กล้องวงจรปิด", 6), moment(2026, 9, 14), moment(2026, 10, 12, 8)),
        (ENDED, 400_000_00, ideas.about("ริมคลอง", 6), moment(2026, 10, 7), moment(2026, 11, 4, 8)),
        (CALLED_OFF, 600_000_00, Ideas(y2569).about("เต็นท์", 6), moment(2026, 8, 3), moment(2026, 9, 7, 8)),
    )
    past = begin(
        stage,
        y2570,
        moment(2026, 2, 16, 9),
        data(
            "เลือกโครงการชุมชนเขตดุสิต รอบมีนาคม 2569 (ข้อมูลตัวอย่าง)",
            "ข้อเสนอของชุมชนที่ผ่านการกลั่นกรองแล้ว วงเงินมีไม่พอทุกโครงการ ผู้อยู่อาศัยช่วยกันเลือก",
            400_000_00,
            moment(2026, 3, 2, 8),
            moment(2026, 3, 15, 18),
        ),
        ideas.mixed(12, nothing_is_bought=True),
    )
    publish(stage, past, moment(2026, 2, 18))
    enrol(stage, past, moment(2026, 2, 23), ("resident", "resident2"))
    for title, envelope, items, at, opens_at in small:
        closes_at = opens_at + dt.timedelta(days=13, hours=10)
        cycle = y2569 if title == CALLED_OFF else y2570
        made = begin(stage, cycle, at, data(title, "", envelope, opens_at, closes_at), items)
        publish(stage, made, at + dt.timedelta(days=4))
        if title != CALLED_OFF:
            refused = "resident2" if title == COUNTED else ""
            enrol(stage, made, opens_at - dt.timedelta(days=6), people=60, refused=refused)
            continue
        with stage.at(at + dt.timedelta(days=21)):
            reason = "เขตจัดซื้อเต็นท์รวมกันให้ทุกชุมชนแล้ว ไม่ต้องเลือกอีก (ข้อมูลตัวอย่าง)"
            cancelling.cancel_round(stage.cast.actor("director"), made, reason)
    now_open = begin(
        stage,
        y2570,
        moment(2026, 10, 26),
        data(
            "เลือกโครงการชุมชนเขตดุสิต ปี 2570 (ข้อมูลตัวอย่าง)",
            "เลือกได้ไม่เกิน 5 โครงการ ผลคำนวณด้วยวิธีส่วนแบ่งเท่ากัน เพื่อให้ทุกกลุ่มมีโครงการของตน",
            600_000_00,
            moment(2026, 11, 9, 8),
            moment(2026, 11, 29, 18),
            completion=Completion.UTILITARIAN,
        ),
        ideas.mixed(16),
        conflict="สองชุมชนอยู่ติดกัน ใช้ของชุดเดียวร่วมกันได้ จึงให้เงินเพียงโครงการเดียว (ตัวอย่าง)",
    )
    publish(stage, now_open, moment(2026, 10, 30))
    enrol(stage, now_open, moment(2026, 11, 3), ("resident", "resident2", "resident5"))
    coming = _put_right(stage, y2570, ideas.mixed(5))
    with stage.at(moment(2026, 11, 19)):
        roll.ask_place(stage.cast.actor("resident2"), db.session().get_one(Round, coming))
        roll.take_list(stage.cast.actor("registry"), coming, _lines(stage, 300), is_rehearsal=False)
    _strike(stage, coming)
    _letters_asked_for(stage, coming)
    _of_the_city(stage, y2570, ideas.mixed(4))
    for number, title in enumerate(("ร่างรอบลงคะแนน ปี 2570 (ข้อมูลตัวอย่าง)", "รอบลงคะแนนที่รอผู้ยืนยัน (ข้อมูลตัวอย่าง)")):
        made = begin(
            stage,
            y2570,
            moment(2026, 11, 18, 9 + number),
            data(
                title,
                "",
                300_000_00,
                moment(2027, 1, 11, 8),
                moment(2027, 1, 24, 18),
                ballot=BallotType.POINTS,
                rule=Rule.GREEDY,
            ),
            ideas.mixed(5 - number),
            conflict="สองชุมชนใช้ศาลาหลังเดียวกัน มีที่เก็บพอสำหรับอย่างเดียว (ตัวอย่าง)",
            is_last_bare=not number,
        )
        with stage.at(moment(2026, 11, 18, 11 + number)):
            ballot_projects.set_cap(stage.cast.actor("planner"), made, Side.SOCIAL, None, 200_000_00)
        if number:
            with stage.at(moment(2026, 11, 18, 15)):
                voting.propose_round(stage.cast.actor("planner"), made)


def _put_right(stage: Stage, cycle_id: int, items: list[int]) -> int:
    """A round that was published with a mistake, cancelled, and begun anew; returns the id of the one in its place."""
    rules = data(
        "เลือกอุปกรณ์ส่วนกลางของชุมชน เขตดุสิต (ข้อมูลตัวอย่าง)",
        "เลือกโครงการใดก็ได้ที่รวมกันแล้วไม่เกินวงเงิน",
        400_000_00,
        moment(2026, 12, 7, 8),
        moment(2026, 12, 20, 18),
        ballot=BallotType.KNAPSACK,
        rule=Rule.GREEDY,
    )
    mistaken = replace(rules, title=MISTAKEN, envelope_satang=300_000_00)
    wrong = begin(stage, cycle_id, moment(2026, 11, 10), mistaken, items)
    publish(stage, wrong, moment(2026, 11, 11))
    with stage.at(moment(2026, 11, 15)):
        reason = "ประกาศวงเงินผิด วงเงินที่ถูกคือ 400,000 บาท จึงยกเลิกและเปิดรอบใหม่แทน (ข้อมูลตัวอย่าง)"
        cancelling.cancel_round(stage.cast.actor("director"), wrong, reason)
    with stage.at(moment(2026, 11, 16)):
        made = replacing.replace_round(stage.cast.actor("planner"), wrong, rules).id
    publish(stage, made, moment(2026, 11, 17))
    return made


def _of_the_city(stage: Stage, cycle_id: int, items: list[int]) -> None:
    """A round of the whole city: the registries of two districts have given their lists, its officers lock the roll next."""
    rules = data(
        CITY,
        "ผู้อยู่อาศัยทุกเขตช่วยกันเลือกโครงการที่จะทำเป็นต้นแบบให้ชุมชนอื่น",
        500_000_00,
        moment(2026, 12, 5, 8),
        moment(2026, 12, 18, 18),
    )
    rules = replace(rules, max_choices=3, cutoff_day=dt.date(2026, 11, 20))
    made = begin(stage, cycle_id, moment(2026, 11, 12), rules, items, keeper="strategy", district_id=None)
    custodians = ("key_custodian3", "key_custodian4")
    publish(
        stage, made, moment(2026, 11, 13), keeper="strategy", confirmer="strategy2", custodians=custodians
    )
    with stage.at(moment(2026, 11, 18)):
        neighbour = officer_for(stage.cast, Role.REGISTRY, NEIGHBOUR)
    elsewhere = [roll.Line(number, sample_number(7000 + number)) for number in range(1, 541)]
    for registry, lines in (
        (stage.cast.people["registry"].id, _lines(stage, 620)),
        (neighbour, elsewhere),
    ):
        with stage.at(moment(2026, 11, 20, 14)):
            roll.take_list(stage.cast.actor_of(registry), made, lines, is_rehearsal=False)


def _strike(stage: Stage, round_id: int) -> None:
    """Two are struck from the roll to come: one is back on it, one has objected and waits."""
    registry = stage.cast.actor("registry")
    for number, part in enumerate(("resident3", "resident4")):
        person = sample_number(1 + number)
        with stage.at(moment(2026, 11, 19, 13, number)):
            code = _written(stage, round_id, [person])[0]
            letters.redeem_code(stage.cast.actor(part), db.session().get_one(Round, round_id), code)
        with stage.at(moment(2026, 11, 20, 9, number)):
            made = strikes.strike(registry, round_id, person, "ย้ายทะเบียนบ้านออกจากเขตแล้ว (ข้อมูลตัวอย่าง)").id
        with stage.at(moment(2026, 11, 20, 11, number)):
            strikes.object_to_strike(
                stage.cast.actor(part),
                db.session().get_one(Round, round_id),
                "ยังอยู่บ้านเดิม ชื่อยังอยู่ในทะเบียนบ้าน นำสำเนาไปยื่นที่เขตแล้ว (ข้อมูลตัวอย่าง)",
            )
        if not number:
            with stage.at(moment(2026, 11, 20, 15)):
                strikes.answer_objection(
                    stage.cast.actor("director"), made, "ตรวจทะเบียนบ้านแล้ว ยังอยู่จริง (ข้อมูลตัวอย่าง)", restore=True
                )


def _cycle(fiscal_year: int) -> int:
    wanted = sa.select(Cycle.id).where(Cycle.district_id == facts.DUSIT, Cycle.fiscal_year == fiscal_year)
    with db.transaction("read") as session:
        return session.scalars(wanted).one()


def data(
    title: str,
    about: str,
    envelope_satang: int,
    opens_at: dt.datetime,
    closes_at: dt.datetime,
    *,
    ballot: BallotType = BallotType.APPROVAL,
    rule: Rule = Rule.EQUAL_SHARES,
    completion: Completion = Completion.ADD1U,
) -> voting.RoundData:
    """Rules as most rounds of the demonstration have them."""
    return voting.RoundData(
        title=title,
        about=about,
        envelope_satang=envelope_satang,
        ballot_type=ballot,
        max_choices=10 if ballot is BallotType.POINTS else 5,
        min_choices=1,
        max_points=4,
        rule=rule,
        completion=completion if rule is Rule.EQUAL_SHARES else Completion.NONE,
        compares=False,
        min_support=0,
        counts_empty=False,
        shows_ballots=True,
        min_age=18,
        cutoff_day=clock.day_of(opens_at) - dt.timedelta(days=7),
        opens_at=opens_at,
        closes_at=closes_at,
        tie_source=TIE_SOURCE,
    )


def begin(
    stage: Stage,
    cycle_id: int,
    at: dt.datetime,
    rules: voting.RoundData,
    items: list[int],
    *,
    conflict: str = "",
    is_last_bare: bool = False,
    keeper: str = "planner",
    district_id: int | None = facts.DUSIT,
) -> int:
    """A draft with its projects, the last of which may still wait for a picture; returns the round's id."""
    planner = stage.cast.actor(keeper)
    with stage.at(at):
        made = voting.create_round(planner, district_id, cycle_id, rules)
        ballot_projects.add_items(planner, made.id, items)
        if conflict:
            first, second = _alike([one.name for one in voting_queries.candidates(made.id)])
            ballot_projects.exclude_each_other(planner, made.id, first, second, conflict)
        for one in voting_queries.candidates(made.id)[: -1 if is_last_bare else None]:
            found = pictures.drawn(one.name, one.number)
            if found is not None:
                content, shows = found
                ballot_projects.edit_project(
                    planner,
                    one.id,
                    name=one.name,
                    summary=one.summary,
                    place=one.place,
                    picture=io.BytesIO(content),
                    picture_text=shows,
                )
        return made.id


def _alike(names: Sequence[str]) -> tuple[int, int]:
    """The numbers of two projects of one name; without any, the first two."""
    found = next((at for at, name in enumerate(names) if name in names[at + 1 :]), None)
    return (1, 2) if found is None else (found + 1, names.index(names[found], found + 1) + 1)


def publish(
    stage: Stage,
    round_id: int,
    at: dt.datetime,
    *,
    keeper: str = "planner",
    confirmer: str = "director",
    custodians: Sequence[str] = ("key_custodian", "key_custodian2"),
) -> None:
    """Proposed by one officer, confirmed by another the next day; two custodians have its key drawn."""
    with stage.at(at):
        voting.propose_round(stage.cast.actor(keeper), round_id)
    with stage.at(at + dt.timedelta(days=1)):
        read = voting_queries.round_visible(stage.cast.actor(confirmer), round_id).version_id
        voting.publish_round(stage.cast.actor(confirmer), round_id, read=read)
    for hours, custodian in enumerate(custodians):
        with stage.at(at + dt.timedelta(days=2, hours=hours)):
            board.agree_to_key(stage.cast.actor(custodian), round_id)


def enrol(
    stage: Stage,
    round_id: int,
    at: dt.datetime,
    residents: tuple[str, ...] = (),
    *,
    people: int = 1400,
    refused: str = "",
) -> None:
    """The registry's list of sample people, some residents with an account and one who is not found, a letter each for
    three, and the lock."""
    registry = stage.cast.actor("registry")
    for number, part in enumerate(residents):
        with stage.at(at + dt.timedelta(minutes=number)):
            asked = roll.ask_place(stage.cast.actor(part), db.session().get_one(Round, round_id)).id
        with stage.at(at + dt.timedelta(hours=2, minutes=number)):
            roll.grant_place(registry, asked, sample_number(5000 + number))
    if refused:
        with stage.at(at + dt.timedelta(minutes=30)):
            asked = roll.ask_place(stage.cast.actor(refused), db.session().get_one(Round, round_id)).id
        with stage.at(at + dt.timedelta(hours=2, minutes=30)):
            roll.refuse_place(registry, asked, "ไม่พบชื่อในทะเบียนบ้านของเขต ณ วันตัดบัญชีรายชื่อ (ข้อมูลตัวอย่าง)")
    with stage.at(at + dt.timedelta(hours=3)):
        roll.take_list(registry, round_id, _lines(stage, people), is_rehearsal=False)
    with stage.at(at + dt.timedelta(hours=4)):
        _written(stage, round_id, [sample_number(number) for number in (1, 2, 3)])
    with stage.at(at + dt.timedelta(days=3)):
        locking.lock_roll(registry, round_id)


def _letters_asked_for(stage: Stage, round_id: int) -> None:
    """Letters to a wrong list, taken back; to a part of the right one, turned down; and to all of it, still to be released."""
    whole = [sample_number(number) for number in range(1, 301)]
    with stage.at(moment(2026, 11, 21, 8, 10)):
        wrong, _keys = _ask_letters(stage, round_id, whole[100:])
    with stage.at(moment(2026, 11, 21, 8, 30)):
        letters.decline_letters(stage.cast.actor("registry"), wrong.id, "แนบรายชื่อผิดไฟล์ (ข้อมูลตัวอย่าง)")
    with stage.at(moment(2026, 11, 21, 8, 40)):
        short, _keys = _ask_letters(stage, round_id, whole[:250])
    with stage.at(moment(2026, 11, 21, 9)):
        letters.decline_letters(stage.cast.actor("registry2"), short.id, "รายชื่อขาดไป 50 คน (ข้อมูลตัวอย่าง)")
    with stage.at(moment(2026, 11, 21, 9, 20)):
        _ask_letters(stage, round_id, whole)


def _ask_letters(stage: Stage, round_id: int, numbers: list[str]) -> tuple[LetterPrint, list[str]]:
    """The registry asks for letters to a list; a second officer is to release them."""
    keys = [rollkeys.person_key(round_id, number) for number in numbers]
    asked = letters.ask_letters(stage.cast.actor("registry"), round_id, keys, _hash_of(numbers))
    return asked, keys


def _written(stage: Stage, round_id: int, numbers: list[str]) -> list[str]:
    """The codes of letters that were asked for, released and printed."""
    asked, keys = _ask_letters(stage, round_id, numbers)
    letters.release_letters(stage.cast.actor("registry2"), asked.id)
    actor = stage.cast.actor("registry")
    return list(letters.print_letters(actor, asked.id, 1, 1, keys, _hash_of(numbers)).values())


def _hash_of(numbers: list[str]) -> str:
    return hashing.sha256_hex("\n".join(numbers))


def sample_number(number: int) -> str:
    """A number in the form of an identity card's, beginning with a digit that no card has."""
    digits = f"9{number:011d}"
    total = sum(int(digit) * (13 - place) for place, digit in enumerate(digits))
    return f"{digits}{(11 - total % 11) % 10}"


def _lines(stage: Stage, people: int) -> list[roll.Line]:
    names = sorted(stage.cast.communities)
    return [
        roll.Line(number + 1, sample_number(number), names[number * number % len(names)])
        for number in range(1, people + 1)
    ]
