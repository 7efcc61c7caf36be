"""What phones send: once, whole or not at all, and never over somebody else's words."""

import datetime as dt
import io
import json
import threading

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from portal.core import clock as core_clock
from portal.core import db, errors
from portal.core.ledger import LedgerEntry
from portal.forums import commands, queries, sent
from portal.forums.models import Forum, ForumPurpose, ForumState, Issue, Sending
from portal.web import device
from tests.factories import accounts, forums, places

HOUR = dt.timedelta(hours=1)


def key(name="a", at=dt.datetime(2026, 11, 21, 5, tzinfo=dt.UTC)):
    return f"{int(at.timestamp()):08x}-{name * 20}"


def body(base, **values):
    told = {
        "key": key(),
        "base": base,
        "attendance": {"female_36_59": "๒๐", "male_60_up": 11},
        "minutes": "เห็นชอบ",
        "done": [],
        "names": "1. มาลี, แถวหน้า\nบุญมี",
        "issues": [{"side": "physical", "problem": "ฝาท่อแตก", "votes": "9", "raised_by": 2}],
        "removed": [],
        **values,
    }
    return json.dumps(told, ensure_ascii=False).encode()


@pytest.fixture
def begun(transaction, clock):
    """The id of a forum that has begun, the actor who leads its community, and the leader's e-mail."""
    clock.travel("2026-11-21 12:00")
    with transaction():
        community = places.community(places.district(), "ริมคลองสามเสน")
        leader = accounts.leader(community)
        forum = forums.forum(
            community, recorded=False, purpose=ForumPurpose.MONTHLY, starts_at=core_clock.now() - HOUR
        )
        email = db.session().get_one(accounts.Person, leader.id).email
        return forum.id, leader, email


def mark(leader, forum_id):
    return queries.mark_of(queries.standing(leader, queries.forum(forum_id)))


@pytest.fixture
def phone(new_client, begun):
    """``phone(body)`` posts to the recorder, signed in, with the token the page would have."""
    forum_id, _leader, email = begun
    browser = new_client()
    browser.sign_in(email, accounts.PASSWORD)
    address = f"/forums/recorder/{forum_id}"

    def post(sending):
        token = browser.get(f"{address}/now.json", status=200).json["csrf"]
        headers = {"X-CSRFToken": token}
        return browser.post(address, data=sending, content_type="application/json", headers=headers)

    post.browser, post.address = browser, address
    return post


def test_a_record_is_taken_in_whole_and_once(phone, begun, transaction, new_client):
    forum_id, leader, _email = begun
    now = phone.browser.get(f"{phone.address}/now.json", status=200).json
    with transaction():
        second = queries.agenda_of(forum_id)[1]
    sending = body(now["mark"], done=[second.id])
    first, again = phone(sending), phone(sending)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json == {"at": again.json["at"], "mark": again.json["mark"], "repeat": False, "same": True}
    assert again.json["repeat"] is True
    written_on = phone(body(now["mark"], minutes="เห็นชอบ แล้วเขียนต่อ"))
    assert written_on.json == {**again.json, "same": False}
    with transaction() as session:
        forum = queries.forum(forum_id)
        assert (forum.state, forum.minutes) == (ForumState.RECORDED, "เห็นชอบ")
        assert sum(queries.attendance_of(forum_id).values()) == 31
        assert [one.is_done for one in queries.agenda_of(forum_id)] == [False, True]
        assert [one.name for one in queries.attendees_of(leader, forum)] == ["มาลี", "บุญมี"]
        assert session.scalar(sa.select(sa.func.count()).select_from(Issue)) == 1
        events = list(session.scalars(sa.select(LedgerEntry.event).order_by(LedgerEntry.id)))
        assert events.count("forum.recorded") == events.count("issue.added") == 1
        kept = session.scalars(sa.select(Sending)).one()
        assert "มาลี" not in json.dumps(kept.answer, ensure_ascii=False)
    page = new_client().get(f"/forums/{forum_id}", status=200).page
    assert "ฝาท่อแตก" in page.text
    assert "มาลี" not in page.text


