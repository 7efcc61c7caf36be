"""What is bought for the projects. The tents follow the real notice 69089283521 up to its invitation; the rest is made up."""

from __future__ import annotations

import datetime as dt

from portal.core import clock, jobs
from portal.demo import facts, planning
from portal.demo.buying import OCID_PREFIX, Purchase
from portal.demo.calendar import moment
from portal.demo.stage import Stage
from portal.demo.years import centre, watching
from portal.demo.years.y2569 import TENTS
from portal.procurement import commands
from portal.procurement.commands.processes import ProcessData
from portal.procurement.models import Category, Method, StepKind
from portal.procurement.words import WAYS

BIDDING = WAYS["e-bidding"].details


def play(stage: Stage) -> None:
    """Five processes: running, finished, in draft, cancelled, waiting to be paid; citizens watch them."""
    stage.say("Purchases and observers")
    _tents(stage)
    _sound(stage)
    centre.forget_training(stage)
    _solar(stage)
    _chairs(stage)
    _training(stage)
    _notices(stage)


def _tents(stage: Stage) -> None:
    """One lot of seven lines for 43 communities."""
    project_id = planning.project_named(stage.action_plans[2569], TENTS)
    lot = Purchase(
        stage,
        [project_id],
        ProcessData(
            title=f"{TENTS} จำนวน 7 รายการ",
            method=Method.OPEN,
            method_details=BIDDING,
            category=Category.GOODS,
            budget_satang=8_600_000_00,
            egp_number="69089283521",
        ),
        moment(2026, 7, 20, 9),
    )
    lot.do(StepKind.PROCUREMENT_PLAN, moment(2026, 7, 20, 10))
    lot.do(StepKind.COMMITTEE, moment(2026, 7, 27, 10), committee_size=3)
    lot.do(
        StepKind.MEDIAN_PRICE,
        moment(2026, 8, 13, 9),
        median_price_satang=279_800_00,
        note="ตัวเลขตามประกาศจริง ซึ่งไม่ได้บอกว่าเป็นราคาของจำนวนเท่าใด",
    )
    lot.do(StepKind.PURCHASE_REQUEST, moment(2026, 8, 13, 10))
    lot.show_draft(
        "1. เต็นท์สนามโครงเหล็ก ขนาด 4 x 8 เมตร ผ้าใบกันน้ำ\n2. ส่งมอบที่ทำการชุมชน 43 แห่ง ภายใน 45 วัน\n"
        "3. รับประกันโครงและผ้าใบไม่น้อยกว่า 2 ปี\n(ร่างตัวอย่างเพื่อการสาธิต)",
        moment(2026, 8, 13, 11),
        dt.date(2026, 8, 16),
    )
    lot.remark("resident", "ขอเพิ่มการรับประกันตะเข็บผ้าใบ เพราะของเดิมขาดที่ตะเข็บ", "ข้อ 3", moment(2026, 8, 14, 19))
    lot.answer("เพิ่มการรับประกันตะเข็บในข้อ 3 แล้ว", moment(2026, 8, 16, 9))
    lot.do(StepKind.INVITATION, moment(2026, 8, 17, 9), ends_on=dt.date(2026, 9, 3))
    lot.plan(StepKind.BID_OPENING, dt.date(2026, 9, 4), moment(2026, 8, 18, 9), places=3)
    watching.opening(stage, lot)
    lot.name_tenderers(
        [
            ("ผู้ยื่นข้อเสนอ ก (ตัวอย่าง)", 8_385_000_00),
            ("ผู้ยื่นข้อเสนอ ข (ตัวอย่าง)", 8_512_000_00),
            ("ผู้ยื่นข้อเสนอ ค (ตัวอย่าง)", 8_598_000_00),
        ],
        moment(2026, 9, 4, 16),
    )
    lot.do(StepKind.EVALUATION, moment(2026, 9, 18, 15))
    lot.do(
        StepKind.AWARD, moment(2026, 9, 25, 9), supplier="ผู้ชนะการเสนอราคา (ตัวอย่าง)", award_satang=8_385_000_00
    )
    lot.do(StepKind.APPEAL, moment(2026, 9, 28, 9), ends_on=dt.date(2026, 10, 7))
    lot.do(
        StepKind.CONTRACT,
        moment(2026, 10, 12, 14),
        contract_number="ตย. 2/2570",
        contract_satang=8_385_000_00,
        starts_on=dt.date(2026, 10, 13),
        contract_ends_on=dt.date(2026, 11, 27),
    )
    lot.do(StepKind.CONTRACT_ESSENTIALS, moment(2026, 10, 14, 9))
    lot.divide(
        [
            ("เต็นท์ 25 ชุมชนแรก (ตัวอย่าง)", 4_875_000_00, dt.date(2026, 11, 6)),
            ("เต็นท์ 18 ชุมชนที่เหลือ (ตัวอย่าง)", 3_510_000_00, dt.date(2026, 11, 27)),
        ],
        moment(2026, 10, 14, 10),
    )
    lot.plan(StepKind.DELIVERY, dt.date(2026, 11, 25), moment(2026, 11, 2, 9), places=1)
    lot.plan(StepKind.ACCEPTANCE, dt.date(2026, 12, 2), moment(2026, 11, 2, 9, 10), places=3)
    lot.settle(1, moment(2026, 11, 5, 15))
    lot.settle(1, moment(2026, 11, 9, 14), committee_size=3)
    lot.settle(1, moment(2026, 11, 18, 9), paid_satang=4_875_000_00, voucher="ตย. ฎ. 118/2570")
    lot.amend(
        dt.date(2026, 12, 4),
        "น้ำท่วมถนนเข้าชุมชน ส่งมอบไม่ได้หนึ่งสัปดาห์ (ตัวอย่าง)",
        moment(2026, 11, 19, 9),
    )
    lot.divide(
        [("เต็นท์ 18 ชุมชนที่เหลือ (ตัวอย่าง)", 3_510_000_00, dt.date(2026, 12, 4))], moment(2026, 11, 19, 9, 10)
    )
    watching.delivery(stage, lot)


