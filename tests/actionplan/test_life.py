"""The life of a plan: every state against every step, four eyes, what blocks approval, editions nobody can change."""

import datetime as dt
import json
from dataclasses import fields, replace

import pytest
import sqlalchemy as sa

from portal.accounts.queries import leaders_of
from portal.actionplan import commands, editions, queries, sheet, workflow
from portal.actionplan.models import ActionPlanEdition, ActionPlanState, BudgetKind, MoneyStep, ProjectMoney
from portal.actionplan.queries import hearing, merging
from portal.comments import commands as comments
from portal.comments.models import Purpose
from portal.core import clock, hashing, topics
from portal.core.actor import ANONYMOUS, Role
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound, PortalError, WrongState
from portal.cycles.models import PhaseKind
from portal.notifications import commands as notifications
from portal.notifications.models import Notice
from portal.plans.models import Plan
from tests.actionplan.conftest import accepted, season
from tests.factories import accounts, actionplan, cycles, places

State = ActionPlanState
STATES = list(ActionPlanState)
MOVES = workflow.ACTION_PLANS.moves


@pytest.mark.parametrize("state", STATES)
def test_a_step_is_open_only_from_its_states(built_app, db, state):
    world = season(state)
    for name, move in MOVES.items():
        somebody = world.director if move.may(world.director, world.plan) else world.planner
        assert workflow.ACTION_PLANS.is_open(name, somebody, world.plan) is (state in move.sources), name
        for stranger in (world.resident, ANONYMOUS):
            assert not workflow.ACTION_PLANS.is_open(name, stranger, world.plan), name


WHO_MAY = {
    workflow.OPEN_HEARING: {"planner"},
    workflow.FINISH_HEARING: {"planner", "director"},
    workflow.APPROVE: {"director"},
    workflow.PUBLISH: {"director"},
    workflow.TAKE_BACK: {"director"},
    workflow.REOPEN: {"planner", "director"},
    workflow.PUBLISH_EDITION: {"director"},
    workflow.CLOSE_CHANGE: {"planner", "director"},
}


def test_each_step_has_its_people(world):
    elsewhere = accounts.officer(Role.DIRECTOR, places.district("1001"))
    people = {
        "planner": world.planner,
        "director": world.director,
        "director elsewhere": elsewhere,
        "resident": world.resident,
    }
    for name, move in MOVES.items():
        assert {who for who, actor in people.items() if move.may(actor, world.plan)} == WHO_MAY[name], name


def to_published(world, project):
    """The whole way of a plan whose items are all in one project; the hearing's last day passes."""
    plan, at = world.plan, clock.now()
    commands.link_items(world.planner, plan, [item.id for item in world.items], [project.id])
    commands.open_hearing(world.planner, plan)
    with clock.travel(at + dt.timedelta(days=25)):
        commands.finish_hearing(world.planner, plan)
        commands.approve_plan(world.director, plan, queries.content_sha256(plan))
        return commands.publish_plan(world.director, plan)


def test_the_whole_way(world, db):
    project = actionplan.project(world.plan)
    edition = to_published(world, project)
    assert world.plan.state is State.PUBLISHED
    assert edition.number == 1
    assert edition.sha256 == hashing.sha256_hex(edition.body)
    body = json.loads(edition.body)
    assert [one["item"] for one in body["projects"][0]["items"]] == sorted(item.id for item in world.items)
    assert edition.body == hashing.canonical_json(body)


def test_begin_once_and_by_the_planner(built_app, db):
    cycle = cycles.cycle(open=PhaseKind.SCREENING)
    planner, director = (accounts.officer(role, places.district()) for role in (Role.PLANNER, Role.DIRECTOR))
    with pytest.raises(NotAllowed):
        commands.begin_plan(director, cycle.id)
    plan = commands.begin_plan(planner, cycle.id)
    assert queries.plan_of_cycle(cycle.id).id == plan.id
    with pytest.raises(Conflict):
        commands.begin_plan(planner, cycle.id)
    with pytest.raises(NotFound):
        commands.begin_plan(planner, 999_999)


@pytest.mark.parametrize("phase", [PhaseKind.SCREENING, PhaseKind.PUBLICATION])
def test_the_hearing_opens_only_in_its_days(built_app, db, phase):
    world = season(open=phase)
    actionplan.project(world.plan)
    with pytest.raises(WrongState):
        commands.open_hearing(world.planner, world.plan)


def test_without_a_project_nothing_about_projects_is_called_done(world):
    checks = merging.review(world.plan).checks
    assert [key for key, check in checks.items() if check.is_moot] == [
        "complete",
        "fits",
        "envelope",
        "accepted",
        "committee",
    ]
    actionplan.project(world.plan)
    moot = [key for key, check in merging.review(world.plan).checks.items() if check.is_moot]
    assert moot == ["committee"], "nobody sits in a committee here"


