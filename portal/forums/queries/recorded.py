"""What forums brought: figures, names, issues, photos, corrections; and what plans take from them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from portal.accounts.models import Person
from portal.core import clock, db, storage
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.ledger import LedgerEntry
from portal.core.storage import StoredFile
from portal.forums import policy
from portal.forums.models import AgeBand, Attendance, Attendee, Forum, ForumPurpose, ForumState, Issue, Sex
from portal.forums.queries.announced import people_count

PHOTO = "forum_photo"
PLAN_FORUMS = (ForumPurpose.PLAN_1, ForumPurpose.PLAN_2)
NAMES_KEPT = dt.timedelta(days=365)
"""How long a list of names is kept after the forum (our rule: long enough to answer doubts about the record)."""

_by_votes = (Issue.votes.desc(), Issue.raised_by.desc(), Issue.position)


def attendance_of(forum_id: int) -> dict[tuple[Sex, AgeBand], int]:
    """How many came, by sex and age band."""
    rows = db.session().execute(
        sa.select(Attendance.sex, Attendance.age_band, Attendance.people).where(
            Attendance.forum_id == forum_id
        )
    )
    return {(row.sex, row.age_band): row.people for row in rows}


def attendees_of(actor: Actor, forum: Forum) -> list[Attendee]:
    """The private list of names, while it is kept. Raises NotFound for everybody it is not meant for."""
    if not policy.can_read_names(actor, forum):
        raise NotFound
    if forum.ends_at + NAMES_KEPT < clock.now():
        return []
    return list(
        db.session().scalars(sa.select(Attendee).where(Attendee.forum_id == forum.id).order_by(Attendee.id))
    )


def issues_of(forum_id: int) -> list[Issue]:
    """The issues of a forum, most votes first."""
    return list(db.session().scalars(sa.select(Issue).where(Issue.forum_id == forum_id).order_by(*_by_votes)))


def issue(issue_id: int) -> Issue | None:
    """One issue by id."""
    return db.session().get(Issue, issue_id)


def photos_of(forum_id: int) -> list[StoredFile]:
    """Photos of a forum, oldest first."""
    return storage.files_of(PHOTO, forum_id)


def photo(forum_id: int, file_id: int) -> StoredFile:
    """One photo of a forum. Raises NotFound."""
    found = db.session().get(StoredFile, file_id)
    if found is None or found.owner_kind != PHOTO or found.owner_id != forum_id:
        raise NotFound
    return found


def corrections_of(forum_id: int) -> Sequence[Any]:
    """Corrections of a record from the ledger, newest first: (at, payload text or None, who as a name or None)."""
    return (
        db.session()
        .execute(
            sa.select(LedgerEntry.at, LedgerEntry.payload, Person.display_name.label("who"))
            .outerjoin(Person, Person.id == LedgerEntry.actor_id)
            .where(
                LedgerEntry.subject_kind == "forum",
                LedgerEntry.subject_id == forum_id,
                LedgerEntry.event == "forum.corrected",
            )
            .order_by(LedgerEntry.id.desc())
            .limit(20)
        )
        .all()
    )


# -- for plans --------------------------------------------------------------------------------------------------------


class RecordedForum(NamedTuple):
    """A plan forum with its record; ``held`` is the day in Bangkok."""

    id: int
    purpose: ForumPurpose
    held: dt.date
    people: int
    title: str


def recorded_plan_forums(community_id: int, cycle_id: int) -> list[RecordedForum]:
    """Plan forums of a community and cycle that are recorded with people present, in order."""
    rows = db.session().execute(
        sa.select(Forum.id, Forum.purpose, Forum.starts_at, Forum.title, people_count.label("people"))
        .where(
            Forum.community_id == community_id,
            Forum.cycle_id == cycle_id,
            Forum.state == ForumState.RECORDED,
            Forum.purpose.in_(PLAN_FORUMS),
        )
        .order_by(Forum.starts_at)
    )
    return [
        RecordedForum(row.id, row.purpose, clock.day_of(row.starts_at), row.people, row.title)
        for row in rows
        if row.people > 0
    ]


def issues_for_plan(community_id: int, cycle_id: int) -> Sequence[Any]:
    """Issues of a community's recorded forums of a cycle, most votes first: (id, forum_id, side, problem, cause,
    proposal, raised_by, votes, forum_title, starts_at)."""
    return (
        db.session()
        .execute(
            sa.select(
                Issue.id,
                Issue.forum_id,
                Issue.side,
                Issue.problem,
                Issue.cause,
                Issue.proposal,
                Issue.raised_by,
                Issue.votes,
                Forum.title.label("forum_title"),
                Forum.starts_at,
            )
            .join(Forum, Forum.id == Issue.forum_id)
            .where(
                Forum.community_id == community_id,
                Forum.cycle_id == cycle_id,
                Forum.state == ForumState.RECORDED,
            )
            .order_by(*_by_votes, Forum.id)
        )
        .all()
    )
