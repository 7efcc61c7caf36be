"""The committee of the plan: who may sit there, what it resolves, and that approval waits for it; groups of remarks."""

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from portal.actionplan import commands, queries
from portal.actionplan.committee import Resolution, Seat
from portal.actionplan.models import ActionPlanState, Opinion, PlanResolution, SeatKind
from portal.actionplan.queries import hearing, sittings
from portal.comments import commands as comments
from portal.comments.models import Comment, Purpose
from portal.core import clock
from portal.core.errors import Invalid, NotAllowed, NotFound, WrongState
from portal.forums.models import ForumPurpose
from tests.actionplan.conftest import season
from tests.factories import actionplan, forums

TODAY = dt.date(2026, 11, 21)


@pytest.fixture(autouse=True)
def day(clock):
    return clock.travel("2026-11-21 09:00")


def seat(kind=SeatKind.SECTION_HEAD, **given):
    values = {
        "name": "กรรมการ",
        "represents": "ฝ่ายโยธา",
        "order_number": "1/2570",
        "order_on": TODAY,
        "from_on": TODAY,
    }
    return Seat(kind, **{**values, **given})


def meeting(world, **given):
    return forums.forum(**{"purpose": ForumPurpose.PLAN_COMMITTEE, "district": world.district, **given})


def resolution(forum, opinion=Opinion.SUPPORTS, **given):
    values = {"text": "เห็นชอบร่างแผน", "in_favour": 2, "against": 0, "abstained": 0}
    return Resolution(forum.id, opinion, **{**values, **given})


@pytest.fixture
def sitting(world):
    """A committee of three, one of them for the people, and a recorded meeting."""
    for kind in (SeatKind.CHAIR, SeatKind.SECTION_HEAD, SeatKind.PEOPLES_REPRESENTATIVE):
        commands.appoint_member(world.planner, world.plan, seat(kind))
    world.meeting = meeting(world)
    return world


def test_approval_waits_for_the_committee_in_office(sitting):
    def wrong():
        return queries.review(sitting.plan).checks["committee"].wrong

    assert wrong() == 1
    commands.record_resolution(sitting.planner, sitting.plan, resolution(sitting.meeting, Opinion.SENDS_BACK))
    assert wrong() == 1
    commands.record_resolution(sitting.planner, sitting.plan, resolution(sitting.meeting))
    assert wrong() == 0
    commands.record_resolution(sitting.planner, sitting.plan, resolution(sitting.meeting, Opinion.SENDS_BACK))
    assert wrong() == 1, "the newest counts"


def test_where_nobody_is_in_office_nothing_is_asked(world):
    check = queries.review(world.plan).checks["committee"]
    assert (check.wrong, check.is_moot) == (0, True)


def test_the_director_cannot_approve_without_it(built_app, db):
    world = season(ActionPlanState.ANSWERED)
    project = actionplan.project(world.plan)
    actionplan.link(project, world.items[0], 100_000_00)
    for item in world.items[1:]:
        actionplan.not_yet(world.plan, item)
    commands.appoint_member(world.planner, world.plan, seat(SeatKind.CHAIR))
    commands.appoint_member(world.planner, world.plan, seat(SeatKind.PEOPLES_REPRESENTATIVE))
    seen = queries.content_sha256(world.plan)
    with pytest.raises(Invalid):
        commands.approve_plan(world.director, world.plan, seen)
    commands.record_resolution(world.planner, world.plan, resolution(meeting(world)))
    commands.approve_plan(world.director, world.plan, seen)
    with pytest.raises(WrongState):
        commands.record_resolution(world.planner, world.plan, resolution(meeting(world)))


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"text": " "}, "text"),
        ({"in_favour": 4}, "in_favour"),
        ({"in_favour": 1, "against": 1}, "in_favour"),
    ],
)
def test_a_resolution_is_carried_by_those_who_sit_there(sitting, given, field):
    with pytest.raises(Invalid) as refused:
        commands.record_resolution(sitting.planner, sitting.plan, resolution(sitting.meeting, **given))
    assert field in refused.value.fields


def test_only_a_recorded_meeting_of_this_committee_resolves(sitting):
    for forum in (
        meeting(sitting, recorded=False),
        meeting(sitting, purpose=ForumPurpose.DISTRICT_POLICY),
    ):
        with pytest.raises(Invalid) as refused:
            commands.record_resolution(sitting.planner, sitting.plan, resolution(forum))
        assert "forum" in refused.value.fields


def test_without_the_people_there_is_no_resolution(world):
    commands.appoint_member(world.planner, world.plan, seat(SeatKind.CHAIR))
    with pytest.raises(Invalid):
        commands.record_resolution(world.planner, world.plan, resolution(meeting(world), in_favour=1))


def test_a_membership_ends_with_a_reason(sitting):
    member = sittings.members(sitting.district.id)[0]
    with pytest.raises(Invalid):
        commands.end_membership(sitting.planner, sitting.plan, member.id, TODAY, " ")
    commands.end_membership(sitting.planner, sitting.plan, member.id, TODAY, "ย้าย")
    assert sittings.voice(sitting.plan).seats == 2
    with pytest.raises(WrongState):
        commands.end_membership(sitting.planner, sitting.plan, member.id, TODAY, "ย้าย")
    with pytest.raises(NotFound):
        commands.end_membership(sitting.planner, sitting.plan, 999, TODAY, "ย้าย")


