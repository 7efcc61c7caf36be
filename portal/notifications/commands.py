"""Follow, tell, read.

``tell`` and ``follow_for`` are effects of another room's command, so they take people rather than an actor.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Person
from portal.core import clock, db, topics
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.outbox import MessageState, OutboxMessage, enqueue, insert_ignoring
from portal.core.topics import Topic
from portal.notifications import queries
from portal.notifications.models import Digest, Follow, Hearing, Notice

MAIL = "news"
DIGEST = "digest"


def follow(actor: Actor, topic_id: int) -> None:
    """The actor wants news of a topic they may see; following twice is following once. NotFound otherwise."""
    if actor.id is None or topics.visible_topic(actor, topic_id) is None:
        raise NotFound
    follow_for([actor.id], topic_id)


def unfollow(actor: Actor, topic_id: int) -> None:
    """No more news of the topic; always allowed, also for what the actor may no longer see."""
    db.session().execute(sa.delete(Follow).where(Follow.person_id == actor.id, Follow.topic_id == topic_id))


def follow_for(person_ids: Iterable[int], topic_id: int) -> None:
    """Let people follow what they made or answer for (authors, leaders). One statement; repeats are ignored."""
    now = clock.now()
    rows = [
        {"person_id": person_id, "topic_id": topic_id, "created_at": now}
        for person_id in sorted(set(person_ids))
    ]
    if rows:
        db.session().execute(insert_ignoring(Follow.__table__).values(rows))


def tell(
    event: str,
    *,
    topic_id: int | None = None,
    person_ids: Sequence[int] = (),
    followers_of: Sequence[int] = (),
    params: dict[str, Any] | None = None,
    way: tuple[str, dict[str, Any]] | None = None,
    dedupe_key: str,
    except_person: int | None = None,
) -> None:
    """Put ``event`` into the inbox of people and of the followers of topics, and into the mail of those who want it at once.

    ``topic_id`` is what the news is about and where it leads unless a ``way`` is given; its title is ``params["title"]`` unless given. ``params``
    is JSON data that fills the event's sentence and is read by everyone told: say nothing there that one of them may
    not see. ``way`` (endpoint, values) is a page of its own where the news leads, a desk's mostly; it asks for itself who may
    see it, and everyone told must be among them. ``dedupe_key`` makes the news one: whoever has it already is not told again. ``except_person`` is usually
    the one who acted. Two statements, however many people; they share the caller's transaction.
    """
    filled, address = dict(params or {}), {}
    if way is not None:
        filled["way"] = list(way)
        address = queries.way_of(filled)
    topic = _topic(topic_id=topic_id).first() if topic_id is not None else None
    if topic is not None:
        kind = topics.kinds().get(topic.kind)
        filled.setdefault("title", topic.title)
        if not address and kind is not None and topic.ref_id is not None:
            address = {"endpoint": kind.endpoint, "values": {kind.param: topic.ref_id}}
    everybody = {
        "event": event,
        "dedupe_key": dedupe_key[:400],
        "now": clock.now(),
        "person_ids": person_ids,
        "followers_of": followers_of,
        "except_person": except_person or 0,
    }
    _put_into_inboxes(topic_id=topic_id, params=filled, **everybody)
    _put_into_mail(params={"news": event, "details": filled, **address}, **everybody)


@db.prepared
def _topic(*, topic_id: Any) -> Any:
    return sa.select(Topic.title, Topic.kind, Topic.ref_id).where(Topic.id == topic_id)


@db.prepared
def _put_into_inboxes(
    *,
    topic_id: Any,
    event: Any,
    params: Any,
    dedupe_key: Any,
    now: Any,
    person_ids: Any,
    followers_of: Any,
    except_person: Any,
) -> Any:
    values = {
        Notice.person_id: Person.id,
        Notice.topic_id: topic_id,
        Notice.event: event,
        Notice.params: params,
        Notice.dedupe_key: dedupe_key,
        Notice.created_at: now,
    }
    return _insert_for(_receivers(person_ids, followers_of, except_person), values)


@db.prepared
def _put_into_mail(
    *,
    event: Any,
    params: Any,
    dedupe_key: Any,
    now: Any,
    person_ids: Any,
    followers_of: Any,
    except_person: Any,
) -> Any:
    people = _receivers(person_ids, followers_of, except_person)
    values = {
        OutboxMessage.person_id: Person.id,
        OutboxMessage.address: Person.email,
        OutboxMessage.language: Person.language,
        OutboxMessage.event: sa.literal(MAIL),
        OutboxMessage.params: params,
        OutboxMessage.dedupe_key: sa.type_coerce(dedupe_key, sa.String) + ":" + sa.cast(Person.id, sa.String),
        OutboxMessage.state: sa.literal(MessageState.QUEUED),
        OutboxMessage.attempts: sa.literal(0),
        OutboxMessage.next_at: now,
        OutboxMessage.created_at: now,
    }
    return _insert_for(people.where(Person.wants_mail, Person.id.not_in(sa.select(Digest.person_id))), values)


def _insert_for(people: sa.Select[Any], values: dict[Any, Any]) -> Any:
    """One row for each of the people, unless it is there."""
    typed = [sa.type_coerce(value, column.type) for column, value in values.items()]
    table = next(iter(values)).class_.__table__
    return insert_ignoring(table).from_select(
        [column.key for column in values], people.with_only_columns(*typed)
    )


def _receivers(person_ids: Any, followers_of: Any, except_person: Any) -> sa.Select[Any]:
    """Live accounts among the named people and the followers, each once; in order, so that two tellers cannot lock
    each other out."""
    followers = sa.select(Follow.person_id).where(Follow.topic_id.in_(followers_of))
    return (
        sa.select(Person.id)
        .where(
            Person.closed_at.is_(None),
            sa.or_(Person.id.in_(person_ids), Person.id.in_(followers)),
            Person.id != except_person,
        )
        .order_by(Person.id)
    )


def read_notice(actor: Actor, notice_id: int) -> None:
    """Mark one of the actor's own notices as read; reading again changes nothing."""
    db.session().execute(
        sa.update(Notice)
        .where(Notice.id == notice_id, Notice.person_id == actor.id, Notice.read_at.is_(None))
        .values(read_at=clock.now())
    )


