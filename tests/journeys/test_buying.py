"""An officer buys by each method, from the plan to the payment; neighbours put the draft terms right; anybody finds the
contract."""

import datetime as dt

import pytest

from portal.procurement.models import StepKind
from portal.procurement.rules import Rule
from portal.procurement.words import WARNINGS
from tests.journeys.buyers import ProcurementOfficer
from tests.journeys.people import Meet, Resident, Visitor

S = StepKind
PROJECT = "โครงการคอมพิวเตอร์"
WINNER = "ห้างหุ้นส่วนจำกัด ตัวอย่างการค้า"
TENTS = "เต็นท์สนามพร้อมโครงเหล็กสำหรับงานส่วนรวม"
COMMUNITY = "วัดโบสถ์สามเสน"
FIRST = "1. ลำโพง 4 ตัว\n2. รับประกันหนึ่งปี\n3. ส่งมอบภายใน 30 วัน"
SECOND = "1. ลำโพง 4 ตัว\n2. รับประกันสองปี\n3. ส่งมอบภายใน 30 วัน"


@pytest.mark.parametrize("meet_here", [("en", "desktop", True)], indirect=True, ids=["english"])
def test_specific_method(meet_here: Meet) -> None:
    officer, title = meet_here(ProcurementOfficer), "จัดซื้อหมึกพิมพ์เอกสารชุมชน"
    officer.begins(PROJECT, title, "30,000", way="direct")
    officer.does(S.PROCUREMENT_PLAN)
    officer.does(S.COMMITTEE, Members_of_the_committee="3")
    officer.does(S.MEDIAN_PRICE, Median_price="29,500")
    officer.does(S.PURCHASE_REQUEST)
    officer.does(S.AWARD, Winner=WINNER, Amount_of_the_award="28,000")
    officer.does(S.CONTRACT, Contract_number="7/2570", Amount_of_the_contract="28,000")
    officer.does(S.CONTRACT_ESSENTIALS)
    officer.does(S.DELIVERY)
    officer.does(S.ACCEPTANCE, Members_of_the_committee="3")
    officer.does(S.PAYMENT, Paid_so_far="28,000")
    officer.does(S.MONTHLY_SUMMARY)
    officer.presses("Close: everything is paid")
    visitor = meet_here(Visitor)
    visitor.searches(title)
    visitor.link(title)
    visitor.sees("฿28,000")
    visitor.sees(WINNER)


@pytest.mark.parametrize("meet_here", [("th", "phone", True)], indirect=True, ids=["thai-phone"])
def test_selection_with_a_rule_overridden(meet_here: Meet) -> None:
    """Entered from the papers of the last weeks; the contract was signed while the days for appeals ran."""
    officer, title = meet_here(ProcurementOfficer), "จ้างซ่อมเครื่องกรองน้ำชุมชน"
    officer.begins(PROJECT, title, "120,000", way="limited")
    officer.does_on(dt.date(2026, 10, 12), S.PROCUREMENT_PLAN)
    officer.does_on(dt.date(2026, 10, 14), S.COMMITTEE, Members_of_the_committee="3")
    officer.does_on(dt.date(2026, 10, 19), S.MEDIAN_PRICE, Median_price="118,000")
    officer.does_on(dt.date(2026, 10, 20), S.PURCHASE_REQUEST)
    officer.does_on(dt.date(2026, 10, 26), S.INVITATION, Last_day=officer.day(dt.date(2026, 11, 2)))
    officer.does_on(dt.date(2026, 11, 4), S.BID_OPENING, Number_of_bidders="2")
    officer.names_who_offered(f"{WINNER} | 110,000\nร้านตัวอย่าง | 119,000")
    officer.goes_to_work(title)
    officer.does_on(dt.date(2026, 11, 6), S.EVALUATION)
    officer.does_on(dt.date(2026, 11, 10), S.AWARD, Winner=WINNER, Amount_of_the_award="110,000")
    officer.does_on(dt.date(2026, 11, 11), S.APPEAL, Last_day=officer.day(dt.date(2026, 11, 19)))
    officer.is_warned(
        dt.date(2026, 11, 17),
        S.CONTRACT,
        WARNINGS[Rule.SIGNED_EARLY],
        Contract_number="8/2570",
        Amount_of_the_contract="110,000",
    )
    officer.goes_on_all_the_same("ผู้เสนอราคาอีกรายสละสิทธิอุทธรณ์เป็นหนังสือ", "ผู้อำนวยการเขต (ตัวอย่าง)")
    officer.does_on(dt.date(2026, 11, 18), S.CONTRACT_ESSENTIALS)
    officer.does_on(dt.date(2026, 11, 19), S.DELIVERY)
    officer.does_on(dt.date(2026, 11, 20), S.ACCEPTANCE, Members_of_the_committee="3")
    officer.does_on(dt.date(2026, 11, 20), S.PAYMENT, Paid_so_far="110,000")
    officer.does(S.MONTHLY_SUMMARY)
    officer.presses("Close: everything is paid")
    visitor = meet_here(Visitor)
    visitor.searches(title)
    visitor.link(title)
    visitor.sees("ผู้เสนอราคาอีกรายสละสิทธิอุทธรณ์เป็นหนังสือ")
    visitor.sees("ผู้อำนวยการเขต (ตัวอย่าง)")


