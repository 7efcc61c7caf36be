"""The inbox and the follow button."""

import pytest
import sqlalchemy as sa

from portal.core.outbox import OutboxMessage
from portal.notifications import commands
from portal.web import mail
from tests.factories import accounts, comments


@pytest.fixture
def reader(new_client, transaction):
    """A resident's browser and the person's id."""
    with transaction():
        person = accounts.person()
    browser = new_client()
    browser.sign_in(person.email, accounts.PASSWORD)
    browser.person_id = person.id
    return browser


def csrf(page):
    return next(one["value"] for one in page.all("input") if one["name"] == "csrf_token")


def test_a_topic_is_followed_and_left(reader, transaction):
    with transaction():
        topic_id = comments.topic("ลานกีฬาริมคลอง").id
    token = csrf(reader.get("/notifications").page)
    done = reader.post(
        f"/notifications/follow/{topic_id}", data={"csrf_token": token, "next": f"/comments/{topic_id}"}
    )
    assert done.headers["Location"] == f"/comments/{topic_id}"
    assert "ลานกีฬาริมคลอง" in reader.get("/notifications/following", status=200).page.text
    reader.submit("/notifications/following", action=f"/unfollow/{topic_id}")
    assert "ลานกีฬาริมคลอง" not in reader.get("/notifications/following").page.text


def test_the_way_back_never_leaves_the_portal(reader, transaction):
    with transaction():
        topic_id = comments.topic().id
    token = csrf(reader.get("/notifications").page)
    done = reader.post(
        f"/notifications/follow/{topic_id}", data={"csrf_token": token, "next": "https://example.org/"}
    )
    assert done.headers["Location"] == "/"


def test_opening_a_notice_reads_it_and_leads_to_its_topic(reader, transaction):
    with transaction():
        topic_id = comments.topic("ลานกีฬา").id
        commands.tell("comment.posted", topic_id=topic_id, person_ids=[reader.person_id], dedupe_key="1")
    page = reader.get("/notifications", status=200).page
    assert "ลานกีฬา" in page.text
    (action,) = [one["formaction"] for one in page.all("button") if one["formaction"].endswith("/open")]
    data = {"csrf_token": csrf(page)}
    assert reader.post(action, data=data).headers["Location"] == f"/comments/{topic_id}"
    assert reader.post(action, data=data).status_code == 303
    assert "unread" not in reader.get("/notifications").get_data(as_text=True)


def test_news_about_no_topic_leads_to_its_desk_in_the_inbox_and_in_the_mail(reader, transaction, app):
    with transaction():
        commands.tell(
            "rules.proposed",
            person_ids=[reader.person_id],
            params={"title": "เขตดุสิต 2571"},
            way=("cycles.proposal", {"proposal_id": 7}),
            dedupe_key="1",
        )
    page = reader.get("/notifications", status=200).page
    (action,) = [one["formaction"] for one in page.all("button") if one["formaction"].endswith("/open")]
    done = reader.post(action, data={"csrf_token": csrf(page)})
    assert done.headers["Location"] == "/cycles/proposals/7"
    with transaction("read") as session, app.test_request_context():
        message = session.scalars(sa.select(OutboxMessage).where(OutboxMessage.event == "news")).one()
        assert "/cycles/proposals/7" in mail.compose(message, "x@example.org").get_content()


@pytest.mark.parametrize(("has_topic", "leads_to"), [(True, "/comments/{}"), (False, "/notifications")])
def test_old_news_that_names_a_page_that_is_no_more_leads_to_its_topic_or_the_inbox(
    reader, transaction, app, has_topic, leads_to
):
    with transaction():
        topic_id = comments.topic().id
        commands.tell(
            "comment.posted",
            topic_id=topic_id if has_topic else None,
            person_ids=[reader.person_id],
            params={"title": "ลานกีฬา"},
            way=("cycles.no_such_page", {"cycle_id": 7}),
            dedupe_key="1",
        )
    page = reader.get("/notifications", status=200).page
    (action,) = [one["formaction"] for one in page.all("button") if one["formaction"].endswith("/open")]
    done = reader.post(action, data={"csrf_token": csrf(page)})
    assert done.headers["Location"] == leads_to.format(topic_id)
    with transaction("read") as session, app.test_request_context():
        message = session.scalars(sa.select(OutboxMessage).where(OutboxMessage.event == "news")).one()
        address = f"{app.config['PORTAL'].public_url}/notifications\n"
        assert address in mail.compose(message, "x@example.org").get_content()
        message.event = "digest"
        message.params = {"number": 1, "news": [message.params]}
        assert mail.compose(message, "x@example.org").get_content().count(address) == 2
        session.expunge(message)


