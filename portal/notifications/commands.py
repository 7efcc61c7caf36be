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
from portal.core.outbox import MessageState, OutboxMessage, insert_ignoring
from portal.core.topics import Topic
from portal.notifications.models import Follow, Notice

MAIL = "news"


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
    dedupe_key: str,
    except_person: int | None = None,
) -> None:
    """Put ``event`` into the inbox of people and of the followers of topics, and into the mail of those who want mail.

    ``topic_id`` is what the news is about and where it leads; its title is ``params["title"]`` unless given. ``params``
    is JSON data that fills the event's sentence and is read by everyone told: say nothing there that one of them may
    not see. ``dedupe_key`` makes the news one: whoever has it already is not told again. ``except_person`` is usually
    the one who acted. Two statements, however many people; they share the caller's transaction.
    """
    filled, address = dict(params or {}), {}
    if topic_id is not None:
        topic = (
            db.session()
            .execute(sa.select(Topic.title, Topic.kind, Topic.ref_id).where(Topic.id == topic_id))
            .first()
        )
        kind = topics.kinds().get(topic.kind) if topic else None
        if topic is not None:
            filled.setdefault("title", topic.title)
            if kind is not None and topic.ref_id is not None:
                address = {"endpoint": kind.endpoint, "values": {kind.param: topic.ref_id}}
    people = _receivers(person_ids, followers_of, except_person)
    key, now = dedupe_key[:400], clock.now()
    db.session().execute(
        insert_ignoring(Notice.__table__).from_select(
            ["person_id", "topic_id", "event", "params", "dedupe_key", "created_at"],
            people.with_only_columns(
                Person.id,
                sa.literal(topic_id, sa.BigInteger),
                sa.literal(event, sa.String),
                sa.literal(filled, sa.JSON),
                sa.literal(key, sa.String),
                sa.literal(now, Notice.created_at.type),
            ),
        )
    )
    letter = {"news": event, "details": filled, **address}
    db.session().execute(
        insert_ignoring(OutboxMessage.__table__).from_select(
            [
                "person_id",
                "address",
                "language",
                "event",
                "params",
                "dedupe_key",
                "state",
                "attempts",
                "next_at",
                "created_at",
            ],
            people.where(Person.wants_mail).with_only_columns(
                Person.id,
                Person.email,
                Person.language,
                sa.literal(MAIL, sa.String),
                sa.literal(letter, sa.JSON),
                sa.literal(f"{key}:", sa.String) + sa.cast(Person.id, sa.String),
                sa.literal(MessageState.QUEUED, OutboxMessage.state.type),
                sa.literal(0, sa.Integer),
                sa.literal(now, OutboxMessage.next_at.type),
                sa.literal(now, OutboxMessage.created_at.type),
            ),
        )
    )


def _receivers(
    person_ids: Sequence[int], followers_of: Sequence[int], except_person: int | None
) -> sa.Select[Any]:
    """Live accounts among the named people and the followers, each once; in order, so that two tellers cannot lock
    each other out."""
    followers = sa.select(Follow.person_id).where(Follow.topic_id.in_(list(followers_of)))
    people = sa.select(Person.id).where(
        Person.closed_at.is_(None),
        sa.or_(Person.id.in_(list(person_ids)), Person.id.in_(followers)),
    )
    if except_person is not None:
        people = people.where(Person.id != except_person)
    return people.order_by(Person.id)


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
