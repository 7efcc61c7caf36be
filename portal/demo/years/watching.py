"""Citizens who watch the purchases, in every state: asked, waiting, confirmed, declined, given up, came by the code at the
door or noted by the officer, did not come; reports that are public, kept from the public, answered and overdue."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from portal.core import clock, db
from portal.demo.buying import Purchase
from portal.demo.calendar import moment
from portal.demo.stage import Stage
from portal.observation import commands as observation
from portal.observation.commands import Finding, ReportData
from portal.observation.doors import Door
from portal.observation.models import Grade, Signup
from portal.procurement.models import Step, StepKind

DOOR = Door("the door of the demonstration's years")


def _sign_up(stage: Stage, part: str, step_id: int, at: dt.datetime) -> int:
    with stage.at(at):
        return observation.sign_up(stage.cast.actor(part), step_id, has_no_interest=True).id


def _get(signup_id: int) -> Signup:
    return db.session().get_one(Signup, signup_id)


def _comes(stage: Stage, part: str, step_id: int, at: dt.datetime) -> None:
    """By the code on the screen at the door."""
    with stage.at(at):
        step = db.session().get_one(Step, step_id)
        code = DOOR.sign(step_id, step.meets_at or at, clock.now())
        observation.check_in(stage.cast.actor(part), step_id, code, DOOR)


def _reports(
    stage: Stage,
    part: str,
    signup_id: int,
    at: dt.datetime,
    seen: str,
    findings: Sequence[tuple[Grade, str]] = (),
    *,
    is_public: bool = True,
) -> int:
    with stage.at(at):
        data = ReportData(seen, [Finding(*one) for one in findings], is_public=is_public)
        return observation.write_report(stage.cast.actor(part), _get(signup_id), data).id


def opening(stage: Stage, lot: Purchase) -> None:
    """Of the tents: confirmed, declined; attended, absent; a report that was answered and one whose answer is overdue."""
    officer, step_id = lot.officer, lot.step_id(StepKind.BID_OPENING)
    signups = {
        part: _sign_up(stage, part, step_id, moment(2026, 8, 20, 18, 5 * number))
        for number, part in enumerate(("resident", "resident2", "resident3", "resident4"))
    }
    with stage.at(moment(2026, 8, 24, 9)):
        observation.confirm_all(officer, step_id)
    with stage.at(moment(2026, 8, 24, 9, 30)):
        observation.decline_signup(officer, _get(signups["resident4"]), "เป็นญาติกับผู้ยื่นข้อเสนอ")
    _comes(stage, "resident", step_id, moment(2026, 9, 4, 9, 50))
    lot.do(StepKind.BID_OPENING, moment(2026, 9, 4, 13))
    for part, is_present in (("resident2", True), ("resident3", False)):
        with stage.at(moment(2026, 9, 4, 15)):
            observation.record_attendance(officer, _get(signups[part]), is_present=is_present)
    report = _reports(
        stage,
        "resident",
        signups["resident"],
        moment(2026, 9, 4, 20),
        "เปิดซองตามเวลา อ่านราคาทุกรายต่อหน้าผู้เข้าร่วม",
        [
            (Grade.NO_CONCERN, "คณะกรรมการมาครบสามคน"),
            (Grade.NO_CONCERN, "ซองทุกซองยังปิดผนึกก่อนเปิด"),
        ],
    )
    _reports(
        stage,
        "resident2",
        signups["resident2"],
        moment(2026, 9, 5, 9),
        "เห็นการตรวจเอกสารครบทุกราย",
        [
            (Grade.NO_CONCERN, "เริ่มตรงเวลา"),
            (Grade.CONCERN, "ผู้ยื่นรายหนึ่งใช้ที่อยู่เดียวกับอีกราย ขอให้ตรวจสอบ"),
        ],
    )
    with stage.at(moment(2026, 9, 8, 10)):
        observation.answer_report(officer, report, "ขอบคุณที่ร่วมสังเกตการณ์ บันทึกการเปิดซองเผยแพร่แล้ว")


def delivery(stage: Stage, lot: Purchase) -> None:
    """One place at the delivery: one confirmed, one waiting. At the acceptance: asked, and given up."""
    coming, acceptance = lot.step_id(StepKind.DELIVERY), lot.step_id(StepKind.ACCEPTANCE)
    first = _sign_up(stage, "resident", coming, moment(2026, 11, 4, 18))
    _sign_up(stage, "resident2", coming, moment(2026, 11, 4, 19))
    with stage.at(moment(2026, 11, 5, 9)):
        observation.confirm_signup(lot.officer, _get(first))
    _sign_up(stage, "resident3", acceptance, moment(2026, 11, 10, 18))
    dropped = _sign_up(stage, "resident4", acceptance, moment(2026, 11, 10, 19))
    with stage.at(moment(2026, 11, 11, 9)):
        observation.cancel_signup(stage.cast.actor("resident4"), _get(dropped))


def inspection(stage: Stage, lot: Purchase) -> None:
    """Of what was delivered: a question that was answered in time, and a concern kept from the public."""
    lot.plan(StepKind.ACCEPTANCE, dt.date(2026, 10, 14), moment(2026, 10, 5, 9), hour=13, places=4)
    step_id = lot.step_id(StepKind.ACCEPTANCE)
    signups = {
        part: _sign_up(stage, part, step_id, moment(2026, 10, 5, 18, number))
        for number, part in enumerate(("resident3", "resident4"))
    }
    with stage.at(moment(2026, 10, 6, 9)):
        observation.confirm_all(lot.officer, step_id)
    lot.do(StepKind.DELIVERY, moment(2026, 10, 12, 9))
    for minute, part in enumerate(signups):
        _comes(stage, part, step_id, moment(2026, 10, 14, 12, 45 + minute))
    lot.do(StepKind.ACCEPTANCE, moment(2026, 10, 14, 14), committee_size=3)
    asked = _reports(
        stage,
        "resident3",
        signups["resident3"],
        moment(2026, 10, 14, 19),
        "กรรมการเปิดลองเสียงทุกชุด นับลำโพงครบตามสัญญา",
        [
            (Grade.NO_CONCERN, "จำนวนครบตามสัญญา"),
            (Grade.QUESTION, "ใบรับประกันอยู่ที่ใคร และชุมชนแจ้งซ่อมทางไหน"),
        ],
    )
    _reports(
        stage,
        "resident4",
        signups["resident4"],
        moment(2026, 10, 15, 8),
        "ลองใช้แล้วสองชุดเสียงขาดเป็นช่วง",
        [(Grade.CONCERN, "ลำโพงสองตัวเสียงขาด ขอให้ตรวจก่อนจ่ายเงิน")],
        is_public=False,
    )
    with stage.at(moment(2026, 10, 20, 10)):
        observation.answer_report(
            lot.officer, asked, "ใบรับประกันเก็บที่ฝ่ายการคลัง ชุมชนแจ้งซ่อมได้ที่ฝ่ายพัฒนาชุมชนฯ (ตัวอย่าง)"
        )


def bids_to_come(stage: Stage, lot: Purchase) -> None:
    """Two places at an opening of bids to come: two ask, one waits."""
    lot.plan(StepKind.BID_OPENING, dt.date(2026, 12, 22), moment(2026, 11, 19, 10), places=2)
    step_id = lot.step_id(StepKind.BID_OPENING)
    for number, part in enumerate(("resident2", "resident3", "resident4")):
        _sign_up(stage, part, step_id, moment(2026, 11, 19, 18, number))
