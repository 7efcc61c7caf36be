"""Pages of forums, through the page client."""

import datetime as dt
import io

import pytest
import sqlalchemy as sa
from PIL import Image

from portal.accounts.models import Person
from portal.core import clock as core_clock
from portal.core import db, paging
from portal.core.actor import Role
from portal.cycles.models import PhaseKind
from portal.forums import queries
from portal.forums.models import Forum, ForumPurpose, ForumState
from portal.plans.models import Item
from tests.client import values
from tests.factories import accounts, cycles, forums, places

NOON = "2026-11-21 12:00"


@pytest.fixture
def place(transaction, clock):
    """A community of Dusit in the phase of forums; its leader, the district's planner and a stranger, by e-mail."""
    clock.travel(NOON)
    with transaction():
        district = places.district()
        community = places.community(district, "ริมคลองสามเสน")
        cycle = cycles.cycle(district, open=PhaseKind.FORUMS)
        chair = accounts.committee(community, size=1)[0]
        planner = accounts.person(email="planner@example.org")
        accounts.grant(planner, Role.PLANNER, district)
        accounts.person(email="resident@example.org")
        leader = db.session().get_one(type(planner), chair.person_id).email
    return {"community": community, "cycle": cycle, "leader": leader, "district": district}


def signed_in(new_client, email):
    browser = new_client()
    browser.sign_in(email, accounts.PASSWORD)
    return browser


def picture():
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(out, "PNG")
    out.seek(0)
    return out


def test_what_the_title_says_is_not_said_again(client, transaction, place):
    with transaction():
        title = "เวทีประชาคมจัดทำแผน ครั้งที่ 2 ชุมชนริมคลองสามเสน"
        held = forums.forum(place["community"], place["cycle"], purpose=ForumPurpose.PLAN_2, title=title)
        forums.forum(place["community"], place["cycle"], purpose=ForumPurpose.PLAN_2, title="คุยกันที่ศาลา")
    for page in ("/forums?when=past", f"/forums/{held.id}"):
        said = client.get(page, status=200).page.all("main")[0].text
        assert said.replace(title, "").count("เวทีประชาคมจัดทำแผน ครั้งที่ 2") == (2 if "?" in page else 0), page
    assert client.get("/forums?when=past", status=200).page.text.count("ชุมชนริมคลองสามเสน") == 2


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_list_is_filtered_and_paged(client, transaction, place, prefix):
    with transaction():
        for number in range(25):
            forums.forum(
                place["community"], recorded=False, purpose=ForumPurpose.MONTHLY, title=f"ครั้งที่ {number:02}"
            )
        forums.forum(place["community"], place["cycle"], title="เวทีเมื่อวานซืน")
    page = client.get(f"{prefix}/forums", status=200).page
    assert "ครั้งที่ 00" in page.text
    assert "เวทีเมื่อวานซืน" not in page.text
    older = next(link for link in page.links if "after=" in link)
    assert "ครั้งที่ 24" in client.get(older, status=200).page.text
    address = f"{prefix}/forums?when=past&district={place['district'].id}&community={place['community'].id}"
    assert "เวทีเมื่อวานซืน" in client.get(address, status=200).page.text
    assert "เวทีเมื่อวานซืน" not in client.get(f"{prefix}/forums?when=past&purpose=hearing", status=200).page.text


# Fourteen hours east of Greenwich the first moment of the calendar was before it.
EARLIEST = f"after={paging.encode(['0001-01-01T00:00:00+14:00', 1])}"


@pytest.mark.parametrize(
    "query",
    [
        "district=x",
        "district=9999",
        "community=77",
        "after=%F0%9F",
        "after=WyJ4IiwxXQ",
        "purpose=?",
        EARLIEST,
    ],
)
def test_a_damaged_address_still_gives_a_list(client, place, query):
    client.get(f"/forums?{query}", status=200)


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_page_of_a_recorded_forum(client, transaction, place, prefix):
    with transaction():
        forum = forums.forum(place["community"], place["cycle"], people=41)
        forums.issue(forum, problem="น้ำท่วมซอย", votes=12)
        forums.issue(forum, problem="ไฟดับ", votes=30)
    page = client.get(f"{prefix}/forums/{forum.id}", status=200).page
    assert "41" in page.text
    assert page.text.index("ไฟดับ") < page.text.index("น้ำท่วมซอย")
    assert not [form for form in page.forms if form["method"] == "post"]
    assert "/names" not in " ".join(page.links)
    client.get(f"{prefix}/forums/{forum.id}/sheet?rows=80", status=200)
    for paper in ("sheet.pdf?rows=25&digits=thai", "cards.pdf?sheets=2"):
        with client.get(f"{prefix}/forums/{forum.id}/{paper}", status=200) as answer:
            assert answer.data.startswith(b"%PDF-")
    client.get("/forums/999", status=404)


