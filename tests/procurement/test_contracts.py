"""Lots, contracts, amendments, instalments and what they come to."""

import datetime as dt

import pytest
import sqlalchemy as sa

from portal.actionplan.models import ActionPlan
from portal.core.errors import Conflict, Invalid, WrongState
from portal.notifications.commands import follow_for
from portal.notifications.models import Notice
from portal.procurement import commands, queries
from portal.procurement.commands import AmendmentData, AwardData, ContractData, Offer, Part, RuleWarning
from portal.procurement.models import Method
from portal.procurement.rules import Rule
from tests.factories import accounts, actionplan, procurement
from tests.procurement.acts import SIGNED, S, create, do, step

DAY = dt.date(2026, 11, 25)


@pytest.fixture(autouse=True)
def a_wednesday(clock):
    clock.travel("2026-11-25 09:00")


@pytest.fixture
def won(project, officer):
    """A process whose winner is announced and whose days for appeals are over."""
    process = procurement.process(project)
    procurement.done_until(process, S.AWARD, dt.date(2026, 11, 2))
    do(officer, process, S.AWARD, "2026-11-03", supplier="ร้านเต็นท์ดุสิต", award_satang=800_000_00)
    procurement.step_done(process, S.APPEAL, dt.date(2026, 11, 4), ends_on=dt.date(2026, 11, 13))
    return process


@pytest.fixture
def signed(won, officer):
    """The only contract of ``won``."""
    data = ContractData("1/2570", dt.date(2026, 11, 16), 800_000_00, ends_on=dt.date(2026, 12, 30))
    return commands.sign_contract(officer, queries.awards_of(won.id)[0], data)


def divide(officer, contract, *amounts):
    parts = [Part(f"งวดที่ {place}", amount) for place, amount in enumerate(amounts, 1)]
    commands.divide_contract(officer, contract, contract.version_id, parts)


def settle(officer, process, number, **given):
    part = queries.instalments_of(process.id)[number - 1]
    return commands.settle_instalment(officer, part, given.pop("on", DAY), **given)


def sums(process):
    return process.award_satang, process.contract_satang, process.paid_satang


def test_signing_does_the_step_and_sums_up(won, signed):
    assert step(won, S.CONTRACT).actual_on == dt.date(2026, 11, 16)
    assert sums(won) == (800_000_00, 800_000_00, 0)
    assert (won.supplier, won.contract_number) == ("ร้านเต็นท์ดุสิต", "1/2570")


def test_each_lot_has_its_winner_and_its_contract(won, officer):
    with pytest.raises(Invalid):
        commands.add_award(officer, won, AwardData("ร้านเก้าอี้", 90_000_00))
    second = commands.add_award(officer, won, AwardData("ร้านเก้าอี้", 90_000_00, lot="เก้าอี้"))
    with pytest.raises(Invalid):  # the step alone cannot say which lot is signed for
        do(officer, won, S.CONTRACT, contract_number="1", contract_satang=1)
    for number, award in enumerate(queries.awards_of(won.id), 1):
        data = ContractData(f"{number}/2570", DAY, award.amount_satang)
        commands.sign_contract(officer, award, data)
    assert (won.supplier, *sums(won)) == ("ร้านเต็นท์ดุสิต, ร้านเก้าอี้", 890_000_00, 890_000_00, 0)
    with pytest.raises(WrongState):
        commands.sign_contract(officer, second, ContractData("3/2570", DAY, 1))
    with pytest.raises(WrongState):
        commands.correct_award(officer, second, AwardData("ร้านอื่น", 1), "พิมพ์ผิด")


def test_no_lot_is_signed_for_before_the_days_for_appeals_end(project, officer):
    process = procurement.process(project)
    procurement.done_until(process, S.AWARD, dt.date(2026, 11, 16))
    first = procurement.award(process, lot="เต็นท์")
    second = procurement.award(process, lot="เก้าอี้")
    procurement.step_done(process, S.AWARD, dt.date(2026, 11, 17))
    procurement.step_done(process, S.APPEAL, dt.date(2026, 11, 18), ends_on=dt.date(2026, 11, 26))
    for award, number in ((first, "1"), (second, "2")):
        data = ContractData(number, DAY, 800_000_00)
        with pytest.raises(RuleWarning) as refused:
            commands.sign_contract(officer, award, data)
        assert [one.rule for one in refused.value.warnings] == [Rule.SIGNED_EARLY]
        commands.sign_contract(officer, award, data, override=SIGNED)
        process = queries.process_visible(officer, process.id)
        if award is first:  # the second warning differs only where its facts do: sign it on another day
            procurement.step(process, S.APPEAL).ends_on = dt.date(2026, 11, 27)