def _project(key: str) -> str:
    return f"โครงการ{facts.items()[key]['title']}"


def _sound(stage: Stage) -> None:
    """Bought, inspected, paid: the whole way. Prepared before the fiscal year, signed when its money was there."""
    project_id = planning.project_named(stage.action_plans[2570], _project("sound"))
    data = ProcessData(
        title="จัดซื้อเครื่องเสียงเคลื่อนที่และลำโพงชุมชน (ตัวอย่าง)",
        method=Method.OPEN,
        method_details=BIDDING,
        category=Category.GOODS,
        budget_satang=592_900_00,
    )
    lot = Purchase(stage, [project_id], data, moment(2026, 7, 13, 9))
    lot.do(StepKind.PROCUREMENT_PLAN, moment(2026, 7, 13, 10))
    lot.do(StepKind.COMMITTEE, moment(2026, 7, 20, 10), committee_size=3)
    lot.do(StepKind.MEDIAN_PRICE, moment(2026, 8, 3, 9), median_price_satang=585_000_00)
    lot.do(StepKind.PURCHASE_REQUEST, moment(2026, 8, 4, 9))
    lot.show_draft(
        "เครื่องเสียงเคลื่อนที่พร้อมลำโพง ส่งมอบถึงชุมชน (ร่างตัวอย่าง)", moment(2026, 8, 5, 9), dt.date(2026, 8, 11)
    )
    lot.do(StepKind.INVITATION, moment(2026, 8, 14, 9), ends_on=dt.date(2026, 8, 26))
    lot.do(StepKind.BID_OPENING, moment(2026, 8, 27, 10))
    lot.name_tenderers(
        [
            ("ร้านเครื่องเสียง (ตัวอย่าง)", 570_000_00),
            ("ห้างหุ้นส่วนจำกัด เสียงดี (ตัวอย่าง)", 581_500_00),
        ],
        moment(2026, 8, 27, 14),
    )
    lot.do(StepKind.EVALUATION, moment(2026, 9, 3, 10))
    lot.do(StepKind.AWARD, moment(2026, 9, 7, 10), supplier="ร้านเครื่องเสียง (ตัวอย่าง)", award_satang=570_000_00)
    lot.do(StepKind.APPEAL, moment(2026, 9, 8, 9), ends_on=dt.date(2026, 9, 16))
    lot.do(
        StepKind.CONTRACT, moment(2026, 10, 1, 14), contract_number="ตย. 1/2570", contract_satang=570_000_00
    )
    lot.do(StepKind.CONTRACT_ESSENTIALS, moment(2026, 10, 2, 9))
    watching.inspection(stage, lot)
    lot.do(StepKind.PAYMENT, moment(2026, 10, 22, 9), paid_satang=570_000_00)
    lot.do(StepKind.MONTHLY_SUMMARY, moment(2026, 11, 3, 9))
    lot.close(moment(2026, 11, 4, 9))