def test_who_keeps_no_forums_of_a_place_is_told_so(new_client, transaction, place):
    with transaction():
        other = places.community(place["district"], "อีกฟากคลอง")
        elsewhere = places.district("1001")
        accounts.grant(accounts.person(email="elsewhere@example.org"), Role.PLANNER, elsewhere)
    signed_in(new_client, place["leader"]).get(f"/forums/communities/{other.id}/new", status=403)
    planner = signed_in(new_client, "elsewhere@example.org")
    planner.get(f"/forums/districts/{place['district'].id}/new", status=403)
    planner.get("/forums/districts/999/new", status=404)


def test_a_leader_announces_records_and_corrects(new_client, transaction, place, clock):
    leader = signed_in(new_client, place["leader"])
    answer = leader.get("/forums/new")
    assert answer.status_code == 303
    address = answer.headers["Location"]
    typed = {"purpose": "plan_2", "day": "๒๕/๑๑/๒๕๖๙", "begins": "18.00", "ends": "17:00", "place": "ศาลาวัด"}
    refused = leader.submit(address, typed)
    assert refused.status_code == 422
    assert "๒๕/๑๑/๒๕๖๙" in refused.get_data(as_text=True)
    assert not refused.page.problems()
    answer = leader.submit(address, {**typed, "ends": "20.30", "agenda": "1. ลำดับปัญหา"})
    assert answer.status_code == 303
    forum = answer.headers["Location"]
    assert "เวทีประชาคมจัดทำแผน ครั้งที่ 2 ชุมชนริมคลองสามเสน" in leader.get(forum, status=200).page.text
    assert leader.submit(f"{forum}/edit", {"place": "โรงเรียน"}).status_code == 303
    leader.get(f"{forum}/record", status=409)
    clock.travel("2026-11-25 18:30")
    leader.get(f"{forum}/edit", status=409)
    issue = {"side": "physical", "problem": "ทางเดินพัง", "votes": "๑๒", "raised_by": "3"}
    assert leader.submit(f"{forum}/issues/new", issue).status_code == 303
    assert "ทางเดินพัง" not in new_client().get(forum, status=200).page.text
    figures = {
        "female_18_35": "20",
        "male_60_up": "๑๕",
        "minutes": "เห็นชอบ",
        "names": "1. สมชาย ใจดี, ประธาน\nมาลี",
    }
    refused = leader.submit(f"{forum}/record", {**figures, "minutes": "", "male_under_18": "สาม"})
    assert refused.status_code == 422
    assert "ต่ำกว่า 18 ปี ชาย: กรอกเป็นจำนวนเต็ม" in refused.page.text
    assert leader.submit(f"{forum}/record", figures).status_code == 303
    page = new_client().get(forum, status=200).page
    assert "ทางเดินพัง" in page.text
    assert "35" in page.text
    assert "สมชาย" not in page.text
    assert "สมชาย ใจดี" in leader.get(f"{forum}/names", status=200).page.text
    assert leader.submit(f"{forum}/record", {"male_60_up": "16", "reason": ""}).status_code == 422
    assert leader.submit(f"{forum}/record", {"male_60_up": "16", "reason": "นับตกหนึ่งคน"}).status_code == 303
    page = new_client().get(forum, status=200).page
    assert "36" in page.text
    assert "นับตกหนึ่งคน" in page.text


