"""A thing to talk about, and remarks on it. Use inside an open transaction.

Communities are what tests talk about: their kind allows no remarks of its own, so tests that need an open thread
register :data:`TALK`, a kind of their own.
"""

from typing import Any

import sqlalchemy as sa

from portal.comments.models import Comment, OfficialReply, Purpose
from portal.core import clock, db, richtext, topics
from portal.core.topics import Topic
from portal.places.models import District
from tests.factories import accounts

HIDDEN_TITLE = "เรื่องที่ยังไม่เปิด"


def _visible(actor: Any) -> Any:
    seen = sa.select(Topic.id).where(Topic.kind == "talk")
    return seen if actor.is_signed_in else seen.where(Topic.title != HIDDEN_TITLE)


class OpenPurpose:
    """Which purpose the kind "talk" allows now; a test changes it."""

    now: Purpose | None = Purpose.DISCUSSION


TALK = topics.Kind(
    name="talk",
    visible_to=_visible,
    endpoint="comments.thread",
    param="topic_id",
    label="เรื่อง",
    comment_purpose=lambda ref_id: OpenPurpose.now,
)


def topic(title: str = "ปรับปรุงทางเดินริมคลอง", district: District | None = None) -> Topic:
    """Something to talk about, in a district or in the whole city."""
    topics.register(TALK)
    made = topics.create("talk", title, district_id=district.id if district else None)
    topics.tie(made.id, made.id)
    return made


def comment(
    topic_id: int, text: str = "ขอให้เพิ่มไฟส่องสว่าง", author: int | None = None, **values: Any
) -> Comment:
    """A remark by somebody."""
    made = Comment(
        **{
            "topic_id": topic_id,
            "author_id": author or accounts.person().id,
            "purpose": Purpose.DISCUSSION,
            "body": richtext.from_plain(text),
            "created_at": clock.now(),
            **values,
        }
    )
    db.session().add(made)
    db.session().flush()
    return made


def answered(topic_id: int, officer: int) -> Comment:
    """A remark with a reply to it and an answer in an office's name."""
    remark = comment(topic_id)
    comment(topic_id, "เห็นด้วย", parent_id=remark.id)
    answer = OfficialReply(
        topic_id=topic_id,
        author_id=officer,
        office="ฝ่ายการคลัง",
        body=richtext.from_plain("จะดำเนินการ"),
        created_at=clock.now(),
    )
    db.session().add(answer)
    db.session().flush()
    remark.reply_id = answer.id
    db.session().flush()
    return remark
