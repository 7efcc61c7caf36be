"""Steps done, planned, left out and corrected."""

import datetime as dt

import pytest
import sqlalchemy as sa

from portal.actionplan.models import ActionPlan
from portal.core import clock
from portal.core.errors import Invalid, WrongState
from portal.cycles.models import Cycle
from portal.notifications.commands import follow_for
from portal.notifications.models import Notice
from portal.procurement import commands, queries
from portal.procurement.commands import (
    RuleWarning,
    StepPlan,
)
from portal.procurement.models import (
    Postponement,
    RuleOverride,
    StepKind,
)
from portal.procurement.rules import Rule
from tests.factories import accounts, actionplan, plans, procurement
from tests.procurement.acts import SIGNED, S, create, do, events, step


@pytest.fixture(autouse=True)
def a_wednesday(clock):
    clock.travel("2026-11-25 09:00")


def test_steps_are_done_in_order_or_somebody_signs(project, officer):
    process = create(officer, project)
    do(officer, process, S.PROCUREMENT_PLAN)
    with pytest.raises(RuleWarning) as refused:
        do(officer, process, S.MEDIAN_PRICE, median_price_satang=279_800_00)
    assert [(one.rule, one.other) for one in refused.value.warnings] == [(Rule.ORDER, S.COMMITTEE)]
    do(officer, process, S.MEDIAN_PRICE, median_price_satang=279_800_00, override=SIGNED)
    assert process.median_price_satang == 279_800_00


def test_the_same_warning_needs_no_second_reason(project, officer, db):
    process = create(officer, project)
    plan = StepPlan(planned_on=dt.date(2026, 12, 1), ends_on=dt.date(2026, 12, 2))
    for override in (SIGNED, None):
        commands.plan_step(officer, step(process, S.INVITATION), plan, override=override)
    assert db.scalar(sa.select(sa.func.count()).select_from(RuleOverride)) == 1
    other = StepPlan(planned_on=dt.date(2026, 12, 1), ends_on=dt.date(2026, 12, 3))
    with pytest.raises(RuleWarning):
        commands.plan_step(officer, step(process, S.INVITATION), other)


def test_a_step_is_done_once(project, officer):
    process = create(officer, project)
    do(officer, process, S.PROCUREMENT_PLAN)
    with pytest.raises(WrongState):
        do(officer, process, S.PROCUREMENT_PLAN)
    with pytest.raises(WrongState):
        commands.plan_step(officer, step(process, S.PROCUREMENT_PLAN), StepPlan(dt.date(2026, 12, 1)))
    with pytest.raises(WrongState):
        commands.skip_step(officer, step(process, S.PROCUREMENT_PLAN), "ไม่ใช้")


def test_a_step_is_recorded_when_it_has_happened(project, officer):
    process = create(officer, project)
    with pytest.raises(Invalid) as refused:
        do(officer, process, S.PROCUREMENT_PLAN, "2026-11-26")
    assert "actual_on" in refused.value.fields


@pytest.mark.parametrize(
    ("kind", "missing"),
    [
        (S.COMMITTEE, {"committee_size"}),
        (S.MEDIAN_PRICE, {"median_price_satang"}),
        (S.INVITATION, {"ends_on"}),
        (S.AWARD, {"supplier", "award_satang"}),
        (S.APPEAL, {"ends_on"}),
        (S.CONTRACT, {"contract_number", "contract_satang", ""}),
        (S.DELIVERY, {""}),
        (S.ACCEPTANCE, {"committee_size", ""}),
        (S.PAYMENT, {"paid_satang", ""}),
    ],
)
def test_each_step_asks_for_its_own_facts(project, officer, kind, missing):
    process = procurement.process(project)
    procurement.done_until(process, kind, dt.date(2026, 11, 2))
    with pytest.raises(Invalid) as refused:
        do(officer, process, kind)
    assert set(refused.value.fields) == missing


def test_a_small_committee_warns(project, officer):
    process = create(officer, project)
    do(officer, process, S.PROCUREMENT_PLAN)
    with pytest.raises(RuleWarning):
        do(officer, process, S.COMMITTEE, committee_size=2)
    do(officer, process, S.COMMITTEE, committee_size=3)


def test_nothing_is_signed_before_the_days_for_appeals_end(project, officer):
    process = procurement.process(project)
    procurement.done_until(process, S.AWARD, dt.date(2026, 11, 2))
    procurement.award(process, "ร้านเต็นท์ดุสิต", 800_000_00)
    procurement.step_done(process, S.AWARD, dt.date(2026, 11, 16))
    procurement.step_done(process, S.APPEAL, dt.date(2026, 11, 17), ends_on=dt.date(2026, 11, 25))
    outcome = {"contract_number": "12/2570", "contract_satang": 800_000_00}
    with pytest.raises(RuleWarning) as refused:
        do(officer, process, S.CONTRACT, **outcome)
    (warned,) = refused.value.warnings
    assert (warned.rule, warned.earliest) == (Rule.SIGNED_EARLY, dt.date(2026, 11, 26))
    do(officer, process, S.CONTRACT, override=SIGNED, **outcome)
    assert (process.contract_number, process.contract_satang) == ("12/2570", 800_000_00)


