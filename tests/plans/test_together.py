"""Two at one plan: different items and different parts never meet, the same part is shown twice, nothing is lost."""

import datetime as dt

import pytest
import sqlalchemy as sa

from portal.accounts.models import Person
from portal.core import clock as core_clock
from portal.core import jobs
from portal.core.errors import NotAllowed, NotFound
from portal.forums.models import Side
from portal.notifications.models import Notice
from portal.plans import commands, content, queries
from portal.plans import points as map_points
from portal.plans.models import Item, Plan, PlanState, Writer
from portal.strategy import queries as strategy
from tests.bounded import within
from tests.factories import accounts, plans
from tests.factories import strategy as trees
from tests.page import values

S = PlanState


def sent_by(page, name):
    return {key: given[-1] for key, given in values(page.form(having={name})).items()}


def test_two_people_write_different_parts_of_an_item(world, as_person, transaction):
    here = world()
    place = f"/plans/items/{here.items[0]}/edit"
    first, second = as_person(here, "member0"), as_person(here, "member1")
    of_second = sent_by(second.get(place).page, "title")
    first.submit(
        place,
        {"objective": "ของคนแรก", "lines-0-quantity": "9", "other_sides": "health"},
        having={"title"},
    )
    answer = second.post(place, data={**of_second, "problem": "ของคนที่สอง", "beneficiaries": "77"})
    assert answer.status_code == 303
    with transaction() as session:
        item = session.get_one(Item, here.items[0])
        assert (item.objective, item.problem, item.beneficiaries) == ("ของคนแรก", "ของคนที่สอง", 77)
        assert queries.lines_of([item.id])[item.id][0].quantity_thousandths == 9000
        assert item.other_sides == {Side.HEALTH}


def test_two_people_write_different_texts(world, as_person, transaction):
    here = world()
    place = f"/plans/{here.id}/edit"
    first, second = as_person(here, "member0"), as_person(here, "member1")
    of_second = sent_by(second.get(place).page, "vision")
    first.submit(place, {"vision": "วิสัยทัศน์ใหม่"}, having={"vision"})
    assert second.post(place, data={**of_second, "analysis": "ปัญหาใหม่"}).status_code == 303
    with transaction() as session:
        plan = session.get_one(Plan, here.id)
        assert (plan.vision, plan.analysis) == ("วิสัยทัศน์ใหม่", "ปัญหาใหม่")


def test_one_part_of_both_shows_both_and_takes_nothing(world, as_person, transaction):
    here = world()
    place = f"/plans/items/{here.items[0]}/edit"
    first, second = as_person(here, "member0"), as_person(here, "member1")
    of_second = sent_by(second.get(place).page, "title")
    first.submit(place, {"objective": "ของคนแรก", "place": "ที่ของคนแรก"}, having={"title"})
    answer = second.post(place, data={**of_second, "objective": "ของคนที่สอง", "cause": "สาเหตุใหม่"})
    assert answer.status_code == 409
    with transaction() as session:
        item = session.get_one(Item, here.items[0])
        assert (item.objective, item.place) == ("ของคนแรก", "ที่ของคนแรก")
    again = {key: given[-1] for key, given in values(answer.page.form(having={"keep-objective"})).items()}
    assert (again["keep-objective"], again["keep-place"]) == ("yours", "theirs")
    assert second.post(place, data=again).status_code == 303
    with transaction() as session:
        item = session.get_one(Item, here.items[0])
        assert (item.objective, item.place, item.cause) == ("ของคนที่สอง", "ที่ของคนแรก", "สาเหตุใหม่")


def test_colleagues_see_each_other_and_nobody_else_does(world, as_person, transaction, clock):
    here = world()
    first, second = as_person(here, "member0"), as_person(here, "member1")
    place = f"/plans/{here.id}/writers"

    def asks(browser, at):
        page = browser.get(f"/plans/{here.id}/edit").page
        token = sent_by(page, "vision")["csrf_token"]
        return browser.post(place, data={"csrf_token": token, "place": str(at)})

    item = here.items[0]
    assert asks(first, item).json == {"said": ""}
    assert asks(second, "texts").json == {"said": ""}
    said = asks(second, item).json["said"]
    with transaction() as session:
        name = session.scalar(sa.select(Person.display_name).where(Person.email == here.email["member0"]))
    assert name in said
    assert asks(second, 10**9).status_code == 404
    start = clock.travel(_now() + dt.timedelta(seconds=61))
    assert asks(second, item).json == {"said": ""}
    stranger = as_person(here, "stranger")
    inputs = stranger.get("/accounts/settings").page.all("input")
    token = next(one["value"] for one in inputs if one["name"] == "csrf_token")
    assert stranger.post(place, data={"csrf_token": token, "place": "texts"}).status_code == 404
    clock.travel(start + dt.timedelta(minutes=11))
    asks(first, "texts")
    with transaction() as session:
        assert session.scalars(sa.select(Writer.place)).all() == ["texts"]