def test_an_amendment_keeps_what_was_and_what_is(won, signed, officer, db):
    longer = AmendmentData(DAY, 820_000_00, dt.date(2027, 1, 29), "เพิ่มเต็นท์สองหลัง")
    commands.amend_contract(officer, signed, longer)
    (contract,) = queries.signed_of(won.id)
    (kept,) = contract.amendments
    assert (kept.number, kept.old_satang, kept.new_satang) == (1, 800_000_00, 820_000_00)
    assert (kept.old_ends_on, kept.new_ends_on) == (dt.date(2026, 12, 30), dt.date(2027, 1, 29))
    assert (signed.signed_satang, signed.amount_satang, won.contract_satang) == (
        800_000_00,
        820_000_00,
        820_000_00,
    )
    assert contract.divided_satang == 820_000_00
    for wrong in (
        AmendmentData(DAY, 820_000_00, dt.date(2027, 1, 29), "ไม่เปลี่ยน"),
        AmendmentData(DAY, 830_000_00, dt.date(2027, 1, 29), " "),
        AmendmentData(dt.date(2026, 11, 2), 830_000_00, dt.date(2027, 1, 29), "ก่อนลงนาม"),
        AmendmentData(DAY, 830_000_00, None, "ไม่มีวันสิ้นสุด"),
        AmendmentData(DAY, 0, dt.date(2027, 1, 29), "ศูนย์"),
    ):
        with pytest.raises(Invalid):
            commands.amend_contract(officer, signed, wrong)


def test_instalments_one_by_one_do_the_steps_of_the_whole(won, signed, officer):
    with pytest.raises(Invalid):
        divide(officer, signed, 500_000_00, 300_000_01)
    divide(officer, signed, 500_000_00, 300_000_00)
    do(officer, won, S.CONTRACT_ESSENTIALS)
    for number, (due, paid) in enumerate(((500_000_00, 500_000_00), (300_000_00, 290_000_00)), 1):
        assert step(won, S.PAYMENT).actual_on is None
        assert settle(officer, won, number) is S.DELIVERY
        with pytest.raises(RuleWarning):
            settle(officer, won, number, committee_size=2)
        assert settle(officer, won, number, committee_size=3) is S.ACCEPTANCE
        with pytest.raises(Invalid):
            settle(officer, won, number, paid_satang=due + 1)
        assert settle(officer, won, number, paid_satang=paid, voucher=f"ฎ. {number}") is S.PAYMENT
        with pytest.raises(WrongState):
            settle(officer, won, number, paid_satang=1)
    assert sums(won) == (800_000_00, 800_000_00, 790_000_00)
    assert list(queries.wrong_sums()) == []
    won.paid_satang += 1  # what somebody wrote past the commands is found
    assert list(queries.wrong_sums()) == [(won.id, "paid_satang", 790_000_01, 790_000_00)]
    assert all(step(won, kind).actual_on == DAY for kind in (S.DELIVERY, S.ACCEPTANCE, S.PAYMENT))


def test_what_is_delivered_is_not_divided_anew(won, signed, officer):
    divide(officer, signed, 500_000_00, 300_000_00)
    settle(officer, won, 1)
    seen = signed.version_id
    divide(officer, signed, 100_000_00, 200_000_00)
    assert [one.amount_satang for one in queries.instalments_of(won.id)] == [
        500_000_00,
        100_000_00,
        200_000_00,
    ]
    with pytest.raises(Conflict):
        commands.divide_contract(officer, signed, seen, [Part("ที่เหลือ", 300_000_00)])