def test_two_leaders_edit_one_announcement(new_client, transaction, place):
    with transaction():
        forum = forums.forum(place["community"], recorded=False, purpose=ForumPurpose.MONTHLY)
    leader = signed_in(new_client, place["leader"])
    address = f"/forums/{forum.id}/edit"
    page = leader.get(address, status=200).page
    form = page.form()
    with transaction():
        db.session().get_one(Forum, forum.id).place = "ที่คนอื่นเขียน"
    fields = {element["name"]: element["value"] for element in form.all("input") if element["name"]}
    answer = leader.post(address, data={**fields, "place": "ที่ฉันเขียน", "agenda": ""})
    assert answer.status_code == 422
    text = answer.get_data(as_text=True)
    assert "ที่คนอื่นเขียน" in text
    assert "ที่ฉันเขียน" in text
    again = {
        element["name"]: element["value"] for element in answer.page.form().all("input") if element["name"]
    }
    assert leader.post(address, data={**again, "agenda": ""}).status_code == 303
    with transaction():
        assert db.session().get_one(Forum, forum.id).place == "ที่ฉันเขียน"


def test_calling_off_needs_a_reason_and_shows_it(new_client, transaction, place):
    with transaction():
        forum = forums.forum(place["community"], recorded=False, purpose=ForumPurpose.MONTHLY)
    leader = signed_in(new_client, place["leader"])
    address = f"/forums/{forum.id}/cancel"
    assert leader.submit(address, {"reason": " "}).status_code == 422
    assert leader.submit(address, {"reason": "ฝนตกหนัก"}).status_code == 303
    assert "ฝนตกหนัก" in new_client().get(f"/forums/{forum.id}", status=200).page.text
    leader.get(address, status=409)


def test_strangers_keep_nothing(new_client, transaction, place):
    with transaction():
        forum = forums.forum(place["community"], place["cycle"])
        issue = forums.issue(forum)
    resident = signed_in(new_client, "resident@example.org")
    for address in ("record", "edit", "cancel", "photos", "issues/new"):
        resident.get(f"/forums/{forum.id}/{address}", status=403)
    resident.get(f"/forums/issues/{issue.id}/edit", status=403)
    resident.get(f"/forums/{forum.id}/names", status=404)
    resident.get("/forums/new", status=403)
    planner = signed_in(new_client, "planner@example.org")
    planner.get(f"/forums/{forum.id}/names", status=200)
    planner.get(f"/forums/{forum.id}/record", status=403)
    planner.get(f"/forums/communities/{place['community'].id}/new", status=403)
    assert (
        planner.get("/forums/new")
        .headers["Location"]
        .endswith(f"/forums/districts/{place['district'].id}/new")
    )


def test_names_are_deleted_on_demand(new_client, transaction, place):
    with transaction():
        forum = forums.forum(place["community"], place["cycle"])
    leader = signed_in(new_client, place["leader"])
    record = f"/forums/{forum.id}/record"
    assert leader.submit(record, {"names": "มาลี", "reason": "เพิ่มรายชื่อ"}).status_code == 303
    assert leader.submit(f"/forums/{forum.id}/names").status_code == 303
    assert "มาลี" not in leader.get(f"/forums/{forum.id}/names", status=200).page.text


def test_issues_are_corrected_and_taken_out(new_client, transaction, place):
    with transaction():
        forum = forums.forum(place["community"], place["cycle"])
        issue = forums.issue(forum, problem="ขยะล้น", votes=5)
    leader = signed_in(new_client, place["leader"])
    empty = leader.submit(f"/forums/{forum.id}/issues/new")
    assert empty.status_code == 422
    assert "โปรดเลือกหนึ่งข้อ" in empty.page.text
    assert "choice" not in empty.page.text
    assert leader.submit(f"/forums/issues/{issue.id}/edit", {"votes": "400"}).status_code == 422
    assert leader.submit(f"/forums/issues/{issue.id}/edit", {"votes": "7"}).status_code == 303
    with transaction():
        assert queries.issue(issue.id).votes == 7
    assert leader.submit(f"/forums/issues/{issue.id}/remove").status_code == 303
    with transaction():
        assert queries.issue(issue.id) is None