def test_only_who_writes_the_plan_is_noted(db):
    plan = plans.plan(state=S.SUBMITTED)
    with pytest.raises(NotAllowed):
        commands.note_writer(accounts.actor_of(accounts.person()), plan, "texts")


@pytest.mark.parametrize(
    ("typed", "point"),
    [
        ("13.77210, 100.51320", (13.7721, 100.5132)),
        ("๑๓.๗๗๒๑ ๑๐๐.๕๑๓๒", (13.7721, 100.5132)),
        ("https://www.google.com/maps/@13.7721,100.5132,17z", (13.7721, 100.5132)),
        (
            "https://www.google.com/maps/place/X/@13.70,100.50,17z/data=!3m1!4b1!8m2!3d13.7721!4d100.5132",
            (13.7721, 100.5132),
        ),
        ("https://maps.google.com/?q=13.7721,100.5132", (13.7721, 100.5132)),
        ("https://maps.google.com/?q=13.7721%2C+100.5132", (13.7721, 100.5132)),
        (
            "https://www.openstreetmap.org/?mlat=13.7721&mlon=100.5132#map=18/13.70/100.50",
            (13.7721, 100.5132),
        ),
        ("https://www.openstreetmap.org/#map=18/13.7721/100.5132", (13.7721, 100.5132)),
        ("geo:13.7721,100.5132?z=17", (13.7721, 100.5132)),
        ("https://maps.app.goo.gl/abc", None),
        ("ตรงข้ามวัด", None),
    ],
)
def test_a_point_is_read_from_what_people_paste(typed, point):
    assert map_points.read(typed) == point
    assert point is None or map_points.is_in_bangkok(point)


def test_what_is_no_point_is_refused_at_once():
    with within(5):
        assert map_points.read(f"13.7721{' ' * 200_000}x") is None


def test_an_item_may_serve_more_sides_and_they_count(db):
    plan = plans.plan(items=1)
    item = queries.items_of(plan.id)[0]
    leader = accounts.actor_of(db.get_one(Person, plan.created_by))
    before = queries.content_of(plan)
    data = queries.item_data(item)
    commands.write_item(
        leader, item, item.version_id, type(data)(**{**vars(data), "other_sides": frozenset({Side.MIND})})
    )
    said = queries.content_of(plan)
    assert content.sides_served(said) == {"physical", "mind"}
    assert said["items"][0]["other_sides"] == ["mind"]
    assert content.substance_sha256(said) != content.substance_sha256(before)


def test_a_hint_is_a_line_the_district_plans_by(db):
    plan = plans.plan()
    item = queries.items_of(plan.id)[0]
    leader = accounts.actor_of(db.get_one(Person, plan.created_by))
    trees.seeded()
    line = strategy.node_choices(plan.district_id, 2571)[0]
    commands.hint_strategy(leader, item, line.id)
    assert queries.content_of(plan)["items"][0]["strategy"]["id"] == line.id
    with pytest.raises(NotFound):
        commands.hint_strategy(leader, item, 10**9)
    commands.hint_strategy(leader, item, None)
    assert "strategy" not in queries.content_of(plan)["items"][0]


@pytest.mark.parametrize("is_answered", [False, True])
def test_the_committee_is_reminded_once_before_the_last_day(world, transaction, clock, is_answered):
    here = world(state=S.SUBMITTED)
    with transaction() as session:
        plan = session.get_one(Plan, here.id)
        planner = accounts.actor_of(
            session.scalars(sa.select(Person).where(Person.email == here.email["planner"])).one()
        )
        commands.return_plan(planner, plan, {None: "แก้ราคา"}, _today() + dt.timedelta(days=7))
    start = clock.travel(_now() + dt.timedelta(days=3))
    jobs.run_due()
    assert _told(transaction) == 0
    if is_answered:
        with transaction() as session:
            plan = session.get_one(Plan, here.id)
            leader = accounts.actor_of(session.get_one(Person, plan.created_by))
            commands.submit_plan(leader, plan)
    clock.travel(start + dt.timedelta(days=1, hours=12))
    for _again in range(2):
        jobs.run_due()
    assert _told(transaction) == (0 if is_answered else 7)


def _now():
    return core_clock.now()


def _today():
    return core_clock.today()


def _told(transaction):
    with transaction() as session:
        return session.scalar(sa.select(sa.func.count()).where(Notice.event == "plan.due"))
