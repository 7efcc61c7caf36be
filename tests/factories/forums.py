"""Forums and issues. Written straight to the tables, so that a forum may lie in the past. Use inside a transaction."""

import datetime as dt
from collections.abc import Sequence
from itertools import count
from typing import Any

import sqlalchemy as sa

from portal.core import clock, db, topics
from portal.cycles.models import Cycle
from portal.forums.models import (
    AgeBand,
    AgendaItem,
    Attendance,
    Forum,
    ForumPurpose,
    ForumState,
    Issue,
    Sex,
    Side,
)
from portal.places.models import Community, District
from tests.factories import accounts, places

_numbers = count(1)


def forum(
    community: Community | None = None,
    cycle: Cycle | None = None,
    purpose: ForumPurpose = ForumPurpose.PLAN_2,
    recorded: bool = True,
    *,
    district: District | None = None,
    people: int = 40,
    agenda: Sequence[str] = ("แจ้งเพื่อทราบ", "จัดลำดับปัญหา"),
    **values: Any,
) -> Forum:
    """A forum of two days ago, recorded with ``people``; ``recorded=False``: announced for the day after tomorrow.

    A purpose of the district needs no community.
    """
    if purpose.is_of_community and community is None:
        community = places.community(district)
    district_id = community.district_id if community is not None else (district or places.district()).id
    keeper = accounts.person(name="ผู้บันทึก เวที")
    now = clock.now()
    starts_at = values.pop("starts_at", now + dt.timedelta(days=-2 if recorded else 2))
    title = values.pop("title", f"เวทีตัวอย่าง ครั้งที่ {next(_numbers)}")
    topic = topics.create("forum", title, district_id=district_id)
    record: dict[str, Any] = {}
    if recorded:
        record = {
            "state": ForumState.RECORDED,
            "recorded_by": keeper.id,
            "recorded_at": now,
            "minutes": "ที่ประชุมเห็นชอบลำดับปัญหาของชุมชน",
        }
    made = Forum(
        **{
            "cycle_id": cycle.id if cycle is not None else None,
            "district_id": district_id,
            "community_id": community.id if community is not None else None,
            "purpose": purpose,
            "title": title,
            "starts_at": starts_at,
            "ends_at": starts_at + dt.timedelta(hours=2),
            "place": "ศาลาเอนกประสงค์ชุมชน",
            "created_by": keeper.id,
            "created_at": min(now, starts_at) - dt.timedelta(days=7),
            "topic_id": topic.id,
            **record,
            **values,
        }
    )
    db.session().add(made)
    db.session().flush()
    topics.tie(topic.id, made.id)
    db.session().add_all(
        AgendaItem(forum_id=made.id, position=position, matter=matter)
        for position, matter in enumerate(agenda, 1)
    )
    db.session().flush()
    if recorded and people:
        half = people // 2
        rows = [(Sex.FEMALE, AgeBand.FROM_36_TO_59, people - half), (Sex.MALE, AgeBand.OVER_60, half)]
        db.session().add_all(
            Attendance(forum_id=made.id, sex=sex, age_band=band, people=number)
            for sex, band, number in rows
            if number
        )
        db.session().flush()
    return made


def issue(forum: Forum, **values: Any) -> Issue:
    """An issue of a forum, put after the others."""
    last = db.session().scalar(sa.select(sa.func.max(Issue.position)).where(Issue.forum_id == forum.id))
    made = Issue(
        **{
            "forum_id": forum.id,
            "position": (last or 0) + 1,
            "side": Side.PHYSICAL,
            "problem": "ไฟทางเดินริมคลองดับหลายจุด",
            "cause": "โคมไฟเก่า",
            "proposal": "เปลี่ยนเป็นโคมไฟ LED",
            "raised_by": 12,
            "votes": 30,
            **values,
        }
    )
    db.session().add(made)
    db.session().flush()
    return made
