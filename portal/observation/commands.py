"""Asking for a place, confirming it, attending, reporting, answering."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, Any

import sqlalchemy as sa

from portal.accounts import queries as accounts
from portal.core import clock, db, ledger, storage
from portal.core.actor import Actor, Permission
from portal.core.errors import Invalid, NotAllowed, NotFound, WrongState
from portal.core.i18n import lazy_gettext as _l
from portal.notifications import commands as notifications
from portal.observation import policy, queries
from portal.observation.models import Grade, Report, ReportAnswer, Signup, SignupState
from portal.observation.workflow import ATTEND, CANCEL, CONFIRM, DECLINE, MISS, SEATED, SIGNUPS
from portal.procurement.models import Process, Step
from portal.rulebook import queries as rulebook

MOST_PHOTOS = 6


@dataclass(frozen=True)
class Photo:
    """A picture as it was handed in."""

    stream: IO[bytes]
    name: str


@dataclass(frozen=True)
class ReportData:
    """What an observer writes. ``is_public`` is the observer's own wish."""

    seen: str
    grade: Grade
    concerns: str = ""
    is_public: bool = True
    photos: Sequence[Photo] = ()


def _hold(step_id: int) -> tuple[Step, Process]:
    """The step, held against everybody else who takes, gives up or gives out places at it, and its process."""
    step = db.get_for_update(Step, step_id)
    process = db.session().get(Process, step.process_id) if step else None
    if step is None or process is None:
        raise NotFound
    return step, process


def _record(event: str, actor: Actor, signup: Signup, process: Process, note: str = "") -> None:
    ledger.record(
        event,
        actor,
        "observer_signup",
        signup.id,
        district_id=process.district_id,
        changes={"step_id": signup.step_id, "process_id": process.id, "state": signup.state.value},
        note=note,
    )


def sign_up(actor: Actor, step_id: int, *, has_no_interest: bool) -> Signup:
    """Ask for a place at a step. While places are free the office is asked to confirm; after that one waits in line.

    Asking twice is asking once; after giving up one asks again at the end of the line. Raises NotAllowed for visitors
    and for officers of procurement there, WrongState when the step takes no observers now, Invalid without the
    declaration of no interest.
    """
    step, process = _hold(step_id)
    if not policy.can_sign_up(actor, process.district_id) or actor.id is None:
        raise NotAllowed(_l("Whoever works on procurement here cannot observe it."))
    if not queries.is_sign_up_open(process, step):
        raise WrongState(
            _l("This step takes no observers now: it has no day yet, is over, or is closed to them."),
            way_on=("observation.process", {"process_id": process.id}, _l("See the other steps")),
        )
    if not has_no_interest:
        raise Invalid({"has_no_interest": _l("Only people without an interest of their own can observe.")})
    signup = db.session().scalar(
        sa.select(Signup).where(Signup.step_id == step_id, Signup.person_id == actor.id)
    )
    if signup is not None and signup.state is not SignupState.CANCELLED:
        return signup
    _fill_places(step, process)
    state = SignupState.ASKED if queries.taken(step_id) < step.observer_places else SignupState.WAITING
    if signup is None:
        signup = Signup(
            step_id=step_id, district_id=process.district_id, person_id=actor.id, has_no_interest=True
        )
        db.session().add(signup)
    signup.state, signup.asked_at, signup.reason = state, clock.now(), ""
    signup.decided_by = signup.decided_at = None
    db.session().flush()
    notifications.follow_for([actor.id], process.topic_id)
    _record("observer.asked", actor, signup, process)
    if state is SignupState.ASKED:
        _tell_office("observation.asked", process, f"{step.id}:{clock.today().isoformat()}", actor)
    return signup


def _tell_office(event: str, process: Process, key: str, actor: Actor) -> None:
    notifications.tell(
        event,
        topic_id=process.topic_id,
        person_ids=accounts.officers_with(Permission.OBSERVER_CONFIRM, process.district_id),
        dedupe_key=f"{event}:{key}",
        except_person=actor.id,
    )