def test_an_advance_is_paid_before_anything_is_delivered(won, signed, officer):
    parts = [Part("เงินล่วงหน้า", 100_000_00, is_advance=True), Part("ส่งมอบ", 700_000_00)]
    commands.divide_contract(officer, signed, signed.version_id, parts)
    assert settle(officer, won, 1, paid_satang=100_000_00) is S.PAYMENT
    assert (won.paid_satang, step(won, S.PAYMENT).actual_on) == (100_000_00, None)


def test_a_cancelled_contract_leaves_what_was_paid_and_its_lot_open(won, signed, officer):
    divide(officer, signed, 500_000_00, 300_000_00)
    settle(officer, won, 1)
    settle(officer, won, 1, committee_size=3)
    settle(officer, won, 1, paid_satang=500_000_00)
    commands.cancel_contract(officer, signed, DAY, "ผู้ขายทิ้งงาน")
    assert sums(won) == (800_000_00, 500_000_00, 500_000_00)
    with pytest.raises(WrongState):
        divide(officer, signed, 1)
    again = commands.sign_contract(
        officer, queries.awards_of(won.id)[0], ContractData("9/2570", DAY, 300_000_00)
    )
    assert (won.contract_number, won.contract_satang) == (again.number, 800_000_00)


def test_who_offered_is_entered_after_the_opening(project, officer):
    process = procurement.process(project)
    procurement.done_until(process, S.BID_OPENING, dt.date(2026, 11, 2))
    offers = [Offer("ร้านหนึ่ง", 790_000_00), Offer("ร้านสอง"), Offer(" ")]
    with pytest.raises(Invalid):
        commands.record_tenderers(officer, process, offers)
    procurement.step_done(process, S.BID_OPENING)
    commands.record_tenderers(officer, process, offers)
    assert process.number_of_tenderers == 2
    assert [one.name for one in queries.tenderers_of(process.id)] == ["ร้านหนึ่ง", "ร้านสอง"]


def test_nothing_is_closed_while_an_instalment_waits(project, officer):
    process = procurement.process(project, Method.DIRECT)
    for kind in S:
        if not step(process, kind).is_skipped:
            procurement.step_done(process, kind)
    contract = procurement.contract(process, satang=90_000_00)
    with pytest.raises(WrongState):
        commands.close_process(officer, process)
    for given in ({}, {"committee_size": 3}, {"paid_satang": 90_000_00}):
        settle(officer, process, 1, **given)
    commands.close_process(officer, process)
    assert (process.ended_on, contract.cancelled_on) == (DAY, None)


def test_projects_come_and_go_until_suppliers_are_invited(project, officer, db):
    process = create(officer, project)
    other = actionplan.project(db.get_one(ActionPlan, project.action_plan_id), name="โครงการเก้าอี้ชุมชน")
    neighbour = accounts.person()
    follow_for([neighbour.id], other.topic_id)
    commands.add_projects(officer, process, [other.id])
    assert {one.project_id for one in queries.bought_for(process.id)} == {project.id, other.id}
    commands.remove_project(officer, process, other.id, "ซื้อแยกต่างหาก")
    assert [one.project_id for one in queries.bought_for(process.id)] == [project.id]
    told = db.scalars(sa.select(Notice.event).where(Notice.person_id == neighbour.id)).all()
    assert told == ["procurement.begun", "procurement.project_removed"]
    with pytest.raises(Invalid):
        commands.remove_project(officer, process, project.id, "ไม่ซื้อแล้ว")
    procurement.step_done(process, S.INVITATION, ends_on=dt.date(2026, 12, 15))
    with pytest.raises(WrongState):
        commands.add_projects(officer, process, [other.id])


@pytest.mark.parametrize(
    "table", ["contract_amendments", "step_postponements", "draft_terms", "step_documents"]
)
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id + 1", "DELETE FROM {}"])
def test_what_is_published_stays_as_it_was(won, signed, officer, db, table, statement):
    commands.amend_contract(officer, signed, AmendmentData(DAY, 1_00, dt.date(2027, 1, 29), "แก้ไข"))
    delivery = step(won, S.DELIVERY)
    for day in (1, 2):
        plan = commands.StepPlan(dt.date(2026, 12, day), reason="เลื่อน")
        commands.plan_step(officer, delivery, plan, override=SIGNED)
    procurement.draft(won)
    with pytest.raises(sa.exc.DatabaseError), db.begin_nested():
        db.execute(sa.text(statement.format(table)))
