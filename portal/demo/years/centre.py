"""The information centre: monthly summaries, one of them corrected, documents and pages of services (samples)."""

from __future__ import annotations

import datetime as dt

from portal.actionplan.models import Section
from portal.core.actor import SYSTEM
from portal.demo import facts
from portal.demo.calendar import NOW, moment
from portal.demo.stage import Stage
from portal.information import commands as information
from portal.information.commands import DocumentData, ServiceData
from portal.information.models import InfoClass

OCTOBER = dt.date(2026, 10, 1)


def forget_training(stage: Stage) -> None:
    """The summary of October is published before the last of its contracts was entered."""
    _publish(stage, OCTOBER, moment(2026, 11, 3, 8))


def play(stage: Stage) -> None:
    """Summaries published and corrected, one month still owed, documents, services, and all that was published elsewhere."""
    stage.say("The information centre")
    _publish(stage, dt.date(2026, 8, 1), moment(2026, 9, 2, 10))
    _publish(stage, OCTOBER, moment(2026, 11, 9, 10), "ตกหล่นสัญญาจ้างวิทยากร 1 สัญญา ซึ่งบันทึกหลังวันเผยแพร่")
    with stage.at(moment(2024, 10, 1)):
        information.publish_document(
            stage.cast.actor("planner"),
            facts.DUSIT,
            DocumentData(
                InfoClass.STRUCTURE,
                "โครงสร้างและการจัดองค์กรของสำนักงานเขตดุสิต (ตัวอย่าง)",
                "สำนักงานเขตแบ่งเป็นสิบฝ่าย ได้แก่ ปกครอง ทะเบียน โยธา สิ่งแวดล้อมและสุขาภิบาล รายได้ รักษาความสะอาดและสวนสาธารณะ "
                "การศึกษา การคลัง เทศกิจ และพัฒนาชุมชนและสวัสดิการสังคม",
            ),
        )
    with stage.at(moment(2026, 10, 7)):
        information.publish_document(
            stage.cast.actor("planner"),
            facts.DUSIT,
            DocumentData(
                InfoClass.MANUALS,
                "คู่มือการปฏิบัติงานเรื่องการรับข้อเสนอของชุมชน (ตัวอย่าง)",
                "เจ้าหน้าที่ตรวจเอกสารภายในสามวันทำการ แจ้งเหตุผลเป็นหนังสือทุกครั้งที่ส่งคืน และนัดกรรมการชุมชนเพื่อแก้ไขร่วมกัน",
            ),
        )
    for number, data in enumerate(SERVICES):
        with stage.at(moment(2026, 10, 8, 9, 5 * number)):
            information.add_service(stage.cast.actor("planner"), facts.DUSIT, data)
    with stage.at(NOW - dt.timedelta(hours=1)):
        information.gather(SYSTEM)


def _publish(stage: Stage, month: dt.date, at: dt.datetime, reason: str = "") -> None:
    with stage.at(at):
        information.publish_summary(stage.cast.actor("procurement"), facts.DUSIT, month, reason)


SERVICES = (
    ServiceData(
        name="ขอใช้เต็นท์และเก้าอี้ของชุมชน (ตัวอย่าง)",
        section=Section.COMMUNITY_WELFARE,
        what="กรรมการชุมชนหรือผู้อยู่อาศัยยืมเต็นท์และเก้าอี้ส่วนกลางสำหรับงานส่วนรวม",
        papers=["แบบคำขอยืม", "หนังสือรับรองจากกรรมการชุมชน"],
        steps=[
            ("ยื่นคำขอที่ฝ่ายพัฒนาชุมชนฯ", "15 นาที"),
            ("ตรวจว่ามีของว่างและลงทะเบียนยืม", "1 วันทำการ"),
            ("นัดรับของและตรวจสภาพร่วมกัน", "1 วันทำการ"),
        ],
        duration="ไม่เกิน 3 วันทำการ",
        fee="ไม่มีค่าธรรมเนียม",
        place="ฝ่ายพัฒนาชุมชนและสวัสดิการสังคม สำนักงานเขต",
        is_sample=True,
    ),
    ServiceData(
        name="ขอตัดแต่งต้นไม้ในที่สาธารณะ (ตัวอย่าง)",
        section=Section.CLEANSING_PARKS,
        what="แจ้งต้นไม้ที่กิ่งหักหรือบังไฟทางในที่สาธารณะ",
        papers=["ภาพถ่ายและจุดที่ตั้ง"],
        steps=[("รับแจ้งและออกดูพื้นที่", "3 วันทำการ"), ("ตัดแต่งและเก็บกิ่งไม้", "7 วันทำการ")],
        duration="ไม่เกิน 10 วันทำการ",
        fee="ไม่มีค่าธรรมเนียม",
        place="ฝ่ายรักษาความสะอาดและสวนสาธารณะ หรือแจ้งทางโทรศัพท์",
        is_sample=True,
    ),
    ServiceData(
        name="ขอดูเอกสารการจัดซื้อจัดจ้าง (ตัวอย่าง)",
        section=Section.FINANCE,
        what="ประชาชนทุกคนขอดูเอกสารที่เปิดเผยได้ โดยไม่ต้องบอกเหตุผล",
        papers=[],
        steps=[("แจ้งชื่อโครงการหรือเลขที่สัญญา", "5 นาที"), ("ดูเอกสารหรือรับสำเนา", "1 วันทำการ")],
        duration="ภายในวันเดียวหากเอกสารพร้อม",
        fee="ค่าสำเนาตามอัตราที่ประกาศ",
        place="ฝ่ายการคลัง สำนักงานเขต",
        is_sample=True,
    ),
)
