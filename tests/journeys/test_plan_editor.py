"""A plan from last year's to this year's: review, write together, sign, hand in."""

import pytest
from playwright.sync_api import expect

from portal.plans import words
from portal.plans.models import ReviewMark
from tests.journeys.people import CommunityDesk, Meet, Visitor
from tests.journeys.plan_writers import PlanWriter, SecondPlanWriter
from tests.journeys.test_whole_way import COMMUNITY, SCAN

CHAIRS = "โต๊ะพับและเก้าอี้สำหรับการประชุมชุมชน"
PRESSURE = "เครื่องวัดความดันและจุดคัดกรองสุขภาพโดยอาสาสมัคร"
STILL_WANTED = "ผู้สูงอายุยังต้องการจุดคัดกรองทุกวันเสาร์"


@pytest.mark.parametrize("meet", [("th", "phone", True)], indirect=True)
def test_from_last_years_plan_to_this_years(meet: Meet) -> None:
    leader = meet(PlanWriter)
    leader.goes_to_review()
    leader.sees(leader.says("In the action plan"))
    leader.takes_mark_off(PRESSURE)
    leader.sees(leader.says("%(marked)s of %(every)s items reviewed", marked=1, every=2))
    leader.marks(PRESSURE, ReviewMark.KEEP, STILL_WANTED)
    leader.sees(leader.says("Every item is reviewed"))

    second = meet(SecondPlanWriter)
    for one in (leader, second):
        one.opens_item(PRESSURE)
    leader.types("Objective", "ผู้ป่วยความดันทุกคนได้ตรวจทุกเดือน")
    leader.reckons("12", "850", "฿10,200")
    leader.presses("Save the item")
    second.types("Where", "ศาลาวัดโบสถ์สามเสน")
    second.presses("Save the item")
    second.sees(second.says("The item is saved."))
    second.opens_item(PRESSURE)
    expect(second.field("Objective")).to_have_value("ผู้ป่วยความดันทุกคนได้ตรวจทุกเดือน")
    expect(second.field("Where")).to_have_value("ศาลาวัดโบสถ์สามเสน")

    leader.signs()
    second.signs()
    desk = meet(CommunityDesk)
    desk.enters_signatures(COMMUNITY, [desk.says(words.POSTS[post]) for post in list(words.POSTS)[3:5]], SCAN)
    leader.submits()

    visitor = meet(Visitor)
    visitor.page.goto(leader.page.url)
    visitor.sees(STILL_WANTED)
    visitor.sees(visitor.says("continues as item %(rank)s", rank=3))


@pytest.mark.parametrize("meet_here", [("en", "desktop", False)], indirect=True)
def test_a_mark_is_made_otherwise_without_a_script(meet_here: Meet) -> None:
    leader = meet_here(PlanWriter)
    leader.goes_to_review()
    leader.unfolds("Mark it differently", CHAIRS)
    leader.marks(CHAIRS, ReviewMark.DROP, "ได้รับบริจาคแล้ว")
    leader.sees("ได้รับบริจาคแล้ว")
    leader.sees(leader.says("Every item is reviewed"))