def test_somebody_wrote_meanwhile(phone, begun, transaction):
    forum_id, leader, _email = begun
    with transaction():
        base = mark(leader, forum_id)
    with transaction():
        issue = commands.add_issue(
            leader, queries.forum(forum_id), commands.IssueData(sent.Side.MIND, "เสียงดัง")
        )
    refused = phone(body(base))
    assert refused.status_code == 409
    assert [one["problem"] for one in refused.json["record"]["issues"]] == ["เสียงดัง"]
    with transaction() as session:
        assert queries.forum(forum_id).state is ForumState.ANNOUNCED
        assert session.scalar(sa.select(sa.func.count()).select_from(Sending)) == 0
    chosen = [{"id": issue.id, "side": "mind", "problem": "เสียงดังตอนดึก", "votes": 4}]
    taken = phone(body(refused.json["mark"], issues=chosen))
    assert taken.status_code == 200
    # What follows is a correction, with a reason; the issue is taken out with it.
    mended = {"key": key("b"), "issues": [], "removed": [issue.id], "minutes": "เห็นชอบแล้ว"}
    assert phone(body(taken.json["mark"], **mended)).json["fields"].keys() == {"reason"}
    assert phone(body(taken.json["mark"], **mended, reason="เขียนตก")).status_code == 200
    with transaction():
        assert queries.issues_of(forum_id) == []
        assert [json.loads(row.payload)["note"] for row in queries.corrections_of(forum_id)] == ["เขียนตก"]


@pytest.mark.parametrize(
    ("sending", "status", "part"),
    [
        (b"{", 400, None),
        (b"[1]", 400, None),
        (b"\xff\xfe", 400, None),
        (b"[" * 200_000, 400, None),
        (body("x", issues=[{"id": "1"}]), 400, None),
        (body("x", issues=[{"id": 10**30}]), 400, None),
        (body("x", done=[10**30]), 400, None),
        (body("x", key="ffffffffff-" + "a" * 16), 422, "key"),
        (body("x", attendance={"nobody": 1}), 400, None),
        (body("x", done=[True]), 400, None),
        (b" " * (sent.MOST_BYTES + 1), 413, None),
        (body("x", key="no key"), 422, "key"),
        (body("x", minutes="ก" * 50_001), 422, "minutes"),
        (body("x", attendance={"male_60_up": "-1"}), 422, "attendance"),
        (body("x", issues=[{"side": "sky", "problem": "?"}]), 422, "issues"),
        (body("x", issues=[{"side": "mind", "problem": "x"}] * 101), 422, "issues"),
        (body("x", key=key(at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))), 410, None),
    ],
    ids=[
        "broken",
        "no record",
        "no text",
        "a bomb of brackets",
        "an issue's id as a text",
        "an id that no row has",
        "a tick that no row has",
        "a key of a year that never comes",
        "an unknown band",
        "a tick that is no number",
        "too large",
        "no key",
        "minutes too long",
        "fewer than nobody",
        "an unknown side",
        "too many issues",
        "a key of last year",
    ],
)
def test_what_is_refused_and_says_what_to_do(phone, transaction, sending, status, part):
    answer = phone(sending)
    assert answer.status_code == status
    assert len(answer.json["error"]) > 10
    assert part is None or list(answer.json["fields"]) == [part]
    with transaction() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Sending)) == 0


def test_rules_of_the_record_hold_for_phones(phone, begun, transaction, clock):
    forum_id, leader, _email = begun
    with transaction():
        base = mark(leader, forum_id)
    hands = [{"side": "mind", "problem": "เสียงดัง", "votes": 32}]
    refused = phone(body(base, issues=hands))
    assert (refused.status_code, list(refused.json["fields"])) == (422, ["attendance"])
    assert "32" in refused.json["error"]
    assert phone(body(base, minutes=" ")).json["fields"].keys() == {"minutes"}
    unknown = [{"id": 99, "side": "mind", "problem": "เสียงดัง"}]
    assert phone(body(base, issues=unknown)).json["fields"].keys() == {"issues"}
    with transaction():
        assert (queries.issues_of(forum_id), queries.attendance_of(forum_id)) == ([], {})
    with transaction() as session:
        forum = session.get_one(Forum, forum_id)
        forum.starts_at, forum.ends_at = core_clock.now() + HOUR, core_clock.now() + 2 * HOUR
    assert phone(body(base)).status_code == 409
    with transaction():
        commands.cancel_forum(leader, queries.forum(forum_id), "ฝนตก")
    assert phone(body(base)).status_code == 409


