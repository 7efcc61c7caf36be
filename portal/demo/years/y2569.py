"""Fiscal year 2569: every community asked for tents; the district bought them in one lot. The year is closing.

The lot's number, money and dates up to the invitation are the real notice 69089283521; everything after it is made up.
"""

from __future__ import annotations

import datetime as dt

from portal.actionplan.models import MoneyStep
from portal.core import db
from portal.demo import facts, planning
from portal.demo.calendar import moment, turn
from portal.demo.stage import Stage, accepted
from portal.forums.models import ForumPurpose
from portal.plans.models import Item
from portal.screening.decisions import DecisionData
from portal.screening.models import Outcome

YEAR = 2569
TENTS = "โครงการชุมชนเข้มแข็งพัฒนาตนเองตามหลักปรัชญาเศรษฐกิจพอเพียง (เต็นท์)"
SECOND = ("elderly", "garden", "temple", "waste")


def play(stage: Stage) -> None:
    """From the forums of October 2024 to the decisions of January 2025."""
    stage.say("Fiscal year 2569: forums, plans, decisions")
    cycle_id = stage.open_year(YEAR, moment(2024, 9, 10))
    places = list(stage.cast.communities.items())
    issues: dict[str, dict[str, int]] = {}
    for number, (name, community) in enumerate(places):
        start = turn(moment(2024, 10, 9, 17), number, 2, dt.timedelta(hours=1))
        stage.hold_forum(community, ForumPurpose.PLAN_1, start)
        keys = ("tents", SECOND[number % len(SECOND)])
        issues[name] = stage.hold_forum(community, ForumPurpose.PLAN_2, start + dt.timedelta(days=14), keys)
    for number, (name, community) in enumerate(places):
        at = turn(moment(2024, 11, 25, 9), number, 4, dt.timedelta(hours=2))
        plan_id = stage.plans[YEAR, name] = stage.begin(cycle_id, community, at)
        for key, issue_id in issues[name].items():
            # the tents alone take all that a community may ask for
            stage.items[YEAR, name, key] = stage.propose(
                plan_id, community, key, at + dt.timedelta(hours=1), issue_id, costs=key == "tents"
            )
        stage.sign(plan_id, community, at + dt.timedelta(days=2))
        stage.submit(plan_id, community, at + dt.timedelta(days=4))
    cases: list[int] = []
    for number, (name, _community) in enumerate(places):
        at = turn(moment(2024, 12, 16, 9), number, 3, dt.timedelta(hours=2))
        taken = stage.take_in(stage.plans[YEAR, name], at)
        for item_id, case_id in taken.items():
            stage.check(case_id, at + dt.timedelta(hours=1))
            stage.decide(case_id, _decision(stage, name, item_id), at + dt.timedelta(hours=2))
            cases.append(case_id)
    stage.release(cycle_id, cases, moment(2025, 1, 6, 9))
    _plan(stage, cycle_id)


def _plan(stage: Stage, cycle_id: int) -> None:
    """One project for the tents of 43 communities: 8,600,000 baht, as the real notice says."""
    plan_id = stage.action_plans[YEAR] = planning.draft(
        stage,
        cycle_id,
        YEAR,
        moment(2025, 2, 20, 9),
        {facts.items()["tents"]["title"]: TENTS},
        with_office=False,
    )
    remarks = [
        ("resident", "ขอให้เต็นท์มีขนาดเท่ากันทุกชุมชน จะได้ยืมกันได้"),
        ("resident2", "ขอให้ชุมชนร่วมตรวจรับด้วย"),
    ]
    planning.hear(stage, plan_id, moment(2025, 3, 17, 9), remarks)
    planning.answer(
        stage, plan_id, moment(2025, 4, 10, 9), "รับไว้ในขอบเขตงาน และจะเชิญผู้แทนชุมชนร่วมสังเกตการณ์การตรวจรับ"
    )
    planning.approve(stage, plan_id, moment(2025, 4, 18, 9))
    planning.publish(stage, plan_id, moment(2025, 4, 25, 9))
    planning.fund(
        stage,
        plan_id,
        [
            (MoneyStep.REQUESTED, moment(2025, 5, 6), "คำของบประมาณประจำปี"),
            (MoneyStep.ALLOCATED, moment(2025, 10, 1), ""),
            (MoneyStep.TRANSFERRED, moment(2026, 6, 2), "โอนให้สำนักงานเขต"),
        ],
    )


def _decision(stage: Stage, name: str, item_id: int) -> DecisionData:
    if item_id == stage.items[YEAR, name, "tents"]:
        with db.transaction("read"):
            return accepted(db.session().get_one(Item, item_id))
    return DecisionData(
        Outcome.COMMUNITY_DOES, "own_means", "ชุมชนทำเองได้ด้วยแรงและเงินกองกลาง เขตสนับสนุนวิทยากรและสถานที่"
    )
