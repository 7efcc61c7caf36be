"""Say, answer, report, hide, restore, withdraw."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from portal.comments import policy, queries
from portal.comments.models import Comment, CommentReport, OfficialReply, Purpose
from portal.core import clock, db, ledger, richtext, state, thai, topics
from portal.core.actor import Actor
from portal.core.errors import Invalid, NotAllowed, NotFound, TooMany, WrongState
from portal.core.i18n import lazy_gettext as _l
from portal.core.outbox import insert_ignoring
from portal.notifications import commands as notifications

MAX_LENGTH = 5_000
MOST_AT_ONCE = 10
AT_ONCE = dt.timedelta(minutes=10)


def post(
    actor: Actor,
    topic_id: int,
    text: str,
    *,
    purpose: Purpose | None = None,
    parent_id: int | None = None,
    clause: str = "",
) -> Comment:
    """Say something on a topic, or reply to a remark there.

    The purpose is what the topic's kind allows this actor now; a ``purpose`` that was shown on the page and is no
    longer open raises WrongState. NotFound for a topic out of sight, NotAllowed where the actor may not speak, Invalid
    for an empty or too long text, TooMany beyond ten remarks in ten minutes. The author follows the topic.
    """
    topic = topics.visible_topic(actor, topic_id)
    if topic is None or actor.id is None:
        raise NotFound
    allowed = queries.open_for(topic)
    if allowed is None or (purpose is not None and purpose != allowed):
        raise WrongState(_l("Comments are not open here now."), way_on=_way_to(topic))
    body = _clean(text, "text")
    parent = _parent(topic_id, parent_id)
    _slow_down(actor)
    comment = Comment(
        topic_id=topic_id,
        author_id=actor.id,
        parent_id=parent.id if parent else None,
        purpose=allowed,
        clause=thai.normalise(clause).strip()[:500],
        body=body,
        created_at=clock.now(),
    )
    db.session().add(comment)
    db.session().flush()
    ledger.record(
        "comment.posted",
        actor,
        "comment",
        comment,
        district_id=topic.district_id,
        changes={"topic_id": topic_id, "purpose": allowed, "parent_id": comment.parent_id},
    )
    notifications.follow_for([actor.id], topic_id)
    _tell_of(comment, parent, actor)
    return comment


def _tell_of(comment: Comment, parent: Comment | None, actor: Actor) -> None:
    if parent is not None:
        notifications.tell(
            "comment.replied",
            topic_id=comment.topic_id,
            person_ids=[parent.author_id],
            params={"name": actor.name},
            dedupe_key=f"comment.replied:{comment.id}",
            except_person=actor.id,
        )
        return
    # A lively topic is one piece of news a day, not one per remark.
    day = clock.today().isoformat()
    notifications.tell(
        "comment.posted",
        topic_id=comment.topic_id,
        followers_of=[comment.topic_id],
        dedupe_key=f"comment.posted:{comment.topic_id}:{day}",
        except_person=actor.id,
    )


def _way_to(topic: Any) -> tuple[str, dict[str, Any], object]:
    kind = topics.kinds()[topic.kind]
    return kind.endpoint, {kind.param: topic.ref_id}, _l("See it as it stands now")


def _clean(text: str, name: str) -> str:
    words = thai.normalise(text).strip()
    if not words:
        raise Invalid({name: _l("This must be filled in.")})
    if len(words) > MAX_LENGTH:
        raise Invalid({name: _l("At most 5,000 characters.")})
    return richtext.from_plain(words)


def _parent(topic_id: int, parent_id: int | None) -> Comment | None:
    if parent_id is None:
        return None
    parent = db.session().get(Comment, parent_id)
    if parent is None or parent.topic_id != topic_id:
        raise NotFound
    if parent.parent_id is not None:
        parent = db.session().get_one(Comment, parent.parent_id)
    if parent.hidden_at is not None:
        raise WrongState(_l("This comment is hidden, so nobody can reply to it."))
    return parent


def _slow_down(actor: Actor) -> None:
    recent = db.session().scalar(
        sa.select(sa.func.count()).where(
            Comment.author_id == actor.id, Comment.created_at > clock.now() - AT_ONCE
        )
    )
    if (recent or 0) >= MOST_AT_ONCE:
        raise TooMany(
            _l(
                "You have sent many comments in a short time. Your text is kept here: send it in a few minutes."
            )
        )


def answer(actor: Actor, comment_ids: Sequence[int], text: str, office: str) -> OfficialReply:
    """Answer one or several remarks of one topic in an office's name.

    A remark that was answered before gets the corrected answer; the earlier wording stays readable. NotFound for a
    remark out of sight, NotAllowed where the office is another's (:func:`policy.can_answer`), Invalid for an empty
    text or office, none chosen, or remarks of several topics, WrongState for a hidden remark. Authors and followers
    are told.
    """
    if not comment_ids:
        raise Invalid({"comments": _l("Choose at least one comment.")})
    comments = list(
        db.session().scalars(
            sa.select(Comment)
            .where(Comment.id.in_(list(comment_ids)))
            .order_by(Comment.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )
    topic_ids = {comment.topic_id for comment in comments}
    if len(comments) != len(set(comment_ids)) or len(topic_ids) != 1:
        raise NotFound
    (topic_id,) = topic_ids
    topic = topics.visible_topic(actor, topic_id)
    if topic is None:
        raise NotFound
    if not all(policy.can_answer(actor, comment.purpose, topic) for comment in comments):
        raise NotAllowed(_l("Answers here are given by another office."))
    if any(comment.hidden_at is not None or comment.parent_id is not None for comment in comments):
        raise WrongState(_l("One of these comments is hidden or is a reply to another."))
    body, office = _clean(text, "text"), thai.normalise(office).strip()
    if not office:
        raise Invalid({"office": _l("This must be filled in.")})
    reply = OfficialReply(
        topic_id=topic_id,
        author_id=actor.id,
        office=office[:500],
        body=body,
        created_at=clock.now(),
        corrects_id=_first_of_line(comments),
    )
    db.session().add(reply)
    db.session().flush()
    for comment in comments:
        comment.reply_id = reply.id
    ledger.record(
        "comment.answered",
        actor,
        "official_reply",
        reply,
        district_id=topic.district_id,
        changes={
            "topic_id": topic_id,
            "comments": [comment.id for comment in comments],
            "office": reply.office,
            "corrects": reply.corrects_id,
        },
    )
    notifications.tell(
        "comment.answered",
        topic_id=topic_id,
        person_ids=[comment.author_id for comment in comments],
        followers_of=[topic_id],
        params={"office": reply.office},
        dedupe_key=f"comment.answered:{reply.id}",
        except_person=actor.id,
    )
    return reply


def _first_of_line(comments: Sequence[Comment]) -> int | None:
    """The first answer these remarks had, when they share one; remarks of different answers cannot be corrected in
    one go, or an earlier wording would lose its place."""
    replies = {comment.reply_id for comment in comments}
    if replies == {None}:
        return None
    if len(replies) != 1:
        raise Invalid({"comments": _l("Correct the comments of one answer at a time.")})
    (reply_id,) = replies
    before = db.session().get_one(OfficialReply, reply_id)
    return before.corrects_id or before.id


def report(actor: Actor, comment: Comment, reason: str) -> None:
    """Tell the moderators that a remark breaks the rules; once per person and remark. NotAllowed for one's own,
    Invalid without a reason."""
    if not policy.can_report(actor, comment):
        raise NotAllowed(_l("You may not do this here."))
    why = _reason(reason)
    db.session().execute(
        insert_ignoring(CommentReport.__table__).values(
            comment_id=comment.id, person_id=actor.id, reason=why, created_at=clock.now()
        )
    )
    ledger.record(
        "comment.reported", actor, "comment", comment.id, district_id=_district_of(comment), note=why
    )


def hide(actor: Actor, comment: Comment, reason: str) -> None:
    """Take a remark's words off the page; that it was hidden, when and why stays public. NotAllowed for others than
    moderators of the district and for one's own remark, WrongState when hidden already, Invalid without a reason."""
    district_id = _district_of(comment)
    if not policy.can_hide(actor, comment, district_id):
        raise NotAllowed(_l("You may not do this here."))
    why = _reason(reason)
    _hide(actor, comment, why)
    ledger.record("comment.hidden", actor, "comment", comment.id, district_id=district_id, note=why)
    _settle(actor, comment, "comment.report_hidden")
    notifications.tell(
        "comment.hidden",
        topic_id=comment.topic_id,
        person_ids=[comment.author_id],
        params={"reason": why},
        dedupe_key=f"comment.hidden:{comment.id}:{clock.now().isoformat()}",
    )


