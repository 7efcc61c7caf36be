"""The pages: who reads what, what they say, how many queries they take."""

import datetime as dt
import io
import json

import pytest
import sqlalchemy as sa
from PIL import Image

from portal.accounts.models import Person
from portal.core import clock, hashing, thai
from portal.cycles.models import PhaseKind
from portal.forums.models import Issue, Side
from portal.places.models import District
from portal.plans.models import Item, Plan, PlanState
from tests.factories import accounts, cycles, places, plans
from tests.page import values

S = PlanState


def status_of(browser, link):
    with browser.get(link) as answer:
        return answer.status_code


def form_value(form, name):
    return next(field["value"] for field in form.all("input") if field["name"] == name)


def sent_by(form):

    return {name: sent[-1] for name, sent in values(form).items()}


READERS = {
    S.DRAFT: {"member0", "desk"},
    S.ENDORSED: {"member0", "desk", "planner", "director"},
    S.SUBMITTED: {"member0", "desk", "planner", "director", "stranger", "visitor"},
    S.RETURNED: {"member0", "desk", "planner", "director", "stranger", "visitor"},
    S.ACCEPTED_FOR_SCREENING: {"member0", "desk", "planner", "director", "stranger", "visitor"},
    S.WITHDRAWN: {"member0", "desk"},
}


@pytest.mark.parametrize("state", list(S))
def test_who_reads_a_plan(world, as_person, state):
    here = world(state=state)
    for name in ("visitor", "stranger", "member0", "planner", "director", "desk"):
        expected = 200 if name in READERS[state] else 404
        browser = as_person(here, name)
        edition = expected if state in plans.HANDED_IN else 404
        for lang in ("", "/en"):
            browser.get(f"{lang}/plans/{here.id}", status=expected)
            browser.get(f"{lang}/plans/{here.id}/official", status=expected)
            browser.get(f"{lang}/plans/{here.id}/editions/1", status=edition)
        paper = browser.get(f"/plans/{here.id}/plan.pdf?digits=thai", status=expected)
        assert paper.data.startswith(b"%PDF-") == (expected == 200)


@pytest.mark.parametrize("state", list(S))
def test_the_pages_of_leaders_open_or_say_why_not(world, as_person, state):
    here = world(state=state)
    browser = as_person(here, "member0")
    open_ = 200 if state in (S.DRAFT, S.ENDORSED, S.RETURNED) else 409
    for page in ("write", "edit", "issues", "items/new", "endorse", "submit"):
        browser.get(f"/plans/{here.id}/{page}", status=open_)
        as_person(here, "stranger").get(
            f"/plans/{here.id}/{page}", status=403 if "visitor" in READERS[state] else 404
        )
    browser.get(f"/plans/items/{here.items[0]}/edit", status=open_)
    browser.get(f"/plans/items/{here.items[0]}/withdraw", status=open_)
    browser.get("/plans/desk", status=200)
    browser.get("/en/plans/desk", status=200)


def test_the_list_shows_what_was_handed_in(world, client):
    here = world(state=S.SUBMITTED)
    page = client.get("/plans", status=200).page
    assert f"/plans/{here.id}" in page.links
    assert "42,500" not in page.text
    assert "฿50,000" in page.text
    assert (
        f"/plans/{here.id}"
        in client.get("/plans?district=1002&year=2571&state=submitted", status=200).page.links
    )
    assert f"/plans/{here.id}" not in client.get("/plans?district=1001", status=200).page.links
    client.get("/plans?district=x&year=9&state=nonsense&cursor=broken", status=200)


def test_drafts_are_not_in_the_list(world, client):
    here = world(state=S.ENDORSED)
    assert f"/plans/{here.id}" not in client.get("/plans", status=200).page.links


