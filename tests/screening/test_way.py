"""The whole way of a case, from taking in to a final decision."""

import datetime as dt

import pytest

from portal.core import clock, jobs
from portal.core.errors import Invalid, NotAllowed, NotFound, WrongState
from portal.notifications.models import Notice
from portal.plans.models import PlanState
from portal.screening import commands, queries
from portal.screening.models import Answer, AppealOutcome, CaseState, Outcome
from tests.factories import plans, screening
from tests.screening.conftest import REASON, furnish

S = CaseState


def notices(session, event):
    return {row.person_id for row in session.query(Notice).filter(Notice.event == event)}


def test_a_plan_is_taken_in_once_and_each_item_gets_a_case(desk, db):
    plan = plans.plan(None, desk.cycle, PlanState.SUBMITTED, items=3)
    waiting = queries.plans_to_take_in(desk.district.id, desk.cycle.id)
    assert (plan.id, 3) in [(row.plan_id, row.item_count) for row in waiting]
    cases = commands.take_in(desk.planner, plan.id)
    assert len(cases) == 3
    assert plan.state is PlanState.ACCEPTED_FOR_SCREENING
    assert {case.state for case in cases} == {S.WAITING}
    assert all(case.due_on > clock.today() + dt.timedelta(days=30) for case in cases)
    with pytest.raises(WrongState):
        commands.take_in(desk.planner, plan.id)
    with pytest.raises(NotFound):
        commands.take_in(desk.elsewhere, plan.id)


def test_from_card_to_final(desk, db):
    case = desk.case()
    desk.fill_card(case)
    assert case.state is S.MERIT_CHECK
    decision = commands.propose_decision(desk.planner, case, desk.data())
    with pytest.raises(NotAllowed):
        commands.confirm_decision(desk.planner, case)
    commands.confirm_decision(desk.planner2, case)
    assert (decision.confirmed_by, case.decision_id) == (desk.planner2.id, decision.id)
    assert queries.released_outcomes([case.item_id]) == {}
    commands.release_decisions(desk.director, desk.cycle.id, [case.id])
    shown = queries.released_outcomes([case.item_id])[case.item_id]
    assert (shown.outcome, shown.is_final) == (Outcome.ACCEPT, False)
    assert queries.final_accepted_items(desk.cycle.id) == []
    assert desk.leader.id in notices(db, "screening.released")
    with clock.travel(case.appeals_until):
        assert queries.is_final(case)
        assert [row.item_id for row in queries.final_accepted_items(desk.cycle.id)] == [case.item_id]


def test_sent_back_and_bettered(desk, db):
    case = desk.case()
    first = desk.proposed(case)
    with pytest.raises(Invalid):
        commands.send_back_decision(desk.director, case, " ")
    commands.send_back_decision(desk.director, case, "เหตุผลยังไม่ชัด")
    assert case.state is S.MERIT_CHECK
    assert desk.planner.id in notices(db, "screening.sent_back")
    commands.propose_decision(desk.planner, case, desk.data())
    commands.confirm_decision(desk.director, case)
    assert case.decision_id != first.id


def test_a_set_release_is_public_at_its_instant_and_told_then(desk, db):
    case = desk.case()
    at = clock.now() + dt.timedelta(hours=5)
    desk.released(case, at=at)
    assert queries.released_outcomes([case.item_id]) == {}
    assert not notices(db, "screening.released")
    job = db.query(jobs.Job).one()
    assert job.leased_until == at
    with clock.travel(at):
        assert case.item_id in queries.released_outcomes([case.item_id])
        announce, _mode = jobs._work[job.kind]
        announce(job)
        announce(job)
    assert desk.leader.id in notices(db, "screening.released")
    assert db.query(Notice).filter_by(event="screening.released", person_id=desk.leader.id).count() == 1


def test_a_release_lies_ahead_but_not_far(desk):
    case = desk.case()
    desk.confirmed(case)
    for at in (clock.now() - dt.timedelta(minutes=1), clock.now() + dt.timedelta(days=91)):
        with pytest.raises(Invalid):
            commands.release_decisions(desk.director, desk.cycle.id, [case.id], at)


