"""Windows, editions, returns, corrections, and who sees what."""

import datetime as dt
import json

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from portal.accounts.models import Person
from portal.core import clock as core_clock
from portal.core import hashing, topics
from portal.core.actor import ANONYMOUS, Role
from portal.core.errors import Invalid, NotAllowed, NotFound, RulesMissing, WrongState
from portal.core.outbox import OutboxMessage
from portal.cycles import queries as cycles_queries
from portal.cycles.models import PhaseKind
from portal.forums.models import ForumPurpose
from portal.notifications.models import Notice
from portal.places.models import District
from portal.plans import commands, policy, queries
from portal.plans.models import Item, Plan, PlanEdition, PlanState
from tests.factories import accounts, cycles, forums, places, plans

S = PlanState
DAY = dt.timedelta(days=1)


@pytest.fixture
def place(db):
    community = places.community()
    cycle = cycles.cycle(db.get_one(District, community.district_id), open=PhaseKind.SUBMISSION)
    accounts.committee(community)
    for purpose in (ForumPurpose.PLAN_1, ForumPurpose.PLAN_2):
        forums.forum(community, cycle, purpose=purpose)
    return community, cycle


def leader_of(db, plan):
    return accounts.actor_of(db.get_one(Person, plan.created_by))


def test_the_window_of_handing_in(db, place, clock):
    window = cycles_queries.phase(place[1].id, PhaseKind.SUBMISSION)
    second = dt.timedelta(seconds=1)
    plan = plans.plan(*place, state=S.ENDORSED)
    leader = leader_of(db, plan)
    for instant in (window.starts_at - second, window.ends_at, window.ends_at + 30 * DAY):
        clock.travel(instant)
        with pytest.raises(WrongState):
            commands.submit_plan(leader, plan)
    clock.travel(window.ends_at - second)
    assert commands.submit_plan(leader, plan).number == 1


def test_the_first_instant_counts(db, place, clock):
    plan = plans.plan(*place, state=S.ENDORSED)
    clock.travel(cycles_queries.phase(place[1].id, PhaseKind.SUBMISSION).starts_at)
    assert commands.submit_plan(leader_of(db, plan), plan).number == 1


def test_without_rules_it_stays_closed(db):
    community = places.community()
    cycle = cycles.bare_cycle(db.get_one(District, community.district_id))
    accounts.committee(community)
    plan = plans.plan(community, cycle, state=S.ENDORSED)
    with pytest.raises(RulesMissing):
        commands.submit_plan(leader_of(db, plan), plan)


def test_the_director_permits_with_a_reason(db, place, clock):
    plan = plans.plan(*place, state=S.ENDORSED)
    leader, director = leader_of(db, plan), accounts.officer(Role.DIRECTOR, places.district())
    clock.travel(cycles_queries.phase(place[1].id, PhaseKind.SUBMISSION).ends_at + 3 * DAY)
    for nobody in (leader, accounts.officer(Role.PLANNER, places.district())):
        with pytest.raises(NotAllowed):
            commands.permit_late(nobody, plan, "เหตุผล")
    with pytest.raises(NotFound):
        commands.permit_late(accounts.officer(Role.DIRECTOR, places.district("1001")), plan, "เหตุผล")
    with pytest.raises(Invalid):
        commands.permit_late(director, plan, "  ")
    commands.permit_late(director, plan, "น้ำท่วมในวันสุดท้าย")
    with pytest.raises(WrongState):
        commands.permit_late(director, plan, "อีกครั้ง")
    edition = commands.submit_plan(leader, plan)
    assert json.loads(edition.body)["late_reason"] == "น้ำท่วมในวันสุดท้าย"


def test_a_returned_plan_may_come_back_until_its_last_day(db, place, clock):
    plan = plans.plan(*place, state=S.RETURNED)
    leader, due = leader_of(db, plan), core_clock.today() + 60 * DAY
    plan.due_on = due
    db.flush()
    clock.travel(core_clock.at(due + DAY))
    with pytest.raises(WrongState):
        commands.submit_plan(leader, plan)
    clock.travel(core_clock.at(due + DAY) - dt.timedelta(seconds=1))
    assert commands.submit_plan(leader, plan).number == 2
    assert (plan.state, plan.due_on) == (S.SUBMITTED, None)
    assert not queries.returns_of(leader, plan, open_only=True)


