"""Threads as the pages show them, counts, what waits for an answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.accounts.models import Person
from portal.comments import policy
from portal.comments.models import Comment, OfficialReply, Purpose
from portal.core import db, topics
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.paging import cut, decode, encode, one_page
from portal.core.topics import Topic

PAGE = 20
REPLIES_SHOWN = 5
Order = Literal["newest", "oldest"]
_OF_TOPIC = (Topic.kind, Topic.ref_id, Topic.district_id)


class Answer(NamedTuple):
    """An official reply as shown; ``earlier`` are the wordings it corrects, newest first. ``body`` is clean HTML."""

    id: int
    office: str
    author: str
    post: str
    at: dt.datetime
    body: str
    earlier: tuple[Answer, ...] = ()


class Remark(NamedTuple):
    """A comment as shown. ``body`` is clean HTML, empty when hidden; ``hidden_reason`` is None unless hidden;
    ``more_replies`` counts the replies left out here and shown on the remark's own page."""

    id: int
    topic_id: int
    parent_id: int | None
    author: str
    post: str
    at: dt.datetime
    purpose: Purpose
    clause: str
    body: str
    is_own: bool
    is_hidden: bool
    is_withdrawn: bool
    hidden_reason: str | None
    can_withdraw: bool
    can_report: bool
    can_hide: bool
    can_answer: bool
    answer: Answer | None
    replies: tuple[Remark, ...] = ()
    more_replies: int = 0


@dataclass(frozen=True)
class Thread:
    """A page of a topic's remarks. ``count`` counts every remark on show, replies too. ``open_for`` is what may be said
    now, by whoever has an account; ``purpose`` what the actor may say now (None: nothing, or nobody is signed in);
    ``can_answer``: an answer in an office's name is theirs to give."""

    topic_id: int
    rows: list[Remark]
    next_cursor: str | None
    count: int
    open_for: Purpose | None
    purpose: Purpose | None
    can_answer: bool
    can_moderate: bool


def thread(
    actor: Actor,
    topic_id: int,
    purpose: Purpose | None = None,
    cursor: str | None = None,
    order: Order = "newest",
    *,
    known: Purpose | Literal["closed"] | None = None,
) -> Thread:
    """A page of the remarks on a topic the caller has found visible, with their replies and answers.

    ``purpose`` shows only remarks made under it. ``known`` is what may be said now, where the page has it from rows of its
    own by the rule of the topic's kind; else the kind is asked. One query for a visitor where it is known, one or two more
    where it is not and for people who are signed in; one where there are replies, and one where there are official answers.
    """
    is_asked = known is None or actor.is_signed_in
    found = cut(_own(is_asked, purpose, order, cursor, topic_id=topic_id), _by_id(order), PAGE)
    topic = None
    if is_asked:
        topic = found.rows[0] if found.rows else _topic(topic_id=topic_id).first()
    now: Purpose | None = None if known == "closed" else known
    if known is None and topic is not None:
        now = open_for(topic)
    return Thread(
        topic_id=topic_id,
        rows=_remarks(actor, found.rows, topic, REPLIES_SHOWN),
        next_cursor=found.next_cursor,
        count=found.rows[0].total if found.rows else 0,
        open_for=now,
        purpose=now if actor.is_signed_in else None,
        can_answer=topic is not None and policy.can_answer(actor, now or Purpose.DISCUSSION, topic),
        can_moderate=topic is not None and policy.can_moderate(actor, topic.district_id),
    )


def _by_id(order: Order) -> list[tuple[Any, str]]:
    return [(Comment.id, "desc" if order == "newest" else "asc")]


def _shown(*more: Any) -> sa.Select[*tuple[Any, ...]]:
    """Comments with their authors."""
    author = aliased(Person)
    return sa.select(
        Comment.id,
        Comment.topic_id,
        Comment.author_id,
        Comment.parent_id,
        Comment.purpose,
        Comment.clause,
        Comment.body,
        Comment.created_at,
        Comment.reply_id,
        Comment.hidden_at,
        Comment.hidden_by,
        Comment.hidden_reason,
        author.display_name.label("author"),
        author.position.label("post"),
        *more,
    ).join(author, author.id == Comment.author_id)


def _has_replies() -> Any:
    below = aliased(Comment)
    return sa.exists().where(below.parent_id == Comment.id).correlate(Comment).label("has_replies")