def test_a_batch_waits_for_the_last_decision(db):
    desk = furnish(release="batch")
    one, two = desk.case(), desk.case(item=1)
    desk.confirmed(one)
    with pytest.raises(Invalid):
        commands.release_decisions(desk.director, desk.cycle.id, [one.id])
    desk.confirmed(two, outcome=Outcome.REJECT, reason_code="cost")
    released = commands.release_decisions(desk.director, desk.cycle.id, [one.id])
    assert {case.id for case in released} == {one.id, two.id}


def test_taken_back_opened_again_and_decided_anew(desk, db):
    case = desk.case()
    first = desk.released(case)
    with pytest.raises(WrongState):
        commands.reopen_case(desk.director, case, "พบข้อมูลใหม่")
    commands.unpublish_decision(desk.director, case, "พบข้อมูลใหม่")
    assert queries.released_outcomes([case.item_id]) == {}
    assert desk.leader.id in notices(db, "screening.unpublished")
    commands.reopen_case(desk.director, case, "พบข้อมูลใหม่")
    assert (case.state, case.decision_id, first.set_aside_by) == (S.MERIT_CHECK, None, desk.director.id)
    with pytest.raises(WrongState):
        commands.unpublish_decision(desk.director, case, "อีกครั้ง")


def test_what_is_final_is_not_taken_back(desk):
    case = screening.decided(desk.items[0])
    with pytest.raises(WrongState):
        commands.unpublish_decision(desk.director, case, "ช้าไป")


def test_withdrawn_until_the_release(desk, db):
    one, two = desk.case(), desk.case(item=1)
    desk.confirmed(one)
    commands.withdraw_item(desk.leader, one, "ชุมชนทำเองแล้ว")
    assert one.state is S.WITHDRAWN
    assert desk.items[0].withdrawn_at is not None
    desk.released(two)
    with pytest.raises(WrongState):
        commands.withdraw_item(desk.leader, two, "เปลี่ยนใจ")


def test_an_appeal_that_changes_the_decision(desk, db):
    case = desk.case()
    desk.released(case, outcome=Outcome.REJECT, reason_code="cost")
    appeal = commands.file_appeal(desk.leader, case, "มีใบเสนอราคาใหม่ที่ถูกลง")
    assert desk.planner2.id in notices(db, "screening.appealed")
    assert notices(db, "screening.appeal_filed")
    assert desk.planner2.id not in notices(db, "screening.appeal_filed")
    with pytest.raises(NotAllowed):
        commands.propose_appeal(desk.planner, case, desk.data())
    commands.propose_appeal(desk.planner2, case, desk.data())
    with pytest.raises(NotAllowed):
        commands.confirm_appeal(desk.planner2, case)
    with pytest.raises(NotAllowed):
        commands.confirm_appeal(desk.planner, case)
    commands.confirm_appeal(desk.director, case)
    assert appeal.outcome is AppealOutcome.CHANGED
    assert queries.released_outcomes([case.item_id])[case.item_id].outcome is Outcome.REJECT
    with clock.travel(case.appeals_until):
        assert not queries.is_final(case)
    commands.release_decisions(desk.director, desk.cycle.id, [case.id])
    shown = queries.released_outcomes([case.item_id])[case.item_id]
    assert (shown.outcome, shown.is_final, shown.was_appealed) == (Outcome.ACCEPT, True, True)


