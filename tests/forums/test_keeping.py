"""Forums: who keeps them when, every state and move, what is recorded, and who hears of it."""

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from portal.core import clock as core_clock
from portal.core import errors, jobs, topics
from portal.core.actor import ANONYMOUS, Role
from portal.core.ledger import LedgerEntry
from portal.cycles.models import PhaseKind
from portal.forums import commands, policy, queries
from portal.forums.forms import names_from
from portal.forums.models import (
    AgeBand,
    Attendee,
    Forum,
    ForumPurpose,
    ForumState,
    Issue,
    Sex,
    Side,
)
from portal.forums.workflow import CANCEL, CORRECT, EDIT, FORUMS, RECORD
from portal.notifications import commands as notifications
from portal.notifications.models import Notice
from tests.factories import accounts, cycles, forums, places, plans

NOW = "2026-11-21 12:00"
HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def noon(clock):
    clock.travel(NOW)


@pytest.fixture
def place(db):
    return places.community(places.district(), "ริมคลองสามเสน")


def person(name, place):
    district = places.district()
    if name == "visitor":
        return ANONYMOUS
    if name == "resident":
        return accounts.actor_of(accounts.person())
    if name == "leader":
        return accounts.leader(place)
    if name == "leader elsewhere":
        return accounts.leader(places.community(district))
    role, where = {
        "planner": (Role.PLANNER, district),
        "director": (Role.DIRECTOR, district),
        "planner elsewhere": (Role.PLANNER, places.district("1047")),
        "community desk": (Role.COMMUNITY_DESK, district),
        "auditor": (Role.AUDITOR, None),
    }[name]
    return accounts.officer(role, where)


# name, keeps the community's forums, keeps the district's, reads the community's list of names
WHO = [
    ("visitor", False, False, False),
    ("resident", False, False, False),
    ("leader", True, False, True),
    ("leader elsewhere", False, False, False),
    ("planner", False, True, True),
    ("director", False, True, True),
    ("planner elsewhere", False, False, False),
    ("community desk", False, False, False),
    ("auditor", False, False, False),
]


@pytest.mark.parametrize(("name", "of_community", "of_district", "names"), WHO)
@pytest.mark.parametrize("when", ["before", "during", "after"])
def test_who_keeps_what_and_when(db, place, clock, name, of_community, of_district, names, when):
    ours = forums.forum(place, recorded=False, purpose=ForumPurpose.MONTHLY)
    theirs = forums.forum(purpose=ForumPurpose.DISTRICT_POLICY, recorded=False)
    actor = person(name, place)
    clock.travel(
        {"before": ours.starts_at - HOUR, "during": ours.starts_at, "after": ours.ends_at + HOUR}[when]
    )
    has_begun = when != "before"
    for forum, keeps in ((ours, of_community), (theirs, of_district)):
        assert policy.can_announce_forum(actor, forum.district_id, forum.community_id) is keeps
        assert policy.can_keep_forum(actor, forum) is keeps
        assert policy.can_edit_forum(actor, forum) is (keeps and not has_begun)
        assert policy.can_record_forum(actor, forum) is (keeps and has_begun)
        assert policy.can_write_issues(actor, forum) is (keeps and has_begun)
        assert policy.can_read_issues(actor, forum) is keeps
    assert policy.can_read_names(actor, ours) is names


MOVES = {
    (ForumState.ANNOUNCED, "before"): {EDIT, CANCEL},
    (ForumState.ANNOUNCED, "after"): {RECORD, CANCEL},
    (ForumState.RECORDED, "after"): {CORRECT},
    (ForumState.CANCELLED, "before"): set(),
    (ForumState.CANCELLED, "after"): set(),
}