def test_the_hearing_needs_projects_with_whole_sheets(world):
    with pytest.raises(Invalid):
        commands.open_hearing(world.planner, world.plan)
    actionplan.project(world.plan, indicators="")
    with pytest.raises(Invalid):
        commands.open_hearing(world.planner, world.plan)
    assert merging.review(world.plan).checks["complete"].wrong == 1


def test_the_hearing_is_answered_before_it_is_closed(world):
    project = actionplan.project(world.plan)
    commands.open_hearing(world.planner, world.plan)
    said = [
        comments.post(world.resident, topic_id, text).id
        for topic_id, text in [
            (world.plan.topic_id, "ขอให้เพิ่มงบกายภาพ"),
            (project.topic_id, "เต็นท์ควรมีผ้าใบข้าง"),
            (project.topic_id, "เห็นด้วย"),
        ]
    ]
    assert topics.kinds()["project"].comment_purpose(project.id) == Purpose.HEARING
    with pytest.raises(WrongState):
        commands.finish_hearing(world.planner, world.plan)
    with clock.travel(clock.now() + dt.timedelta(days=25)):
        assert topics.kinds()["project"].comment_purpose(project.id) == Purpose.DISCUSSION
        assert topics.kinds()["action_plan"].comment_purpose(world.plan.id) is None
        with pytest.raises(WrongState, match="3"):
            commands.finish_hearing(world.planner, world.plan)
        with pytest.raises(NotAllowed):
            commands.answer_hearing(world.resident, world.plan, said, "ขอบคุณ", "ฝ่าย")
        assert (
            commands.answer_hearing(world.planner, world.plan, said[:2], "จะปรับตามที่เสนอ", "ฝ่ายพัฒนาชุมชนฯ") == 2
        )
        assert hearing.counts(world.plan) == {world.plan.topic_id: (1, 1), project.topic_id: (2, 1)}
        with pytest.raises(WrongState, match="1"):
            commands.finish_hearing(world.planner, world.plan)
        commands.answer_hearing(world.director, world.plan, said[2:], "ขอบคุณ", "ผู้อำนวยการเขต")
        commands.finish_hearing(world.planner, world.plan)
    assert world.plan.state is State.ANSWERED


def test_an_answer_is_for_this_hearing_only(world):
    project = actionplan.project(world.plan)
    commands.open_hearing(world.planner, world.plan)
    other = actionplan.action_plan(
        cycles.cycle(places.district("1001"), open=PhaseKind.HEARING), State.HEARING
    )
    stray = comments.post(world.resident, other.topic_id, "ของเขตอื่น")
    own = comments.post(world.resident, project.topic_id, "ของเขตนี้")
    with pytest.raises(NotFound):
        commands.answer_hearing(world.planner, world.plan, [own.id, stray.id], "คำตอบ", "ฝ่าย")
    with pytest.raises(Invalid):
        commands.answer_hearing(world.planner, world.plan, [], "คำตอบ", "ฝ่าย")


def answered(**rules):
    world = season(State.ANSWERED, **rules)
    project = actionplan.project(world.plan)
    commands.link_items(world.planner, world.plan, [item.id for item in world.items], [project.id])
    return world, project


def test_every_accepted_item_has_a_place_or_a_reason_before_approval(built_app, db):
    world, _project = answered()
    late = accepted(world.cycle, [20_000_00])[0]
    with pytest.raises(Invalid):
        commands.approve_plan(world.director, world.plan, queries.content_sha256(world.plan))
    assert merging.review(world.plan).checks["placed"].subjects == ((late.title, late.id),)
    commands.give_not_yet(world.planner, world.plan, [late.id], "ยังไม่ได้รับอนุญาตให้ใช้ที่ดิน")
    commands.approve_plan(world.director, world.plan, queries.content_sha256(world.plan))
    assert world.plan.state is State.APPROVED


@pytest.mark.parametrize("what", ["fits", "envelope", "accepted", "complete"])
def test_what_else_blocks_approval(built_app, db, what):
    world, project = answered(envelope_satang=100_000_00 if what == "envelope" else 0)
    if what == "fits":
        project.budget_satang = 1
    elif what == "accepted":
        commands.withdraw_project(world.planner, project, project.version_id, "ทำใหม่")
        stray = accepted(cycles.cycle(places.district("1001")), [5_00])[0]
        new = actionplan.project(world.plan)
        commands.link_items(world.planner, world.plan, [item.id for item in world.items], [new.id])
        actionplan.link(new, stray, 5_00)
    elif what == "complete":
        project.method = ""
    db.flush()
    checks = merging.review(world.plan).checks
    assert [key for key, check in checks.items() if check.wrong] == [what]
    with pytest.raises(Invalid):
        commands.approve_plan(world.director, world.plan, queries.content_sha256(world.plan))