def withdraw(actor: Actor, comment: Comment) -> None:
    """The author takes a remark back, while no office has answered it. NotAllowed otherwise."""
    if not policy.can_withdraw(actor, comment):
        raise NotAllowed(_l("A comment can be withdrawn by its author until an office has answered it."))
    _hide(actor, comment, "")
    _settle(actor, comment, None)
    ledger.record("comment.withdrawn", actor, "comment", comment.id, district_id=_district_of(comment))


def restore(actor: Actor, comment: Comment, reason: str = "") -> None:
    """Show a hidden remark again. NotAllowed for others than moderators and for what its author withdrew; WrongState
    when it is on show."""
    district_id = _district_of(comment)
    if comment.hidden_at is None:
        raise WrongState(_l("This comment is not hidden."))
    if not policy.can_restore(actor, comment, district_id):
        raise NotAllowed(_l("You may not do this here."))
    comment.hidden_at = comment.hidden_by = comment.hidden_reason = None
    state.bump_epoch()
    ledger.record("comment.restored", actor, "comment", comment.id, district_id=district_id, note=reason)
    notifications.tell(
        "comment.restored",
        topic_id=comment.topic_id,
        person_ids=[comment.author_id],
        dedupe_key=f"comment.restored:{comment.id}:{clock.now().isoformat()}",
    )