@pytest.mark.parametrize(
    "engine_says_no", ["UPDATE plan_editions SET body = 'x'", "DELETE FROM plan_editions"]
)
def test_an_edition_is_for_good(db, place, engine_says_no):
    plan = plans.plan(*place, state=S.SUBMITTED)
    kept = queries.edition(plan.id, 1)
    assert hashing.sha256_hex(kept.body) == kept.sha256
    with pytest.raises(DBAPIError), db.begin_nested():
        db.execute(sa.text(engine_says_no))


def test_everybody_concerned_is_told_once(db, place):
    plan = plans.plan(*place, state=S.ENDORSED)
    planner = accounts.officer(Role.PLANNER, places.district())
    elsewhere = accounts.officer(Role.PLANNER, places.district("1001"))
    leader = leader_of(db, plan)
    commands.submit_plan(leader, plan)
    told = set(db.scalars(sa.select(Notice.person_id).where(Notice.event == "plan.submitted")))
    assert planner.id in told
    assert not {leader.id, elsewhere.id} & told
    assert db.scalar(sa.select(sa.func.count()).select_from(OutboxMessage)) == len(told)


@pytest.mark.parametrize(
    ("reasons", "days"),
    [({}, 5), ({None: " "}, 5), ({None: "แก้"}, 0), ({None: "แก้"}, -1), ({987654: "แก้"}, 5)],
)
def test_a_return_says_what_and_until_when(db, place, reasons, days):
    plan = plans.plan(*place, state=S.SUBMITTED)
    planner = accounts.officer(Role.PLANNER, places.district())
    with pytest.raises(Invalid):
        commands.return_plan(planner, plan, reasons, core_clock.today() + days * DAY)


def test_while_it_is_returned_the_public_reads_what_was_handed_in(db, place):
    plan = plans.plan(*place, state=S.RETURNED)
    leader = leader_of(db, plan)
    new = commands.add_item(leader, plan, queries.item_data(queries.items_of(plan.id)[0]))
    assert len(queries.latest_edition(plan.id)["content"]["items"]) == 2
    with pytest.raises(NotFound):
        queries.item_visible(ANONYMOUS, new.id)
    assert queries.item_visible(leader, new.id).id == new.id


ACTORS = (
    "visitor",
    "resident",
    "leader",
    "other leader",
    "planner",
    "director",
    "desk",
    "elsewhere",
    "auditor",
)


def _actors(db, plan):
    district, far = places.district(), places.district("1001")
    return {
        "visitor": ANONYMOUS,
        "resident": accounts.actor_of(accounts.person()),
        "leader": leader_of(db, plan),
        "other leader": accounts.leader(places.community()),
        "planner": accounts.officer(Role.PLANNER, district),
        "director": accounts.officer(Role.DIRECTOR, district),
        "desk": accounts.officer(Role.COMMUNITY_DESK, district),
        "elsewhere": accounts.officer(Role.PLANNER, far),
        "auditor": accounts.officer(Role.AUDITOR),
    }


@pytest.mark.parametrize("state", list(S))
def test_the_filter_and_the_question_agree(db, place, state):
    plan = plans.plan(*place, state=state)
    item = queries.items_of(plan.id)[0]
    kinds = {kind.name: kind for kind in queries.KINDS}
    for name, actor in _actors(db, plan).items():
        seen = db.scalar(sa.select(Plan.id).where(Plan.id == plan.id, policy.visible_to(actor))) is not None
        assert seen == policy.can_see(actor, plan), name
        item_seen = (
            db.scalar(
                sa.select(Item.id)
                .join(Plan, Plan.id == Item.plan_id)
                .where(Item.id == item.id, policy.visible_to_as_item(actor))
            )
            is not None
        )
        assert item_seen == seen, name
        assert (plan.topic_id in set(db.scalars(kinds["plan"].visible_to(actor)))) == seen, name
        assert (item.topic_id in set(db.scalars(kinds["item"].visible_to(actor)))) == seen, name
    may_talk = state in plans.HANDED_IN
    assert kinds["plan"].comment_purpose(plan.id) == ("discussion" if may_talk else None)
    assert kinds["item"].comment_purpose(item.id) == ("discussion" if may_talk else None)