def test_only_the_keepers_reach_it_and_the_key_goes_with_them(phone, begun, transaction, new_client):
    _forum_id, _leader, email = begun
    with transaction():
        accounts.person(email="resident@example.org")
    visitor = new_client()
    assert visitor.get(f"{phone.address}/now.json").status_code == 303
    assert visitor.post(phone.address, data=body("x"), content_type="application/json").status_code == 401
    resident = new_client()
    resident.sign_in("resident@example.org", accounts.PASSWORD)
    resident.get(phone.address, status=403)
    assert resident.get_cookie(device.COOKIE) is None
    without_token = phone.browser.post(phone.address, data=body("x"), content_type="application/json")
    assert without_token.status_code == 400

    shown = phone.browser.get(phone.address, status=200)
    assert shown.headers["Cache-Control"] == "private, no-store"
    assert email not in shown.get_data(as_text=True)
    assert "csrf" not in shown.get_data(as_text=True)
    cookie = phone.browser.get_cookie(device.COOKIE)
    assert (len(cookie.value), cookie.http_only, cookie.same_site) == (43, False, "Strict")
    out = next(one for one in phone.browser.get("/", status=200).page.forms if "sign-out" in one["action"])
    token = next(one["value"] for one in out.all("input") if one["name"] == "csrf_token")
    assert phone.browser.post(out["action"], data={"csrf_token": token}).status_code == 303
    assert phone.browser.get_cookie(device.COOKIE) is None
    phone.browser.sign_in(email, accounts.PASSWORD)
    phone.browser.get(phone.address, status=200)
    assert phone.browser.get_cookie(device.COOKIE).value == cookie.value


def test_the_worker_reaches_the_recorder_only(client):
    answer = client.get("/forums/recorder/worker.js", status=200)
    assert answer.mimetype == "text/javascript"
    assert "Service-Worker-Allowed" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_old_keys_are_forgotten_with_time(begun, transaction, clock):
    forum_id, leader, _email = begun
    with transaction():
        commands.send_record(leader, forum_id, sent.read(body(mark(leader, forum_id))))
    clock.travel("2027-12-01 12:00")
    with transaction() as session:
        forum = forums.forum(
            session.get_one(places.Community, queries.forum(forum_id).community_id),
            recorded=False,
            purpose=ForumPurpose.MONTHLY,
            starts_at=core_clock.now() - HOUR,
        )
    with transaction() as session:
        sending = body(mark(leader, forum.id), key=key("b", core_clock.now()))
        commands.send_record(leader, forum.id, sent.read(sending))
        assert session.scalars(sa.select(Sending.forum_id)).all() == [forum.id]


@pytest.mark.postgres_only
def test_two_sendings_at_once_make_one_record(begun, transaction):
    forum_id, leader, _email = begun
    with transaction():
        sending = sent.read(body(mark(leader, forum_id)))
    gate, answers = threading.Barrier(4), []

    def send():
        gate.wait()
        with db.transaction():
            answers.append(commands.send_record(leader, forum_id, sending))

    senders = [threading.Thread(target=send) for _ in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert sorted(one["repeat"] for one in answers) == [False, True, True, True]
    assert len({one["mark"] for one in answers}) == 1
    with transaction() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Issue)) == 1
        recorded = (
            sa.select(sa.func.count()).select_from(LedgerEntry).where(LedgerEntry.event == "forum.recorded")
        )
        assert session.scalar(recorded) == 1


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


@given(name=st.sampled_from(sorted(json.loads(body("x")))), value=json_values)
def test_whatever_a_phone_says_is_read_or_refused(name, value):
    told = {**json.loads(body("x")), name: value}
    try:
        found = sent.read(json.dumps(told).encode())
    except (sent.Unreadable, sent.TooLarge, errors.Invalid):
        return
    assert all(people >= 0 for people in found.record.attendance.values())


def picture():
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(out, "PNG")
    return out.getvalue()


def test_a_photo_is_taken_in_once(begun, transaction, new_client):
    forum_id, leader, email = begun
    taken = commands.SentPhoto(key("f"), dt.datetime(2026, 11, 21, 5, tzinfo=dt.UTC), "ยกมือ")
    for is_repeat in (False, True):
        with transaction():
            answer = commands.send_photo(leader, forum_id, taken, io.BytesIO(picture()))
        assert answer["repeat"] is is_repeat
        assert answer["same"]
    with transaction("read"):
        assert [one.caption for one in queries.photos_of(forum_id)] == ["ยกมือ"]
    browser = new_client()
    browser.sign_in(email, accounts.PASSWORD)
    csrf = browser.get(f"/forums/recorder/{forum_id}/now.json", status=200).get_json()["csrf"]

    def send(**told):
        sent_too = {"photo": (io.BytesIO(picture()), "photo.jpg")} | told
        return browser.post(
            f"/forums/recorder/{forum_id}/photo", data=sent_too, headers={"X-CSRFToken": csrf}
        )

    assert send(key=key("g"), caption="ผู้เข้าร่วม").status_code == 200
    assert send(key=key("h"), caption=" ").get_json()["fields"].keys() == {"caption"}
    no_photo = (io.BytesIO(b"%PDF-1.4"), "photo.jpg")
    assert send(key=key("i"), caption="ก", photo=no_photo).status_code == 422
    with transaction("read"):
        assert len(queries.photos_of(forum_id)) == 2
