"""The pages: who gets which, what a visitor never sees, what is typed and kept, and how many queries they take."""

import io
import json
import re

import pytest

from portal.actionplan import commands
from portal.actionplan.models import ActionPlan, ActionPlanState, MoneyStep
from portal.comments import commands as comments
from portal.comments.models import Comment, Purpose
from portal.core import clock, db
from portal.core.actor import Role
from portal.cycles.models import Cycle
from tests.actionplan.conftest import accepted
from tests.factories import accounts, actionplan, places
from tests.page import values

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def pages_of(ids):
    return [
        f"/actionplan/{ids.plan}",
        f"/actionplan/{ids.plan}/hearing",
        f"/actionplan/{ids.plan}/reasons",
        f"/actionplan/{ids.plan}/editions",
        f"/actionplan/{ids.plan}/sheets",
        f"/actionplan/{ids.plan}/projects.csv",
        f"/actionplan/{ids.plan}/plan.xlsx",
        f"/actionplan/{ids.plan}/plan.json",
        f"/actionplan/projects/{ids.project}",
        f"/actionplan/projects/{ids.project}/sheet",
        f"/actionplan/projects/{ids.project}/documents",
    ]


def test_a_draft_leaks_nowhere(client, enter):
    made = enter(ActionPlanState.DRAFT)
    for path in pages_of(made.ids):
        client.get(path, status=404)
        client.get(f"/en{path}", status=404)
    assert "เต็นท์" not in client.get("/actionplan?year=2571", status=200).page.text
    found = client.get("/search?q=เต็นท์", check=False, max_queries=99).get_data(as_text=True)
    assert f"/actionplan/projects/{made.ids.project}" not in found
    for topic_id in made.ids.topics:
        client.get(f"/comments/{topic_id}", status=404)
    dossier = client.get(f"/dossier/{made.ids.items[0]}", max_queries=99)
    assert "จัดหาเต็นท์สนาม" not in dossier.get_data(as_text=True)
    resident = made.browser("resident")
    for path in pages_of(made.ids):
        resident.get(path, status=404)


@pytest.mark.parametrize("state", [state for state in ActionPlanState if state is not ActionPlanState.DRAFT])
def test_everybody_reads_it_from_the_hearing_on(client, enter, state):
    made = enter(state)
    for path in pages_of(made.ids):
        client.get(path, status=200)
    assert "จัดหาเต็นท์สนาม" in client.get(f"/en/actionplan/{made.ids.plan}", status=200).page.text


def test_the_hearing_counts_what_it_lists(client, enter, transaction):
    made = enter(ActionPlanState.HEARING)
    with transaction():
        first = comments.post(made.world.resident, made.world.plan.topic_id, "ขอให้เริ่มก่อนฤดูฝน")
        comments.post(made.world.resident, first.topic_id, "เห็นด้วย", parent_id=first.id)
        said_before = Comment(
            topic_id=first.topic_id,
            author_id=first.author_id,
            purpose=Purpose.DISCUSSION,
            body="<p>ขอบคุณที่รวมไว้</p>",
            created_at=clock.now(),
        )
        db.session().add(said_before)
    page = client.get(f"/en/actionplan/{made.ids.plan}/hearing", status=200).page
    assert "3 comments on the plan as a whole" in page.text
    assert len([one for one in page.all("article") if one["class"] == "comment"]) == 3


def test_officers_read_the_draft(enter):
    made = enter(ActionPlanState.DRAFT)
    for role in ("planner", "director"):
        browser = made.browser(role)
        for path in [*pages_of(made.ids), "/actionplan/desk", f"/actionplan/{made.ids.plan}/check"]:
            browser.get(path, status=200)


def test_a_project_leads_its_planner_to_the_merge_workbench(client, enter):
    ids = (made := enter(ActionPlanState.HEARING)).ids
    page, bench = f"/actionplan/projects/{ids.project}", f"/actionplan/{ids.plan}/merge"
    assert bench in made.browser("planner").get(page, status=200).page.links
    assert bench not in client.get(page, status=200).page.links


WORK = ("merge", "projects/new", "items/{item}", "not-yet?item={free}")
PROJECT_WORK = ("edit", "withdraw", "nodes", "money")


def work_pages(ids):
    values = {"item": ids.items[0], "free": ids.items[1]}
    return [
        *(f"/actionplan/{ids.plan}/{page.format(**values)}" for page in WORK),
        *(f"/actionplan/projects/{ids.project}/{page}" for page in PROJECT_WORK),
    ]


