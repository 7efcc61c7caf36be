"""A sent report stays as it was sent: by the portal and by the database; that it did, is tests/audit/test_tampering.py."""

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from portal.accounts.models import Person
from portal.core import clock as core_clock
from portal.core.actor import ANONYMOUS, Role
from portal.core.errors import NotAllowed, WrongState
from portal.observation import commands, queries
from portal.observation.commands import Finding, ReportData, ReportedMeanwhile
from portal.observation.models import Grade, Report, ReportAnswer, SignupState
from tests.factories import accounts, observation, places


@pytest.fixture
def came(step, resident, db):
    return observation.signup(step, db.get_one(Person, resident.id), SignupState.ATTENDED)


@pytest.mark.parametrize("table", ["observer_reports", "observer_report_answers", "observer_declarations"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_nothing_that_was_sent_is_changed(step, resident, db, table, statement):
    signup = commands.sign_up(resident, step.id, has_no_interest=True)
    observation.answer(
        observation.report(signup, Grade.QUESTION, submitted_at=core_clock.now()), answered_by=resident.id
    )
    with pytest.raises(DatabaseError), db.begin_nested():
        db.execute(sa.text(statement.format(table)))


def test_nothing_is_dated_back(came, step, officer, db):
    other = observation.signup(step, state=SignupState.ATTENDED)
    first = observation.report(came, Grade.QUESTION)
    late = core_clock.now() - dt.timedelta(minutes=11)
    with pytest.raises(DatabaseError), db.begin_nested():
        observation.report(other, submitted_at=late)
    observation.answer(first)
    second = observation.report(other, Grade.QUESTION)
    with pytest.raises(DatabaseError), db.begin_nested():
        observation.answer(second, answered_at=late)


def test_a_correction_is_a_new_report_that_names_the_old(came, resident, officer, process, db):
    first = commands.write_report(resident, came, ReportData("เห็น", [Finding(Grade.CONCERN, "ขาด ๓ หลัง")]))
    with pytest.raises(ReportedMeanwhile):
        commands.write_report(resident, came, ReportData("เห็นอีก"))
    for actor in (officer, accounts.officer(Role.ADMIN), accounts.officer(Role.AUDITOR), ANONYMOUS):
        with pytest.raises(NotAllowed):
            commands.write_report(actor, came, ReportData("แก้", corrects_id=first.id))
    second = commands.write_report(resident, came, ReportData("นับใหม่แล้วครบ", corrects_id=first.id))
    assert (first.seen, second.corrects_id) == ("เห็น", first.id)
    assert [told.id for told in queries.reports_of_process(ANONYMOUS, process.id)] == [second.id]
    assert queries.report_visible(ANONYMOUS, first.id)[0].newer_id == second.id
    assert queries.desk_reports(officer).rows == []
    with pytest.raises(WrongState):
        commands.answer_report(officer, first.id, "คำตอบ")
    with pytest.raises(ReportedMeanwhile):
        commands.write_report(resident, came, ReportData("แก้อีก", corrects_id=first.id))


def test_the_same_key_is_the_same_report(came, resident, db):
    data = ReportData("เห็น", key="6921b000-0123456789abcdef")
    assert commands.write_report(resident, came, data) is commands.write_report(resident, came, data)
    assert db.scalar(sa.select(sa.func.count()).select_from(Report)) == 1
    assert db.scalar(sa.select(sa.func.count()).select_from(ReportAnswer)) == 0


def test_who_answers(came, resident, db):
    report = observation.report(came, Grade.QUESTION)
    accounts.grant(db.get_one(Person, resident.id), Role.PROCUREMENT, places.district())
    with pytest.raises(NotAllowed):
        commands.answer_report(accounts.actor_of(db.get_one(Person, resident.id)), report.id, "ตอบเอง")