def _fill_places(step: Step, process: Process) -> None:
    """Whoever waited longest moves up while places are free and the step is to come. The caller holds the step."""
    free = step.observer_places - queries.taken(step.id)
    if free <= 0 or not queries.is_sign_up_open(process, step):
        return
    first = db.session().scalars(
        sa.select(Signup)
        .where(Signup.step_id == step.id, Signup.state == SignupState.WAITING)
        .order_by(Signup.asked_at, Signup.id)
        .limit(free)
    )
    for signup in first.all():
        signup.state = SignupState.ASKED
        db.session().flush()
        notifications.tell(
            "observation.moved_up",
            topic_id=process.topic_id,
            person_ids=[signup.person_id],
            dedupe_key=f"observation.moved_up:{signup.id}:{signup.asked_at.isoformat()}",
        )


def _held(signup: Signup) -> tuple[Signup, Step, Process]:
    """The sign-up as it stands now, its step held."""
    step, process = _hold(signup.step_id)
    db.session().refresh(signup)  # whoever writes a sign-up holds its step first
    return signup, step, process


def confirm_signup(actor: Actor, signup: Signup) -> None:
    """Give the place; time and place of the step must be set. Raises NotAllowed, WrongState."""
    signup, step, process = _held(signup)
    if step.meets_at is None or not step.place:
        raise WrongState(
            _l("Set the time and the place of the step first: the observer must know where to come."),
            way_on=("procurement.plan_step", {"step_id": step.id}, _l("Plan the step")),
        )
    given = db.session().scalar(
        sa.select(sa.func.count()).where(
            Signup.step_id == step.id, Signup.state.in_(SEATED), Signup.state != SignupState.ASKED
        )
    )
    if (given or 0) >= step.observer_places:
        raise WrongState(
            _l("All places of this step are given."), way_on=("observation.desk", {}, _l("See the desk"))
        )
    SIGNUPS.advance(signup, CONFIRM, actor)
    signup.decided_by, signup.decided_at = actor.id, clock.now()
    _record("observer.confirmed", actor, signup, process)
    _tell_observer("observation.confirmed", signup, process)


def _tell_observer(event: str, signup: Signup, process: Process, reason: str = "") -> None:
    notifications.tell(
        event,
        topic_id=process.topic_id,
        person_ids=[signup.person_id],
        params={"reason": reason} if reason else {},
        dedupe_key=f"{event}:{signup.id}:{signup.asked_at.isoformat()}",
    )


def decline_signup(actor: Actor, signup: Signup, reason: str) -> None:
    """Refuse a place, with a reason for the resident; whoever waited longest moves up. Raises NotAllowed, WrongState,
    Invalid."""
    signup, step, process = _held(signup)
    why = reason.strip()
    if not why:
        raise Invalid({"reason": _l("This must be filled in.")})
    SIGNUPS.advance(signup, DECLINE, actor)
    signup.decided_by, signup.decided_at, signup.reason = actor.id, clock.now(), why
    db.session().flush()
    _record("observer.declined", actor, signup, process, why)
    _tell_observer("observation.declined", signup, process, why[:500])
    _fill_places(step, process)


def cancel_signup(actor: Actor, signup: Signup) -> None:
    """Give up one's place; whoever waited longest moves up. Raises NotAllowed, WrongState."""
    signup, step, process = _held(signup)
    SIGNUPS.advance(signup, CANCEL, actor)
    db.session().flush()
    _record("observer.cancelled", actor, signup, process)
    _fill_places(step, process)


def record_attendance(actor: Actor, signup: Signup, *, is_present: bool) -> None:
    """Say whether a confirmed observer came; can be put right until there is a report. Raises NotAllowed, WrongState
    before the meeting has begun."""
    signup, step, process = _held(signup)
    begins = step.meets_at or (clock.at(step.planned_on) if step.planned_on else None)
    if begins is None or clock.now() < begins:
        raise WrongState(
            _l("Attendance is recorded once the meeting has begun."),
            way_on=("observation.desk", {}, _l("See the desk")),
        )
    if db.session().scalar(sa.select(Report.id).where(Report.signup_id == signup.id)) is not None:
        raise WrongState(
            _l("This observer has reported already."), way_on=("observation.desk", {}, _l("See the desk"))
        )
    SIGNUPS.advance(signup, ATTEND if is_present else MISS, actor)
    signup.decided_by, signup.decided_at = actor.id, clock.now()
    _record("observer.attended" if is_present else "observer.absent", actor, signup, process)


