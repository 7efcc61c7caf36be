"""What observers saw, and what the office says to it."""

from __future__ import annotations

import io
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, Any

import sqlalchemy as sa

from portal.accounts import queries as accounts
from portal.core import clock, db, ledger, storage
from portal.core.actor import Actor, Permission
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from portal.core.i18n import lazy_gettext as _l
from portal.notifications import commands as notifications
from portal.observation import policy, queries
from portal.observation.commands import reminding
from portal.observation.models import Grade, Report, ReportAnswer, Signup, SignupState
from portal.procurement import queries as procurement
from portal.procurement.models import Process, Step

MOST_PHOTOS = 6
MOST_FINDINGS = 20
LONGEST = 5000
_GRAVITY = list(Grade)
_MINE: tuple[str, dict[str, Any], object] = ("observation.mine", {}, _l("See my observations"))


@dataclass(frozen=True)
class Photo:
    """A picture as it was handed in."""

    stream: IO[bytes]
    name: str


@dataclass(frozen=True)
class Finding:
    """One thing the observer noticed, with its own grade."""

    grade: Grade
    text: str


@dataclass(frozen=True)
class ReportData:
    """What an observer writes. ``is_public`` is the observer's own wish; ``key`` is the phone's, where one sends it;
    ``corrects_id`` names the report this one corrects."""

    seen: str
    findings: Sequence[Finding] = ()
    is_public: bool = True
    photos: Sequence[Photo] = ()
    key: str | None = None
    corrects_id: int | None = None


class ReportedMeanwhile(Conflict):
    """There is another report of this observation already, or the one to be corrected is not the newest any more."""


def write_report(actor: Actor, signup: Signup, data: ReportData) -> Report:
    """Say what was seen, or correct what was said by a new report that names the old one. Nothing is ever changed; a
    question or a concern must be answered within the working days of the rulebook.

    The same ``key`` is the same report, however often it is sent. Pictures lose what the camera wrote into them. Raises
    NotAllowed, WrongState for somebody who did not attend, ReportedMeanwhile, Invalid by form field.
    """
    signup, _step, process = queries.signup_held(signup)
    if not policy.can_report(actor, signup):
        raise NotAllowed(_l("Only the observer can write this report."))
    if signup.state is not SignupState.ATTENDED:
        raise WrongState(_l("A report needs attendance, recorded by the office."), way_on=_MINE)
    if data.key is not None:
        sent = db.session().scalar(sa.select(Report).where(Report.sending_key == data.key))
        if sent is not None and sent.signup_id == signup.id:
            return sent
    findings = _checked(data)
    newest = queries.newest_report(signup.id)
    if data.corrects_id != (newest.id if newest else None):
        raise ReportedMeanwhile(
            _l("You have reported already. A correction is a new report that names the first.")
        )
    photos = _keep_photos(actor, signup, data.photos)
    grade = max((one.grade for one in findings), key=_GRAVITY.index, default=Grade.NO_CONCERN)
    report = Report(
        signup_id=signup.id,
        corrects_id=data.corrects_id,
        seen=data.seen.strip(),
        findings=[{"grade": one.grade.value, "text": one.text.strip()} for one in findings],
        grade=grade,
        photos=photos,
        is_public=data.is_public,
        answer_due_on=None if grade is Grade.NO_CONCERN else queries.answer_day(clock.today()),
        submitted_at=clock.now(),
        sending_key=data.key,
    )
    report.sha256 = queries.fingerprint(report)
    with db.refusing_duplicates(ReportedMeanwhile(_l("You have reported already."))):
        db.session().add(report)
    if signup.certificate_code is None:
        signup.certificate_code = secrets.token_hex(8)
    ledger.record(
        "observer.corrected" if data.corrects_id else "observer.reported",
        actor,
        "observer_report",
        report.id,
        district_id=process.district_id,
        changes={
            "process_id": process.id,
            "grade": grade.value,
            "is_public": data.is_public,
            "corrects": data.corrects_id,
            "sha256": report.sha256,
        },
    )
    _tell_of_report(actor, process, report)
    reminding.remind_of_answer(actor, report)
    return report


