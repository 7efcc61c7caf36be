"""The whole way, as README walks it: from a forum to an inspected delivery, each role in turn, by clicking alone."""

import base64

import pytest

from portal.procurement.models import StepKind
from tests.journeys.buyers import ProcurementOfficer
from tests.journeys.people import (
    CommunityDesk,
    Director,
    Leader,
    Meet,
    Planner,
    Resident,
    SecondLeader,
    SecondPlanner,
    Visitor,
)

COMMUNITY = "วัดโบสถ์สามเสน"
FORUM = "Monthly community meeting"
IDEA = "เครื่องเติมอากาศในคลองหน้าวัด"
PURCHASE = "จัดซื้อเครื่องเติมอากาศในคลอง"
OFFICE = "ฝ่ายพัฒนาชุมชนและสวัสดิการสังคม"
RESIDENT, NEIGHBOUR = "ผู้อยู่อาศัย 1", "ผู้อยู่อาศัย 2"
AREA_LINE = {
    "th": "3 การส่งเสริมบทบาทและการมีส่วนร่วมของภาคประชาชน",
    "en": "3 A greater part for the people",
}
CITY_LINE = {"th": "2.1 คุณภาพสิ่งแวดล้อมยั่งยืน", "en": "2.1 Lasting quality of the environment"}
SCAN = {
    "name": "signed.png",
    "mimeType": "image/png",
    "buffer": base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
    ),
}


class Neighbour(Resident):
    """Somebody else who lives there."""

    role = "resident2"


@pytest.mark.parametrize(
    "meet",
    [
        pytest.param(("th", "desktop", True), id="thai"),
        pytest.param(("en", "phone", True), id="english-phone"),
        pytest.param(("th", "desktop", False), id="thai-without-javascript"),
    ],
    indirect=True,
)
def test_whole_way(meet: Meet) -> None:
    forum_to_submission(meet)
    screening(meet)
    action_plan(meet)
    procurement(meet)

    visitor = meet(Visitor)
    visitor.searches(IDEA)
    visitor.link(IDEA)
    for stage in ("Forum", "Community plan", "Accepted", "Action plan", "Procurement", "Acceptance"):
        visitor.sees(visitor.says(stage))
    for fact in ("฿30,000", "฿28,000", visitor.says(FORUM), PURCHASE):
        visitor.sees(fact)
    visitor.sees(visitor.says("Delivered and inspected"))


def forum_to_submission(meet: Meet) -> None:
    leader = meet(Leader)
    leader.records_forum(COMMUNITY, FORUM, 14, 11, "ที่ประชุมเห็นชอบให้ขอเครื่องเติมอากาศในคลอง")
    leader.writes_issue_down("น้ำในคลองเน่าเสียช่วงหน้าแล้ง", IDEA, 9, 21)
    leader.makes_item_of(IDEA, COMMUNITY, FORUM)
    leader.completes_item(
        {
            "Where": "คลองหน้าวัดโบสถ์สามเสน",
            "How many people benefit": "180",
            "Objective": "น้ำในคลองสะอาดขึ้น",
            "How success is measured": "ค่าออกซิเจนในน้ำสูงกว่า 2 มิลลิกรัมต่อลิตร",
        },
        "เครื่องเติมอากาศ",
        "2",
        "เครื่อง",
        "15,000",
    )
    leader.signs()
    meet(SecondLeader).signs()
    meet(CommunityDesk).enters_signatures(COMMUNITY, ["รองประธาน", "เหรัญญิก"], SCAN)
    leader.submits()


def screening(meet: Meet) -> None:
    planner = meet(Planner)
    planner.takes_in(COMMUNITY)
    planner.fills_card(IDEA, area=AREA_LINE[planner.language], city=CITY_LINE[planner.language])
    planner.proposes("ตรงกับยุทธศาสตร์และมีผู้ดูแลหลังติดตั้ง")
    meet(SecondPlanner).confirms(IDEA)
    director = meet(Director)
    director.releases()
    takes_letter(meet(Leader))
    director.moves_clock("20/2/2570")


def takes_letter(leader: Leader) -> None:
    leader.goes_by_menu("Our items in screening")
    row = leader.main.get_by_role("listitem").filter(has_text=IDEA)
    leader.link(leader.says("Letter to the community"), inside=row)
    link = leader.main.get_by_role("link", name=leader.says("Download as PDF"))
    assert leader.page.request.get(link.get_attribute("href") or "").body().startswith(b"%PDF-")


