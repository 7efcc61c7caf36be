"""News at once, gathered, or in the inbox alone; each piece in one mail at most, however many workers there are."""

import datetime as dt
import threading

import pytest
import sqlalchemy as sa

from portal.core import clock as core_clock
from portal.core import db as core_db
from portal.core import outbox, topics
from portal.core.actor import SYSTEM
from portal.core.outbox import OutboxMessage
from portal.notifications import commands, digests, queries
from portal.notifications.models import Hearing
from portal.web import leaving, mail
from tests.factories import accounts, comments

MONDAY = dt.datetime(2026, 11, 23, 9, 0, tzinfo=core_clock.BANGKOK)


def mails(session, person):
    return session.scalars(
        sa.select(OutboxMessage).where(OutboxMessage.person_id == person.id).order_by(OutboxMessage.id)
    ).all()


def gather(limit=20):
    """As the worker does it, here in one transaction."""
    return commands.gather_digests(SYSTEM, queries.digests_due(limit=limit))


def tell(people, key, topic):
    commands.tell("comment.posted", topic_id=topic.id, person_ids=[one.id for one in people], dedupe_key=key)


@pytest.mark.parametrize(
    ("hearing", "now", "due"),
    [
        (Hearing.DAILY, "2026-11-24 07:09", "2026-11-23 07:00"),
        (Hearing.DAILY, "2026-11-24 07:10", "2026-11-24 07:00"),
        (Hearing.WEEKLY, "2026-11-23 07:09", "2026-11-16 07:00"),
        (Hearing.WEEKLY, "2026-11-23 07:10", "2026-11-23 07:00"),
        (Hearing.WEEKLY, "2026-11-29 23:59", "2026-11-23 07:00"),
    ],
)
def test_mornings(hearing, now, due):
    at = dt.datetime.fromisoformat
    found = digests.last_boundary(hearing, at(now).replace(tzinfo=core_clock.BANGKOK))
    assert found.astimezone(core_clock.BANGKOK).replace(tzinfo=None) == at(due)


def test_news_comes_the_way_it_was_chosen(db, clock):
    clock.travel(MONDAY)
    topic = comments.topic("ลานกีฬา")
    people = {one: accounts.person() for one in Hearing}
    for hearing, person in people.items():
        commands.choose_hearing(accounts.actor_of(person), hearing)
        assert queries.hearing_of(accounts.actor_of(person)) is hearing
    tell(people.values(), "one", topic)
    tell(people.values(), "two", topic)
    assert {one: len(mails(db, person)) for one, person in people.items()} == {
        Hearing.AT_ONCE: 2,
        Hearing.DAILY: 0,
        Hearing.WEEKLY: 0,
        Hearing.INBOX: 0,
    }
    assert queries.digests_due() == []
    assert gather() == 0
    clock.travel(MONDAY + dt.timedelta(days=1))
    assert len(queries.digests_due()) == 1
    for _ in range(2):
        gather()
    (daily,) = mails(db, people[Hearing.DAILY])
    assert (daily.event, daily.params["number"]) == ("digest", 2)
    assert mails(db, people[Hearing.WEEKLY]) == []
    clock.travel(MONDAY + dt.timedelta(days=7))
    for _ in range(2):
        gather()
    assert len(mails(db, people[Hearing.DAILY])) == 1, "nothing new, no mail"
    assert [one.params["number"] for one in mails(db, people[Hearing.WEEKLY])] == [2]
    assert len(mails(db, people[Hearing.AT_ONCE])) == 2
    assert mails(db, people[Hearing.INBOX]) == []


def test_what_was_read_is_left_out_and_a_change_of_mind_mails_nothing_twice(db, clock):
    clock.travel(MONDAY)
    topic, person = comments.topic(), accounts.person()
    actor = accounts.actor_of(person)
    tell([person], "mailed", topic)
    clock.travel(MONDAY + dt.timedelta(minutes=1))
    commands.choose_hearing(actor, Hearing.DAILY)
    tell([person], "read", topic)
    commands.read_all_notices(actor)
    clock.travel(MONDAY + dt.timedelta(days=1))
    gather()
    assert [one.event for one in mails(db, person)] == ["news"]


def test_a_page_of_its_own_goes_before_the_topic_in_gathered_news(db, clock):
    clock.travel(MONDAY)
    person = accounts.person()
    commands.choose_hearing(accounts.actor_of(person), Hearing.DAILY)
    way = ("cycles.show", {"cycle_id": 7})
    commands.tell(
        "rules.published", topic_id=comments.topic().id, person_ids=[person.id], way=way, dedupe_key="1"
    )
    clock.travel(MONDAY + dt.timedelta(days=1))
    gather()
    (daily,) = mails(db, person)
    assert [(one["endpoint"], one["values"]) for one in daily.params["news"]] == [way]


