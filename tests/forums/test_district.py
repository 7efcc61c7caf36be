"""What a district keeps around its forums: the problems before, the policy after, councils and networks."""

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from portal.core import clock as core_clock
from portal.core import db, errors
from portal.core.actor import Role
from portal.forums import commands, queries
from portal.forums.models import (
    AgeBand,
    BodyKind,
    ForumPaper,
    ForumPurpose,
    PaperKind,
    Sex,
    Side,
    StandingBody,
)
from tests.factories import accounts, cycles, forums, places

HOUR = dt.timedelta(hours=1)
SINCE = dt.date(2026, 11, 1)
DONE = commands.Answer("จะซ่อมให้เสร็จในปีนี้", "ฝ่ายโยธา")


@pytest.fixture(autouse=True)
def noon(clock):
    clock.travel("2026-11-21 12:00")


@pytest.fixture
def place(transaction):
    """A district with a recorded forum of a community, a policy forum to come, and its officers."""
    with transaction():
        district = places.district()
        community = places.community(district, "ริมคลองสามเสน")
        held = forums.forum(community, cycles.cycle(district), people=30)
        for number in range(7):
            forums.issue(held, problem=f"ทางเดินพังจุดที่ {number}", votes=number)
        forums.issue(held, side=Side.MIND, problem="เสียงดัง", votes=9)
        elsewhere = places.district("1047")
        forums.issue(forums.forum(places.community(elsewhere), cycles.cycle(elsewhere)), problem="คนละเขต")
        forums.issue(
            forums.forum(community, recorded=False, purpose=ForumPurpose.MONTHLY), problem="ยังไม่เผยแพร่"
        )
        forum = forums.forum(purpose=ForumPurpose.DISTRICT_POLICY, recorded=False, district=district)
        people = {}
        for role in (Role.PLANNER, Role.COMMUNITY_DESK):
            person = accounts.person(email=f"{role.value}@example.org")
            accounts.grant(person, role, district)
            people[role] = accounts.actor_of(person)
        return {
            "district": district.id,
            "forum": forum.id,
            "planner": people[Role.PLANNER],
            "desk": people[Role.COMMUNITY_DESK],
            "leader": accounts.leader(community),
        }


def synthesis(place, **values):
    told = {"text": "สิ่งที่ชุมชนเสนอ", "since": SINCE, "sides": {Side.MIND: "ขอความสงบ"}, **values}
    return commands.publish_synthesis(place["planner"], queries.forum(place["forum"]), **told)


def policy(place, answers, **values):
    forum = queries.forum(place["forum"])
    return commands.publish_policy(place["planner"], forum, text="ทำก่อน", answers=answers, **values)


def test_a_synthesis_counts_what_the_districts_forums_recorded(place, transaction):
    with transaction():
        body = synthesis(place).body
    assert (body["forums"], body["people"]) == (1, 30)
    physical, mind = body["sides"]
    assert (physical["side"], physical["issues"], physical["votes"]) == ("physical", 7, 21)
    assert [one["votes"] for one in physical["problems"]] == [6, 5, 4, 3, 2]
    assert (mind["text"], mind["problems"][0]["problem"]) == ("ขอความสงบ", "เสียงดัง")


def test_the_same_problem_of_two_communities_is_one(place, transaction):
    with transaction():
        forum = forums.forum(places.community(places.district()), purpose=ForumPurpose.MONTHLY)
        forums.issue(forum, side=Side.MIND, problem="เสียงดัง", votes=4)
        mind = synthesis(place).body["sides"][-1]
    (told,) = mind["problems"]
    assert (told["communities"], mind["issues"], told["votes"]) == (2, 2, mind["votes"])


def test_papers_have_their_time_their_reasons_and_stay(place, transaction, clock):
    with transaction(), pytest.raises(errors.Invalid) as refused:
        synthesis(place, since=core_clock.today() + dt.timedelta(days=1))
    assert list(refused.value.fields) == ["since"]
    with transaction(), pytest.raises(errors.NotAllowed):
        commands.publish_synthesis(
            place["leader"], queries.forum(place["forum"]), text="x", since=SINCE, sides={}
        )
    with transaction(), pytest.raises(errors.WrongState):
        policy(place, {})
    with transaction():
        synthesis(place)
    with transaction(), pytest.raises(errors.Invalid) as refused:
        synthesis(place)
    assert list(refused.value.fields) == ["reason"]
    with transaction():
        assert synthesis(place, reason="นับเวทีเพิ่ม").number == 2
        starts_at = queries.forum(place["forum"]).starts_at
    clock.travel(starts_at + HOUR)
    with transaction(), pytest.raises(errors.WrongState):
        synthesis(place, reason="สายไป")
    with transaction():
        figures = {(Sex.FEMALE, AgeBand.OVER_60): 20}
        commands.record_forum(
            place["planner"], queries.forum(place["forum"]), commands.Record(figures, "เห็นชอบ")
        )
    with transaction(), pytest.raises(errors.Invalid) as refused:
        policy(place, {Side.PHYSICAL: commands.Answer("ซ่อม", " ")})
    assert set(refused.value.fields) == {"office_physical", "side_mind"}
    with transaction():
        paper = policy(place, {Side.PHYSICAL: DONE, Side.MIND: DONE})
        assert (paper.body["synthesis"], [one["side"] for one in paper.body["answers"]]) == (
            2,
            ["physical", "mind"],
        )
    for change in (sa.update(ForumPaper).values(reason="อื่น"), sa.delete(ForumPaper)):
        with pytest.raises(DBAPIError, match="append-only"), transaction() as session:
            session.execute(change)