def test_work_pages_are_for_the_planner(client, enter):
    made = enter(ActionPlanState.HEARING)
    planner, director, resident = (made.browser(role) for role in ("planner", "director", "resident"))
    for path in work_pages(made.ids):
        planner.get(path, status=200)
        director.get(path, status=403)
        resident.get(path, status=403)
        assert client.get(path).status_code == 303
    for path in (f"/actionplan/{made.ids.plan}/answers", f"/actionplan/{made.ids.plan}/check"):
        planner.get(path, status=200)
        director.get(path, status=200)
        resident.get(path, status=403)


def test_a_published_plan_asks_for_no_reasons(enter):
    made = enter(ActionPlanState.PUBLISHED)
    planner, free = made.browser("planner"), made.ids.items[1]
    planner.get(f"/actionplan/{made.ids.plan}/not-yet?item={free}", status=409)


@pytest.mark.parametrize(
    ("state", "step"),
    [(ActionPlanState.ANSWERED, "approve"), (ActionPlanState.REOPENED, "publish-edition")],
)
@pytest.mark.parametrize("wrote", [False, True])
def test_who_wrote_in_the_plan_is_not_offered_to_approve_it(enter, transaction, state, step, wrote):
    made = enter(state)
    with transaction() as session:
        both = accounts.person("both@example.org")
        for role in (Role.PLANNER, Role.DIRECTOR):
            accounts.grant(both, role, places.district())
        if wrote:
            plan = session.get_one(ActionPlan, made.ids.plan)
            commands.give_not_yet(accounts.actor_of(both), plan, [made.ids.items[1]], "รองบประมาณปีหน้า")
    check, way = f"/actionplan/{made.ids.plan}/check", f"/actionplan/{made.ids.plan}/steps/{step}"
    page = made.browser("both").get(check, status=200).page
    assert (way in page.links) is not wrote
    assert ("ผู้อื่นที่มีหน้าที่ผู้อำนวยการเขต" in page.text) is wrote
    assert way in made.browser("director").get(check, status=200).page.links
    assert way not in made.browser("planner").get(check, status=200).page.links


def test_the_whole_way_by_its_pages(enter, client, clock):
    now = clock.travel("2026-11-21 09:00")
    made = enter(ActionPlanState.DRAFT)
    planner, director, resident = (made.browser(role) for role in ("planner", "director", "resident"))
    plan, project, items = made.ids.plan, made.ids.project, made.ids.items
    merge = f"/actionplan/{plan}/merge"

    form = planner.get(merge, status=200).page.form(having={"items", "projects"})
    fields = {"items": str(items[1]), "projects": str(project), "do": "link"}
    sent = {name: value for name, value in values(form).items() if name not in ("items", "projects")}
    assert planner.post(form["action"], data={**sent, **fields}).status_code == 303

    answer = planner.submit(
        f"/actionplan/{plan}/not-yet?item={items[2]}", {"reason": "รองบประมาณปีหน้า"}, having={"reason"}
    )
    assert answer.status_code == 303

    steps = f"/actionplan/{plan}/steps"
    assert planner.submit(f"{steps}/open-hearing", action="/open-hearing").status_code == 303
    page = client.get(f"/actionplan/{plan}/hearing", status=200).page
    assert "จัดหาเต็นท์สนาม" in page.text

    resident.submit(f"/actionplan/projects/{project}", {"text": "ขอผ้าใบข้าง"}, having={"text"})
    resident.submit(f"/actionplan/{plan}/hearing", {"text": "ขอดูงบด้านสุขภาพ"}, having={"text"})

    clock.travel(now.replace(day=15, month=12))
    closed = client.get(f"/actionplan/{plan}/hearing", status=200).page
    assert "ตอบแล้ว 0 จาก 2 ความคิดเห็นต่อแผนและโครงการ" in closed.text
    assert "1 ความคิดเห็นต่อแผนทั้งฉบับ" in closed.text
    assert not re.findall("เพื่อแสดงความคิดเห็น|ตอบกลับ", closed.text), "the hearing is over"
    refused = planner.submit(f"{steps}/finish-hearing", action="/finish-hearing")
    assert refused.status_code == 409
    assert f"/actionplan/{plan}/answers" in refused.page.links
    assert "ในอีกหน้าต่างหนึ่ง" not in refused.page.text, "remarks wait: nobody else was there"
    form = planner.get(f"/actionplan/{plan}/answers", status=200).page.form(having={"comments"})
    ticked = [box["value"] for box in form.all("input") if box["name"] == "comments"]
    assert len(ticked) == 2
    planner.submit(
        f"/actionplan/{plan}/answers",
        {"comments": ticked, "office": "ฝ่ายพัฒนาชุมชนฯ", "text": "รับไว้ปรับปรุง"},
        having={"comments"},
    )
    assert planner.submit(f"{steps}/finish-hearing", action="/finish-hearing").status_code == 303
    planner.get(f"{steps}/approve", status=403)
    assert director.submit(f"{steps}/approve", action="/approve").status_code == 303
    assert director.submit(f"{steps}/publish", action="/publish").status_code == 303

    locked = planner.get(f"/actionplan/{plan}/merge?show=all", status=200).page
    assert "จัดหาเต็นท์สนาม" in locked.text
    assert not [box for box in locked.all("input") if box["type"] == "checkbox"], (
        "nothing to tick in a locked plan"
    )

    shown = client.get(f"/actionplan/{plan}", status=200).page
    assert f"/actionplan/{plan}/editions/1.json" in shown.links
    text = client.get(f"/actionplan/{plan}/editions/1.json").get_data(as_text=True)
    assert {one["item"] for one in json.loads(text)["projects"][0]["items"]} == set(items[:2])
    assert "รองบประมาณปีหน้า" in client.get(f"/actionplan/{plan}/reasons", status=200).page.text

    assert planner.submit(f"{steps}/reopen", {"reason": "แก้ชื่อโครงการ"}, action="/reopen").status_code == 303
    planner.submit(f"/actionplan/projects/{project}/edit", {"name": "จัดหาเต็นท์และโต๊ะ"}, having={"name"})
    assert f"/actionplan/{plan}/editions/1" in client.get(f"/actionplan/{plan}", status=200).page.links
    assert "ยังใช้ฉบับเดิม" in client.get(f"/actionplan/projects/{project}", status=200).page.text
    assert director.submit(f"{steps}/publish-edition", action="/publish-edition").status_code == 303
    changed = client.get(f"/actionplan/{plan}/editions/2", status=200).page
    assert "จัดหาเต็นท์และโต๊ะ" in changed.text
    assert "แก้ชื่อโครงการ" in changed.text


