"""Pages of threads: what visitors, residents, officers and moderators see and send."""

import re

import pytest

from portal.comments.models import Purpose
from portal.core.actor import Role
from tests.factories import accounts, comments, places
from tests.page import values


@pytest.fixture(autouse=True)
def _open_talk():
    comments.OpenPurpose.now = Purpose.DISCUSSION


@pytest.fixture
def talk(transaction):
    """A topic in Dusit with one remark, by its id."""
    with transaction():
        topic = comments.topic(district=places.district())
        comments.comment(topic.id, "ขอให้เพิ่มไฟส่องสว่าง")
        return topic.id


@pytest.fixture
def signed_in(new_client, transaction):
    """``signed_in()`` is a resident's browser; ``signed_in(Role.MODERATOR)`` an officer's of Dusit."""

    def enter(role=None):
        with transaction():
            person = accounts.person()
            if role:
                accounts.grant(person, role, places.district())
        browser = new_client()
        browser.sign_in(person.email, accounts.PASSWORD)
        return browser

    return enter


def anchor(answer):
    assert answer.status_code == 303, answer.page.text
    return re.search(r"#comment-(\d+)$", answer.headers["Location"])[1]


def test_a_visitor_reads_and_is_shown_the_way_in(client, talk):
    page = client.get(f"/comments/{talk}", status=200).page
    assert "ขอให้เพิ่มไฟส่องสว่าง" in page.text
    assert not [form for form in page.forms if form["method"] == "post"]
    assert any("/accounts/sign-in" in link for link in page.links)


def test_what_is_hidden_from_a_visitor_is_missing(client, transaction):
    with transaction():
        topic = comments.topic(comments.HIDDEN_TITLE)
        remark = comments.comment(topic.id)
        ids = topic.id, remark.id
    client.get(f"/comments/{ids[0]}", status=404)
    client.get(f"/comments/remarks/{ids[1]}", status=404)
    client.get("/comments/999999999", status=404)


def test_a_resident_says_something_and_lands_beside_it(signed_in, talk):
    browser = signed_in()
    form = {"text": "เห็นด้วย"}
    answer = browser.submit(f"/comments/{talk}", form, having={"text"})
    number = anchor(answer)
    page = browser.get(answer.headers["Location"]).page
    assert f"comment-{number}" in page.ids
    assert "เห็นด้วย" in page.text


def test_a_reply_stands_below_its_remark(signed_in, talk):
    browser = signed_in()
    number = anchor(browser.submit(f"/comments/{talk}", {"text": "หนึ่ง"}, having={"text"}))
    answer = browser.submit(f"/comments/remarks/{number}", {"text": "สอง"}, having={"text"})
    reply = anchor(answer)
    assert f"/remarks/{number}#" in answer.headers["Location"]
    assert browser.get(f"/comments/remarks/{reply}").headers["Location"].endswith(f"{number}#comment-{reply}")


def test_what_is_refused_keeps_its_words(signed_in, talk):
    browser = signed_in()
    long = "ยาว" * 2000
    answer = browser.submit(f"/comments/{talk}", {"text": long}, having={"text"})
    assert answer.status_code == 422
    assert not answer.page.problems()
    assert long in answer.page.text


def test_the_eleventh_remark_waits_and_keeps_its_words(signed_in, talk):
    browser = signed_in()
    for number in range(10):
        anchor(browser.submit(f"/comments/{talk}", {"text": str(number)}, having={"text"}))
    answer = browser.submit(f"/comments/{talk}", {"text": "ข้อที่สิบเอ็ด"}, having={"text"})
    assert answer.status_code == 429
    assert "ข้อที่สิบเอ็ด" in answer.page.text


def test_a_double_click_says_it_once(signed_in, talk):
    browser = signed_in()
    form = browser.get(f"/comments/{talk}").page.form(having={"text"})
    data = {**values(form), "text": "ครั้งเดียว"}
    first, second = browser.post(f"/comments/{talk}", data=data), browser.post(f"/comments/{talk}", data=data)
    assert first.headers["Location"] == second.headers["Location"]
    assert browser.get(f"/comments/{talk}").page.text.count("ครั้งเดียว") == 1


def test_a_visitors_post_changes_nothing(client, talk):
    answer = client.post(f"/comments/{talk}", data={"text": "แอบส่ง"})
    assert answer.status_code == 401
    assert "แอบส่ง" not in client.get(f"/comments/{talk}").page.text


def test_an_office_answers_and_everyone_reads_it(client, signed_in, talk):
    planner = signed_in(Role.PLANNER)
    where = f"/comments/{talk}/answer?purpose=discussion"
    page = planner.get(where, status=200).page
    (box,) = [one for one in page.all("input") if one["name"] == "comments"]
    # The only remark that waits is the one meant: its box is ticked.
    answer = planner.submit(where, {"office": "ฝ่ายโยธา", "text": "จะดำเนินการ"}, having={"office"})
    assert answer.status_code == 303
    seen = client.get(f"/comments/{talk}").page
    assert "จะดำเนินการ" in seen.text
    assert "ฝ่ายโยธา" in seen.text
    assert "ไม่มีความคิดเห็นที่รอคำตอบ" in planner.get(where).page.text
    correction = f"{where}&remark={box['value']}"
    planner.submit(correction, {"office": "ฝ่ายโยธา", "text": "เริ่มเดือนมกราคม"}, having={"office"})
    seen = client.get(f"/comments/{talk}").page
    assert "เริ่มเดือนมกราคม" in seen.text
    assert "จะดำเนินการ" in " ".join(one.text for one in seen.all("details"))