def test_photos_are_public_and_can_be_taken_away(new_client, transaction, place):
    with transaction():
        forum = forums.forum(place["community"], place["cycle"])
    leader = signed_in(new_client, place["leader"])
    address = f"/forums/{forum.id}/photos"
    assert leader.submit(address, {"caption": "ยกมือลงคะแนน"}).status_code == 422
    pdf = (io.BytesIO(b"%PDF-1.7 not a photo"), "a.pdf")
    assert leader.submit(address, {"caption": "ยกมือ", "photos": pdf}).status_code == 422
    sent = {"caption": "ยกมือลงคะแนน", "photos": [(picture(), "a.png"), (picture(), "b.png")]}
    assert leader.submit(address, sent).status_code == 303
    page = new_client().get(f"/forums/{forum.id}", status=200).page
    shown = [image["src"] for image in page.all("img")]
    assert len(shown) == 2
    with new_client().get(shown[0]) as photo:
        assert photo.mimetype == "image/jpeg"
    with transaction():
        photo = queries.photos_of(forum.id)[0]
    assert leader.submit(address, action=f"/photos/{photo.id}/remove").status_code == 303
    assert new_client().get(f"/files/{photo.id}").status_code == 404


def test_the_calendar_feeds(client, transaction, place):
    with transaction():
        forum = forums.forum(
            place["community"], recorded=False, purpose=ForumPurpose.MONTHLY, title="ประชุม; เดือน, นี้"
        )
        forums.forum(purpose=ForumPurpose.DISTRICT_POLICY, recorded=False, title="เวทีของเขต")
    answer = client.get(f"/forums/communities/{place['community'].id}.ics", status=200)
    assert answer.mimetype == "text/calendar"
    text = answer.get_data(as_text=True)
    assert "SUMMARY:ประชุม\\; เดือน\\, นี้" in text
    assert f"UID:forum-{forum.id}@" in text
    assert "เวทีของเขต" not in text
    both = client.get(f"/forums/districts/{place['district'].id}.ics", status=200).get_data(as_text=True)
    assert both.count("BEGIN:VEVENT") == 2
    client.get("/forums/communities/999.ics", status=404)


def test_a_page_is_kept_no_longer_than_the_forum_stands_as_it_is(client, transaction, place):
    with transaction():
        forum = forums.forum(
            place["community"],
            recorded=False,
            purpose=ForumPurpose.MONTHLY,
            starts_at=core_clock.now() + dt.timedelta(seconds=10),
        )
    for address in (f"/forums/{forum.id}", "/forums"):
        assert "s-maxage=10" in client.get(address, status=200).headers["Cache-Control"]
    with transaction():
        assert db.session().get_one(Forum, forum.id).state is ForumState.ANNOUNCED


def test_an_issue_becomes_an_item_from_its_forum_in_one_click(new_client, transaction, place):
    with transaction():
        forum = forums.forum(place["community"], place["cycle"])
        first, second = forums.issue(forum, problem="ไฟดับ"), forums.issue(forum, problem="น้ำท่วมซอย")
        other = accounts.committee(places.community(place["district"], "อีกฟากคลอง"), size=1)[0]
        stranger = db.session().get_one(Person, other.person_id).email
    address = f"/forums/{forum.id}"
    leader = signed_in(new_client, place["leader"])
    shown = leader.get(address, status=200).page
    sent = values(next(form for form in shown.forms if form["action"].endswith(f"/issues/{first.id}")))
    # The plan begins with the first issue. The buttons of one page stay good, each for its own issue.
    for issue in (first, second, second):
        answer = leader.post(f"/plans/issues/{issue.id}", data=sent)
        assert "/plans/items/" in answer.headers["Location"]
    with transaction():
        taken = db.session().execute(sa.select(Item.issue_id, Item.problem).order_by(Item.id)).all()
    assert taken == [(first.id, "ไฟดับ"), (second.id, "น้ำท่วมซอย")]
    shown = leader.get(address, status=200).page
    assert not [form for form in shown.forms if "/plans/issues/" in form["action"]]
    assert sum("/plans/items/" in link for link in shown.links) == 2
    # Nobody else is offered it, or may do it, and a draft is told to nobody.
    for browser in (new_client(), signed_in(new_client, stranger)):
        shown = browser.get(address, status=200).page
        assert not [form for form in shown.forms if "/plans/" in form["action"]]
        assert not [link for link in shown.links if "/plans/items/" in link or "/ideas/" in link]