def test_what_was_typed_is_kept_when_it_is_refused(enter):
    made = enter()
    planner = made.browser("planner")
    answer = planner.submit(
        f"/actionplan/projects/{made.ids.project}/edit",
        {"ends_on": "1/1/2500", "rationale": "เหตุผลที่เขียนไว้ยาว", "budget_satang": "หนึ่งแสน"},
        having={"name"},
    )
    assert answer.status_code == 422
    assert "เหตุผลที่เขียนไว้ยาว" in answer.get_data(as_text=True)
    assert "หนึ่งแสน" in answer.get_data(as_text=True)
    answer = planner.submit(
        f"/actionplan/{made.ids.plan}/projects/new", {"name": "", "area": "ริมคลอง"}, having={"name"}
    )
    assert answer.status_code == 422
    assert "ริมคลอง" in answer.get_data(as_text=True)
    answer = planner.submit(
        f"/actionplan/projects/{made.ids.project}/money", {"amount": "๑,๐๐๐"}, having={"amount"}
    )
    assert answer.status_code == 422
    assert "๑,๐๐๐" in answer.get_data(as_text=True)
    answer = planner.submit(
        f"/actionplan/{made.ids.plan}/items/{made.ids.items[0]}",
        {f"amount_{made.ids.project}": "999,999"},
        having={"seen"},
    )
    assert answer.status_code == 422
    assert "999,999" in answer.get_data(as_text=True)


def test_the_second_writer_sees_both_versions_and_can_go_on(enter, transaction):
    made = enter()
    planner = made.browser("planner")
    path = f"/actionplan/projects/{made.ids.project}/edit"
    form = planner.get(path, status=200).page.form(having={"name"})
    mine = {**values(form), "name": "ชื่อของฉัน"}
    assert planner.submit(path, {"name": "ชื่อของคนแรก"}, having={"name"}).status_code == 303
    answer = planner.post(path, data=mine)
    assert answer.status_code == 409
    assert "ชื่อของคนแรก" in answer.page.text
    again = answer.page.form(having={"name"})
    assert values(again)["name"] == ["ชื่อของฉัน"]
    assert planner.post(path, data=values(again)).status_code == 303
    assert "ชื่อของฉัน" in planner.get(f"/actionplan/projects/{made.ids.project}").page.h1


