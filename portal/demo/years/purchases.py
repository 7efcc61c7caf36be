"""What is bought for the projects. The tents follow the real notice 69089283521 up to its invitation; the rest is made up."""

from __future__ import annotations

import datetime as dt

from portal.demo import facts, planning
from portal.demo.buying import Purchase
from portal.demo.calendar import moment
from portal.demo.stage import Stage
from portal.demo.years import watching
from portal.demo.years.y2569 import TENTS
from portal.procurement.commands.processes import ProcessData
from portal.procurement.models import Category, Method, StepKind

BIDDING = "ประกาศเชิญชวนทั่วไป (e-bidding)"


def play(stage: Stage) -> None:
    """Four processes: running, in draft, finished, cancelled; citizens watch them."""
    stage.say("Purchases and observers")
    _tents(stage)
    _sound(stage)
    _solar(stage)
    _chairs(stage)


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
    lot.do(StepKind.MEDIAN_PRICE, moment(2026, 8, 13, 9), median_price_satang=279_800_00)
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
    lot.do(StepKind.EVALUATION, moment(2026, 9, 18, 15))
    lot.do(
        StepKind.AWARD, moment(2026, 9, 25, 9), supplier="ผู้ชนะการเสนอราคา (ตัวอย่าง)", award_satang=8_385_000_00
    )
    lot.do(StepKind.APPEAL, moment(2026, 9, 28, 9), ends_on=dt.date(2026, 10, 7))
    lot.do(
        StepKind.CONTRACT,
        moment(2026, 10, 12, 14),
        contract_number="ตย. 1/2570",
        contract_satang=8_385_000_00,
    )
    lot.do(StepKind.CONTRACT_ESSENTIALS, moment(2026, 10, 14, 9))
    lot.plan(StepKind.DELIVERY, dt.date(2026, 11, 25), moment(2026, 11, 2, 9), places=1)
    lot.plan(StepKind.ACCEPTANCE, dt.date(2026, 12, 2), moment(2026, 11, 2, 9, 10), places=3)
    watching.delivery(stage, lot)


def _project(key: str) -> str:
    return f"โครงการ{facts.items()[key]['title']}"


def _sound(stage: Stage) -> None:
    """Bought, inspected, paid: the whole way."""
    project_id = planning.project_named(stage.action_plans[2570], _project("sound"))
    data = ProcessData(
        title="จัดซื้อเครื่องเสียงเคลื่อนที่และลำโพงชุมชน (ตัวอย่าง)",
        method=Method.OPEN,
        method_details=BIDDING,
        category=Category.GOODS,
        budget_satang=726_000_00,
    )
    lot = Purchase(stage, [project_id], data, moment(2026, 6, 1, 9))
    lot.do(StepKind.PROCUREMENT_PLAN, moment(2026, 6, 1, 10))
    lot.do(StepKind.COMMITTEE, moment(2026, 6, 8, 10), committee_size=3)
    lot.do(StepKind.MEDIAN_PRICE, moment(2026, 6, 15, 9), median_price_satang=715_000_00)
    lot.do(StepKind.PURCHASE_REQUEST, moment(2026, 6, 16, 9))
    lot.show_draft(
        "เครื่องเสียงเคลื่อนที่พร้อมลำโพง ส่งมอบถึงชุมชน (ร่างตัวอย่าง)", moment(2026, 6, 17, 9), dt.date(2026, 6, 23)
    )
    lot.do(StepKind.INVITATION, moment(2026, 6, 25, 9), ends_on=dt.date(2026, 7, 6))
    lot.do(StepKind.BID_OPENING, moment(2026, 7, 7, 10))
    lot.do(StepKind.EVALUATION, moment(2026, 7, 14, 10))
    lot.do(StepKind.AWARD, moment(2026, 7, 17, 10), supplier="ร้านเครื่องเสียง (ตัวอย่าง)", award_satang=698_000_00)
    lot.do(StepKind.APPEAL, moment(2026, 7, 20, 9), ends_on=dt.date(2026, 7, 31))
    lot.do(
        StepKind.CONTRACT, moment(2026, 8, 4, 10), contract_number="ตย. 2/2570", contract_satang=698_000_00
    )
    lot.do(StepKind.CONTRACT_ESSENTIALS, moment(2026, 8, 6, 9))
    lot.do(StepKind.DELIVERY, moment(2026, 10, 5, 9))
    watching.inspection(stage, lot)
    lot.do(StepKind.PAYMENT, moment(2026, 10, 22, 9), paid_satang=698_000_00)
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
        budget_satang=1_497_600_00,
    )
    lot = Purchase(stage, [project_id], data, moment(2026, 10, 26, 9))
    lot.do(StepKind.PROCUREMENT_PLAN, moment(2026, 10, 26, 10))
    lot.do(StepKind.COMMITTEE, moment(2026, 11, 2, 10), committee_size=3)
    lot.do(StepKind.MEDIAN_PRICE, moment(2026, 11, 9, 9), median_price_satang=1_476_000_00)
    lot.do(StepKind.PURCHASE_REQUEST, moment(2026, 11, 12, 9))
    lot.show_draft(
        "1. โคมไฟโซลาร์เซลล์พร้อมเสา สูงไม่น้อยกว่า 4 เมตร\n2. ติดตั้งทุกระยะ 10 เมตร\n"
        "3. รับประกันแบตเตอรี่ 3 ปี\n(ร่างตัวอย่างเพื่อการสาธิต)",
        moment(2026, 11, 19, 9),
        dt.date(2026, 11, 26),
    )
    watching.bids_to_come(stage, lot)
    lot.remark("resident2", "เสาควรสูงพอพ้นหลังคาเรือ และหันไฟลงทางเดิน", "ข้อ 1", moment(2026, 11, 20, 19))


def _chairs(stage: Stage) -> None:
    """Called off: no bid came."""
    project_id = planning.project_named(stage.action_plans[2570], _project("chairs"))
    data = ProcessData(
        title="จัดซื้อโต๊ะพับและเก้าอี้ประชุมชุมชน (ตัวอย่าง)",
        method=Method.LIMITED,
        method_details="คัดเลือก",
        category=Category.GOODS,
        budget_satang=434_000_00,
    )
    lot = Purchase(stage, [project_id], data, moment(2026, 9, 1, 9))
    lot.do(StepKind.PROCUREMENT_PLAN, moment(2026, 9, 1, 10))
    lot.do(StepKind.COMMITTEE, moment(2026, 9, 7, 10), committee_size=3)
    lot.do(StepKind.MEDIAN_PRICE, moment(2026, 9, 14, 9), median_price_satang=430_000_00)
    lot.cancel("ไม่มีผู้ยื่นข้อเสนอ จะประกาศใหม่พร้อมปรับรายละเอียด", moment(2026, 10, 9, 9))