@db.prepared
def _own(
    is_with_topic: bool, purpose: Purpose | None, order: Order, cursor: str | None, *, topic_id: Any
) -> Any:
    """A page of remarks; each also says of its topic what :func:`_topic` says, if wished."""
    more = (_has_replies(), _count_of(topic_id, purpose).label("total"))
    statement = (
        _shown(*more, *_OF_TOPIC).join(Topic, Topic.id == Comment.topic_id)
        if is_with_topic
        else _shown(*more)
    )
    statement = statement.where(Comment.topic_id == topic_id, Comment.parent_id.is_(None))
    if purpose is not None:
        statement = statement.where(Comment.purpose == purpose)
    return one_page(statement, _by_id(order), cursor, PAGE)


@db.prepared
def _one(*, comment_id: Any) -> Any:
    return _shown(_has_replies()).where(Comment.id == comment_id)


def branch(actor: Actor, comment: Comment, cursor: str | None = None) -> tuple[Remark, str | None]:
    """One remark with a page of its replies, oldest first, and the cursor of the next page."""
    topic = _topic(topic_id=comment.topic_id).first()
    (remark,) = _remarks(actor, _one(comment_id=comment.id).all(), topic, PAGE, after=cursor)
    last = remark.replies[-1].id if remark.replies and remark.more_replies else None
    return remark, encode([last]) if last else None


@db.prepared
def _topic(*, topic_id: Any) -> Any:
    return sa.select(*_OF_TOPIC).where(Topic.id == topic_id)


def open_for(topic: Any) -> Purpose | None:
    """What may be said now on a topic row (kind, ref_id), by whoever has an account; None when nothing may be said. Pages,
    forms and :func:`portal.comments.commands.post` all ask here, and this asks the topic's kind."""
    kind = topics.kinds().get(topic.kind)
    if kind is None or topic.ref_id is None:
        return None
    now = kind.comment_purpose(topic.ref_id)
    return Purpose(now) if now else None


def _count_of(topic_id: Any, purpose: Purpose | None) -> sa.ScalarSelect[int]:
    every = sa.select(sa.func.count()).select_from(Comment)
    every = every.where(Comment.topic_id == topic_id, Comment.hidden_at.is_(None))
    if purpose is not None:
        every = every.where(Comment.purpose == purpose)
    return every.correlate(None).scalar_subquery()


@db.prepared
def _replies(most: int, *, ids: Any, after: Any) -> Any:
    """The first replies to the remarks with these ids after one (0: all), oldest first; ``of`` counts them all."""
    ranked = (
        sa.select(
            Comment.id,
            sa.func.row_number().over(partition_by=Comment.parent_id, order_by=Comment.id).label("place"),
            sa.func.count().over(partition_by=Comment.parent_id).label("of"),
        )
        .where(Comment.parent_id.in_(ids), Comment.id > after)
        .subquery()
    )
    return (
        _shown(ranked.c.of)
        .join(ranked, ranked.c.id == Comment.id)
        .where(ranked.c.place <= most)
        .order_by(Comment.id)
    )


def _remarks(
    actor: Actor,
    rows: Sequence[Any],
    topic: Any,
    replies_shown: int,
    after: str | None = None,
) -> list[Remark]:
    """The remarks of these rows, in their order, each with its first replies."""
    answered_to = [row.id for row in rows if row.has_replies]
    beyond = decode(after, 1)
    found: Sequence[Any] = []
    if answered_to:
        found = _replies(replies_shown, ids=answered_to, after=beyond[0] if beyond else 0).all()
    answers = _answers({row.reply_id for row in (*rows, *found) if row.reply_id})
    below: dict[int, list[Any]] = {}
    for row in found:
        below.setdefault(row.parent_id, []).append(row)
    shown = []
    for row in rows:
        replies = tuple(_remark(actor, one, topic, answers) for one in below.get(row.id, ()))
        more = below[row.id][0].of - len(replies) if replies else 0
        shown.append(_remark(actor, row, topic, answers, replies, more))
    return shown


def _remark(
    actor: Actor,
    comment: Any,
    topic: Any,
    answers: dict[int, Answer],
    replies: tuple[Remark, ...] = (),
    more_replies: int = 0,
) -> Remark:
    is_hidden = comment.hidden_at is not None
    is_withdrawn = is_hidden and comment.hidden_by == comment.author_id
    return Remark(
        id=comment.id,
        topic_id=comment.topic_id,
        parent_id=comment.parent_id,
        author=comment.author,
        post=comment.post,
        at=comment.created_at,
        purpose=comment.purpose,
        clause="" if is_hidden else comment.clause,
        body="" if is_hidden else comment.body,
        is_own=actor.id is not None and actor.id == comment.author_id,
        is_hidden=is_hidden,
        is_withdrawn=is_withdrawn,
        hidden_reason=comment.hidden_reason,
        can_withdraw=policy.can_withdraw(actor, comment),
        can_report=policy.can_report(actor, comment),
        can_hide=topic is not None and not is_hidden and policy.can_hide(actor, comment, topic.district_id),
        can_answer=topic is not None
        and not is_hidden
        and comment.parent_id is None
        and policy.can_answer(actor, comment.purpose, topic),
        answer=answers.get(comment.reply_id),
        replies=replies,
        more_replies=more_replies,
    )


