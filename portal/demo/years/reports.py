"""How far the work is: the city's real series, and projects of the district in every state (samples)."""

from __future__ import annotations

from portal.demo import facts, planning
from portal.demo.calendar import moment
from portal.demo.reporting import Followed, loudspeaker, picture, real_series
from portal.demo.stage import Stage
from portal.demo.years.y2569 import TENTS
from portal.progress.models import Moment


def play(stage: Stage) -> None:
    """Finished, going to plan and waiting for its second person, at a standstill, overdue, corrected, sent back."""
    stage.say("Progress of the projects")
    real_series(stage)
    _tents(stage)
    _sound(stage)
    _solar(stage)
    _chairs(stage)
    _fire(stage)


def _sheet(stage: Stage, year: int, name: str, month: int, day: int) -> Followed:
    project_id = planning.project_named(stage.action_plans[year], name)
    return Followed.project(stage, project_id, moment(2026, month, day, 9))


def _project(key: str) -> str:
    return f"โครงการ{facts.items()[key]['title']}"


def _tents(stage: Stage) -> None:
    """The money came late: four months at the same percentage, with its reason."""
    sheet = _sheet(stage, 2569, TENTS, 7, 1)
    sheet.report(
        moment(2026, 7, 24), 10, "เผยแพร่แผนการจัดหา และเสนอแต่งตั้งคณะกรรมการกำหนดขอบเขตของงานและราคากลาง"
    )
    late = {
        "is_on_plan": False,
        "reason": "ได้รับโอนงบประมาณเดือนมิถุนายน จึงเริ่มจัดหาช้ากว่าแผนสองไตรมาส คาดว่าส่งมอบภายในเดือนธันวาคม",
    }
    sheet.report(moment(2026, 8, 25), 30, "ประกาศเชิญชวนเสนอราคาเต็นท์รวม 43 ชุมชนเป็นงานเดียว", **late)
    sheet.report(moment(2026, 9, 25), 30, "เปิดซองและพิจารณาผล มีประชาชนร่วมสังเกตการณ์", **late)
    sheet.report(moment(2026, 10, 24), 30, "ลงนามสัญญาแล้วด้วยเงินที่กันไว้เบิกเหลื่อมปี ผู้ขายเตรียมส่งมอบ", **late)


def _sound(stage: Stage) -> None:
    """Finished; the first report had a figure wrong and was corrected."""
    sheet = _sheet(stage, 2570, _project("sound"), 10, 2)
    first = sheet.report(
        moment(2026, 10, 23),
        90,
        "ส่งมอบ ติดตั้ง และตรวจรับครบทุกชุมชนแล้ว จ่ายเงินตามสัญญา",
        spent_satang=507_000_00,
        photos=[
            picture(Moment.BEFORE, "ก่อนติดตั้งลำโพง"),
            picture(Moment.AFTER, "หลังติดตั้งลำโพง", loudspeaker, poles=3),
        ],
    )
    sheet.correct(moment(2026, 11, 2, 9), first)
    sheet.report(
        moment(2026, 11, 2, 10),
        90,
        "ส่งมอบ ติดตั้ง และตรวจรับครบทุกชุมชนแล้ว จ่ายเงินตามสัญญา",
        spent_satang=570_000_00,
        correction_reason="พิมพ์จำนวนเงินที่เบิกจ่ายสลับหลัก ตามสัญญาเป็น 570,000 บาท",
    )
    sheet.report(moment(2026, 11, 18), 100, "อบรมผู้ดูแลเครื่องเสียงของชุมชนครบ งานแล้วเสร็จ")


def _solar(stage: Stage) -> None:
    """Going to plan; the report of this month waits for its second person."""
    sheet = _sheet(stage, 2570, _project("solar"), 10, 5)
    sheet.report(
        moment(2026, 10, 23),
        5,
        "สำรวจจุดติดตั้งริมคลองร่วมกับกรรมการชุมชน",
        photos=[picture(Moment.BEFORE, "ทางเดินริมคลองที่ยังไม่มีไฟ")],
    )
    sheet.write(
        moment(2026, 11, 20),
        15,
        "เปิดรับฟังความคิดเห็นร่างขอบเขตของงาน",
        photos=[picture(Moment.DURING, "วัดระยะและปักหมุดจุดติดตั้ง")],
    )


def _chairs(stage: Stage) -> None:
    """Nobody reported in October: overdue. What is written now was sent back."""
    sheet = _sheet(stage, 2570, _project("chairs"), 10, 6)
    sheet.write(
        moment(2026, 11, 16),
        0,
        "ไม่มีผู้ยื่นข้อเสนอ จึงยกเลิกการจัดซื้อ",
        is_on_plan=False,
        reason="ต้องจัดซื้อใหม่",
    )
    sheet.send_back(moment(2026, 11, 17), "ขอให้เพิ่มกำหนดประกาศครั้งใหม่ เพื่อให้ชุมชนทราบ")


def _fire(stage: Stage) -> None:
    """Followed, and not reported yet."""
    _sheet(stage, 2570, _project("fire"), 11, 3)