@pytest.mark.parametrize(("state", "when"), MOVES)
@pytest.mark.parametrize("move", [EDIT, CANCEL, RECORD, CORRECT])
def test_every_state_and_every_move(db, place, state, when, move):
    starts_at = core_clock.now() + (HOUR if when == "before" else -HOUR)
    forum = Forum(
        district_id=place.district_id, community_id=place.id, state=state, starts_at=starts_at, title="x"
    )
    leader = accounts.leader(place)
    allowed = MOVES[state, when]
    assert {one.name for one in FORUMS.open_moves(leader, forum)} == allowed
    if move in allowed:
        FORUMS.advance(forum, move, leader)
        assert forum.state is FORUMS.moves[move].target
    else:
        with pytest.raises((errors.WrongState, errors.NotAllowed)):
            FORUMS.advance(forum, move, leader)
        assert forum.state is state


def announcement(purpose=ForumPurpose.MONTHLY, *, after=HOUR, lasts=2 * HOUR, **values):
    starts_at = core_clock.now() + after
    return commands.Announcement(
        **{
            "purpose": purpose,
            "starts_at": starts_at,
            "ends_at": starts_at + lasts,
            "place": "ศาลา",
            **values,
        }
    )


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"after": -HOUR}, "day"),
        ({"lasts": -HOUR}, "ends"),
        ({"lasts": 30 * HOUR}, "ends"),
        ({"place": " "}, "place"),
        ({"purpose": ForumPurpose.HEARING}, "purpose"),
        ({"purpose": ForumPurpose.PLAN_1}, "day"),
    ],
)
def test_what_cannot_be_announced(place, data, field):
    with pytest.raises(errors.Invalid) as refused:
        commands.announce_forum(accounts.leader(place), place.district_id, place.id, announcement(**data))
    assert list(refused.value.fields) == [field]


def test_a_plan_forum_belongs_to_the_cycle_whose_phase_holds_it(db, place):
    cycle = cycles.cycle(open=PhaseKind.FORUMS)
    leader = accounts.leader(place)
    inside = announcement(ForumPurpose.PLAN_1)
    forum = commands.announce_forum(leader, place.district_id, place.id, inside)
    assert forum.cycle_id == cycle.id
    outside = announcement(ForumPurpose.PLAN_2, after=dt.timedelta(days=60))
    with pytest.raises(errors.Invalid) as refused:
        commands.announce_forum(leader, place.district_id, place.id, outside)
    assert "day" in refused.value.fields
    with pytest.raises(errors.Invalid):
        commands.write_forum(leader, forum, forum.version_id, outside)


def test_a_hearing_belongs_to_its_phase(db):
    cycle = cycles.cycle(open=PhaseKind.HEARING)
    planner = accounts.officer(Role.PLANNER, places.district())
    forum = commands.announce_forum(planner, places.district().id, None, announcement(ForumPurpose.HEARING))
    assert (forum.cycle_id, forum.community_id) == (cycle.id, None)
    assert "เขตดุสิต" in forum.title


def test_the_database_tells_a_communitys_forum_from_a_districts(db, place):
    forum = forums.forum(place, recorded=False, purpose=ForumPurpose.MONTHLY)
    for values in (
        {"purpose": ForumPurpose.HEARING},
        {"purpose": ForumPurpose.PLAN_1},
        {"community_id": None},
    ):
        with pytest.raises(DBAPIError, match="with_purpose"), db.begin_nested():
            db.execute(sa.update(Forum).where(Forum.id == forum.id).values(**values))


def test_followers_and_leaders_hear_of_it_and_the_one_who_acts_does_not(db, place):
    accounts.committee(place, size=2)
    leader = accounts.leader(place)
    follower = accounts.person()
    notifications.follow_for([follower.id], place.topic_id)
    forum = commands.announce_forum(leader, place.district_id, place.id, announcement())
    commands.write_forum(leader, forum, forum.version_id, announcement(place="โรงเรียน"))
    commands.cancel_forum(leader, forum, "ฝนตก")
    rows = db.execute(sa.select(Notice.person_id, Notice.event).order_by(Notice.id)).all()
    assert [row.event for row in rows if row.person_id == follower.id] == [
        "forum.announced",
        "forum.changed",
        "forum.cancelled",
    ]
    assert leader.id not in {row.person_id for row in rows}
    assert len({row.person_id for row in rows}) == 2


