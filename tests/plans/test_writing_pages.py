"""Writing: nothing typed is lost, not by an error, not by a colleague, not by a second click."""

import pytest

from portal.accounts.models import Person
from portal.plans import queries
from portal.plans.models import Item, Plan, PlanState
from tests.bounded import within
from tests.factories import accounts, plans
from tests.page import values

S = PlanState


def form_value(form, name):
    return next(field["value"] for field in form.all("input") if field["name"] == name)


def sent_by(form):

    return {name: sent[-1] for name, sent in values(form).items()}


def test_two_people_write_the_texts(world, as_person, transaction):
    here = world()
    first, second = as_person(here, "member0"), as_person(here, "member1")
    place = f"/plans/{here.id}/edit"
    form = second.get(place).page.form(having={"vision"})
    old = {
        "csrf_token": form_value(form, "csrf_token"),
        "form_token": form_value(form, "form_token"),
        "version": form_value(form, "version"),
    }
    first.submit(place, {"vision": "ของคนแรก", "profile": "เหมือนกัน"}, having={"vision"})
    mine = {"vision": "ของคนที่สอง", "profile": "เหมือนกัน", "analysis": "ของคนที่สองด้วย"}
    answer = second.post(place, data={**old, **mine})
    assert answer.status_code == 409
    assert not answer.page.problems()
    for said in ("ของคนแรก", "ของคนที่สอง", "ของคนที่สองด้วย"):
        assert said in answer.page.text
    assert " ".join(answer.page.text.split()).count("จากที่บันทึกไว้เป็นข้อความของคุณ: ของคน") == 1
    assert "[ตัดออก] แรก" in answer.page.text
    assert "[เพิ่ม] ที่สอง" in answer.page.text
    form = answer.page.form(having={"keep-vision"})
    again = {**sent_by(form), "keep-vision": "theirs", "keep-analysis": "yours"}
    assert second.post(place, data=again).status_code == 303
    with transaction() as session:
        plan = session.get_one(Plan, here.id)
        assert (plan.vision, plan.profile, plan.analysis) == ("ของคนแรก", "เหมือนกัน", "ของคนที่สองด้วย")


def test_two_people_write_an_item(world, as_person, transaction):
    here = world()
    place = f"/plans/items/{here.items[0]}/edit"
    first, second = as_person(here, "member0"), as_person(here, "member1")
    mine = {
        **sent_by(second.get(place).page.form(having={"title"})),
        "title": "ชื่อของคนที่สอง",
        "lines-0-unit_price": "1",
        "way": "self",
    }
    first.submit(
        place,
        {"title": "ชื่อของคนแรก", "lines-0-quantity": "9", "objective": "เป้าหมายของคนแรก"},
        having={"title"},
    )
    answer = second.post(place, data=mine)
    assert answer.status_code == 409
    assert not answer.page.problems()
    again = sent_by(answer.page.form(having={"keep-title"}))
    assert (again["keep-title"], again["keep-way"], again["keep-objective"]) == ("yours", "yours", "theirs")
    assert second.post(place, data={**again, "keep-lines": "theirs"}).status_code == 303
    with transaction() as session:
        item = session.get_one(Item, here.items[0])
        assert (item.title, item.way.value, item.objective) == ("ชื่อของคนที่สอง", "self", "เป้าหมายของคนแรก")
        assert queries.lines_of([item.id])[item.id][0].quantity_thousandths == 9000


def test_what_was_typed_stays_when_the_plan_was_submitted_meanwhile(world, as_person, transaction):
    here = world(state=S.ENDORSED)
    member = as_person(here, "member0")
    mine = sent_by(member.get(f"/plans/{here.id}/edit").page.form(having={"vision"}))
    new = sent_by(member.get(f"/plans/{here.id}/items/new").page.form(having={"title"}))
    with transaction() as session:
        plan = session.get_one(Plan, here.id)
        plans.hand_in(plan, accounts.actor_of(session.get_one(Person, plan.created_by)))
    answer = member.post(f"/plans/{here.id}/edit", data={**mine, "vision": "ข้อความที่พิมพ์ไว้"})
    assert answer.status_code == 409
    assert "ข้อความที่พิมพ์ไว้" in answer.page.text
    answer = member.post(
        f"/plans/{here.id}/items/new", data={**new, "title": "ข้อเสนอที่พิมพ์ไว้", "side": "social"}
    )
    assert answer.status_code == 409
    assert "ข้อเสนอที่พิมพ์ไว้" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("title", ""),
        ("title", "ก" * 201),
        ("problem", "ก" * 3001),
        ("beneficiaries", "หลายคน"),
        ("point", "ตรงนี้"),
        ("point", "51.5, 0.12"),
        ("lines-0-quantity", "-1"),
        ("lines-0-quantity", "0"),
        ("lines-0-unit_price", "แพง"),
        ("lines-2-what", "ไม่มีราคา"),
        ("lines-0-unit_price", "9" * 30),
        ("side", "sixth"),
    ],
)
def test_what_is_refused_is_kept(world, as_person, field, typed):
    here = world()
    member = as_person(here, "member0")
    answer = member.submit(f"/plans/items/{here.items[0]}/edit", {field: typed}, having={"title"})
    assert answer.status_code == 422
    assert not answer.page.problems()
    if field != "side":
        assert typed in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "typed", ["1,000,000,000", "99,999,999,999,999", "999,999,999,999,999,999", "9" * 5000]
)
def test_no_quantity_is_too_long_to_be_kept(world, as_person, typed):
    here = world(state=S.RETURNED)
    place = f"/plans/items/{here.items[0]}/edit"
    free = {"lines-0-quantity": typed, "lines-0-unit_price": "0"}
    assert as_person(here, "member0").submit(place, free, having={"title"}).status_code == 422