def test_seats_and_interests_say_what_they_rest_on(sitting):
    for given in ({"order_number": ""}, {"name": " "}, {"from_on": TODAY - dt.timedelta(days=1)}):
        with pytest.raises(Invalid):
            commands.appoint_member(sitting.planner, sitting.plan, seat(**given))
    member = sittings.members(sitting.district.id)[0]
    with pytest.raises(NotAllowed):
        commands.declare_interest(sitting.director, sitting.plan, member.id, None, "เป็นญาติ", TODAY)
    project = actionplan.project(sitting.plan)
    commands.declare_interest(sitting.planner, sitting.plan, member.id, project.id, "เป็นผู้เสนอ", TODAY)
    (row,) = sittings.interests(sitting.plan.id)
    assert (row.project_id, row.what) == (project.id, "เป็นผู้เสนอ")


def test_a_resolution_never_changes(sitting, db):
    made = commands.record_resolution(sitting.planner, sitting.plan, resolution(sitting.meeting))
    for statement in (
        sa.update(PlanResolution).where(PlanResolution.id == made.id).values(text="แก้"),
        sa.delete(PlanResolution).where(PlanResolution.id == made.id),
    ):
        with pytest.raises(DatabaseError), db.begin_nested():
            db.execute(statement)


# -- groups of remarks --------------------------------------------------------------------------------------------------


def test_one_answer_for_a_group_stands_under_every_remark(built_app, db):
    world = season(ActionPlanState.HEARING)
    project = actionplan.project(world.plan)
    said = [
        comments.post(world.resident, topic, text, purpose=Purpose.HEARING).id
        for topic, text in (
            (world.plan.topic_id, "ขอขยายพื้นที่"),
            (project.topic_id, "ขอเพิ่มชุมชน"),
            (project.topic_id, "เรื่องอื่น"),
        )
    ]
    group = commands.group_remarks(world.planner, world.plan, said[:2], "ขยายพื้นที่")
    assert commands.group_remarks(world.planner, world.plan, said[1:2], "ขยายพื้นที่").id == group.id
    assert [(one.name, one.said, one.waiting) for one in hearing.groups(world.plan)] == [("ขยายพื้นที่", 2, 2)]
    assert hearing.waiting_ids(world.plan, group=group.id) == said[:2]
    assert hearing.waiting_ids(world.plan, topic=project.topic_id) == said[1:]
    check = queries.review(world.plan).checks["answered"]
    assert check.wrong == 3
    assert [topic for _name, topic in check.subjects] == [world.plan.topic_id, project.topic_id]
    commands.answer_hearing(
        world.planner, world.plan, hearing.waiting_ids(world.plan, group=group.id), "รับไว้", "ฝ่ายโยธา"
    )
    replies = [db.get_one(Comment, one).reply_id for one in said]
    assert all(replies[:2])
    assert replies[2] is None
    with pytest.raises(NotAllowed):
        commands.group_remarks(world.resident, world.plan, said, "กลุ่ม")
    with pytest.raises(Invalid):
        commands.group_remarks(world.planner, world.plan, said, "  ")
    with pytest.raises(NotFound):
        commands.group_remarks(world.planner, world.plan, [999], "กลุ่ม")


def test_groups_and_answers_by_their_page(enter, transaction):
    made = enter(ActionPlanState.HEARING)
    with transaction():
        for topic in made.ids.topics:
            comments.post(made.world.resident, topic, "ขอผ้าใบข้าง", purpose=Purpose.HEARING)
    planner = made.browser("planner")
    path = f"/actionplan/{made.ids.plan}/answers"
    form = planner.get(path, status=200).page.form(having={"comments"})
    ticked = [box["value"] for box in form.all("input") if box["name"] == "comments"]
    sent = {"comments": ticked, "group": "ผ้าใบ"}
    button = ("do", "group")
    assert planner.submit(path, sent, having={"comments"}, button=button).status_code == 303
    page = planner.get(path, status=200).page
    (group,) = {link for link in page.links if "group=" in link}
    answer = planner.submit(
        group, {"whole": "y", "office": "ฝ่ายพัฒนาชุมชนฯ", "text": "จะเพิ่มผ้าใบ"}, having={"comments"}
    )
    assert answer.status_code == 303
    shown = made.browser("resident").get(f"/actionplan/projects/{made.ids.project}", status=200).page
    assert "จะเพิ่มผ้าใบ" in shown.text, "the answer stands under one's own remark"
    assert clock.today() == TODAY


def test_the_committee_by_its_pages(client, enter, transaction):
    made = enter(ActionPlanState.HEARING)
    planner, base = made.browser("planner"), f"/actionplan/{made.ids.plan}/committee"
    assert f"{base}/appoint" in planner.get(f"{base}/declare", status=200).page.links
    for kind in ("chair", "peoples_representative"):
        sent = {"kind": kind, "name": f"กรรมการ {kind}", "represents": "เขต", "order_number": "1/2570"}
        assert planner.submit(f"{base}/appoint", sent, having={"kind"}).status_code == 303
    sent = {"what": "เป็นผู้เสนอ", "project": str(made.ids.project)}
    assert planner.submit(f"{base}/declare", sent, having={"what"}).status_code == 303
    announce = f"/forums/districts/{made.world.district.id}/new"
    assert announce in planner.get(f"{base}/resolve", status=200).page.links
    with transaction():
        meeting(made.world)
    refused = planner.submit(f"{base}/resolve", {"text": "เห็นชอบ"}, having={"text"})
    assert refused.status_code == 422
    page = client.get(base, status=200).page
    for text in ("กรรมการ chair", "เป็นผู้เสนอ", "1/2570"):
        assert text in page.text
    end = next(link for link in planner.get(base, status=200).page.links if link.endswith("/end"))
    assert planner.submit(end, {"reason": "ครบวาระ"}, having={"reason"}).status_code == 303
    assert "ครบวาระ" in client.get(base, status=200).page.text