def test_search_finds_a_forum_by_its_new_place(db, place):
    leader = accounts.leader(place)
    forum = commands.announce_forum(leader, place.district_id, place.id, announcement())
    commands.write_forum(leader, forum, forum.version_id, announcement(place="โรงเรียนวัดโบสถ์"))
    words = db.scalar(sa.select(topics.Topic.tokens).where(topics.Topic.id == forum.topic_id))
    assert "โรงเรียน" in words


def record(people=30, minutes="เห็นชอบ", names=None):
    return commands.Record({(Sex.FEMALE, AgeBand.FROM_36_TO_59): people}, minutes, names)


def begun(place, **values):
    return forums.forum(
        place,
        recorded=False,
        purpose=ForumPurpose.MONTHLY,
        starts_at=core_clock.now() - HOUR,
        **values,
    )


def test_a_forum_is_not_recorded_before_it_begins(db, place):
    forum = forums.forum(place, recorded=False, purpose=ForumPurpose.MONTHLY)
    leader = accounts.leader(place)
    with pytest.raises(errors.WrongState):
        commands.record_forum(leader, forum, record())
    with pytest.raises(errors.WrongState):
        commands.add_issue(leader, forum, commands.IssueData(Side.MIND, "ปัญหา"))
    with pytest.raises(errors.NotAllowed):
        commands.record_forum(accounts.actor_of(accounts.person()), begun(place), record())


@pytest.mark.parametrize(
    ("data", "field"),
    [
        (record(people=0), "attendance"),
        (record(people=-4), "attendance"),
        (record(minutes="  "), "minutes"),
        (record(people=3), "attendance"),
    ],
)
def test_a_record_that_cannot_be(db, place, data, field):
    forum = begun(place)
    leader = accounts.leader(place)
    commands.add_issue(leader, forum, commands.IssueData(Side.MIND, "ปัญหา", votes=4))
    with pytest.raises(errors.Invalid) as refused:
        commands.record_forum(leader, forum, data)
    assert list(refused.value.fields) == [field]
    assert forum.state is ForumState.ANNOUNCED


def test_a_correction_leaves_a_trail_with_both_figures(db, place):
    forum = forums.forum(place, cycles.cycle(), people=40)
    leader = accounts.leader(place)
    version = forum.version_id
    with pytest.raises(errors.Invalid) as refused:
        commands.correct_forum(leader, forum, version, record(), " ")
    assert list(refused.value.fields) == ["reason"]
    commands.correct_forum(leader, forum, version, record(people=25), "นับซ้ำ")
    assert sum(queries.attendance_of(forum.id).values()) == 25
    with pytest.raises(errors.Invalid):
        commands.correct_forum(leader, forum, version, record(), "อีกครั้ง")
    pending = db.info["ledger"][-1]
    assert pending.event == "forum.corrected"
    assert pending.changes["female.36_59"] == [20, 25]
    assert pending.changes["male.60_up"] == [20, 0]
    assert pending.note == "นับซ้ำ"


def test_names_stay_with_the_community_and_the_district_and_not_for_ever(db, place, clock):
    forum = begun(place)
    leader = accounts.leader(place)
    commands.record_forum(
        leader, forum, record(names=[commands.Name("มาลี"), commands.Name("สมชาย", "ประธาน")])
    )
    assert [row.name for row in queries.attendees_of(leader, forum)] == ["มาลี", "สมชาย"]
    with pytest.raises(errors.NotFound):
        queries.attendees_of(accounts.actor_of(accounts.person()), forum)
    commands.correct_forum(leader, forum, forum.version_id, record(people=31), "นับใหม่")
    assert len(queries.attendees_of(leader, forum)) == 2
    clock.travel(forum.ends_at + queries.NAMES_KEPT + HOUR)
    assert queries.attendees_of(leader, forum) == []


def test_the_worker_deletes_names_when_their_time_is_over(transaction, clock):
    with transaction():
        place = places.community()
        forum = begun(place)
        commands.record_forum(accounts.leader(place), forum, record(names=[commands.Name("มาลี")]))
    left = sa.select(sa.func.count()).select_from(Attendee)
    for moment, expected in ((forum.ends_at + HOUR, 1), (forum.ends_at + queries.NAMES_KEPT, 0)):
        clock.travel(moment)
        jobs.run_due()
        with transaction() as session:
            assert session.scalar(left) == expected