def write_report(actor: Actor, signup: Signup, data: ReportData) -> Report:
    """Say what was seen. A report is never changed; a question or a concern must be answered within the days of the
    rulebook.

    Pictures lose what the camera wrote into them. Raises NotAllowed, WrongState for somebody who did not attend or has
    reported, Invalid by form field.
    """
    signup, _step, process = _held(signup)
    if not policy.can_report(actor, signup):
        raise NotAllowed(_l("Only the observer writes this report."))
    way_on: tuple[str, dict[str, Any], object] = ("observation.mine", {}, _l("See my observations"))
    if signup.state is not SignupState.ATTENDED:
        raise WrongState(_l("A report needs attendance, recorded by the office."), way_on=way_on)
    wrong: dict[str, object] = {}
    if not data.seen.strip():
        wrong["seen"] = _l("This must be filled in.")
    if data.grade is not Grade.NO_CONCERN and not data.concerns.strip():
        wrong["concerns"] = _l("Say what the question or the concern is.")
    if len(data.photos) > MOST_PHOTOS:
        wrong["photos"] = _l("At most 6 pictures.")
    if wrong:
        raise Invalid(wrong)
    days = rulebook.law("observer.answer_days")
    report = Report(
        signup_id=signup.id,
        seen=data.seen.strip(),
        concerns=data.concerns.strip(),
        grade=data.grade,
        is_public=data.is_public,
        answer_due_on=None if data.grade is Grade.NO_CONCERN else clock.today() + dt.timedelta(days=days),
        submitted_at=clock.now(),
    )
    with db.refusing_duplicates(WrongState(_l("You have reported already."), way_on=way_on)):
        db.session().add(report)
    for photo in data.photos:
        try:
            storage.save(actor, photo.stream, photo.name, owner_kind=queries.PHOTOS, owner_id=report.id)
        except Invalid as refused:
            raise Invalid({"photos": refused.message}) from refused
    ledger.record(
        "observer.reported",
        actor,
        "observer_report",
        report.id,
        district_id=process.district_id,
        changes={"process_id": process.id, "grade": data.grade.value, "is_public": data.is_public},
    )
    _tell_of_report(actor, process, report)
    return report


def _tell_of_report(actor: Actor, process: Process, report: Report) -> None:
    notifications.tell(
        "observation.reported",
        topic_id=process.topic_id,
        person_ids=accounts.officers_with(Permission.OBSERVER_CONFIRM, process.district_id),
        followers_of=[process.topic_id] if report.is_public else [],
        dedupe_key=f"observation.reported:{report.id}",
        except_person=actor.id,
    )


def answer_report(actor: Actor, report_id: int, body: str) -> ReportAnswer:
    """Answer a report in the office's name, once. Raises NotFound, NotAllowed, WrongState when answered, Invalid."""
    report = db.session().get(Report, report_id)
    signup = db.session().get(Signup, report.signup_id) if report else None
    if report is None or signup is None:
        raise NotFound
    if not policy.can_answer(actor, signup.district_id):
        raise NotAllowed(_l("Answers here are given by another office."))
    words = body.strip()
    if not words:
        raise Invalid({"body": _l("This must be filled in.")})
    step = db.session().get_one(Step, signup.step_id)
    process = db.session().get_one(Process, step.process_id)
    answer = ReportAnswer(report_id=report.id, body=words, answered_by=actor.id, answered_at=clock.now())
    answered = WrongState(
        _l("This report is answered already."),
        way_on=("observation.show", {"report_id": report_id}, _l("See the answer")),
    )
    with db.refusing_duplicates(answered):
        db.session().add(answer)
    ledger.record("observer.answered", actor, "observer_report", report.id, district_id=signup.district_id)
    notifications.tell(
        "observation.answered",
        topic_id=process.topic_id,
        person_ids=[signup.person_id],
        dedupe_key=f"observation.answered:{report.id}",
        except_person=actor.id,
    )
    return answer