def test_an_issue_whose_words_are_in_the_plan_already_says_so(world, as_person, transaction):
    here = world(items=0)
    chair, address = as_person(here, "member0"), f"/plans/{here.id}/issues"
    assert "ใช้ถ้อยคำนี้แล้ว" not in chair.get(address, status=200).page.text
    with transaction() as session:
        problem = session.get_one(Issue, here.issue_id).problem
        carried = plans.item(session.get_one(Plan, here.id), problem=problem).id
    page = chair.get(address, status=200).page
    assert "ใช้ถ้อยคำนี้แล้ว" in page.text
    assert f"/plans/items/{carried}/edit" in page.links
    with transaction() as session:
        session.get_one(Item, carried).issue_id = here.issue_id
    assert "ใช้ถ้อยคำนี้แล้ว" not in chair.get(address, status=200).page.text


def test_the_whole_way_by_its_pages(world, as_person, transaction):
    here = world(items=0)
    chair = as_person(here, "member0")
    assert f"/plans/{here.id}/write" in chair.get("/plans/desk", status=200).page.links
    chair.submit(f"/plans/{here.id}/edit", {"vision": "น่าอยู่", "analysis": "น้ำท่วม"}, having={"vision"})
    taken = chair.submit(f"/plans/{here.id}/issues", action=f"/issues/{here.issue_id}")
    assert taken.status_code == 303
    item = taken.location
    form = {
        "title": "ลานออกกำลังกายริมคลอง",
        "objective": "คนทุกวัยได้ออกกำลังกาย",
        "indicator": "มีผู้ใช้วันละ ๓๐ คน",
        "place": "ลานหน้าศาลา",
        "proposal": "ปรับพื้นและติดตั้งเครื่องออกกำลังกาย",
        "point": "13.77210, 100.51320",
        "beneficiaries": "๓๒๐",
        "lines-0-what": "เครื่องออกกำลังกาย",
        "lines-0-quantity": "๒.๕",
        "lines-0-unit": "ชุด",
        "lines-0-unit_price": "10,000.50",
    }
    assert chair.submit(item, form, having={"title"}).status_code == 303
    with transaction() as session:
        kept = session.query(Item).one()
        assert (kept.budget_satang, kept.beneficiaries, kept.issue_id) == (25_001_25, 320, here.issue_id)
    other = {
        **form,
        "title": "ตลาดนัดชุมชน",
        "side": Side.ECONOMY.value,
        "problem": "รายได้น้อย",
        "way": "together",
    }
    assert chair.submit(f"/plans/{here.id}/items/new", other, having={"title"}).status_code == 303
    waiting = chair.get(f"/plans/{here.id}/submit", status=200).page.text
    assert "ยังส่งแผนไม่ได้" in waiting
    assert "เนื้อหาแผนครบแล้ว รอเพียงลายมือชื่อ" in waiting, "nothing is marked as missing"
    for number in range(4):
        signer = as_person(here, f"member{number}")
        assert signer.submit(f"/plans/{here.id}/endorse", action="/endorse").status_code == 303
    assert "ยังส่งแผนไม่ได้" not in chair.get(f"/plans/{here.id}/submit", status=200).page.text
    sent = chair.submit(f"/plans/{here.id}/submit", {"note": "ส่งแล้ว"}, having={"note"})
    assert sent.status_code == 303, sent.page.text
    visitor = as_person(here, "visitor")
    page = visitor.get(f"/plans/{here.id}", status=200).page
    assert "ลานออกกำลังกายริมคลอง" in page.text
    body = visitor.get(f"/plans/{here.id}/editions/1/canonical.json").data
    assert hashing.sha256_hex(body) in page.text.replace(" ", "")
    assert len(json.loads(body)["content"]["items"]) == 2


def with_exif(exif):
    out = io.BytesIO()
    Image.new("RGB", (20, 20), "green").save(out, "PNG", exif=b"Exif\0\0" + exif)
    return out.getvalue()


