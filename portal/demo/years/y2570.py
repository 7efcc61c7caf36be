"""Fiscal year 2570: the plan is published and being carried out, with the district's own 26 lines beside the items."""

from __future__ import annotations

import datetime as dt

from portal.core import db
from portal.demo.calendar import moment
from portal.demo.stage import Stage, accepted
from portal.forums.models import ForumPurpose
from portal.plans.models import Item
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
        start = moment(2025, 10, 9, 17) + dt.timedelta(hours=12 * number)
        stage.hold_forum(community, ForumPurpose.PLAN_1, start)
        keys = PAIRS[number % len(PAIRS)]
        issues[name] = stage.hold_forum(community, ForumPurpose.PLAN_2, start + dt.timedelta(days=14), keys)
    for number, (name, community) in enumerate(places):
        at = moment(2025, 11, 25, 9) + dt.timedelta(hours=6 * number)
        plan_id = stage.plans[YEAR, name] = stage.begin(cycle_id, community, at)
        for key, issue_id in issues[name].items():
            stage.items[YEAR, name, key] = stage.propose(
                plan_id, community, key, at + dt.timedelta(hours=1), issue_id
            )
        stage.sign(plan_id, community, at + dt.timedelta(days=2))
        stage.submit(plan_id, community, at + dt.timedelta(days=4))
    cases: list[int] = []
    for number, (name, _community) in enumerate(places):
        at = moment(2025, 12, 15, 9) + dt.timedelta(hours=8 * number)
        for item_id, case_id in stage.take_in(stage.plans[YEAR, name], at).items():
            stage.check(case_id, at + dt.timedelta(hours=1))
            stage.decide(case_id, _decision(number, item_id), at + dt.timedelta(hours=2))
            cases.append(case_id)
    stage.release(cycle_id, cases, moment(2026, 1, 6, 9))


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
