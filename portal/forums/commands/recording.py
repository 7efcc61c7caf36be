"""Recording what happened, correcting it, and forgetting the names when their time is over."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm.attributes import flag_modified

from portal.core import clock, db, jobs, ledger
from portal.core.actor import SYSTEM, Actor
from portal.core.errors import Invalid, NotAllowed, WrongState
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.core.jobs import Job
from portal.forums import policy, queries
from portal.forums.commands.telling import tell_people
from portal.forums.models import AgeBand, Attendance, Attendee, Forum, ForumState, Issue, Sex
from portal.forums.workflow import CORRECT, FORUMS, RECORD

MOST_PEOPLE = 100_000
MOST_NAMES = 2_000
FORGET = "forums.forget_names"


class Name(NamedTuple):
    """A line of the private list."""

    name: str
    note: str = ""


@dataclass(frozen=True)
class Record:
    """What happened. ``done`` are the ids of the matters the forum came to. None leaves the ticks, or the private list
    of names, as they are."""

    attendance: Mapping[tuple[Sex, AgeBand], int]
    minutes: str
    names: Sequence[Name] | None = None
    done: Collection[int] | None = None


def record_forum(actor: Actor, forum: Forum, record: Record) -> None:
    """Write down who came (figures) and what was said, once the forum has begun; followers hear of it.

    Raises WrongState before it begins; Invalid without people, without minutes, or with fewer people than hands.
    """
    forum = queries.forum_held(forum.id)
    if forum.state is ForumState.ANNOUNCED and clock.now() < forum.starts_at:
        raise WrongState(_l("A forum can be recorded once it has begun."), way_on=queries.way_to(forum))
    if FORUMS.is_open(RECORD, actor, forum):
        _check_record(forum, record)
    FORUMS.advance(forum, RECORD, actor)
    forum.recorded_by, forum.recorded_at = actor.id, clock.now()
    _keep_record(forum, record)
    ledger.record(
        "forum.recorded",
        actor,
        "forum",
        forum.id,
        district_id=forum.district_id,
        changes={"people": sum(record.attendance.values())},
    )
    tell_people(actor, "forum.recorded", forum)


def correct_forum(actor: Actor, forum: Forum, expected_version: int, record: Record, reason: str) -> None:
    """Correct a published record. What it said before, what it says now and why stand in the ledger and on the page.

    Raises WrongState for a forum that is not recorded, Invalid like :func:`record_forum` and without a reason.
    """
    forum = queries.forum_held(forum.id)
    FORUMS.advance(forum, CORRECT, actor)
    if forum.version_id != expected_version:
        raise Invalid(_l("Someone else changed this while you wrote. Compare with the page and send again."))
    if not reason.strip():
        raise Invalid({"reason": _l("Say what was wrong: the reason is published with the record.")})
    _check_record(forum, record)
    before = _recorded_facts(queries.attendance_of(forum.id), forum)
    _keep_record(forum, record)
    after = _recorded_facts(record.attendance, forum)
    changes = {
        name: [before.get(name, 0), after.get(name, 0)]
        for name in sorted(before.keys() | after.keys())
        if before.get(name, 0) != after.get(name, 0)
    }
    if changes or record.names is not None:
        ledger.record(
            "forum.corrected",
            actor,
            "forum",
            forum.id,
            district_id=forum.district_id,
            changes=changes,
            note=reason,
        )


def forget_names(actor: Actor, forum: Forum) -> None:
    """Delete a forum's private list of names now."""
    if not policy.can_keep_forum(actor, forum):
        raise NotAllowed(_l("You may not do this here."))
    db.session().execute(sa.delete(Attendee).where(Attendee.forum_id == forum.id))
    ledger.record("forum.names_deleted", actor, "forum", forum.id, district_id=forum.district_id)


@jobs.work(FORGET)
def _forget(job: Job) -> dict[str, int]:
    """What the worker does when a list's time is over."""
    forum = queries.forum(job.params["forum_id"])
    forgotten = db.session().execute(
        sa.delete(Attendee).where(Attendee.forum_id == forum.id).returning(Attendee.id)
    )
    count = len(forgotten.all())
    if count:
        ledger.record("forum.names_deleted", SYSTEM, "forum", forum.id, district_id=forum.district_id)
    return {"names": count}


def _recorded_facts(attendance: Mapping[tuple[Sex, AgeBand], int], forum: Forum) -> dict[str, object]:
    figures: dict[str, object] = {
        f"{sex.value}.{band.value}": count for (sex, band), count in attendance.items() if count
    }
    done = [one.position for one in queries.agenda_of(forum.id) if one.is_done]
    return {**figures, "minutes": forum.minutes, "agenda": ", ".join(map(str, done))}


def _check_record(forum: Forum, record: Record) -> None:
    wrong: dict[str, object] = {}
    total = sum(record.attendance.values())
    if not 0 < total <= MOST_PEOPLE or min(record.attendance.values(), default=0) < 0:
        wrong["attendance"] = _l("Count the people who came: at least one figure must be more than zero.")
    if not record.minutes.strip():
        wrong["minutes"] = _l("Write down what was said and decided.")
    if record.names is not None and len(record.names) > MOST_NAMES:
        wrong["names"] = _l("The list of names is too long.")
    hands = db.session().scalar(
        sa.select(
            sa.func.max(sa.case((Issue.votes > Issue.raised_by, Issue.votes), else_=Issue.raised_by))
        ).where(Issue.forum_id == forum.id)
    )
    if not wrong and hands and hands > total:
        wrong["attendance"] = _(
            "An issue counts %(hands)s people, more than the %(people)s who came.", hands=hands, people=total
        )
    if wrong:
        raise Invalid(wrong)


def _keep_record(forum: Forum, record: Record) -> None:
    session = db.session()
    forum.minutes = record.minutes.strip()
    flag_modified(forum, "minutes")  # figures alone also make a new version of the forum
    session.execute(sa.delete(Attendance).where(Attendance.forum_id == forum.id))
    session.add_all(
        Attendance(forum_id=forum.id, sex=sex, age_band=band, people=count)
        for (sex, band), count in record.attendance.items()
        if count
    )
    if record.done is not None:
        for item in queries.agenda_of(forum.id):
            item.is_done = item.id in record.done
        session.flush()
    if record.names is not None:
        session.execute(sa.delete(Attendee).where(Attendee.forum_id == forum.id))
        session.add_all(
            Attendee(forum_id=forum.id, name=line.name[:200], note=line.note[:500]) for line in record.names
        )
    if record.names:
        jobs.start(
            SYSTEM,
            FORGET,
            f"Forget the names of forum {forum.id}",
            {"forum_id": forum.id},
            not_before=forum.ends_at + queries.NAMES_KEPT,
        )
    session.flush()