def read_all_notices(actor: Actor) -> None:
    """Mark everything in the actor's inbox as read."""
    db.session().execute(
        sa.update(Notice)
        .where(Notice.person_id == actor.id, Notice.read_at.is_(None))
        .values(read_at=clock.now())
    )


def choose_hearing(actor: Actor, hearing: Hearing) -> None:
    """How the actor hears of news from now on. What is in the inbox already is not mailed again."""
    if actor.id is None:
        raise NotFound
    session = db.session()
    session.execute(
        sa.update(Person)
        .where(Person.id == actor.id, Person.closed_at.is_(None))
        .values(wants_mail=hearing is not Hearing.INBOX)
    )
    session.execute(sa.delete(Digest).where(Digest.person_id == actor.id))
    if hearing in (Hearing.DAILY, Hearing.WEEKLY):
        session.execute(
            insert_ignoring(Digest.__table__),
            {"person_id": actor.id, "hearing": hearing, "gathered_until": clock.now()},
        )


def gather_digests(actor: Actor, worked_out: Sequence[queries.Gathered]) -> int:
    """Put the mails of these people (:func:`portal.notifications.queries.digests_due`) into the outbox; returns for how
    many people. Whoever chose anew meanwhile, or has the mail from another worker, is left alone."""
    done = 0
    for one in worked_out:
        moved = db.session().execute(
            sa.update(Digest)
            .where(
                Digest.person_id == one.person_id,
                Digest.hearing == one.hearing,
                Digest.gathered_until == one.since,
            )
            .values(gathered_until=one.until)
            .returning(Digest.person_id)
        )
        if moved.first() is None:
            continue
        done += 1
        if one.params is not None:
            enqueue(
                DIGEST,
                one.address,
                dedupe_key=f"digest:{one.person_id}:{one.until.date().isoformat()}",
                language=one.language,
                person_id=one.person_id,
                params=one.params,
            )
    return done