def _solar(stage: Stage) -> None:
    """The draft terms are open to remarks now."""
    project_id = planning.project_named(stage.action_plans[2570], _project("solar"))
    data = ProcessData(
        title="จ้างติดตั้งไฟโซลาร์เซลล์ทางเดินริมคลอง (ตัวอย่าง)",
        method=Method.OPEN,
        method_details=BIDDING,
        category=Category.WORKS,
        budget_satang=1_098_240_00,
    )
    lot = Purchase(stage, [project_id], data, moment(2026, 10, 26, 9))
    lot.do(StepKind.PROCUREMENT_PLAN, moment(2026, 10, 26, 10))
    lot.do(StepKind.COMMITTEE, moment(2026, 11, 2, 10), committee_size=3)
    lot.do(StepKind.MEDIAN_PRICE, moment(2026, 11, 9, 9), median_price_satang=1_082_000_00)
    lot.do(StepKind.PURCHASE_REQUEST, moment(2026, 11, 12, 9))
    lot.show_draft(
        "1. โคมไฟโซลาร์เซลล์พร้อมเสา สูงไม่น้อยกว่า 4 เมตร\n2. ติดตั้งทุกระยะ 10 เมตร\n"
        "3. รับประกันแบตเตอรี่ 3 ปี\n(ร่างตัวอย่างเพื่อการสาธิต)",
        moment(2026, 11, 16, 9),
        dt.date(2026, 11, 19),
    )
    lot.plan_window(
        StepKind.INVITATION, dt.date(2026, 11, 27), dt.date(2026, 12, 4), moment(2026, 11, 16, 10)
    )
    lot.remark("resident", "ระยะ 10 เมตรห่างไปสำหรับช่วงโค้ง ขอ 8 เมตร", "ข้อ 2", moment(2026, 11, 17, 20))
    lot.answer("ปรับเป็นทุกระยะ 8 เมตรในช่วงโค้ง และเผยแพร่ร่างใหม่", moment(2026, 11, 19, 8))
    lot.show_draft(
        "1. โคมไฟโซลาร์เซลล์พร้อมเสา สูงไม่น้อยกว่า 4 เมตร\n"
        "2. ติดตั้งทุกระยะ 10 เมตร ช่วงโค้งทุกระยะ 8 เมตร\n"
        "3. รับประกันแบตเตอรี่ 3 ปี\n(ร่างตัวอย่างเพื่อการสาธิต)",
        moment(2026, 11, 19, 9),
        dt.date(2026, 11, 26),
        "ช่วงโค้งติดตั้งทุกระยะ 8 เมตร ตามความเห็นของประชาชน",
    )
    lot.plan_window(
        StepKind.INVITATION,
        dt.date(2026, 11, 30),
        dt.date(2026, 12, 8),
        moment(2026, 11, 19, 10),
        "เผยแพร่ร่างที่แก้ไขอีกครั้งให้ครบจำนวนวัน",
    )
    watching.bids_to_come(stage, lot)
    lot.remark("resident2", "เสาควรสูงพอพ้นหลังคาเรือ และหันไฟลงทางเดิน", "ข้อ 1", moment(2026, 11, 20, 19))


