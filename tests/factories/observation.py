"""Observers at any point of their way. Use inside an open transaction."""

import datetime as dt
from typing import Any

from portal.accounts.models import Person
from portal.core import clock, db
from portal.observation import queries
from portal.observation.models import Arrival, Grade, Report, ReportAnswer, Signup, SignupState
from portal.procurement.models import Process, Step
from tests.factories import accounts

DECIDED = {SignupState.CONFIRMED, SignupState.DECLINED, SignupState.ATTENDED, SignupState.ABSENT}


def signup(
    step: Step, person: Person | None = None, state: SignupState = SignupState.ASKED, **given: Any
) -> Signup:
    """Somebody who signed up for a step, with the facts the state rests on."""
    process = db.session().get_one(Process, step.process_id)
    values: dict[str, Any] = {
        "step_id": step.id,
        "district_id": process.district_id,
        "person_id": (person or accounts.person(name="ผู้สังเกต การณ์")).id,
        "state": state,
        "has_no_interest": True,
        "asked_at": clock.now(),
        "told_meets_at": step.meets_at,
        "told_place": step.place,
    }
    if state is SignupState.ATTENDED:
        values |= {"arrived_at": clock.now(), "arrived_by": Arrival.OFFICER}
    if state in DECIDED:
        values |= {"decided_by": process.created_by, "decided_at": clock.now()}
    if state is SignupState.DECLINED:
        values["reason"] = "สถานที่ไม่พอ"
    made = Signup(**{**values, **given})
    db.session().add(made)
    db.session().flush()
    return made


def report(of: Signup, grade: Grade = Grade.NO_CONCERN, **given: Any) -> Report:
    """The report of somebody who attended; a question or a concern is to be answered in fifteen days."""
    values: dict[str, Any] = {
        "signup_id": of.id,
        "seen": "คณะกรรมการเปิดซองต่อหน้าทุกคน",
        "corrects_id": None,
        "findings": []
        if grade is Grade.NO_CONCERN
        else [{"grade": grade.value, "text": "เหตุใดจึงมีผู้เสนอราคารายเดียว"}],
        "grade": grade,
        "photos": [],
        "is_public": True,
        "answer_due_on": None if grade is Grade.NO_CONCERN else clock.today() + dt.timedelta(days=15),
        "submitted_at": clock.now(),
    }
    made = Report(**{**values, **given})
    made.sha256 = queries.fingerprint(made)
    db.session().add(made)
    db.session().flush()
    return made


def answer(of: Report, body: str = "มีผู้ซื้อเอกสารสามราย ยื่นหนึ่งราย", **given: Any) -> ReportAnswer:
    """The office's answer to a report."""
    signup = db.session().get_one(Signup, of.signup_id)
    values: dict[str, Any] = {
        "report_id": of.id,
        "body": body,
        "answered_by": signup.decided_by,
        "answered_at": clock.now(),
    }
    made = ReportAnswer(**{**values, **given})
    db.session().add(made)
    db.session().flush()
    return made