def test_who_came_from_a_desk_goes_back_there(signed_in, talk):
    planner = signed_in(Role.PLANNER)
    where = f"/comments/{talk}/answer?purpose=discussion&next=/procurement/desk"
    page = planner.get(where, status=200).page
    assert "/procurement/desk" in page.links
    (box,) = [one for one in page.all("input") if one["name"] == "comments"]
    said = {"comments": box["value"], "office": "ฝ่ายโยธา", "text": "จะดำเนินการ"}
    assert planner.submit(where, said, having={"office"}).location == "/procurement/desk"
    foreign = planner.get(f"/comments/{talk}/answer?purpose=discussion&next=//evil.example", status=200)
    assert "//evil.example" not in foreign.page.links


def test_an_answer_needs_a_remark_an_office_and_words(signed_in, talk):
    planner = signed_in(Role.PLANNER)
    where = f"/comments/{talk}/answer"
    answer = planner.submit(where, {"comments": [], "office": "", "text": "เก็บไว้"}, having={"office"})
    assert answer.status_code == 422
    assert "เก็บไว้" in answer.page.text
    assert not answer.page.problems()


def test_a_report_is_settled_at_the_desk(client, signed_in, talk):
    resident, moderator = signed_in(), signed_in(Role.MODERATOR)
    path = next(link for link in resident.get(f"/comments/{talk}").page.links if link.endswith("/report"))
    assert resident.submit(path, {"reason": "ไม่สุภาพ"}, having={"reason"}).status_code == 303
    desk = moderator.get("/comments/moderation", status=200).page
    assert "ไม่สุภาพ" in desk.text
    hide = next(link for link in desk.links if "/hide" in link)
    done = moderator.submit(hide, {"reason": "ใช้ถ้อยคำไม่สุภาพ"}, having={"reason"})
    assert done.headers["Location"].endswith("/comments/moderation")
    seen = client.get(f"/comments/{talk}").page
    assert "ใช้ถ้อยคำไม่สุภาพ" in seen.text
    assert "ขอให้เพิ่มไฟส่องสว่าง" not in seen.text
    hidden = moderator.get("/comments/moderation?view=hidden", status=200).page
    restore = next(link for link in hidden.links if "/restore" in link)
    moderator.submit(restore, {"reason": "เข้าใจผิด"}, having={"reason"})
    assert "ขอให้เพิ่มไฟส่องสว่าง" in client.get(f"/comments/{talk}").page.text


def test_a_reported_remark_may_stay(signed_in, talk):
    resident, moderator = signed_in(), signed_in(Role.MODERATOR)
    path = next(link for link in resident.get(f"/comments/{talk}").page.links if link.endswith("/report"))
    resident.submit(path, {"reason": "ไม่ชอบ"}, having={"reason"})
    number = path.split("/")[-2]
    assert moderator.submit("/comments/moderation", action=f"/{number}/keep").status_code == 303
    assert "ไม่ชอบ" not in moderator.get("/comments/moderation").page.text


@pytest.mark.parametrize(("role", "status"), [(None, 403), (Role.PLANNER, 403), (Role.MODERATOR, 200)])
def test_the_desk_is_for_moderators(signed_in, role, status):
    signed_in(role).get("/comments/moderation", status=status)


def test_an_author_withdraws(client, signed_in, talk):
    browser = signed_in()
    number = anchor(browser.submit(f"/comments/{talk}", {"text": "พูดผิดไป"}, having={"text"}))
    done = browser.submit(f"/comments/remarks/{number}/withdraw")
    assert done.status_code == 303
    text = client.get(f"/comments/{talk}").page.text
    assert "พูดผิดไป" not in text
    assert "ผู้เขียนถอนความคิดเห็นนี้แล้ว" in text


def test_a_full_page_takes_no_more_queries_than_a_small_one(client, transaction, talk):
    with transaction():
        comments.comment(talk, parent_id=comments.comment(talk).id)
    few = len(client.get(f"/comments/{talk}").queries)
    with transaction():
        for _ in range(30):
            top = comments.comment(talk)
            comments.comment(talk, parent_id=top.id)
    assert len(client.get(f"/comments/{talk}").queries) == few <= 4


def test_where_nobody_may_speak_nothing_is_offered(client, signed_in, talk):
    assert "เข้าสู่ระบบเพื่อแสดงความคิดเห็น" in client.get(f"/comments/{talk}", status=200).page.text
    comments.OpenPurpose.now = None
    for browser in (client, signed_in()):
        page = browser.get(f"/comments/{talk}", status=200, query_string={"order": "oldest"}).page
        assert "ขอให้เพิ่มไฟส่องสว่าง" in page.text
        assert not re.findall("เพื่อแสดงความคิดเห็น|ตอบกลับ", page.text)
