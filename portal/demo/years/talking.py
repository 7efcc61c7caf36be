"""The district talks with its citizens: councils and networks, and a policy forum with what stood before and after it."""

from __future__ import annotations

import datetime as dt

from portal.core import db
from portal.demo import facts
from portal.demo.calendar import moment
from portal.demo.stage import SPREAD, Stage
from portal.forums import commands as forums
from portal.forums.models import BodyKind, Forum, ForumPurpose, Side, StandingBody

BODIES = (
    (BodyKind.PEOPLES_COUNCIL, "สภาประชาชนเขตดุสิต (ตัวอย่าง)", "ผู้แทนชุมชนและกลุ่มอาชีพ ประชุมทุกสามเดือน"),
    (BodyKind.YOUTH_COUNCIL, "สภาเยาวชนเขตดุสิต (ตัวอย่าง)", "เยาวชนอายุ 14 ถึง 24 ปีจากโรงเรียนและชุมชนในเขต"),
    (BodyKind.NETWORK, "เครือข่ายริมคลองสามเสน (ตัวอย่าง)", "ชุมชนริมคลองร่วมกันดูแลน้ำและทางเดิน"),
)
PLACE = "ห้องประชุมสำนักงานเขตดุสิต"
HOURS = dt.timedelta(hours=3)
SAID = {
    Side.PHYSICAL: "แสงสว่าง การระบายน้ำ และทางเดินเป็นเรื่องที่ทุกชุมชนพูดถึง",
    Side.SOCIAL: "อยากให้เด็กและผู้สูงอายุมีที่ทำกิจกรรมร่วมกัน",
}
OFFICES = {Side.PHYSICAL: "ฝ่ายโยธา", Side.HEALTH: "ฝ่ายสิ่งแวดล้อมและสุขาภิบาล"}


def play(stage: Stage) -> None:
    """Bodies registered in October, the policy forum of November, and a youth council to come."""
    stage.say("Councils, networks, a district policy forum")
    desk, planner = stage.cast.actor("community_desk"), stage.cast.actor("planner")
    youth = 0
    with stage.at(moment(2026, 10, 5, 9)):
        for kind, name, about in BODIES:
            body = forums.register_body(
                desk, facts.DUSIT, forums.BodyData(kind, name, about, since_on=dt.date(2025, 6, 1))
            )
            youth = body.id if kind is BodyKind.YOUTH_COUNCIL else youth
    starts_at = moment(2026, 11, 14, 9)
    with stage.at(moment(2026, 10, 30, 9)):
        forum_id = forums.announce_forum(
            planner,
            facts.DUSIT,
            None,
            forums.Announcement(
                ForumPurpose.DISTRICT_POLICY,
                starts_at,
                starts_at + HOURS,
                PLACE,
                agenda="ปัญหาที่ชุมชนเสนอ\nความเห็นของผู้เข้าร่วม\nแนวนโยบายของเขต",
            ),
        ).id
    since = dt.date(2026, 9, 1)
    text = "เวทีของชุมชนในเขตปีนี้เสนอปัญหาไว้ตามด้านต่าง ๆ ดังนี้ (ข้อมูลตัวอย่าง)"
    for at, reason in ((moment(2026, 11, 3, 10), ""), (moment(2026, 11, 11, 10), "นับเวทีที่บันทึกเพิ่มหลังฉบับแรก")):
        with stage.at(at):
            forum = db.session().get_one(Forum, forum_id)
            forums.publish_synthesis(planner, forum, text=text, since=since, sides=SAID, reason=reason)
    with stage.at(starts_at + HOURS):
        forum = db.session().get_one(Forum, forum_id)
        attendance = {(sex, band): people + 3 for sex, band, people in SPREAD}
        minutes = "ผู้เข้าร่วมเห็นด้วยกับลำดับปัญหา และขอให้เขตบอกกำหนดเวลาของแต่ละเรื่อง"
        forums.record_forum(planner, forum, forums.Record(attendance, minutes))
    with stage.at(moment(2026, 11, 20, 14)):
        answers = {
            side: forums.Answer(
                "รับไว้ในร่างแผนปฏิบัติราชการประจำปี และจะรายงานความก้าวหน้าทุกเดือน",
                OFFICES.get(side, "ฝ่ายพัฒนาชุมชนและสวัสดิการสังคม"),
            )
            for side in Side
        }
        forums.publish_policy(
            planner,
            db.session().get_one(Forum, forum_id),
            text="เขตจะเริ่มจากเรื่องที่กระทบความปลอดภัยก่อน และใช้งบประมาณเท่าที่มีให้ครบทุกชุมชน (ตัวอย่าง)",
            answers=answers,
        )
    with stage.at(moment(2026, 11, 19, 9)):
        body = db.session().get_one(StandingBody, youth)
        begins = moment(2026, 12, 5, 13)
        forums.announce_forum(
            planner,
            facts.DUSIT,
            None,
            forums.Announcement(
                ForumPurpose.STANDING_BODY, begins, begins + HOURS, PLACE, agenda="เรื่องที่เยาวชนอยากให้เขตทำ"
            ),
            body,
        )