@pytest.mark.postgres_only
def test_workers_at_the_same_time_gather_once(transaction, clock):
    with core_clock.travel(MONDAY), transaction():
        topic, people = comments.topic(), [accounts.person() for _ in range(20)]
        for person in people:
            commands.choose_hearing(accounts.actor_of(person), Hearing.DAILY)
    with core_clock.travel(MONDAY + dt.timedelta(minutes=1)), transaction():
        tell(people, "one", topic)
    problems, ready = [], threading.Barrier(4)

    def work():
        try:
            ready.wait()
            with core_clock.travel(MONDAY + dt.timedelta(days=1)):
                while True:
                    with core_db.transaction():
                        if not gather(limit=3):
                            return
        except Exception as problem:  # noqa: BLE001 - shown by the assertion below
            problems.append(problem)

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert problems == []
    with transaction() as session:
        sent = session.scalars(sa.select(OutboxMessage.person_id).where(OutboxMessage.event == "digest"))
        assert sorted(sent.all()) == sorted(person.id for person in people)


def test_the_mail_names_the_news_and_ends_with_one_click(app, transaction, clock, new_client, tmp_path):
    with core_clock.travel(MONDAY), transaction():
        topic, person = comments.topic("ลานกีฬาริมคลอง"), accounts.person(language="en")
        commands.choose_hearing(accounts.actor_of(person), Hearing.WEEKLY)
    with core_clock.travel(MONDAY + dt.timedelta(hours=1)), transaction():
        tell([person], "one", topic)
    with core_clock.travel(MONDAY + dt.timedelta(days=8)):
        with transaction():
            gather()
        composed = []
        with app.app_context():
            outbox.deliver_due(lambda message: composed.append(mail.compose(message, "x@example.org")))
    (letter,) = composed
    assert letter["Subject"] == "1 piece of news from Ruamngop"
    assert "ลานกีฬาริมคลอง" in letter.get_content()
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = letter["List-Unsubscribe"].strip("<>").split("/", 3)[3]
    client = new_client()
    assert "Stop emails with news" in client.get(f"/{path}", status=200).page.text
    with transaction():
        assert queries.hearing_of(accounts.actor_of(person)) is Hearing.WEEKLY, "looking changes nothing"
    answer = client.post(f"/{path}", data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    with transaction():
        assert queries.hearing_of(accounts.actor_of(person)) is Hearing.INBOX
    assert client.post(f"/{path}x").status_code == 404


def test_who_is_signed_in_chooses_on_the_page(transaction, client):
    with transaction():
        person = accounts.person("resident@example.org")
    client.sign_in("resident@example.org", accounts.PASSWORD)
    client.submit("/notifications/mail", {"hearing": "daily"})
    with transaction():
        assert queries.hearing_of(accounts.actor_of(person)) is Hearing.DAILY


def test_nobody_elses_address_can_be_made_up(app):
    with app.app_context():
        good = leaving.address(1, "th").rpartition("/")[2]
        assert leaving.person_of(good) == 1
        assert leaving.person_of(good[:-1]) is None
        assert leaving.person_of("1") is None


def test_what_can_no_longer_be_seen_has_no_title_any_more(db, clock):
    clock.travel(MONDAY)
    gone, there, person = comments.topic("ลานกีฬา"), comments.topic("ทางเท้า"), accounts.person()
    commands.choose_hearing(accounts.actor_of(person), Hearing.DAILY)
    tell([person], "gone", gone)
    tell([person], "there", there)
    clock.travel(MONDAY + dt.timedelta(days=1))
    gone.kind = "hidden"  # a kind that nobody registered is seen by nobody
    db.flush()
    gather()
    (daily,) = mails(db, person)
    assert [one["details"]["title"] for one in daily.params["news"]] == ["ทางเท้า", "(ไม่เปิดเผยแล้ว)"]
    assert ["endpoint" in one for one in daily.params["news"]] == [True, False]


def test_people_with_the_same_grants_share_a_statement(app, db, clock):
    """Building one costs more than running it."""
    clock.travel(MONDAY)
    people = [accounts.person() for _ in range(5)]
    for person in people:
        commands.choose_hearing(accounts.actor_of(person), Hearing.DAILY)
    tell(people, "one", comments.topic())
    clock.travel(MONDAY + dt.timedelta(days=1))
    before = topics._visible_among.cache_info().misses
    assert gather() == len(people)
    assert topics._visible_among.cache_info().misses - before <= 1


def test_nothing_is_held_while_mails_are_worked_out(app, transaction, clock):
    """And who chose anew meanwhile gets none."""
    with core_clock.travel(MONDAY), transaction():
        topic, people = comments.topic(), [accounts.person() for _ in range(3)]
        for person in people:
            commands.choose_hearing(accounts.actor_of(person), Hearing.DAILY)
    with core_clock.travel(MONDAY + dt.timedelta(hours=1)), transaction():
        tell(people, "one", topic)
    with core_clock.travel(MONDAY + dt.timedelta(days=1)):
        with transaction("read"):
            worked_out = queries.digests_due()
            assert core_db.mode() == "read"
        with transaction():
            commands.choose_hearing(accounts.actor_of(people[0]), Hearing.INBOX)
        with transaction():
            assert commands.gather_digests(SYSTEM, worked_out) == 2
        with transaction():
            assert commands.gather_digests(SYSTEM, worked_out) == 0, "another worker was here"
    with transaction() as session:
        assert [len(mails(session, one)) for one in people] == [0, 1, 1]
