"""What is said again: the day before, when a meeting moves, when an answer is due; and a place kept for the next in line."""

import datetime as dt

import pytest
import sqlalchemy as sa

from portal.core import clock as core_clock
from portal.core import jobs
from portal.core.actor import SYSTEM
from portal.core.errors import NotAllowed, WrongState
from portal.notifications.models import Notice
from portal.observation import commands, queries, words
from portal.observation.commands import reminding
from portal.observation.models import Declaration, Grade, SignupState
from portal.procurement.models import ProcessState
from tests.factories import accounts, observation

S = SignupState


def someone():
    return accounts.actor_of(accounts.person())


def heard(db, person_id):
    return db.scalars(sa.select(Notice.event).where(Notice.person_id == person_id).order_by(Notice.id)).all()


def due_jobs(db, kind):
    return db.scalars(sa.select(jobs.Job).where(jobs.Job.kind == kind).order_by(jobs.Job.id)).all()


def test_the_declaration_is_kept_as_it_was_signed_each_time(step, resident, db):
    signup = commands.sign_up(resident, step.id, has_no_interest=True)
    commands.cancel_signup(resident, signup)
    commands.sign_up(resident, step.id, has_no_interest=True)
    kept = db.scalars(sa.select(Declaration)).all()
    assert [(one.signup_id, one.person_id, one.text) for one in kept] == 2 * [
        (signup.id, resident.id, str(words.DECLARATION))
    ]


def test_all_are_confirmed_at_once_as_far_as_places_go(step, officer, resident, db):
    asked = [observation.signup(step) for _ in range(3)]
    with pytest.raises(NotAllowed):
        commands.confirm_all(resident, step.id)
    assert commands.confirm_all(officer, step.id) == 2
    assert [one.state for one in asked] == [S.CONFIRMED, S.CONFIRMED, S.ASKED]
    step.place = ""
    with pytest.raises(WrongState):
        commands.confirm_all(officer, step.id)


def test_an_observer_is_reminded_on_the_morning_of_the_day_before(step, officer, resident, db, clock):
    signup = commands.sign_up(resident, step.id, has_no_interest=True)
    commands.confirm_signup(officer, signup)
    [job] = due_jobs(db, reminding.OBSERVER)
    assert job.leased_until == core_clock.at(dt.date(2026, 12, 14), 8)
    clock.travel("2026-12-14 08:00")
    assert reminding._remind_observer(job) == {"told": True}
    assert heard(db, resident.id)[-1] == "observation.tomorrow"
    commands.cancel_signup(resident, signup)
    assert reminding._remind_observer(job) == {"told": False}


def test_everybody_who_signed_up_hears_that_a_meeting_moved(step, officer, db, clock):
    people = [someone() for _ in range(4)]
    signups = [commands.sign_up(one, step.id, has_no_interest=True) for one in people]
    commands.confirm_signup(officer, signups[0])
    commands.cancel_signup(people[3], signups[3])
    assert not queries.is_news_due()
    step.meets_at += dt.timedelta(hours=3)
    db.flush()
    assert queries.is_news_due()
    assert commands.follow_changes(SYSTEM) == 3
    assert commands.follow_changes(SYSTEM) == 0
    assert [heard(db, one.id)[-1:] == ["observation.moved"] for one in people] == [True, True, True, False]
    assert len(due_jobs(db, reminding.OBSERVER)) == 2
    step.meets_at = None
    db.flush()
    commands.follow_changes(SYSTEM)
    assert heard(db, people[0].id)[-1] == "observation.no_time"
    clock.travel("2027-01-20 09:00")
    assert not queries.is_news_due()


def test_whoever_signed_up_hears_once_that_a_purchase_is_off(step, process, resident, db):
    commands.sign_up(resident, step.id, has_no_interest=True)
    process.state, process.cancel_reason = ProcessState.CANCELLED, "ไม่มีงบประมาณ"
    process.ended_on = process.created_at.date()
    db.flush()
    assert [commands.follow_changes(SYSTEM) for _ in range(2)] == [1, 0]
    assert heard(db, resident.id)[-1] == "observation.called_off"


def test_a_place_cannot_be_given_up_once_the_meeting_has_begun(step, resident, clock):
    signup = commands.sign_up(resident, step.id, has_no_interest=True)
    clock.travel("2026-12-15 10:00")
    with pytest.raises(WrongState):
        commands.cancel_signup(resident, signup)


def test_the_office_is_reminded_before_an_answer_is_due_and_while_it_is_overdue(
    step, resident, officer, db, clock
):
    came = observation.signup(step, db.get_one(accounts.Person, resident.id), S.ATTENDED)
    data = commands.ReportData("เห็น", [commands.Finding(Grade.QUESTION, "ใครเก็บกุญแจ")])
    report = commands.write_report(resident, came, data)
    before, after = due_jobs(db, reminding.ANSWER)
    assert report.answer_due_on == dt.date(2026, 12, 18)
    assert before.leased_until == core_clock.at(dt.date(2026, 12, 15), 8)
    clock.travel("2026-12-15 08:00")
    reminding._remind_of_answer(before)
    clock.travel("2026-12-19 08:00")
    reminding._remind_of_answer(after)
    assert heard(db, officer.id)[-2:] == ["observation.answer_due", "observation.answer_overdue"]
    assert due_jobs(db, reminding.ANSWER)[-1].leased_until == core_clock.at(dt.date(2026, 12, 26), 8)
    commands.answer_report(officer, report.id, "เก็บไว้ที่ฝ่ายการคลัง")
    assert reminding._remind_of_answer(after) == {"told": False}