def test_an_appeal_that_changes_nothing(desk, db):
    case = desk.case()
    desk.released(case, outcome=Outcome.REJECT, reason_code="cost")
    appeal = commands.file_appeal(desk.leader, case, "ขอให้ทบทวน")
    commands.propose_appeal(desk.planner2, case, None, reason="ตรวจแล้ว ราคายังสูงกว่าราคาอ้างอิง")
    commands.send_back_appeal(desk.director, case, "ขอตัวเลขเปรียบเทียบ")
    assert case.state is S.APPEALED
    commands.propose_appeal(desk.planner2, case, None, reason="สูงกว่าราคากลางร้อยละ 40")
    commands.confirm_appeal(desk.director, case)
    assert appeal.outcome is AppealOutcome.UPHELD
    commands.release_decisions(desk.director, desk.cycle.id, [case.id])
    shown = queries.released_outcomes([case.item_id])[case.item_id]
    assert (shown.outcome, shown.is_final) == (Outcome.REJECT, True)
    assert "40" in shown.reason


def test_an_appeal_is_possible_once_and_only_inside_the_window(desk):
    case = desk.case()
    with pytest.raises(WrongState):
        commands.file_appeal(desk.leader, case, "ยังไม่ประกาศ")
    desk.released(case)
    with clock.travel(case.appeals_until), pytest.raises(WrongState):
        commands.file_appeal(desk.leader, case, "สายไป")
    with clock.travel(case.appeals_until - dt.timedelta(seconds=1)):
        commands.file_appeal(desk.leader, case, "ทันเวลา")
        with pytest.raises(WrongState):
            commands.file_appeal(desk.leader, case, "อีกครั้ง")


def test_a_correction_pauses_the_clock_and_comes_back(desk, db):
    case = desk.case()
    desk.fill_card(case, group="formal", complete=Answer.NOT_MET)
    before = case.due_on
    with pytest.raises(Invalid):
        commands.finish_formal(desk.planner, case)
    due = clock.today() + dt.timedelta(days=14)
    commands.ask_correction(desk.planner, case, "ขอใบเสนอราคา", due)
    assert case.state is S.NEEDS_CORRECTION
    assert case.due_on > before
    with pytest.raises(NotAllowed):
        commands.answer_correction(desk.planner, case, "แก้แล้ว")
    commands.answer_correction(desk.leader, case, "แนบใบเสนอราคาแล้ว")
    assert (case.state, case.due_on) == (S.FORMAL_CHECK, before)


def test_an_unanswered_correction_goes_on_as_it_stands(desk, db):
    case = desk.case()
    desk.fill_card(case, group="formal", complete=Answer.NOT_MET)
    due = clock.today() + dt.timedelta(days=14)
    commands.ask_correction(desk.planner, case, "ขอใบเสนอราคา", due)
    paused = case.due_on
    with clock.travel(clock.at(due, 23, 59)):
        assert queries.docket(desk.leader, case.id).state is S.NEEDS_CORRECTION
    with clock.travel(clock.at(due + dt.timedelta(days=1))):
        assert queries.docket(desk.leader, case.id).state is S.FORMAL_CHECK
        with pytest.raises(WrongState):
            commands.answer_correction(desk.leader, case, "ช้าไป")
        commands.answer_card(desk.planner, case, {"complete": (Answer.NOT_MET, REASON)})
        assert (case.state, case.due_on) == (S.FORMAL_CHECK, paused)


def test_only_what_the_rules_call_correctable_is_asked_back(desk):
    case = desk.case()
    desk.fill_card(case, group="formal", in_district=Answer.NOT_MET)
    with pytest.raises(Invalid):
        commands.ask_correction(desk.planner, case, "ย้ายที่", clock.today() + dt.timedelta(days=7))


def test_another_agency_is_asked_and_answers(desk, db):
    case = desk.case()
    desk.fill_card(case, group="formal")
    commands.finish_formal(desk.planner, case)
    commands.ask_agency(
        desk.planner, case, "สำนักการระบายน้ำ", "อยู่ในแผนหรือไม่", clock.today() + dt.timedelta(days=7)
    )
    assert case.state is S.AWAITING_AGENCY
    with pytest.raises(WrongState):
        commands.propose_decision(desk.planner, case, desk.data())
    commands.note_reply(desk.planner, case, "ยังไม่อยู่ในแผน")
    assert case.state is S.MERIT_CHECK