def test_a_file_is_read_whatever_its_name_was(world, as_person):
    here = world()
    member = as_person(here, "member0")
    place = f"/plans/items/{here.items[0]}/edit"
    form = member.get(place).page.form(action="/files")
    token = next(one["value"] for one in form.all("input") if one["name"] == "csrf_token")
    for name in ("a%0D%0Ab.pdf", "..%5C..%2Fa%09%00b.pdf", "%E0%B8%81%0A.pdf"):
        parts = [
            f'name="csrf_token"\r\n\r\n{token}',
            f"name=\"file\"; filename*=UTF-8''{name}\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.7",
        ]
        body = "".join(f"--x\r\nContent-Disposition: form-data; {part}\r\n" for part in parts) + "--x--\r\n"
        sent = member.post(form["action"], data=body, content_type="multipart/form-data; boundary=x")
        assert sent.status_code == 303
        link = max(link for link in member.get(place).page.links if link.startswith("/files/"))
        assert status_of(member, link) == 200


def test_what_is_attached_to_the_working_text_is_for_the_committee_and_the_office(
    world, as_person, transaction
):
    here = world(state=S.SUBMITTED)
    due = (clock.today() + dt.timedelta(days=9)).isoformat()
    whole = {"due_on": due, f"item_{here.items[0]}": "แนบใบเสนอราคา"}
    as_person(here, "planner").submit(f"/plans/{here.id}/return", whole, having={"whole"})
    member, place = as_person(here, "member0"), f"/plans/items/{here.items[0]}/edit"
    paper = {"file": (io.BytesIO(b"%PDF-1.7 consent, with names"), "a.pdf"), "caption": "ความยินยอม"}
    member.submit(place, paper, action="/files")
    link = next(link for link in member.get(place).page.links if link.startswith("/files/"))
    table = {"member0": 200, "planner": 200, "visitor": 404, "stranger": 404}
    assert {name: status_of(as_person(here, name), link) for name in table} == table


def test_files_of_an_item(world, as_person, transaction):
    here = world(state=S.SUBMITTED)
    draft = world()
    picture = io.BytesIO()
    Image.new("RGB", (20, 20), "green").save(picture, "PNG")
    member = as_person(draft, "member0")
    place = f"/plans/items/{draft.items[0]}/edit"
    sent = member.submit(
        place, {"file": (io.BytesIO(picture.getvalue()), "แผนที่.png"), "caption": "แผนที่"}, action="/files"
    )
    assert sent.status_code == 303
    link = next(link for link in member.get(place).page.links if link.startswith("/files/"))
    assert status_of(member, link) == 200
    assert status_of(as_person(here, "visitor"), link) == 404
    for content in (b"MZ not a picture", with_exif(b"not of a camera"), with_exif(b"II*\0")):
        answer = member.submit(place, {"file": (io.BytesIO(content), "x.png")}, action="/files")
        assert answer.status_code == 422
    assert member.submit(place, action="/remove").status_code == 303
    assert status_of(member, link) == 404


def test_officers_do_their_part(world, as_person, transaction):
    here = world(state=S.SUBMITTED)
    planner = as_person(here, "planner")
    bad = planner.submit(f"/plans/{here.id}/return", {"whole": ""}, having={"whole"})
    assert bad.status_code == 422
    due = clock.today() + dt.timedelta(days=9)
    sent = planner.submit(
        f"/plans/{here.id}/return",
        {"due_on": due.isoformat(), f"item_{here.items[0]}": "ระบุสถานที่ให้ชัด"},
        having={"whole"},
    )
    assert sent.status_code == 303
    assert "ระบุสถานที่ให้ชัด" in as_person(here, "visitor").get(f"/plans/{here.id}").page.text
    director = as_person(here, "director")
    assert (
        director.submit(
            f"/plans/{here.id}/permit-late", {"reason": "น้ำท่วมชุมชน"}, having={"reason"}
        ).status_code
        == 303
    )
    director.get("/plans/desk", status=200)
    assert "ระบุสถานที่ให้ชัด" in as_person(here, "member0").get(f"/plans/{here.id}/write", status=200).page.text