def test_names_are_pasted_line_by_line():
    typed = "1. สมชาย ใจดี, ประธาน\n\n๒) มาลี\n- บุญมี , แถว 3, ซ้าย\n   \n"
    assert names_from(typed) == [("สมชาย ใจดี", "ประธาน"), ("มาลี", ""), ("บุญมี", "แถว 3, ซ้าย")]


def test_issues_stand_in_the_order_of_their_votes(db, place):
    forum = forums.forum(place, cycles.cycle())
    few, many, same = (forums.issue(forum, votes=votes) for votes in (3, 20, 3))
    assert [issue.id for issue in queries.issues_of(forum.id)] == [many.id, few.id, same.id]
    leader = accounts.leader(place)
    with pytest.raises(errors.Invalid) as refused:
        commands.write_issue(leader, few, commands.IssueData(Side.HEALTH, "ปัญหา", votes=41, raised_by=50))
    assert set(refused.value.fields) == {"votes", "raised_by"}
    commands.write_issue(leader, few, commands.IssueData(Side.HEALTH, "ปัญหา", votes=40))
    assert queries.issues_of(forum.id)[0].id == few.id


def test_plans_find_recorded_forums_and_issues_of_their_cycle_only(db, place):
    cycle, older = cycles.cycle(), cycles.cycle(fiscal_year=2570)
    second = forums.forum(place, cycle, ForumPurpose.PLAN_2)
    forums.forum(place, cycle, ForumPurpose.PLAN_1, people=0)
    forums.forum(place, cycle, ForumPurpose.PLAN_1, recorded=False)
    monthly = forums.forum(place, cycle, ForumPurpose.MONTHLY)
    old = forums.forum(place, older, ForumPurpose.PLAN_2)
    for forum in (second, monthly, old):
        forums.issue(forum)
    assert [(row.id, row.people) for row in queries.recorded_plan_forums(place.id, cycle.id)] == [
        (second.id, 40)
    ]
    assert {row.forum_id for row in queries.issues_for_plan(place.id, cycle.id)} == {second.id, monthly.id}
    assert len(queries.forums_of_community(ANONYMOUS, place.id)) == 5
    assert len(queries.forums_of_community(ANONYMOUS, place.id, cycle.id)) == 4


def test_lists_page_by_time_in_both_directions(db, place):
    coming = [
        forums.forum(
            place, recorded=False, purpose=ForumPurpose.MONTHLY, starts_at=core_clock.now() + HOUR * n
        )
        for n in (1, 1, 2, 3, 3)
    ]
    past = [
        forums.forum(place, cycles.cycle(fiscal_year=2560 + n), starts_at=core_clock.now() - HOUR * n)
        for n in (3, 4)
    ]
    for is_past, expected in ((False, coming), (True, past)):
        seen, cursor = [], None
        while True:
            found = queries.forums_page(past=is_past, cursor=cursor, size=2)
            seen += [row.id for row in found.rows]
            cursor = found.next_cursor
            if cursor is None:
                break
        assert seen == [forum.id for forum in expected]


def test_taking_an_issue_out_leaves_a_trace(transaction):
    with transaction():
        place = places.community()
        issue = forums.issue(forums.forum(place, cycles.cycle()), problem="ขยะล้น")
        leader = accounts.leader(place)
    with transaction() as session:
        commands.remove_issue(leader, session.get_one(Issue, issue.id))
    with transaction() as session:
        assert queries.issue(issue.id) is None
        entry = session.scalars(sa.select(LedgerEntry).where(LedgerEntry.event == "issue.removed")).one()
        assert "ขยะล้น" in entry.payload


def test_an_issue_from_which_an_item_has_grown_stays(db, place):
    cycle = cycles.cycle()
    issue = forums.issue(forums.forum(place, cycle))
    plans.item(plans.plan(place, cycle, items=0), issue_id=issue.id)
    with pytest.raises(errors.WrongState):
        commands.remove_issue(accounts.leader(place), issue)
    assert queries.issue(issue.id) is not None
