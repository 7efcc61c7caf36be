"""The inbox, what a person follows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from portal.accounts import queries as accounts
from portal.accounts.models import Person
from portal.core import clock, db, i18n, topics
from portal.core.actor import Actor
from portal.core.i18n import gettext as _
from portal.core.paging import Slice, keyset
from portal.core.topics import Topic
from portal.notifications.digests import last_boundary
from portal.notifications.models import Digest, Follow, Hearing, Notice

PAGE = 20
LONGEST = 40
"""News that one mail tells; of the others it says how many."""
PEOPLE_AT_ONCE = 20
"""Whose mails are written in one transaction: on SQLite nobody else writes meanwhile."""


def is_following(actor: Actor, topic_id: int) -> bool:
    """Whether this person gets news of the topic; False for a visitor, without asking the database."""
    if actor.id is None:
        return False
    found = db.session().scalar(
        sa.select(Follow.id).where(Follow.person_id == actor.id, Follow.topic_id == topic_id)
    )
    return found is not None


def followed_by(actor: Actor, topic_id: int) -> sa.ColumnElement[bool]:
    """:func:`is_following` as a column of a read that a page makes anyway."""
    if actor.id is None:
        return sa.false()
    return sa.exists().where(Follow.person_id == actor.id, Follow.topic_id == topic_id)


def inbox(actor: Actor, cursor: str | None = None) -> Slice:
    """A page of the actor's notices: unread first, then newest first. Rows carry event, params, created_at, is_read, and
    kind and number (ref_id) of what they are about."""
    is_read = sa.case((Notice.read_at.is_(None), 0), else_=1).label("is_read")
    statement: sa.Select[*tuple[Any, ...]] = (
        sa.select(
            *(Notice.id, Notice.topic_id, Notice.event, Notice.params, Notice.created_at, is_read),
            *(Topic.kind, Topic.ref_id),
        )
        .outerjoin(Topic, Topic.id == Notice.topic_id)
        .where(Notice.person_id == actor.id)
    )
    return keyset(statement, [(is_read, "asc"), (Notice.id, "desc")], cursor=cursor, size=PAGE)


def telling(actor: Actor, rows: Sequence[Any]) -> list[tuple[Any, dict[str, Any], bool]]:
    """Each notice with what fills its sentence now, and whether the actor may see what it is about: what was hidden or
    withdrawn since has no title any more. One query for all."""
    about: dict[str, set[int]] = {}
    for row in rows:
        if row.topic_id is not None:
            about.setdefault(row.kind, set()).add(row.topic_id)
    seen = topics.visible_among(actor, about)
    told = []
    for row in rows:
        is_seen = row.topic_id is None or row.topic_id in seen
        params = row.params if is_seen else {**row.params, "title": _("(no longer public)")}
        told.append((row, params, is_seen))
    return told


def way_of(params: dict[str, Any]) -> dict[str, Any]:
    """Where news leads that has a page of its own: endpoint and values, or nothing."""
    endpoint, values = params.get("way") or ("", {})
    return {"endpoint": endpoint, "values": values} if endpoint else {}


def notice_of(actor: Actor, notice_id: int) -> Any | None:
    """One notice of the actor's own (id, topic_id, params, read_at), or None."""
    return (
        db.session()
        .execute(
            sa.select(Notice.id, Notice.topic_id, Notice.params, Notice.read_at).where(
                Notice.id == notice_id, Notice.person_id == actor.id
            )
        )
        .first()
    )


def followed(actor: Actor, cursor: str | None = None) -> Slice:
    """A page of what the actor follows and may still see, newest follow first."""
    statement: sa.Select[*tuple[Any, ...]] = (
        sa.select(Follow.id, Follow.topic_id, Follow.created_at, Topic.title, Topic.kind, Topic.ref_id)
        .join(Topic, Topic.id == Follow.topic_id)
        .where(Follow.person_id == actor.id, Follow.topic_id.in_(topics.visible_ids(actor)))
    )
    return keyset(statement, [(Follow.id, "desc")], cursor=cursor, size=PAGE)


def hearing_of(actor: Actor) -> Hearing:
    """How the actor wants to hear of news."""
    row = (
        db.session()
        .execute(
            sa.select(Person.wants_mail, Digest.hearing)
            .outerjoin(Digest, Digest.person_id == Person.id)
            .where(Person.id == actor.id)
        )
        .one()
    )
    if not row.wants_mail:
        return Hearing.INBOX
    return row.hearing or Hearing.AT_ONCE


class Gathered(NamedTuple):
    """A person's gathered news between two mornings; no ``params`` where there is nothing to mail."""

    person_id: int
    hearing: Hearing
    since: dt.datetime
    until: dt.datetime
    address: str
    language: str
    params: dict[str, Any] | None


def digests_due(*, limit: int = PEOPLE_AT_ONCE) -> list[Gathered]:
    """The mails of some of those whose morning has come, worked out without holding anything."""
    now, found = clock.now(), list[Gathered]()
    for hearing in (Hearing.DAILY, Hearing.WEEKLY):
        until = last_boundary(hearing, now)
        due = (
            sa.select(
                Digest.person_id, Digest.gathered_until, Person.email, Person.language, Person.wants_mail
            )
            .join(Person, Person.id == Digest.person_id)
            .where(Digest.hearing == hearing, Digest.gathered_until < until)
            .order_by(Digest.person_id)
            .limit(limit - len(found))
        )
        for one in db.session().execute(due).all():
            params = _gathered(one, until) if one.wants_mail else None
            found.append(
                Gathered(
                    *(one.person_id, hearing, one.gathered_until, until, one.email, one.language, params)
                )
            )
    return found


def _gathered(one: Any, until: dt.datetime) -> dict[str, Any] | None:
    """What fills the mail: the unread news since the last one, newest first."""
    news = _unread(person_id=one.person_id, since=one.gathered_until, until=until).all()
    actor = accounts.actor_of_person(one.person_id) if news else None
    if actor is None:
        return None
    with i18n.speaking(one.language):
        told = telling(actor, news[:LONGEST])
    return {
        "news": [
            {"news": row.event, "details": params, **(_address(row) if is_seen else {})}
            for row, params, is_seen in told
        ],
        "number": len(news),
    }


@db.prepared
def _unread(*, person_id: Any, since: Any, until: Any) -> Any:
    return (
        sa.select(Notice.topic_id, Notice.event, Notice.params, Topic.kind, Topic.ref_id)
        .outerjoin(Topic, Topic.id == Notice.topic_id)
        .where(
            Notice.person_id == person_id,
            Notice.created_at >= since,
            Notice.created_at < until,
            Notice.read_at.is_(None),
        )
        .order_by(Notice.id.desc())
    )


def _address(row: Any) -> dict[str, Any]:
    kind = topics.kinds().get(row.kind) if row.kind else None
    way = way_of(row.params)
    if way or kind is None or row.ref_id is None:
        return way
    return {"endpoint": kind.endpoint, "values": {kind.param: row.ref_id}}