def test_words_in_place_of_an_amount_promise_nothing_or_name_no_limit(built_app, db):
    world, project = answered()
    project.budget_kind, project.budget_satang = BudgetKind.NONE, None
    db.flush()
    assert merging.review(world.plan).checks["fits"].wrong == 1
    project.budget_kind = BudgetKind.ANNUAL_EXPENDITURE
    db.flush()
    assert merging.review(world.plan).checks["fits"].wrong == 0


def planner_and_director(world):
    """One person with both duties."""
    both = accounts.person()
    for role in (Role.PLANNER, Role.DIRECTOR):
        accounts.grant(both, role, world.district)
    return accounts.actor_of(both)


def leave_no_trace(world, who, project):
    """Take a share out and say why; a colleague puts it back, so that no row bears the first one's name."""
    item = world.items[0].id
    link = merging.shares_of_item(world.plan, item)[project.id]
    commands.take_out(who, world.plan, [link.id])
    commands.give_not_yet(who, world.plan, [item], "รองบประมาณปีหน้า")
    commands.link_items(world.planner, world.plan, [item], [project.id])


def test_four_eyes_approve(built_app, db):
    world, project = answered()
    both = planner_and_director(world)
    leave_no_trace(world, both, project)
    seen = queries.content_sha256(world.plan)
    with pytest.raises(NotAllowed):
        commands.approve_plan(both, world.plan, seen)
    with pytest.raises(Conflict):
        commands.approve_plan(world.director, world.plan, "0" * 64)
    commands.approve_plan(world.director, world.plan, seen)
    world.plan.approved_by = world.plan.created_by
    with pytest.raises(sa.exc.IntegrityError):
        db.flush()


def test_who_wrote_on_a_sheet_does_not_approve_it_though_a_colleague_wrote_after(built_app, db):
    world, project = answered()
    both = planner_and_director(world)
    for who, area in ((both, "ทั้งเขต"), (world.planner, "ชุมชนริมคลอง")):
        written = sheet.Sheet(**{one.name: getattr(project, one.name) for one in fields(sheet.Sheet)})
        commands.write_project(who, project, project.version_id, replace(written, area=area))
    assert both.id not in (project.created_by, project.changed_by)
    with pytest.raises(NotAllowed):
        commands.approve_plan(both, world.plan, queries.content_sha256(world.plan))


def test_who_wrote_a_change_does_not_publish_it(world, db):
    project = actionplan.project(world.plan)
    to_published(world, project)
    both = planner_and_director(world)
    commands.reopen_plan(world.planner, world.plan, "ได้รับจัดสรรไม่ครบ")
    leave_no_trace(world, both, project)
    actionplan.project(world.plan, "โครงการสอง")
    seen = queries.content_sha256(world.plan)
    with pytest.raises(NotAllowed):
        commands.publish_edition(both, world.plan, seen, "ได้รับจัดสรรไม่ครบ")
    commands.publish_edition(world.director, world.plan, seen, "ได้รับจัดสรรไม่ครบ")
    later = clock.now() + dt.timedelta(days=1)
    with clock.travel(later):
        commands.reopen_plan(world.planner, world.plan, "เพิ่มโครงการ")
        actionplan.project(world.plan, "โครงการสาม")
        seen = queries.content_sha256(world.plan)
        assert commands.publish_edition(both, world.plan, seen, "เพิ่มโครงการ").number == 3, "another change"


def test_an_approval_is_taken_back_with_a_reason(built_app, db):
    world, _project = answered()
    commands.approve_plan(world.director, world.plan, queries.content_sha256(world.plan))
    with pytest.raises(Invalid):
        commands.take_approval_back(world.director, world.plan, " ")
    commands.take_approval_back(world.director, world.plan, "พบข้อผิดพลาดในงบประมาณ")
    assert (world.plan.state, world.plan.approved_by) == (State.ANSWERED, None)