@pytest.mark.parametrize("meet", [("th", "desktop", True)], indirect=True, ids=["thai"])
def test_open_invitation_with_draft_terms(meet: Meet) -> None:
    officer, resident, title = meet(ProcurementOfficer), meet(Resident), "จัดซื้อลำโพงประชาสัมพันธ์ชุมชน"
    officer.begins(PROJECT, title, "600,000")
    officer.does(S.PROCUREMENT_PLAN)
    officer.does(S.COMMITTEE, Members_of_the_committee="3")
    officer.does(S.MEDIAN_PRICE, Median_price="590,000")
    officer.does(S.PURCHASE_REQUEST)
    officer.shows_draft(FIRST)
    puts_draft_right(officer, resident, title)

    officer.moves_clock("27/11/2569")
    officer.goes_to_work(title)
    officer.does(S.INVITATION, Last_day="8/12/2569")
    officer.moves_clock("15/12/2569")
    officer.goes_to_work(title)
    officer.does(S.BID_OPENING, Number_of_bidders="1")
    officer.does(S.EVALUATION)
    officer.does(S.AWARD, Winner=WINNER, Amount_of_the_award="580,000")
    officer.moves_clock("16/12/2569")
    officer.goes_to_work(title)
    officer.does(S.APPEAL, Last_day="25/12/2569")
    officer.moves_clock("30/12/2569")
    officer.goes_to_work(title)
    officer.does(S.CONTRACT, Contract_number="9/2570", Amount_of_the_contract="580,000")
    officer.does(S.CONTRACT_ESSENTIALS)
    officer.divides_contract([("ลำโพงสองตัวแรก", "280,000"), ("ลำโพงที่เหลือ", "300,000")])
    for amount in ("280,000", "300,000"):
        officer.settles(S.DELIVERY)
        officer.settles(S.ACCEPTANCE, Members_of_the_committee="3")
        officer.settles(S.PAYMENT, Amount_paid=amount)
    officer.goes_to_work(title)
    officer.does(S.MONTHLY_SUMMARY)
    officer.presses("Close: everything is paid")
    resident.searches(title)
    resident.link(title)
    resident.sees("9/2570")
    resident.sees(resident.says("paid %(amount)s", amount="฿580,000"))


def puts_draft_right(officer: ProcurementOfficer, resident: Resident, title: str) -> None:
    """A neighbour asks for more on one clause; the office answers and shows the changed draft again."""
    resident.goes_to_purchase(title)
    resident.goes("Comment on clause %(number)s", number=2)
    resident.remarks("ขอให้รับประกันสองปี")
    officer.goes_to_work(title)
    officer.goes("Answer now")
    officer.answers("ผู้อยู่อาศัย 1", "ฝ่ายการคลัง", "เห็นด้วย แก้ในร่างแล้ว")
    officer.goes_to_work(title)
    officer.changes_draft(SECOND, "รับประกันสองปี ตามข้อเสนอของผู้อยู่อาศัย")
    resident.goes_to_purchase(title)
    clause = resident.main.locator("#clause-2")
    for said in ("รับประกันสองปี", "ขอให้รับประกันสองปี", "เห็นด้วย แก้ในร่างแล้ว"):
        assert said in clause.inner_text()
    assert "หนึ่ง" in resident.main.locator("del").inner_text()
    assert "สอง" in resident.main.locator("ins").inner_text()


@pytest.mark.parametrize("meet_here", [("en", "phone", False)], indirect=True, ids=["english-phone"])
def test_contract_of_a_communitys_tents_is_two_clicks_away(meet_here: Meet) -> None:
    visitor = meet_here(Visitor)
    visitor.searches(COMMUNITY)
    visitor.link(f"ชุมชน{COMMUNITY}")
    # One: the idea of the community. Two: the purchase it became part of. The contract stands there.
    visitor.link(TENTS)
    visitor.clicks(visitor.main.locator("a[href*='/procurement/']").first)
    visitor.sees(visitor.says("Contract %(number)s", number="ตย. 2/2570"))
    visitor.sees("฿8,385,000")
