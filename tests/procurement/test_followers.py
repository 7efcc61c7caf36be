"""Whoever follows an idea hears of each step of what is bought for it, of each delay with its reason, of contract, payment
and acceptance: once each, however many things of it they follow."""

import datetime as dt

import pytest
import sqlalchemy as sa

from portal.actionplan.models import ActionPlanState
from portal.core.actor import Role
from portal.cycles.models import PhaseKind
from portal.notifications.commands import follow_for
from portal.notifications.models import Notice
from portal.plans.models import PlanState
from portal.procurement import commands, queries
from portal.procurement.commands import AmendmentData, Part, StepPlan
from tests.factories import accounts, actionplan, cycles, places, plans
from tests.procurement.acts import SIGNED, S, correction, create, do, step

DAY = dt.date(2026, 11, 24)
LATER = dt.date(2026, 12, 15)


@pytest.fixture
def project(db):
    """With an idea of a community in it; its topic is ``project.idea``."""
    cycle = cycles.cycle(places.district(), open=PhaseKind.SCREENING)
    plan = plans.plan(places.community(places.district()), cycle, PlanState.SUBMITTED, items=1)
    (item,) = plans.queries.items_of(plan.id)
    made = actionplan.project(actionplan.action_plan(cycle, ActionPlanState.PUBLISHED))
    actionplan.link(made, item)
    made.idea = item.topic_id
    return made


@pytest.fixture
def hear(db):
    """``hear()`` gives (event, params) of what came to the follower since the last time."""
    heard = 0

    def news():
        nonlocal heard
        found = db.scalars(
            sa.select(Notice).where(Notice.person_id == news.who, Notice.id > heard).order_by(Notice.id)
        ).all()
        heard = max([heard, *(one.id for one in found)])
        return [(one.event.removeprefix("procurement."), one.params.get("reason", "")) for one in found]

    news.who = accounts.person().id
    return news


def test_each_turn_is_heard_once(project, db, clock, hear):
    clock.travel("2026-11-24 09:00")
    officer = accounts.officer(Role.PROCUREMENT, places.district())
    follow_for([hear.who], project.idea)
    follow_for([hear.who], project.topic_id)
    process = create(officer, project)
    assert hear() == [("begun", "")]
    follow_for([hear.who], process.topic_id)

    def passes(kind, **outcome):
        do(officer, process, kind, on="2026-11-24", override=SIGNED, **outcome)
        assert hear() == [(kind.value, "")], kind

    def plans_for(day, reason=""):
        commands.plan_step(
            officer, step(process, S.INVITATION), StepPlan(day, day, reason=reason), override=SIGNED
        )

    passes(S.PROCUREMENT_PLAN)
    passes(S.COMMITTEE, committee_size=3)
    passes(S.MEDIAN_PRICE, median_price_satang=880_000_00)
    passes(S.PURCHASE_REQUEST)
    for event, text in (("draft_tor", "1. เต็นท์"), ("draft_changed", "1. เต็นท์ใหญ่")):
        commands.publish_draft(officer, process, text, DAY, changes="ขนาด", override=SIGNED)
        assert hear() == [(event, "")]
    plans_for(DAY)
    assert hear() == [], "the first day of a step is no news"
    plans_for(LATER, "ผู้ขายขอเวลาเตรียมเอกสาร")
    assert hear() == [("delayed", "ผู้ขายขอเวลาเตรียมเอกสาร")]
    plans_for(DAY)
    assert hear() == [("replanned", "")]
    passes(S.INVITATION, ends_on=DAY)
    passes(S.BID_OPENING, number_of_tenderers=2)
    passes(S.EVALUATION)
    passes(S.AWARD, supplier="ร้านตัวอย่าง", award_satang=800_000_00)
    passes(S.APPEAL, ends_on=DAY)
    passes(S.CONTRACT, contract_number="1/2570", contract_satang=800_000_00)
    passes(S.CONTRACT_ESSENTIALS)
    (contract,) = queries.contracts_of(process.id)
    commands.amend_contract(officer, contract, AmendmentData(DAY, 810_000_00, None, "เพิ่มผ้าใบ"))
    assert hear() == [("amended", "เพิ่มผ้าใบ")]
    parts = [Part("งวดแรก", 400_000_00), Part("งวดหลัง", 410_000_00)]
    commands.divide_contract(officer, contract, contract.version_id, parts)
    assert hear() == []
    last = {"part_delivered": "delivery", "part_accepted": "acceptance", "part_paid": "payment"}
    for number, part in enumerate(parts):
        for event, given in (
            ("part_delivered", {}),
            ("part_accepted", {"committee_size": 3}),
            ("part_paid", {"paid_satang": part.amount_satang}),
        ):
            commands.settle_instalment(
                officer, queries.instalments_of(process.id)[number], DAY, override=SIGNED, **given
            )
            # The last part does the whole step.
            assert hear() == [(last[event] if number else event, "")], (number, event)
    commands.correct_step(officer, step(process, S.EVALUATION), DAY, None, "วันผิด", override=SIGNED)
    assert hear() == [("corrected", "วันผิด")]
    commands.edit_process(officer, process, process.version_id, correction(process, title="จัดซื้อเต็นท์ผ้าใบ"))
    assert hear() == [], "a word put right is no news"
    passes(S.MONTHLY_SUMMARY)
    commands.close_process(officer, process)
    assert hear() == [("closed", "")]

    called_off = create(officer, project, title="จัดซื้อเก้าอี้")
    commands.cancel_process(officer, called_off, "งบประมาณไม่พอ")
    assert hear() == [("begun", ""), ("cancelled", "งบประมาณไม่พอ")]
    assert hear() == []