def test_the_director_is_led_to_no_draft_that_is_not_theirs_to_read(world, as_person):
    here = world(state=S.DRAFT)
    director = as_person(here, "director")
    director.get(f"/plans/{here.id}", status=404)
    assert f"/plans/{here.id}" not in director.get("/plans/desk", status=200).page.links
    assert f"/plans/{here.id}" in as_person(here, "desk").get("/plans/desk", status=200).page.links


def test_signatures_on_paper_are_entered_by_the_desk(world, as_person, transaction):
    here = world()
    desk = as_person(here, "desk")
    place = f"/plans/{here.id}/endorse-on-paper"
    scan = (io.BytesIO(b"%PDF-1.4 scan"), "signed.pdf")
    assert desk.submit(place, {"file": scan}, having={"member"}).status_code == 303
    link = next(
        link
        for link in as_person(here, "member0").get(f"/plans/{here.id}/write").page.links
        if "/files/" in link
    )
    assert status_of(as_person(here, "member1"), link) == 200
    assert status_of(as_person(here, "stranger"), link) == 404
    assert as_person(here, "planner").get(place).status_code == 403
    desk.get("/plans/desk", status=200)


def test_withdrawn_and_taken_up_again(world, as_person, transaction):
    here = world(state=S.SUBMITTED)
    member = as_person(here, "member0")
    assert member.submit(f"/plans/{here.id}/withdraw", {"reason": ""}, having={"reason"}).status_code == 422
    assert (
        member.submit(f"/plans/{here.id}/withdraw", {"reason": "รวมกับปีหน้า"}, having={"reason"}).status_code
        == 303
    )
    visitor, today = as_person(here, "visitor"), thai.day_text(clock.today(), "en", "long")
    taken_back = f"Withdrawn by the community on {today}"
    reopened = f"{taken_back}, reopened on {today}"

    def told():
        text = visitor.get(f"/en/plans/{here.id}", status=200).page.text
        return [words in text for words in (taken_back, reopened, "รวมกับปีหน้า", "as it was last submitted")]

    assert told() == [True, False, True, False]
    assert member.submit(f"/plans/{here.id}/resume", action="/resume").status_code == 303
    member.get(f"/plans/{here.id}/write", status=200)
    assert told() == [True, True, True, True]
    with transaction() as session:
        leader = session.scalars(sa.select(Person).where(Person.email == here.email["member0"])).one()
        plans.hand_in(session.get_one(Plan, here.id), accounts.actor_of(leader))
    assert told() == [True, True, True, False]
    assert "Edition 2" in visitor.get(f"/en/plans/{here.id}", status=200).page.text


def test_an_unknown_plan_is_not_found(world, as_person):
    here = world()
    member = as_person(here, "member0")
    for page in (
        "",
        "/write",
        "/edit",
        "/endorse",
        "/submit",
        "/official",
        "/editions/3",
        "/editions/3/canonical.json",
    ):
        member.get(f"/plans/999999{page}", status=404)
    member.get("/plans/items/999999/edit", status=404)
    member.get("/plans/items/999999", status=404)


def test_the_desk_before_the_year_and_before_the_plan(transaction, as_person, new_client):
    with transaction() as session:
        community = places.community()
        accounts.committee(community)
        email = session.get_one(Person, accounts.leader(community).id).email
    browser = new_client()
    browser.sign_in(email, accounts.PASSWORD)
    browser.get("/plans/desk", status=200)
    with transaction() as session:
        cycles.cycle(session.get_one(District, community.district_id), open=PhaseKind.FORUMS)
    page = browser.get("/plans/desk", status=200).page
    form = next(form for form in page.forms if "/begin/" in form["action"])
    answer = browser.post(form["action"], data=sent_by(form))
    assert answer.status_code == 303
    assert browser.get(answer.location, status=200)
    browser.get("/plans/desk", status=200)