def test_more_rows_keep_everything(world, as_person, transaction):
    here = world()
    member = as_person(here, "member0")
    place = f"/plans/items/{here.items[0]}/edit"
    answer = member.submit(
        place, {"title": "ชื่อใหม่", "lines-2-what": "ครึ่งบรรทัด"}, having={"title"}, button=("more", "1")
    )
    assert answer.status_code == 200
    form = answer.page.form(having={"title"})
    kept = sent_by(form)
    assert kept["title"] == "ชื่อใหม่"
    assert kept["lines-2-what"] == "ครึ่งบรรทัด"
    assert "lines-5-what" in kept
    assert member.post(place, data={**kept, "lines-2-what": ""}).status_code == 303
    with transaction() as session:
        assert session.get_one(Item, here.items[0]).title == "ชื่อใหม่"


def test_rows_that_no_page_gives_are_none(world, as_person, transaction):
    here = world()
    member = as_person(here, "member0")
    place = f"/plans/items/{here.items[0]}/edit"
    form = sent_by(member.get(place).page.form(having={"title"}))
    made_up = {f"lines-{number}-what": "x" for number in ("²", "9" * 5000, *range(1000, 60_000))}
    with within(30):
        assert member.post(place, data={**form, "title": "ชื่อใหม่", **made_up}).status_code == 303
    with transaction() as session:
        assert session.get_one(Item, here.items[0]).title == "ชื่อใหม่"
        assert len(queries.lines_of(here.items)[here.items[0]]) == 2


def test_a_double_click_adds_one_item(world, as_person, transaction):
    here = world(items=0)
    member = as_person(here, "member0")
    form = sent_by(member.get(f"/plans/{here.id}/items/new").page.form(having={"title"}))
    answers = [
        member.post(f"/plans/{here.id}/items/new", data={**form, "title": "ครั้งเดียว", "side": "social"})
        for _ in range(2)
    ]
    assert answers[0].location == answers[1].location
    with transaction() as session:
        assert session.query(Item).count() == 1


def test_a_double_click_on_what_was_given_back_adds_one_item(world, as_person, transaction):
    here = world(items=0)
    member = as_person(here, "member0")
    place = f"/plans/{here.id}/items/new"
    form = sent_by(member.get(place).page.form(having={"title"}))
    typed = {**form, "title": "ครั้งเดียว", "side": "social", "csrf_token": "of yesterday"}
    given_back = member.post(place, data=typed)
    assert given_back.status_code == 400
    again = sent_by(given_back.page.form(action="/items/new"))
    assert again["title"] == "ครั้งเดียว"
    first, second = member.post(place, data=again), member.post(place, data=again)
    assert (first.status_code, first.location) == (second.status_code, second.location)
    with transaction() as session:
        assert session.query(Item).count() == 1


@pytest.mark.parametrize("who", ["member0", "visitor"])
def test_what_another_site_sent_is_not_given_back(world, as_person, who):
    here = world()
    browser = as_person(here, who)
    sent = {"title": "เขียนที่อื่น", "side": "social"}
    for site in ("cross-site", "same-site"):
        answer = browser.post(f"/plans/{here.id}/items/new", data=sent, headers={"Sec-Fetch-Site": site})
        assert answer.status_code == 400
        assert "เขียนที่อื่น" not in answer.page.text
    own = browser.post(f"/plans/{here.id}/items/new", data=sent, headers={"Sec-Fetch-Site": "same-origin"})
    assert "เขียนที่อื่น" in own.page.text


def test_the_order_by_button_and_by_number(world, as_person, transaction):
    here = world(items=3)
    member = as_person(here, "member0")
    one, two, three = here.items
    member.submit(f"/plans/{here.id}/write", action="/order", button=("move", f"{three}:up"))
    member.submit(f"/plans/{here.id}/write", {f"rank-{one}": "9"}, action="/order", button=("move", ""))
    with transaction():
        assert [item.id for item in queries.items_of(here.id)] == [three, two, one]
    token = form_value(member.get(f"/plans/{here.id}/write").page.form(action="/order"), "csrf_token")
    damaged = {"csrf_token": token, "rank-x": "1", f"rank-{'9' * 5000}": "1", "move": f"{'9' * 5000}:up"}
    assert member.post(f"/plans/{here.id}/order", data=damaged).status_code < 500
