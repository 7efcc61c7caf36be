"""What is said again in time: the meeting on the day before, a moved meeting to everybody who signed up, an answer that
is due to the office.

A day is changed in a room before this one; the worker asks here who was told another time or place than the one that
stands now (:func:`portal.observation.queries.is_news_due`).
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from portal.accounts import queries as accounts
from portal.core import clock, db, jobs
from portal.core.actor import SYSTEM, Actor, Permission
from portal.core.i18n import lazy_gettext as _l
from portal.notifications import commands as notifications
from portal.observation import queries, words
from portal.observation.models import Report, Signup, SignupState
from portal.procurement.models import Process, Step
from portal.rulebook import queries as rulebook

OBSERVER, ANSWER = "observation.remind_observer", "observation.remind_answer"
HOUR = 8
DAYS_BEFORE = 3
DAYS_BETWEEN = 7


def remind_observer(actor: Actor, signup: Signup) -> None:
    """Let a confirmed observer be reminded on the morning of the day before; not at all when that is past."""
    if signup.told_meets_at is None:
        return
    at = clock.at(clock.day_of(signup.told_meets_at) - dt.timedelta(days=1), HOUR)
    if at > clock.now():
        params = {"signup_id": signup.id, "meets_at": signup.told_meets_at.isoformat()}
        jobs.start(actor, OBSERVER, str(_l("Reminder of a meeting")), params, not_before=at)


@jobs.work(OBSERVER)
def _remind_observer(job: jobs.Job) -> dict[str, Any]:
    """Tell, unless the place was given up or the meeting moved meanwhile."""
    signup = db.session().get(Signup, job.params["signup_id"])
    met = dt.datetime.fromisoformat(job.params["meets_at"])
    if signup is None or signup.state is not SignupState.CONFIRMED or signup.told_meets_at != met:
        return {"told": False}
    step = db.session().get_one(Step, signup.step_id)
    process = db.session().get_one(Process, step.process_id)
    if step.meets_at != met or clock.now() >= met:
        return {"told": False}
    notifications.tell(
        "observation.tomorrow",
        topic_id=process.topic_id,
        person_ids=[signup.person_id],
        params=words.meeting(step.meets_at, step.place),
        dedupe_key=f"observation.tomorrow:{signup.id}:{met.isoformat()}",
    )
    return {"told": True}


def follow_changes(actor: Actor) -> int:
    """Tell everybody who signed up and was told another time or place than the one that stands now, and those whose
    step is called off; returns how many were told. Safe to repeat."""
    told = 0
    for signup, step, process in queries.told_otherwise():
        if queries.is_called_off(process, step):
            event, met, place = "observation.called_off", None, ""
        elif step.meets_at is None:
            event, met, place = "observation.no_time", None, step.place
        else:
            event, met, place = "observation.moved", step.meets_at, step.place
        notifications.tell(
            event,
            topic_id=process.topic_id,
            person_ids=[signup.person_id],
            params=words.meeting(met, place) if met else {},
            dedupe_key=f"{event}:{signup.id}:{clock.now().isoformat()}",
        )
        signup.told_meets_at, signup.told_place = met, place
        db.session().flush()
        if signup.state is SignupState.CONFIRMED:
            remind_observer(actor, signup)
        told += 1
    return told


def remind_of_answer(actor: Actor, report: Report) -> None:
    """Let the office be reminded of an answer: some working days before it is due, and once it is overdue."""
    if report.answer_due_on is None:
        return
    due = report.answer_due_on
    working = rulebook.working_calendar(due - dt.timedelta(days=31), due)
    for day in (working.add_working_days(due, -DAYS_BEFORE), due + dt.timedelta(days=1)):
        _remind_on(actor, report.id, day)


def _remind_on(actor: Actor, report_id: int, day: dt.date) -> None:
    at = clock.at(day, HOUR)
    if at > clock.now():
        params = {"report_id": report_id}
        jobs.start(actor, ANSWER, str(_l("Reminder of an answer")), params, not_before=at)


@jobs.work(ANSWER)
def _remind_of_answer(job: jobs.Job) -> dict[str, Any]:
    """Tell the office, unless it answered or the report was corrected; an overdue answer is asked for every week."""
    found = queries.owed(job.params["report_id"])
    if found is None:
        return {"told": False}
    today = clock.today()
    is_overdue = found.answer_due_on < today
    event = "observation.answer_overdue" if is_overdue else "observation.answer_due"
    notifications.tell(
        event,
        topic_id=found.topic_id,
        person_ids=accounts.officers_with(Permission.OBSERVER_CONFIRM, found.district_id),
        params={"due": found.answer_due_on.isoformat()},
        dedupe_key=f"{event}:{found.id}:{today.isoformat()}",
    )
    if is_overdue:
        _remind_on(SYSTEM, found.id, today + dt.timedelta(days=DAYS_BETWEEN))
    return {"told": True}