@pytest.mark.parametrize("state", list(S))
def test_who_may_write(db, place, state):
    plan = plans.plan(*place, state=state)
    item = queries.items_of(plan.id)[0]
    data = queries.item_data(item)
    for name, actor in _actors(db, plan).items():
        is_open = state in (S.DRAFT, S.ENDORSED, S.RETURNED)
        for act in (
            lambda actor=actor: commands.write_plan(
                actor, plan, plan.version_id, vision=plan.vision, profile=plan.profile, analysis=plan.analysis
            ),
            lambda actor=actor: commands.write_item(actor, item, item.version_id, data),
            lambda actor=actor: commands.reorder_items(
                actor, plan, [one.id for one in queries.items_of(plan.id)]
            ),
        ):
            if name == "leader" and is_open:
                act()
            else:
                refused = WrongState if name == "leader" else (NotAllowed, NotFound)
                with pytest.raises(refused):
                    act()


def test_a_community_has_one_plan_a_year(db, place):
    leader = accounts.leader(place[0])
    commands.begin_plan(leader, place[0].id, place[1].id)
    with pytest.raises(WrongState):
        commands.begin_plan(leader, place[0].id, place[1].id)
    far = cycles.cycle(places.district("1001"))
    with pytest.raises(NotFound):
        commands.begin_plan(leader, place[0].id, far.id)
    with pytest.raises(NotAllowed):
        commands.begin_plan(leader, places.community().id, place[1].id)


def test_an_issue_is_in_a_plan_once_and_its_item_remembers_it(db, place):
    plan = plans.plan(*place, items=0)
    leader = leader_of(db, plan)
    issue = forums.issue(forums.forum(*place, purpose=ForumPurpose.PLAN_2))
    strange = forums.issue(forums.forum(places.community(), place[1], purpose=ForumPurpose.PLAN_2))
    item = commands.item_from_issue(leader, plan, issue.id)
    assert (item.issue_id, item.side, item.problem) == (issue.id, issue.side, issue.problem)
    with pytest.raises(WrongState):
        commands.item_from_issue(leader, plan, issue.id)
    with pytest.raises(NotFound):
        commands.item_from_issue(leader, plan, strange.id)
    commands.withdraw_item(leader, item, "ไม่ใช้แล้ว")
    assert commands.item_from_issue(leader, plan, issue.id).id != item.id


def test_screening_opens_one_item_and_closes_it_with_a_new_edition(db, place, clock):
    plan = plans.plan(*place, state=S.ACCEPTED_FOR_SCREENING)
    first, second = queries.items_of(plan.id)
    leader, planner = leader_of(db, plan), accounts.officer(Role.PLANNER, places.district())
    due = core_clock.today() + 7 * DAY
    commands.reopen_item_for_correction(planner, first, "ระบุสถานที่", due)
    data = queries.item_data(first)
    mended = type(data)(**{**data.__dict__, "place": "หน้าศาลา"})
    with pytest.raises(WrongState):
        commands.write_item(leader, second, second.version_id, mended)
    commands.write_item(leader, first, first.version_id, mended)
    commands.close_correction(leader, first)
    assert [row.number for row in queries.editions_of(plan.id)] == [2, 1]
    with pytest.raises(WrongState):
        commands.write_item(leader, first, first.version_id, data)
    commands.reopen_item_for_correction(planner, second, "ระบุสถานที่", due)
    clock.travel(core_clock.at(due + DAY))
    with pytest.raises(WrongState):
        commands.write_item(leader, second, second.version_id, mended)
    commands.close_correction(planner, second)
    assert len(queries.editions_of(plan.id)) == 2


def test_the_words_of_a_topic_follow_its_item(db, place):
    plan = plans.plan(*place)
    item = queries.items_of(plan.id)[0]
    data = queries.item_data(item)
    commands.write_item(
        leader_of(db, plan), item, item.version_id, type(data)(**{**data.__dict__, "title": "เต็นท์กลาง"})
    )
    assert db.get_one(topics.Topic, item.topic_id, populate_existing=True).title == "เต็นท์กลาง"
    assert db.scalar(sa.select(sa.func.count()).select_from(PlanEdition)) == 0
