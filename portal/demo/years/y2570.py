"""Fiscal year 2570: the plan is published and being carried out, with the district's own 26 lines beside the items."""

from __future__ import annotations

import datetime as dt

from portal.actionplan.models import MoneyStep
from portal.core import db
from portal.demo import facts, planning
from portal.demo.calendar import moment, turn
from portal.demo.stage import Stage, accepted
from portal.forums.models import ForumPurpose
from portal.plans.models import Item, ReviewMark
from portal.screening.decisions import DecisionData
from portal.screening.models import Outcome

YEAR = 2570
PAIRS = (
    ("sound", "fire"),
    ("chairs", "pressure"),
    ("computer", "solar"),
    ("fire", "elderly"),
    ("solar", "training"),
    ("cctv", "pressure"),
    ("drain", "sound"),
)


def play(stage: Stage) -> None:
    """From the forums of October 2025 to the decisions of January 2026."""
    stage.say("Fiscal year 2570: forums, plans, decisions")
    cycle_id = stage.open_year(YEAR, moment(2025, 9, 9))
    places = list(stage.cast.communities.items())
    issues: dict[str, dict[str, int]] = {}
    for number, (name, community) in enumerate(places):
        start = turn(moment(2025, 10, 9, 17), number, 2, dt.timedelta(hours=1))
        stage.hold_forum(community, ForumPurpose.PLAN_1, start)
        keys = PAIRS[number % len(PAIRS)]
        issues[name] = stage.hold_forum(community, ForumPurpose.PLAN_2, start + dt.timedelta(days=14), keys)
    for number, (name, community) in enumerate(places):
        at = turn(moment(2025, 11, 25, 9), number, 4, dt.timedelta(hours=2))
        plan_id = stage.plans[YEAR, name] = stage.begin(cycle_id, community, at)
        for key, issue_id in issues[name].items():
            stage.items[YEAR, name, key] = stage.propose(
                plan_id, community, key, at + dt.timedelta(hours=1), issue_id
            )
        stage.review(plan_id, community, _review(stage, name), at + dt.timedelta(hours=2))
        stage.sign(plan_id, community, at + dt.timedelta(days=2))
        stage.submit(plan_id, community, at + dt.timedelta(days=4))
    cases: list[int] = []
    for number, (name, _community) in enumerate(places):
        at = turn(moment(2025, 12, 15, 9), number, 3, dt.timedelta(hours=2))
        for item_id, case_id in stage.take_in(stage.plans[YEAR, name], at).items():
            stage.check(case_id, at + dt.timedelta(hours=1))
            stage.decide(case_id, _decision(number, item_id), at + dt.timedelta(hours=2))
            cases.append(case_id)
    stage.release(cycle_id, cases, moment(2026, 1, 6, 9))
    _plan(stage, cycle_id)


def _review(stage: Stage, name: str) -> dict[int, tuple[ReviewMark, str]]:
    """What the committees said of the plan for 2569: the tents were on their way, the rest they had done themselves."""
    said = {
        True: (ReviewMark.DONE, "เขตบรรจุในแผนปี 2569 และได้รับจัดสรรงบประมาณแล้ว รอส่งมอบ"),
        False: (ReviewMark.DONE, "ชุมชนทำเองแล้ว และทำต่อเนื่องทุกเดือน"),
    }
    return {
        item_id: said[key == "tents"]
        for (year, of, key), item_id in stage.items.items()
        if (year, of) == (YEAR - 1, name)
    }


def _plan(stage: Stage, cycle_id: int) -> None:
    """Projects made of the communities' items, and the district's own 26 lines."""
    plan_id = stage.action_plans[YEAR] = planning.draft(
        stage, cycle_id, YEAR, moment(2026, 2, 19, 9), {}, with_office=True
    )
    remarks = [
        ("resident", "ไฟริมคลองขอให้ติดฝั่งโรงเรียนก่อน เด็กเดินกลับตอนเย็น"),
        ("resident2", "ขอให้ซ้อมดับเพลิงวันเสาร์ คนทำงานจะได้มาร่วม"),
        ("resident3", "ขอให้เริ่มเยี่ยมจากผู้สูงอายุที่อยู่คนเดียว"),
    ]
    planning.hear(stage, plan_id, moment(2026, 3, 17, 9), remarks)
    planning.answer(
        stage,
        plan_id,
        moment(2026, 4, 10, 9),
        "รับไว้ทุกข้อ: เริ่มติดไฟฝั่งโรงเรียน ซ้อมดับเพลิงวันเสาร์ และเยี่ยมผู้สูงอายุที่อยู่คนเดียวก่อน",
    )
    planning.approve(stage, plan_id, moment(2026, 4, 17, 9))
    planning.publish(stage, plan_id, moment(2026, 4, 24, 9))
    planning.fund(stage, plan_id, [(MoneyStep.REQUESTED, moment(2026, 5, 6), "คำของบประมาณประจำปี")])
    title = facts.items()["cctv"]["title"]
    funded = [f"โครงการ{item['title']}" for key, item in facts.items().items() if key != "cctv"]
    planning.fund(stage, plan_id, [(MoneyStep.ALLOCATED, moment(2026, 10, 1), "")], only=funded)
    refused = [f"โครงการ{title}"]
    planning.fund(
        stage,
        plan_id,
        [
            (
                MoneyStep.REFUSED,
                moment(2026, 10, 1),
                "ไม่ตั้งในงบประมาณประจำปี ให้ผู้อยู่อาศัยลงคะแนนเลือกจุดติดตั้งในวงเงิน 350,000 บาทแทน",
            )
        ],
        only=refused,
    )
    planning.fund(
        stage,
        plan_id,
        [(MoneyStep.TRANSFERRED, moment(2026, 10, 6), "งวดที่ 1")],
        only=[f"โครงการ{facts.items()[key]['title']}" for key in ("sound", "computer", "elderly")],
        percent=50,
    )
    planning.fund(
        stage,
        plan_id,
        [(MoneyStep.TRANSFERRED, moment(2026, 10, 20), "ครบจำนวน รวมงวดที่ 1 และ 2")],
        only=[f"โครงการ{facts.items()['sound']['title']}"],
    )


def _decision(number: int, item_id: int) -> DecisionData:
    with db.transaction("read"):
        item = db.session().get_one(Item, item_id)
    yes = accepted(item)
    if item.rank == 1 or number % 6 < 2:
        return yes
    return {
        2: DecisionData(
            Outcome.ACCEPT_CHANGED,
            "cost_reduced",
            "รับบรรจุโดยลดจำนวนให้ตรงกับผู้ใช้จริงและราคาอ้างอิงของเขต",
            accepted_satang=item.budget_satang * 4 // 5,
            changes="ลดจำนวนลงหนึ่งในห้า คงคุณภาพเดิม",
        ),
        3: DecisionData(
            Outcome.DEFER, "no_money", "งบประมาณปีนี้ไม่พอ จัดไว้ลำดับแรกของปีถัดไป", defer_to_year=YEAR + 1
        ),
        4: DecisionData(
            Outcome.COMMUNITY_DOES, "own_means", "ชุมชนทำเองได้ด้วยแรงและเงินกองกลาง เขตสนับสนุนวิทยากรและสถานที่"
        ),
        5: DecisionData(
            Outcome.REJECT, "duplicate", "อยู่ในสัญญาบำรุงรักษาของสำนักการโยธาแล้ว จะแจ้งให้เข้าซ่อมในรอบถัดไป"
        ),
    }[number % 6]