def keep(actor: Actor, comment: Comment) -> None:
    """Settle the reports of a remark and leave it on the page. NotAllowed as for :func:`hide`."""
    district_id = _district_of(comment)
    if not policy.can_hide(actor, comment, district_id):
        raise NotAllowed(_l("You may not do this here."))
    _settle(actor, comment, "comment.report_kept")
    ledger.record("comment.kept", actor, "comment", comment.id, district_id=district_id)


def _hide(actor: Actor, comment: Comment, reason: str) -> None:
    """One statement decides who was first: a remark is hidden once."""
    done = db.session().execute(
        sa.update(Comment)
        .where(Comment.id == comment.id, Comment.hidden_at.is_(None))
        .values(hidden_at=clock.now(), hidden_by=actor.id, hidden_reason=reason)
    )
    if not done.rowcount:  # type: ignore[attr-defined]
        raise WrongState(_l("This comment is hidden already."))
    db.session().refresh(comment)
    state.bump_epoch()


def _settle(actor: Actor, comment: Comment, event: str | None) -> None:
    """Close the open reports and tell those who made them what became of them."""
    still_open = (CommentReport.comment_id == comment.id, CommentReport.settled_at.is_(None))
    reporters = list(db.session().scalars(sa.select(CommentReport.person_id).where(*still_open)))
    db.session().execute(
        sa.update(CommentReport).where(*still_open).values(settled_at=clock.now(), settled_by=actor.id)
    )
    if event and reporters:
        notifications.tell(
            event,
            topic_id=comment.topic_id,
            person_ids=reporters,
            dedupe_key=f"{event}:{comment.id}",
        )


def _reason(text: str) -> str:
    reason = thai.normalise(text).strip()
    if not reason:
        raise Invalid({"reason": _l("This must be filled in.")})
    if len(reason) > 500:
        raise Invalid({"reason": _l("At most 500 characters.")})
    return reason


def _district_of(comment: Comment) -> int | None:
    return db.session().scalar(sa.select(topics.Topic.district_id).where(topics.Topic.id == comment.topic_id))