def action_plan(meet: Meet) -> None:
    planner, director, resident = meet(Planner), meet(Director), meet(Resident)
    planner.goes_to_action_plan("2571")
    planner.makes_project_of(
        IDEA,
        {
            "Rationale": "น้ำในคลองเน่าเสียทุกปี",
            "Objectives": "ให้น้ำในคลองสะอาดขึ้น",
            "Targets and outputs": "เครื่องเติมอากาศ 2 เครื่อง",
            "Method": "ประกวดราคาอิเล็กทรอนิกส์",
            "Indicators and results": "ค่าออกซิเจนในน้ำ",
        },
    )
    planner.goes_to_action_plan("2571")
    planner.puts_the_rest_off("รอจัดลำดับเข้าโครงการในคราวถัดไป")
    planner.moves_clock("17/3/2570")
    planner.takes_step("2571", "Open the hearing")
    resident.remarks_on_draft_project(IDEA, "ขอให้มีผู้ดูแลเครื่องหลังติดตั้ง")
    meet(Neighbour).remarks_on_draft_project(IDEA, "ใครดูแลเครื่องเมื่อเสีย")
    planner.moves_clock("19/4/2570")
    # Remarks wait, so the hearing does not close; one reply answers both neighbours.
    planner.takes_step("2571", "Close the hearing")
    planner.goes("Answer the hearing")
    planner.answers(RESIDENT, OFFICE, "ฝ่ายสิ่งแวดล้อมและสุขาภิบาลจะดูแล", NEIGHBOUR)
    planner.takes_step("2571", "Close the hearing")
    director.takes_step("2571", "Approve the plan")
    director.takes_step("2571", "Publish the plan")


def procurement(meet: Meet) -> None:
    officer, resident = meet(ProcurementOfficer), meet(Resident)
    officer.begins(IDEA, PURCHASE, "30,000", "19/4/2570")
    officer.does(StepKind.PROCUREMENT_PLAN)
    officer.does(StepKind.COMMITTEE, Members_of_the_committee="3")
    officer.does(StepKind.MEDIAN_PRICE, Median_price="29,000")
    officer.does(StepKind.PURCHASE_REQUEST)
    officer.shows_draft("1. เครื่องเติมอากาศ 2 เครื่อง\n2. รับประกันหนึ่งปี")

    resident.goes_to_purchase(PURCHASE)
    resident.remarks("ขอให้รับประกันสองปี")
    officer.goes_to_work(PURCHASE)
    officer.goes("Answer now")
    officer.answers(RESIDENT, "ฝ่ายการคลัง", "แก้เป็นรับประกันสองปีแล้ว")

    officer.goes_to_work(PURCHASE)
    officer.invites_observers(StepKind.BID_OPENING, "10:00", "ห้องประชุมสำนักงานเขตดุสิต", 3)
    resident.asks_to_observe(PURCHASE, StepKind.BID_OPENING)
    officer.confirms_observer(PURCHASE)
    officer.moves_clock("29/4/2570")
    officer.goes_to_work(PURCHASE)
    officer.does(StepKind.INVITATION)
    officer.moves_clock("11/5/2570")
    officer.does(StepKind.BID_OPENING)
    officer.notes_who_came(PURCHASE)
    resident.reports("เปิดซองครบทุกราย", "มีผู้ยื่นรายเดียว")
    officer.answers_observer(PURCHASE, "ประกาศครบตามกำหนดและมีผู้สนใจรายเดียว")

    officer.goes_to_work(PURCHASE)
    officer.does(StepKind.EVALUATION)
    officer.does(StepKind.AWARD, Winner="บริษัท ตัวอย่าง จำกัด", Amount_of_the_award="28,000")
    officer.moves_clock("13/5/2570")
    officer.does(StepKind.APPEAL)
    officer.moves_clock("25/5/2570")
    officer.does(StepKind.CONTRACT, Contract_number="1/2570", Amount_of_the_contract="28,000")
    officer.does(StepKind.CONTRACT_ESSENTIALS)
    officer.does(StepKind.DELIVERY)
    officer.does(StepKind.ACCEPTANCE, Members_of_the_committee="3")
    officer.does(StepKind.PAYMENT, Paid_so_far="28,000")
    officer.does(StepKind.MONTHLY_SUMMARY)
    officer.presses("Close: everything is paid")