def test_documents_are_read_by_who_sees_the_project(client, enter):
    made = enter(ActionPlanState.DRAFT)
    planner = made.browser("planner")
    path = f"/actionplan/projects/{made.ids.project}/documents"
    sent = {"file": (io.BytesIO(PDF), "โครงการ.pdf"), "caption": "รายละเอียดโครงการ"}
    answer = planner.submit(path, sent, having={"caption"}, content_type="multipart/form-data")
    assert answer.status_code == 303
    (link,) = [link for link in planner.get(path, status=200).page.links if "/files/" in link]
    with planner.get(link, check=False) as found:
        assert found.status_code == 200
    assert client.get(link, check=False).status_code == 404
    refused = planner.submit(
        path,
        {"file": (io.BytesIO(b"MZ"), "x.exe"), "caption": "ก"},
        having={"caption"},
        content_type="multipart/form-data",
    )
    assert refused.status_code == 422


def test_filters_narrow_the_list(client, enter, transaction):
    made = enter(ActionPlanState.PUBLISHED)
    with transaction():
        other = actionplan.project(
            db.session().get_one(ActionPlan, made.ids.plan), "ลอกท่อระบายน้ำ", section="public_works"
        )
        other_id = other.id
    base = f"/actionplan/{made.ids.plan}"
    for query, there, absent in (
        ("side=social", made.ids.project, other_id),
        ("section=public_works", other_id, made.ids.project),
        ("q=ลอกท่อ", other_id, made.ids.project),
        ("q=เต้นท์", made.ids.project, other_id),
    ):
        links = client.get(f"{base}?{query}", status=200).page.links
        assert f"/actionplan/projects/{there}" in links, query
        assert f"/actionplan/projects/{absent}" not in links, query
    for nonsense in (
        "side=x",
        "kind=x",
        "section=x",
        "community=abc",
        "node=99999999999999999999",
        "cursor=xx",
    ):
        client.get(f"{base}?{nonsense}", status=200)


def fill(world_ids, transaction, count):
    with transaction():
        plan = db.session().get_one(ActionPlan, world_ids.plan)
        cycle = db.session().get_one(Cycle, world_ids.cycle)
        resident = accounts.actor_of(accounts.person())
        for _ in range(count):
            made = actionplan.project(plan)
            for item in accepted(cycle, [1_000_00]):
                actionplan.link(made, item, 1_000_00)
            planner = accounts.queries.actor_of_person(plan.created_by)
            commands.record_money(planner, made, MoneyStep.REQUESTED, 1_00, clock.today(), "")
        comments.post(resident, plan.topic_id, "ความเห็น")


def test_pages_take_no_more_queries_when_there_is_more(client, enter, transaction):
    made = enter(ActionPlanState.HEARING)
    planner, resident = made.browser("planner"), made.browser("resident")
    visits = [
        *((client, path) for path in pages_of(made.ids)),
        (client, "/actionplan"),
        *((resident, path) for path in pages_of(made.ids)),
        *((planner, path) for path in work_pages(made.ids)),
        (planner, "/actionplan/desk"),
        (planner, f"/actionplan/{made.ids.plan}/check"),
        (planner, f"/actionplan/{made.ids.plan}/answers"),
        (planner, f"/actionplan/{made.ids.plan}/steps/finish-hearing"),
        (planner, f"/actionplan/{made.ids.plan}/answers?show=answered"),
    ]
    fill(made.ids, transaction, 1)
    few = [len(browser.get(path).queries) for browser, path in visits]
    fill(made.ids, transaction, 5)
    many = [len(browser.get(path).queries) for browser, path in visits]
    assert many == few, [(path, a, b) for (_, path), a, b in zip(visits, few, many, strict=True) if a != b]


@pytest.mark.parametrize(
    ("state", "step"),
    [
        (ActionPlanState.DRAFT, "open-hearing"),
        (ActionPlanState.ANSWERED, "approve"),
        (ActionPlanState.APPROVED, "publish"),
        (ActionPlanState.APPROVED, "take-back"),
        (ActionPlanState.PUBLISHED, "reopen"),
        (ActionPlanState.REOPENED, "publish-edition"),
        (ActionPlanState.REOPENED, "close-change"),
    ],
)
def test_every_step_asks_before_it_is_taken(enter, state, step):
    made = enter(state)
    role = "planner" if step == "open-hearing" else "director"
    browser = made.browser(role)
    path = f"/actionplan/{made.ids.plan}/steps/{step}"
    page = browser.get(path, status=200).page
    assert page.form(action=f"/{step}")
    assert f"/actionplan/{made.ids.plan}/check" in page.links
    browser.get(f"/actionplan/{made.ids.plan}/steps/fly-away", status=404)
    elsewhere = next(name for name in ("open-hearing", "publish") if name != step)
    assert browser.get(f"/actionplan/{made.ids.plan}/steps/{elsewhere}").status_code in (303, 403)