def test_news_of_what_is_gone_stays_readable_and_leads_nowhere(reader, transaction):
    with transaction():
        topic = comments.topic()
        commands.tell("comment.posted", topic_id=topic.id, person_ids=[reader.person_id], dedupe_key="1")
        topic.kind = "unregistered"
    page = reader.get("/notifications").page
    (action,) = [one["formaction"] for one in page.all("button") if one["formaction"].endswith("/open")]
    done = reader.post(action, data={"csrf_token": csrf(page)})
    assert done.headers["Location"] == "/notifications"


def test_everything_is_read_at_once(reader, transaction):
    with transaction():
        for number in range(3):
            commands.tell("x", person_ids=[reader.person_id], dedupe_key=str(number))
    reader.submit("/notifications", action="/read-all")
    assert "unread" not in reader.get("/notifications").get_data(as_text=True)


def test_somebody_elses_notice_is_missing(reader, transaction):
    with transaction() as session:
        other = accounts.person()
        commands.tell("x", person_ids=[other.id], dedupe_key="1")
        number = session.scalar(sa.text("SELECT id FROM notices"))
    token = csrf(reader.get("/notifications").page)
    assert reader.post(f"/notifications/{number}/open", data={"csrf_token": token}).status_code == 404


@pytest.mark.parametrize(("language", "words"), [("th", "มีความคิดเห็นใหม่"), ("en", "There are new comments")])
def test_the_mail_says_the_same_in_the_persons_language(app, transaction, language, words):
    with transaction() as session:
        topic = comments.topic("ลานกีฬา")
        person = accounts.person(language=language)
        commands.tell("comment.posted", topic_id=topic.id, person_ids=[person.id], dedupe_key="1")
        message = session.scalars(sa.select(OutboxMessage)).one()
        with app.app_context():
            letter = mail.compose(message, "portal@example.org")
    text = letter.get_content()
    assert letter["Subject"].startswith(words)
    prefix = "/en" if language == "en" else ""
    assert f"{app.config['PORTAL'].public_url}{prefix}/comments/{topic.id}" in text
    assert f"{prefix}/notifications/following" in text


def test_the_inbox_tells_no_title_of_what_was_hidden_since(reader, transaction):
    with transaction():
        topics = [comments.topic(title) for title in ("ลานกีฬา", "ทางเท้า")]
        for topic in topics:
            commands.tell(
                "comment.posted", topic_id=topic.id, person_ids=[reader.person_id], dedupe_key=topic.title
            )
    assert "ลานกีฬา" in reader.get("/notifications").page.text
    with transaction() as session:
        session.merge(topics[0]).kind = "hidden"  # a kind that nobody registered is seen by nobody
    text = reader.get("/en/notifications", status=200).page.text
    assert "ลานกีฬา" not in text
    assert "(no longer public)" in text
    assert "ทางเท้า" in text


def test_one_of_the_ways_of_hearing_must_be_chosen(reader):
    assert "(optional)" not in reader.get("/en/notifications/mail", status=200).page.text


@pytest.mark.parametrize(
    "path", ["/notifications", "/notifications/following", "/notifications/mail", "/observation/mine"]
)
def test_ones_own_pages_have_the_menu_of_the_desk(reader, path):
    menus = [
        one for one in reader.get(path, status=200).page.all("nav") if one["class"].startswith("side-nav")
    ]
    assert menus
    assert "/accounts/me" in {link["href"] for link in menus[0].all("a")}
