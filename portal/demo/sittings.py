"""The committee of a district's plan in the demonstration: made-up members, a meeting, a declared interest, a resolution."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from portal.actionplan import commands as actionplan
from portal.actionplan.committee import Resolution, Seat
from portal.actionplan.models import ActionPlan, Opinion, PlanCommitteeMember, Project, SeatKind
from portal.core import clock, db
from portal.demo.stage import SPREAD, Stage
from portal.forums import commands as forums
from portal.forums.models import Forum, ForumPurpose

ORDER = "คำสั่งตัวอย่าง ที่ 12/2569"
SEATS = (
    (SeatKind.CHAIR, "ผู้อำนวยการเขต (ตัวอย่าง)", "สำนักงานเขต"),
    (SeatKind.SECTION_HEAD, "หัวหน้าฝ่าย 1 (ตัวอย่าง)", "ฝ่ายพัฒนาชุมชนและสวัสดิการสังคม"),
    (SeatKind.SECTION_HEAD, "หัวหน้าฝ่าย 2 (ตัวอย่าง)", "ฝ่ายโยธา"),
    (SeatKind.OUTSIDE_AGENCY, "ผู้แทนหน่วยงาน 1 (ตัวอย่าง)", "สถานศึกษาในพื้นที่"),
    (SeatKind.PEOPLES_REPRESENTATIVE, "ผู้แทนประชาชน 1 (ตัวอย่าง)", "สภาประชาชนเขต"),
    (SeatKind.PEOPLES_REPRESENTATIVE, "ผู้แทนประชาชน 2 (ตัวอย่าง)", "เครือข่ายองค์กรชุมชน"),
    (SeatKind.SECRETARY, "เลขานุการ (ตัวอย่าง)", "ฝ่ายปกครอง"),
)


def appoint(stage: Stage, planner: int, plan_id: int, at: dt.datetime) -> None:
    """The committee is appointed by one order."""
    with stage.at(at):
        plan, today = db.session().get_one(ActionPlan, plan_id), clock.today()
        for kind, name, represents in SEATS:
            actionplan.appoint_member(
                stage.cast.actor_of(planner), plan, Seat(kind, name, represents, ORDER, today, today)
            )


def resolve(stage: Stage, planner: int, plan_id: int, at: dt.datetime) -> None:
    """The committee meets; one member steps aside; it supports the plan with changes."""
    actor = stage.cast.actor_of(planner)
    with stage.at(at - dt.timedelta(days=7)):
        district_id = db.session().get_one(ActionPlan, plan_id).district_id
        meeting = forums.announce_forum(
            actor,
            district_id,
            None,
            forums.Announcement(
                ForumPurpose.PLAN_COMMITTEE,
                at,
                at + dt.timedelta(hours=2),
                "ห้องประชุมสำนักงานเขต",
                agenda="1. การแจ้งส่วนได้เสีย\n2. พิจารณาร่างแผนปฏิบัติราชการประจำปี",
            ),
        )
    with stage.at(at + dt.timedelta(hours=3)):
        attendance = {(sex, band): people for sex, band, people in SPREAD}
        minutes = "ที่ประชุมพิจารณาร่างแผนและมีมติสนับสนุนโดยให้ขยายพื้นที่โครงการ (ตัวอย่าง)"
        forums.record_forum(
            actor, db.session().get_one(Forum, meeting.id), forums.Record(attendance, minutes)
        )
        plan = db.session().get_one(ActionPlan, plan_id)
        member = db.session().scalars(
            sa.select(PlanCommitteeMember.id).where(
                PlanCommitteeMember.district_id == plan.district_id,
                PlanCommitteeMember.represents == "เครือข่ายองค์กรชุมชน",
            )
        )
        project = db.session().scalars(
            sa.select(Project.id).where(Project.action_plan_id == plan.id).order_by(Project.position).limit(1)
        )
        actionplan.declare_interest(
            actor, plan, member.one(), project.one(), "เป็นกรรมการชุมชนที่เสนอโครงการ", clock.today()
        )
        actionplan.record_resolution(
            actor,
            plan,
            Resolution(
                meeting.id,
                Opinion.SUPPORTS_CHANGED,
                "สนับสนุนร่างแผน โดยให้เพิ่มชุมชนริมทางรถไฟเข้าในพื้นที่โครงการ",
                in_favour=5,
                against=1,
                abstained=1,
            ),
        )
