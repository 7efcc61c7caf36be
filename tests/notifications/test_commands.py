"""Telling, following, reading."""

import threading

import pytest
import sqlalchemy as sa

from portal.core import db as core_db
from portal.core import topics
from portal.core.actor import ANONYMOUS
from portal.core.errors import NotFound
from portal.core.outbox import OutboxMessage
from portal.notifications import commands, queries
from portal.notifications.models import Follow, Notice
from tests.client import counted_queries
from tests.factories import accounts, comments


def notices(session):
    return session.scalars(sa.select(Notice).order_by(Notice.person_id, Notice.id)).all()


def mails(session):
    return session.scalars(sa.select(OutboxMessage).order_by(OutboxMessage.person_id)).all()


def test_the_same_news_comes_once_to_each(db):
    topic = comments.topic()
    named, follower, both = accounts.person(), accounts.person(), accounts.person()
    commands.follow_for([follower.id, both.id], topic.id)
    for _ in range(2):
        commands.tell(
            "comment.posted",
            topic_id=topic.id,
            person_ids=[named.id, both.id, both.id],
            followers_of=[topic.id],
            dedupe_key="one",
        )
    assert [one.person_id for one in notices(db)] == [named.id, follower.id, both.id]
    assert [one.person_id for one in mails(db)] == [named.id, follower.id, both.id]
    assert notices(db)[0].params == {"title": topic.title}


def test_the_one_who_acted_and_closed_accounts_are_not_told(db):
    topic = comments.topic()
    author, follower, gone = accounts.person(), accounts.person(), accounts.person()
    gone.closed_at = gone.created_at
    db.flush()
    commands.follow_for([author.id, follower.id, gone.id], topic.id)
    commands.tell(
        "comment.posted", topic_id=topic.id, followers_of=[topic.id], dedupe_key="x", except_person=author.id
    )
    assert [one.person_id for one in notices(db)] == [follower.id]


def test_mail_follows_the_wish_and_the_language_of_the_person(db):
    quiet, english = accounts.person(wants_mail=False), accounts.person(language="en")
    topic = comments.topic("ลานกีฬา")
    commands.tell("comment.posted", topic_id=topic.id, person_ids=[quiet.id, english.id], dedupe_key="x")
    assert len(notices(db)) == 2
    (mail,) = mails(db)
    assert (mail.person_id, mail.address, mail.language) == (english.id, english.email, "en")
    assert mail.params == {
        "news": "comment.posted",
        "details": {"title": "ลานกีฬา"},
        "endpoint": "comments.thread",
        "values": {"topic_id": topic.id},
    }


def test_thousands_of_followers_take_the_statements_of_one(db):
    topic = comments.topic()
    first = accounts.person()
    taken = {}
    for many in (1, 1500):
        people = [accounts.person(password_hash="x").id for _ in range(many - 1)] + [first.id]
        commands.follow_for(people, topic.id)
        db.flush()
        with counted_queries() as seen:
            commands.tell(
                "comment.posted", topic_id=topic.id, followers_of=[topic.id], dedupe_key=f"many:{many}"
            )
        taken[many] = len(seen)
    assert taken[1] == taken[1500] == 3
    assert len(notices(db)) == 1 + 1500


def test_only_what_is_seen_can_be_followed(db):
    hidden = topics.create("unregistered", "x")
    topics.tie(hidden.id, 1)
    someone = accounts.actor_of(accounts.person())
    with pytest.raises(NotFound):
        commands.follow(someone, hidden.id)
    topic = comments.topic()
    with pytest.raises(NotFound):
        commands.follow(ANONYMOUS, topic.id)
    commands.follow(someone, topic.id)
    commands.follow(someone, topic.id)
    assert queries.is_following(someone, topic.id)
    assert db.scalar(sa.select(sa.func.count()).select_from(Follow)) == 1
    commands.unfollow(someone, topic.id)
    assert not queries.is_following(someone, topic.id)


def test_the_inbox_shows_unread_first_page_by_page(db, monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 2)
    person = accounts.person()
    for number in range(5):
        commands.tell("x", person_ids=[person.id], dedupe_key=str(number))
    ids = [one.id for one in notices(db)]
    actor = accounts.actor_of(person)
    assert actor.unread == 5
    commands.read_notice(actor, ids[4])
    commands.read_notice(actor, ids[1])
    pages, cursor = [], None
    while True:
        found = queries.inbox(actor, cursor)
        pages.append([row.id for row in found.rows])
        cursor = found.next_cursor
        if cursor is None:
            break
    assert pages == [[ids[3], ids[2]], [ids[0], ids[4]], [ids[1]]]
    commands.read_all_notices(actor)
    assert accounts.actor_of(person).unread == 0


def test_nobody_reads_another_persons_notice(db):
    person, other = accounts.person(), accounts.person()
    commands.tell("x", person_ids=[person.id], dedupe_key="1")
    (notice,) = notices(db)
    commands.read_notice(accounts.actor_of(other), notice.id)
    assert queries.notice_of(accounts.actor_of(other), notice.id) is None
    db.refresh(notice)
    assert notice.read_at is None


@pytest.mark.postgres_only
def test_told_by_many_at_once_it_is_still_one_piece_of_news(transaction):
    with transaction():
        topic_id = comments.topic().id
        commands.follow_for([accounts.person().id for _ in range(20)], topic_id)
    start = threading.Barrier(8)
    faults = []

    def tell():
        start.wait()
        try:
            with core_db.transaction():
                commands.tell("x", topic_id=topic_id, followers_of=[topic_id], dedupe_key="race")
        except Exception as problem:  # noqa: BLE001 - a thread's fault is shown by the test
            faults.append(problem)

    threads = [threading.Thread(target=tell) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert not faults
    with transaction() as session:
        assert len(notices(session)) == len(mails(session)) == 20