@db.prepared
def _wordings(*, ids: Any) -> Any:
    """The official replies with these ids and all others of their lines, newest first; ``first`` begins a line."""
    asked = aliased(OfficialReply)
    lines = (
        sa.select(sa.func.coalesce(asked.corrects_id, asked.id).label("first"))
        .where(asked.id.in_(ids))
        .distinct()
        .subquery()
    )
    return (
        sa.select(
            OfficialReply.id,
            OfficialReply.office,
            OfficialReply.created_at,
            OfficialReply.body,
            Person.display_name,
            Person.position,
            lines.c.first,
        )
        .join(lines, sa.or_(OfficialReply.id == lines.c.first, OfficialReply.corrects_id == lines.c.first))
        .join(Person, Person.id == OfficialReply.author_id)
        .order_by(OfficialReply.id.desc())
    )


def _answers(ids: Collection[int]) -> dict[int, Answer]:
    """The official replies with these ids, each with the wordings it corrects."""
    if not ids:
        return {}
    lines: dict[int, list[Answer]] = {}
    for row in _wordings(ids=sorted(ids)):
        answer = Answer(row.id, row.office, row.display_name, row.position, row.created_at, row.body)
        lines.setdefault(row.first, []).append(answer)
    return {
        answer.id: answer._replace(earlier=tuple(line[place + 1 :]))
        for line in lines.values()
        for place, answer in enumerate(line)
    }


def get_visible(actor: Actor, comment_id: int) -> tuple[Comment, Any]:
    """A comment and its topic's row, if the actor may see the topic; raises NotFound."""
    comment = db.session().get(Comment, comment_id)
    topic = topics.visible_topic(actor, comment.topic_id) if comment else None
    if comment is None or topic is None:
        raise NotFound
    return comment, topic


def counts(topic_ids: Sequence[int]) -> dict[int, int]:
    """How many remarks are on show per topic (replies too); topics without any are left out."""
    if not topic_ids:
        return {}
    rows = db.session().execute(
        sa.select(Comment.topic_id, sa.func.count())
        .where(Comment.topic_id.in_(topic_ids), Comment.hidden_at.is_(None))
        .group_by(Comment.topic_id)
    )
    return {row[0]: row[1] for row in rows}


def _waiting(topic_ids: Sequence[int], purpose: Purpose) -> sa.ColumnElement[bool]:
    return sa.and_(
        Comment.topic_id.in_(topic_ids),
        Comment.purpose == purpose,
        Comment.parent_id.is_(None),
        Comment.reply_id.is_(None),
        Comment.hidden_at.is_(None),
    )


def unanswered(topic_ids: Sequence[int], purpose: Purpose) -> int:
    """How many remarks under this purpose still wait for an official reply. Replies belong to the remark above them;
    hidden and withdrawn remarks need no answer."""
    if not topic_ids:
        return 0
    return db.session().scalar(sa.select(sa.func.count()).where(_waiting(topic_ids, purpose))) or 0


def waiting_remarks(topic_id: int, purpose: Purpose, limit: int = 200) -> list[Any]:
    """The oldest remarks that wait for an official reply: (id, author, created_at, clause, body)."""
    return list(
        db.session().execute(
            _for_answer().where(_waiting([topic_id], purpose)).order_by(Comment.id).limit(limit)
        )
    )


def answered_with(comment_id: int, topic_id: int) -> list[Any]:
    """The remarks answered together with this one, as :func:`waiting_remarks`; empty while it waits."""
    together = sa.select(Comment.reply_id).where(Comment.id == comment_id, Comment.topic_id == topic_id)
    return list(
        db.session().execute(
            _for_answer().where(Comment.reply_id == together.scalar_subquery()).order_by(Comment.id)
        )
    )


def _for_answer() -> sa.Select[*tuple[Any, ...]]:
    statement: sa.Select[*tuple[Any, ...]] = sa.select(
        Comment.id, Person.display_name.label("author"), Comment.created_at, Comment.clause, Comment.body
    )
    return statement.join(Person, Person.id == Comment.author_id)