def test_bids_stay_sealed_until_they_are_opened(project, officer):
    process = procurement.process(project)
    procurement.done_until(process, S.BID_OPENING, dt.date(2026, 11, 2))
    for kind in (S.BID_OPENING, S.EVALUATION):
        with pytest.raises(Invalid):
            commands.publish_document(officer, step(process, kind), "ซองเสนอราคา", "other", "ราคา")
    with pytest.raises(Invalid):
        do(officer, process, S.AWARD, supplier="ร้านหนึ่ง", award_satang=1, override=SIGNED)


def test_a_step_is_left_out_with_a_reason_and_taken_up_again(project, officer):
    process = procurement.process(project, budget_satang=8_600_000_00)
    draft = step(process, S.DRAFT_TOR)
    with pytest.raises(Invalid):
        commands.skip_step(officer, draft, "  ")
    with pytest.raises(RuleWarning):
        commands.skip_step(officer, draft, "ใช้ร่างเดิม")
    commands.skip_step(officer, draft, "ใช้ร่างเดิม", override=SIGNED)
    assert draft.is_skipped
    commands.take_up_step(officer, draft)
    assert not draft.is_skipped
    with pytest.raises(WrongState):
        commands.take_up_step(officer, draft)


def test_a_recorded_day_is_corrected_with_a_reason(project, officer, db):
    process = create(officer, project)
    do(officer, process, S.PROCUREMENT_PLAN)
    done = step(process, S.PROCUREMENT_PLAN)
    with pytest.raises(Invalid):
        commands.correct_step(officer, done, dt.date(2026, 11, 24), None, "")
    commands.correct_step(officer, done, dt.date(2026, 11, 24), None, "พิมพ์วันผิด")
    assert done.actual_on == dt.date(2026, 11, 24)
    assert events(db, process)[-1] == "process.step_corrected"


def test_a_changed_day_is_news_and_may_not_lie_in_the_past(project, officer, db):
    process = create(officer, project)
    follower = accounts.person()
    follow_for([follower.id], process.topic_id)
    opening = step(process, S.BID_OPENING)
    commands.plan_step(
        officer, opening, StepPlan(dt.date(2026, 12, 8), meets=dt.time(10), place="ห้องประชุม ๑")
    )
    assert opening.meets_at == clock.at(dt.date(2026, 12, 8), 10)
    told = sa.select(sa.func.count()).where(Notice.person_id == follower.id)
    assert db.scalar(told) == 0
    with pytest.raises(Invalid) as refused:
        commands.plan_step(officer, opening, StepPlan(dt.date(2026, 12, 9)))
    assert set(refused.value.fields) == {"reason"}
    with pytest.raises(Invalid):
        commands.plan_step(officer, opening, StepPlan(dt.date(2026, 11, 24)))


def test_a_step_is_put_off_with_a_reason_that_stays(project, officer, db):
    process = create(officer, project)
    follower = accounts.person()
    follow_for([follower.id], process.topic_id)
    opening = step(process, S.BID_OPENING)
    commands.plan_step(officer, opening, StepPlan(dt.date(2026, 12, 8)))
    for day, reason in ((9, "ห้องประชุมไม่ว่าง"), (11, "กรรมการติดราชการ")):
        commands.plan_step(officer, opening, StepPlan(dt.date(2026, 12, day), reason=reason))
    kept = db.execute(sa.select(Postponement.was_on, Postponement.now_on, Postponement.reason)).all()
    assert [(one.was_on.day, one.now_on.day, one.reason) for one in kept] == [
        (8, 9, "ห้องประชุมไม่ว่าง"),
        (9, 11, "กรรมการติดราชการ"),
    ]
    events = db.scalars(sa.select(Notice.event).where(Notice.person_id == follower.id)).all()
    assert events == ["procurement.delayed"] * 2
    commands.plan_step(officer, opening, StepPlan(dt.date(2026, 12, 8)))
    commands.plan_step(officer, opening, StepPlan(dt.date(2026, 12, 7)))
    events = db.scalars(sa.select(Notice.event).where(Notice.person_id == follower.id)).all()
    assert events.count("procurement.replanned") == 1


def test_followers_of_the_idea_hear_of_every_step_once(project, officer, db):
    year = db.get_one(Cycle, db.get_one(ActionPlan, project.action_plan_id).cycle_id)
    item = plans.item(plans.plan(cycle=year))
    actionplan.link(project, item)
    process = create(officer, project)
    follower = accounts.person()
    for topic_id in (item.topic_id, project.topic_id, process.topic_id):
        follow_for([follower.id], topic_id)
    do(officer, process, S.PROCUREMENT_PLAN)
    heard = db.scalars(sa.select(Notice.event).where(Notice.person_id == follower.id)).all()
    assert heard == ["procurement.procurement_plan"]


def test_every_step_has_its_sentence():
    assert {f"procurement.{kind.value}" for kind in StepKind} <= queries.NEWS.keys()