def test_the_papers_on_their_pages(place, transaction, new_client, clock):
    planner = new_client()
    planner.sign_in("planner@example.org", accounts.PASSWORD)
    address = f"/forums/{place['forum']}"
    assert new_client().get(f"{address}/papers/synthesis").status_code == 404
    refused = planner.submit(f"{address}/papers/synthesis/new", {"text": ""})
    assert refused.status_code == 422
    assert not refused.page.problems()
    sent = planner.submit(f"{address}/papers/synthesis/new", {"text": "ปัญหาทางเดิน", "since": "1/11/2569"})
    assert sent.status_code == 303
    sent = planner.submit(
        f"{address}/papers/synthesis/new", {"text": "ปัญหาทางเดินและเสียง", "reason": "เติมเรื่องเสียง"}
    )
    assert sent.status_code == 303
    for prefix in ("", "/en"):
        page = new_client().get(f"{prefix}{address}/papers/synthesis", status=200).page
        assert "เติมเรื่องเสียง" in page.text
        assert "ทางเดินพังจุดที่ 6" in page.text
        assert "คนละเขต" not in page.text
        new_client().get(f"{prefix}{address}/papers/synthesis?edition=1", status=200)
    assert new_client().get(f"{address}/papers/synthesis?edition=9").status_code == 404
    planner.get(f"{address}/papers/policy/new", status=409)
    page = new_client().get(f"/forums/districts/{place['district']}", status=200).page
    assert f"{address}/papers/synthesis" in page.links
    assert f"{address}/papers/synthesis" in new_client().get(address, status=200).page.links


def test_bodies_are_registered_and_hold_forums(place, transaction):
    data = commands.BodyData(BodyKind.YOUTH_COUNCIL, "สภาเยาวชน", since_on=dt.date(2025, 1, 1))
    with transaction(), pytest.raises(errors.NotAllowed):
        commands.register_body(place["leader"], place["district"], data)
    with transaction():
        body = commands.register_body(place["desk"], place["district"], data)
    with pytest.raises(errors.Invalid) as refused, transaction():
        commands.register_body(place["planner"], place["district"], data)
    assert list(refused.value.fields) == ["name"]
    begins = core_clock.now() + HOUR
    coming = commands.Announcement(ForumPurpose.STANDING_BODY, begins, begins + HOUR, "ห้องประชุม")
    with transaction(), pytest.raises(errors.Invalid):
        commands.announce_forum(place["planner"], place["district"], None, coming)
    with transaction() as session:
        body = session.get_one(StandingBody, body.id)
        forum = commands.announce_forum(place["planner"], place["district"], None, coming, body)
        assert forum.title == "ประชุมสภาเยาวชน"
        assert [row.id for row in queries.forums_of_body(body.id)] == [forum.id]
    with transaction() as session:
        body = session.get_one(StandingBody, body.id)
        ended = commands.BodyData(body.kind, body.name, closed_on=core_clock.today())
        commands.write_body(place["desk"], body, ended)
        with pytest.raises(errors.WrongState):
            commands.announce_forum(place["planner"], place["district"], None, coming, body)
    with pytest.raises(DBAPIError, match="body_with_purpose"), transaction() as session:
        session.execute(sa.text("UPDATE forums SET body_id = NULL WHERE body_id IS NOT NULL"))


def test_bodies_on_their_pages(place, new_client):
    desk = new_client()
    desk.sign_in("community_desk@example.org", accounts.PASSWORD)
    typed = {"kind": "network", "name": "เครือข่ายริมคลอง", "since_on": "1/6/2568"}
    answer = desk.submit(f"/forums/districts/{place['district']}/bodies/new", typed)
    assert answer.status_code == 303
    address = answer.headers["Location"]
    assert desk.submit(f"{address}/edit", {"closed_on": "1/1/2599"}).status_code == 422
    assert desk.submit(f"{address}/edit", {"about": "ดูแลคลอง"}).status_code == 303
    assert "ดูแลคลอง" in new_client().get(address, status=200).page.text
    desk.get(f"{address}/new", status=403)
    planner = new_client()
    planner.sign_in("planner@example.org", accounts.PASSWORD)
    typed = {"day": "25/11/2569", "begins": "9:00", "ends": "11:00", "place": "ริมคลอง"}
    answer = planner.submit(f"{address}/new", typed)
    assert answer.status_code == 303
    shown = new_client().get(answer.headers["Location"], status=200).page
    assert address in shown.links
    feed = new_client().get(f"/forums/districts/{place['district']}.ics", status=200)
    assert "ประชุมเครือข่ายริมคลอง" in feed.get_data(as_text=True)
    new_client().get(f"{answer.headers['Location']}/cards", status=200)
    with db.transaction("read"):
        assert queries.papers_of(place["forum"], PaperKind.POLICY) == []
