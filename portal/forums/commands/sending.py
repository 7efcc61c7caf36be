"""What a phone wrote without network and sends later: the whole record at once, then photos one by one; each once, or
not at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import IO, Any

import sqlalchemy as sa

from portal.core import clock, db, hashing, storage
from portal.core.actor import Actor
from portal.core.errors import Conflict, Invalid, NotAllowed, PortalError, WrongState
from portal.core.i18n import lazy_gettext as _l
from portal.core.outbox import insert_ignoring
from portal.forums import policy, queries
from portal.forums.commands.issues import IssueData, add_photos, put_issue, put_words, remove_issue
from portal.forums.commands.recording import Record, correct_forum, record_forum
from portal.forums.models import Forum, ForumState, Sending

KEYS_KEPT = dt.timedelta(days=180)
"""How long a key is known (our rule). What was begun earlier may have been sent already: nobody could tell."""


@dataclass(frozen=True)
class Sent:
    """One sending. ``key`` and ``made_at`` are the phone's, ``base`` is the mark of the record it wrote on, ``issues``
    are all issues as the phone has them (id None: a new one), ``removed`` the ids of those taken out."""

    key: str
    made_at: dt.datetime
    base: str
    sha256: str
    record: Record
    issues: Sequence[tuple[int | None, IssueData]]
    removed: Collection[int] = ()
    reason: str = ""


@dataclass(frozen=True)
class SentPhoto:
    """What comes with a photo: the phone's ``key`` and when it was made, and what the photo shows."""

    key: str
    made_at: dt.datetime
    caption: str


class Changed(Conflict):
    """The record is no longer the one the phone wrote on: both versions must be looked at."""


class KeyTooOld(PortalError):
    """The phone began this longer ago than keys are known."""

    status = 410


def send_record(actor: Actor, forum_id: int, sent: Sent) -> dict[str, Any]:
    """Take in what a phone sends: the record of a forum with its issues, or a correction of it.

    The database decides by the key who was first: a repeat changes nothing and gets the first answer, with ``repeat``
    and, where the phone has written on since, ``same`` false. The answer says when it was taken in, and the mark of
    the record then. Raises Changed when somebody else wrote meanwhile, KeyTooOld, and like :func:`record_forum` and
    :func:`correct_forum`; then nothing at all is taken in, and the key stays free.
    """
    if not policy.can_keep_forum(actor, queries.forum(forum_id)) or actor.id is None:
        raise NotAllowed(_l("This forum is run by others."))
    if not _is_first(actor.id, forum_id, sent, sent.sha256):
        return _first_answer(actor.id, forum_id, sent.key, sent.sha256)
    forum = queries.forum_held(forum_id)
    if forum.state is ForumState.CANCELLED:
        raise WrongState(_l("This forum was cancelled. What you wrote stays on this phone."))
    if queries.mark_of(queries.standing(actor, forum)) != sent.base:
        raise Changed(_l("Someone else changed this record meanwhile."))
    if forum.state is ForumState.ANNOUNCED and clock.now() < forum.starts_at:
        raise WrongState(_l("A forum can be recorded once it has begun."))
    was_recorded = forum.state is ForumState.RECORDED
    _write_issues(actor, forum, sent)
    if was_recorded:
        correct_forum(actor, forum, forum.version_id, sent.record, sent.reason)
    else:
        record_forum(actor, forum, sent.record)
    first = queries.sending(actor.id, sent.key)
    db.session().flush()
    first.answer = {
        "at": first.received_at.isoformat(),
        "mark": queries.mark_of(queries.standing(actor, forum)),
    }
    db.session().flush()
    return {**first.answer, "repeat": False, "same": True}


def send_photo(actor: Actor, forum_id: int, sent: SentPhoto, stream: IO[bytes]) -> dict[str, Any]:
    """Take in a photo a phone took in the meeting; a repeat changes nothing. Answers like :func:`send_record`. Raises
    KeyTooOld, and like :func:`add_photos`; then the key stays free."""
    forum = queries.forum(forum_id)
    if not policy.can_keep_forum(actor, forum) or actor.id is None:
        raise NotAllowed(_l("This forum is run by others."))
    content = stream.read(storage.MAX_BYTES + 1)
    sha256 = hashing.sha256_hex(content)
    if not _is_first(actor.id, forum_id, sent, sha256):
        return _first_answer(actor.id, forum_id, sent.key, sha256)
    if not policy.can_write_issues(actor, forum):
        raise WrongState(_l("Photos are shown once the forum has begun, and not when it was cancelled."))
    add_photos(actor, forum, [(BytesIO(content), "photo.jpg")], sent.caption)
    first = queries.sending(actor.id, sent.key)
    first.answer = {"at": first.received_at.isoformat()}
    db.session().flush()
    return {**first.answer, "repeat": False, "same": True}


def _is_first(person_id: int, forum_id: int, sent: Sent | SentPhoto, sha256: str) -> bool:
    """Claim the key; on PostgreSQL a second sender waits here for the first to commit or to fail."""
    now = clock.now()
    if sent.made_at < now - KEYS_KEPT:
        raise KeyTooOld(
            _l("This was started more than 180 days ago. Compare it with the record, then send it as new.")
        )
    # Twice as long, since a phone's clock may be wrong: a key that is forgotten is always too old as well.
    db.session().execute(sa.delete(Sending).where(Sending.received_at < now - 2 * KEYS_KEPT))
    claimed = db.session().scalar(
        insert_ignoring(Sending.__table__)
        .values(
            person_id=person_id,
            key=sent.key,
            forum_id=forum_id,
            sha256=sha256,
            answer={},
            received_at=now,
        )
        .returning(Sending.id)
    )
    return claimed is not None


def _first_answer(person_id: int, forum_id: int, key: str, sha256: str) -> dict[str, Any]:
    first = queries.sending(person_id, key)
    if first.forum_id != forum_id:
        raise Invalid({"key": _l("This key belongs to another forum. Reload the page and send again.")})
    return {**first.answer, "repeat": True, "same": first.sha256 == sha256}


def _write_issues(actor: Actor, forum: Forum, sent: Sent) -> None:
    """Hands are counted against the people of this sending, by the record that follows."""
    there = {one.id: one for one in queries.issues_of(forum.id)}
    unknown = ({one for one, _data in sent.issues if one is not None} | set(sent.removed)) - there.keys()
    if unknown:
        raise Invalid({"issues": _l("An issue of this list is not on this forum. Reload the page.")})
    for gone in sent.removed:
        remove_issue(actor, there[gone])
    for issue_id, data in sent.issues:
        if issue_id is None:
            put_issue(actor, forum, data)
        else:
            put_words(actor, forum, there[issue_id], data)