def _checked(data: ReportData) -> list[Finding]:
    """The findings that say something. Raises Invalid by form field."""
    found = [one for one in data.findings if one.text.strip()]
    wrong: dict[str, object] = {}
    if not data.seen.strip():
        wrong["seen"] = _l("This must be filled in.")
    if any(one.grade is not Grade.NO_CONCERN and not one.text.strip() for one in data.findings):
        wrong["findings"] = _l("Say what the question or the concern is.")
    if len(found) > MOST_FINDINGS:
        wrong["findings"] = _l("At most 20 findings.")
    if len(data.photos) > MOST_PHOTOS:
        wrong["photos"] = _l("At most 6 pictures.")
    if wrong:
        raise Invalid(wrong)
    return found


def _keep_photos(actor: Actor, signup: Signup, photos: Sequence[Photo]) -> list[str]:
    """Keep pictures and say their SHA-256, in order, each once."""
    kept: list[str] = []
    for photo in photos:
        content = io.BytesIO(photo.stream.read(storage.MAX_BYTES + 1))
        if content.getvalue().startswith(b"%PDF-"):
            raise Invalid({"photos": _l("Only JPEG, PNG and WebP pictures can be sent here.")})
        try:
            stored = storage.save(actor, content, photo.name, owner_kind=queries.PHOTOS, owner_id=signup.id)
        except Invalid as refused:
            raise Invalid({"photos": refused.message}) from refused
        if stored.sha256 not in kept:
            kept.append(stored.sha256)
    return kept


def _tell_of_report(actor: Actor, process: Process, report: Report) -> None:
    """The office, and whoever follows the purchase, its projects or their ideas."""
    event = "observation.reported" if report.corrects_id is None else "observation.corrected"
    notifications.tell(
        event,
        topic_id=process.topic_id,
        person_ids=accounts.officers_with(Permission.OBSERVER_CONFIRM, process.district_id),
        followers_of=procurement.topics_upstream(process.id),
        dedupe_key=f"{event}:{report.id}",
        except_person=actor.id,
    )


def answer_report(actor: Actor, report_id: int, body: str) -> ReportAnswer:
    """Answer a report in the office's name, once; the observer is told, and whoever follows where it is public. Raises
    NotFound, NotAllowed, WrongState when it is answered or was corrected meanwhile, Invalid."""
    report = db.session().get(Report, report_id)
    signup = db.session().get(Signup, report.signup_id) if report else None
    if report is None or signup is None:
        raise NotFound
    if not policy.can_answer(actor, signup.district_id) or actor.id == signup.person_id:
        raise NotAllowed(_l("Answers here are given by another office."))
    words = body.strip()
    if not words:
        raise Invalid({"body": _l("This must be filled in.")})
    signup, step, process = queries.signup_held(signup)
    newest = queries.newest_report(signup.id)
    if newest is not None and newest.id != report.id:
        raise WrongState(
            _l("The observer corrected this report: answer the newest."),
            way_on=("observation.show", {"report_id": newest.id}, _l("See the newest report")),
        )
    answer = ReportAnswer(report_id=report.id, body=words, answered_by=actor.id, answered_at=clock.now())
    answered = WrongState(
        _l("This report is answered already."),
        way_on=("observation.show", {"report_id": report_id}, _l("See the answer")),
    )
    with db.refusing_duplicates(answered):
        db.session().add(answer)
    ledger.record("observer.answered", actor, "observer_report", report.id, district_id=signup.district_id)
    _tell_of_answer(actor, step, process, signup, report)
    return answer


def _tell_of_answer(actor: Actor, step: Step, process: Process, signup: Signup, report: Report) -> None:
    notifications.tell(
        "observation.answered",
        topic_id=process.topic_id,
        person_ids=[signup.person_id],
        dedupe_key=f"observation.answered:{report.id}",
        except_person=actor.id,
    )
    notifications.tell(
        "observation.answered_to_all",
        topic_id=process.topic_id,
        followers_of=procurement.topics_upstream(process.id),
        dedupe_key=f"observation.answered_to_all:{report.id}",
        except_person=signup.person_id,
    )