def _chairs(stage: Stage) -> None:
    """Called off: no bid came."""
    project_id = planning.project_named(stage.action_plans[2570], _project("chairs"))
    data = ProcessData(
        title="จัดซื้อโต๊ะพับและเก้าอี้ประชุมชุมชน (ตัวอย่าง)",
        method=Method.LIMITED,
        method_details=WAYS["limited"].details,
        category=Category.GOODS,
        budget_satang=372_000_00,
    )
    lot = Purchase(stage, [project_id], data, moment(2026, 9, 1, 9))
    lot.do(StepKind.PROCUREMENT_PLAN, moment(2026, 9, 1, 10))
    lot.do(StepKind.COMMITTEE, moment(2026, 9, 7, 10), committee_size=3)
    lot.do(StepKind.MEDIAN_PRICE, moment(2026, 9, 14, 9), median_price_satang=368_000_00)
    lot.do(StepKind.PURCHASE_REQUEST, moment(2026, 9, 15, 9))
    lot.do(StepKind.INVITATION, moment(2026, 9, 16, 9), ends_on=dt.date(2026, 9, 28))
    lot.do(StepKind.BID_OPENING, moment(2026, 9, 29, 10), note="ไม่มีผู้ยื่นข้อเสนอ")
    lot.cancel("ไม่มีผู้ยื่นข้อเสนอ จะประกาศใหม่พร้อมปรับรายละเอียด", moment(2026, 10, 9, 9))


def _training(stage: Stage) -> None:
    """The specific method: delivered and inspected, waiting to be paid."""
    project_id = planning.project_named(stage.action_plans[2570], _project("training"))
    data = ProcessData(
        title="จ้างวิทยากรและเอกสารอบรมของชุมชน (ตัวอย่าง)",
        method=Method.DIRECT,
        method_details=WAYS["direct"].details,
        category=Category.SERVICES,
        budget_satang=120_000_00,
    )
    lot = Purchase(stage, [project_id], data, moment(2026, 10, 12, 9))
    lot.do(StepKind.PROCUREMENT_PLAN, moment(2026, 10, 12, 10))
    lot.do(StepKind.COMMITTEE, moment(2026, 10, 14, 10), committee_size=3)
    lot.do(StepKind.MEDIAN_PRICE, moment(2026, 10, 19, 9), median_price_satang=118_500_00)
    lot.do(StepKind.PURCHASE_REQUEST, moment(2026, 10, 20, 9))
    lot.do(
        StepKind.AWARD,
        moment(2026, 10, 26, 9),
        supplier="ผู้รับจ้าง (ตัวอย่าง)",
        award_satang=117_000_00,
        note="มีประสบการณ์ตรงกับงาน และราคาไม่เกินราคากลาง (ตัวอย่าง)",
    )
    lot.do(
        StepKind.CONTRACT,
        moment(2026, 11, 6, 10),
        on=dt.date(2026, 10, 28),
        contract_number="ตย. 3/2570",
        contract_satang=117_000_00,
    )
    lot.do(StepKind.CONTRACT_ESSENTIALS, moment(2026, 11, 6, 11))
    lot.do(StepKind.DELIVERY, moment(2026, 11, 13, 16))
    lot.do(StepKind.ACCEPTANCE, moment(2026, 11, 17, 10), committee_size=3)


def _notices(stage: Stage) -> None:
    """An officer has sent a list of notices and not decided yet: one line new, one faulty."""
    lines = (
        "egp_project_no,title_th,agency_th,budget_baht,method_th,type_th,median_price_published",
        "69990000001,จ้างซ่อมทางเท้าหน้าชุมชน (ตัวอย่าง),สำนักงานเขตดุสิต,180000,เฉพาะเจาะจง,จ้าง,2026-11-10T17:00:00Z",
        "69990000002,จัดซื้อวัสดุ (ตัวอย่าง),สำนักตัวอย่าง,95000,เฉพาะเจาะจง,ซื้อ,",
    )
    content = "\n".join(lines).encode()
    with stage.at(moment(2026, 11, 20, 9)):
        actor = stage.cast.actor("procurement")
        commands.compare_notices(actor, "notices.csv", content, "", ocid_prefix=OCID_PREFIX)
    with clock.travel(moment(2026, 11, 20, 9, 5)):
        jobs.run_due(
            limit=50
        )  # the lines are held against this day, not that of the vote that is played later