def test_a_change_after_publication_is_a_new_edition(world, db):
    project = actionplan.project(world.plan, "โครงการหนึ่ง")
    to_published(world, project)
    with pytest.raises(WrongState):
        commands.withdraw_project(world.planner, project, project.version_id, "ยกเลิก")
    with pytest.raises(Invalid):
        commands.reopen_plan(world.planner, world.plan, "")
    commands.reopen_plan(world.planner, world.plan, "ได้รับจัดสรรไม่ครบ")
    assert queries.get_visible(ANONYMOUS, world.plan.id).state is State.REOPENED
    with pytest.raises(Invalid):
        commands.publish_edition(world.director, world.plan, queries.content_sha256(world.plan), "ปรับ")
    link = merging.shares_of_item(world.plan, world.items[0].id)[project.id]
    commands.take_out(world.planner, world.plan, [link.id])
    commands.give_not_yet(world.planner, world.plan, [world.items[0].id], "รองบประมาณปีหน้า")
    added = actionplan.project(world.plan, "โครงการสอง")
    seen = queries.content_sha256(world.plan)
    with pytest.raises(Invalid):
        commands.publish_edition(world.director, world.plan, seen, " ")
    with pytest.raises(Invalid):
        commands.close_change(world.planner, world.plan)
    second = commands.publish_edition(world.director, world.plan, seen, "ได้รับจัดสรรไม่ครบ")
    assert (second.number, second.reason, world.plan.state) == (2, "ได้รับจัดสรรไม่ครบ", State.PUBLISHED)
    first = queries.edition(world.plan.id, 1)
    difference = editions.difference(json.loads(first.body), json.loads(second.body))
    assert [one["id"] for one in difference.added] == [added.id]
    assert [[fact[0] for fact in one.fields] for one in difference.changed] == [["items"]]
    assert [one["item"] for one in difference.reasons_added] == [world.items[0].id]
    assert not difference.removed


def test_who_reopened_does_not_publish(world):
    project = actionplan.project(world.plan)
    to_published(world, project)
    commands.reopen_plan(world.director, world.plan, "แก้คำผิด")
    with pytest.raises(NotAllowed):
        commands.publish_edition(world.director, world.plan, queries.content_sha256(world.plan), "แก้คำผิด")
    commands.close_change(world.planner, world.plan)
    assert world.plan.state is State.PUBLISHED
    assert len(queries.editions(world.plan.id)) == 1


def test_what_is_published_or_recorded_cannot_change(world, db):
    project = actionplan.project(world.plan)
    to_published(world, project)
    commands.record_money(world.planner, project, MoneyStep.REQUESTED, 500_00, clock.today(), "")
    for table, column in ((ActionPlanEdition, "reason"), (ProjectMoney, "note")):
        for statement in (sa.delete(table), sa.update(table).values({column: "แก้"})):
            with pytest.raises(sa.exc.DBAPIError, match="append-only"), db.begin_nested():
                db.execute(statement)


def news(db, event):
    return list(db.execute(sa.select(Notice.person_id, Notice.params).where(Notice.event == event)))


def test_everyone_whose_idea_it_is_hears_once(world, db):
    project = actionplan.project(world.plan)
    follower = accounts.person()
    notifications.follow_for([follower.id], world.items[0].topic_id)
    commands.give_not_yet(world.planner, world.plan, [world.items[2].id], "รองบประมาณปีหน้า")
    commands.link_items(world.planner, world.plan, [item.id for item in world.items[:2]], [project.id])
    commands.open_hearing(world.planner, world.plan)
    with clock.travel(clock.now() + dt.timedelta(days=25)):
        commands.finish_hearing(world.planner, world.plan)
        commands.approve_plan(world.director, world.plan, queries.content_sha256(world.plan))
        assert not news(db, "actionplan.placed")
        commands.publish_plan(world.director, world.plan)
        told = news(db, "actionplan.placed")
        authors = {item.created_by for item in world.items[:2]}
        communities = {db.get_one(Plan, item.plan_id).community_id for item in world.items[:2]}
        leaders = {one for community in communities for one in leaders_of(community)}
        assert {row.person_id for row in told} == authors | leaders | {follower.id}
        assert len(told) == len({(row.person_id, row.params["item"]) for row in told})
        why = news(db, "actionplan.not_yet")
        assert {row.params["reason"] for row in why} == {"รองบประมาณปีหน้า"}
        commands.reopen_plan(world.planner, world.plan, "เพิ่มโครงการ")
        actionplan.project(world.plan, "โครงการใหม่")
        commands.publish_edition(world.director, world.plan, queries.content_sha256(world.plan), "เพิ่มโครงการ")
    assert len(news(db, "actionplan.placed")) == len(told), "never twice"
    assert len(news(db, "actionplan.not_yet")) == len(why) == len({row.person_id for row in why})


def test_every_command_is_in_the_ledger(world, db):
    to_published(world, actionplan.project(world.plan))
    pending = db.info["ledger"]
    events = [entry.event for entry in pending]
    for event in (
        "project.item_added",
        "action_plan.hearing_opened",
        "action_plan.approved",
        "action_plan.edition_published",
    ):
        assert event in events
    published = next(entry for entry in pending if entry.event == "action_plan.edition_published")
    assert published.changes["sha256"] == queries.newest_edition(world.plan.id).sha256


def test_a_step_taken_twice_is_refused(world):
    project = actionplan.project(world.plan)
    to_published(world, project)
    with pytest.raises(WrongState):
        commands.publish_plan(world.director, world.plan)
    with pytest.raises(PortalError):
        commands.open_hearing(world.planner, world.plan)
