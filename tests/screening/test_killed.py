"""A process is killed in the middle of a release, of its news, and of writing a workbook: all of it is true or nothing,
and the page says how to go on."""

import datetime as dt

import pytest
import sqlalchemy as sa

from portal.accounts.models import Person
from portal.core import clock as core_clock
from portal.core import jobs, ledger
from portal.core.jobs import Job, JobState
from portal.core.outbox import OutboxMessage
from portal.notifications.models import Notice
from portal.screening import commands
from portal.screening.models import CardAnswer, Case, CaseState, Decision
from tests.factories import accounts, screening, strategy
from tests.killed import killed
from tests.screening.conftest import furnish
from tests.screening.workbooks import Workbook

MANY = 6


@pytest.fixture
def confirmed(transaction):
    """So many decisions of a district wait for their release."""
    with transaction() as session:
        desk = furnish(items=MANY)
        for item in desk.items:
            screening.decided(item, released=False)
        return {
            "director": desk.director,
            "token": accounts.token_of(session.get_one(Person, desk.director.id)),
            "cycle": desk.cycle.id,
            "district": desk.district.id,
        }


def signed_in(client, token):
    with client.session_transaction() as browser:
        browser["_user_id"] = token
    client.signed_in = True
    return client


def released(session):
    return session.scalar(sa.select(sa.func.count()).where(Case.released_at.is_not(None)))


def told(session, event="screening.released"):
    return session.scalars(sa.select(Notice.dedupe_key).where(Notice.event == event)).all()


@pytest.mark.parametrize("after", [1, MANY])
def test_a_release_that_dies_has_not_happened(database_url, transaction, confirmed, new_client, after):
    killed(
        database_url, "release", after, confirmed["director"].id, confirmed["cycle"], confirmed["district"]
    )
    with transaction() as session:
        assert released(session) == 0
        assert told(session) == []
        assert session.scalar(sa.select(sa.func.count()).select_from(OutboxMessage)) == 0
        assert ledger.verify().fault is None
        case_ids = session.scalars(sa.select(Case.id).order_by(Case.id)).all()
    page = signed_in(new_client(), confirmed["token"]).get("/screening/release", status=200).page
    assert {str(one) for one in case_ids} <= {box["value"] for box in page.all("input")}, (
        "the page offers the same batch again"
    )
    with transaction():
        commands.release_decisions(confirmed["director"], confirmed["cycle"], case_ids)
    with transaction() as session:
        assert released(session) == MANY
        assert len(told(session)) == len(set(told(session))) * len(
            set(session.scalars(sa.select(Notice.person_id)).all())
        )


def test_news_that_dies_halfway_is_told_once(database_url, transaction, confirmed, monkeypatch):
    at = core_clock.now() + dt.timedelta(days=1)
    with transaction() as session:
        ids = session.scalars(sa.select(Case.id)).all()
        commands.release_decisions(confirmed["director"], confirmed["cycle"], ids, at)
        session.execute(sa.update(Job).values(leased_until=core_clock.now()))
    killed(database_url, "news", MANY // 2)
    with transaction() as session:
        (job,) = session.scalars(sa.select(Job)).all()
        assert (job.state, told(session)) == (JobState.RUNNING, [])
    with core_clock.travel(core_clock.now() + jobs.LEASE + dt.timedelta(seconds=1)):
        assert jobs.run_due() == 1
        assert jobs.run_due() == 0
    with transaction() as session:
        (job,) = session.scalars(sa.select(Job)).all()
        assert (job.state, job.result["told"]) == (JobState.DONE, MANY)
        keys = told(session)
        people = session.scalar(sa.select(sa.func.count(sa.distinct(Notice.person_id))))
        assert len(keys) == len(set(keys)) * people
        assert session.scalar(sa.select(sa.func.count()).where(Case.state == CaseState.CONFIRMED)) == MANY


def later(times=1):
    """The lease of whoever died has run out."""
    return core_clock.travel(core_clock.now() + times * (jobs.LEASE + dt.timedelta(seconds=1)))


def written(session):
    """Proposals, answers on cards, and cases that are waiting."""
    waiting = sa.select(sa.func.count()).where(Case.state == CaseState.WAITING)
    counts = (sa.select(sa.func.count()).select_from(model) for model in (Decision, CardAnswer))
    return [session.scalar(one) for one in (*counts, waiting)]


def test_a_workbook_whose_writer_dies_is_written_once_by_the_next(database_url, transaction, new_client):
    with transaction() as session:
        desk = furnish(items=3)
        strategy.seeded()
        desk.cases = [desk.case(item=number).id for number in range(3)]
        token = accounts.token_of(session.get_one(Person, desk.planner.id))
    book = Workbook(desk, transaction)
    sheet_id, _told = book.accept(0).accept(1).accept(2).send()
    with transaction():
        job_id = commands.apply_sheet(desk.planner, sheet_id, []).id
    path, planner = f"/screening/sheets/{sheet_id}", signed_in(new_client(), token)

    killed(database_url, "sheet", 2)
    with transaction() as session:
        assert written(session) == [0, 0, 3], "nothing of it is there"
        assert ledger.verify().fault is None
        assert session.get_one(Job, job_id).state is JobState.RUNNING
    with later():
        assert "เริ่มใหม่เอง" in planner.get(path, status=200).page.text, "the page says that it was broken off"
        assert jobs.run_due() == 1
        assert jobs.run_due() == 0
    with transaction() as session:
        proposals, answers, waiting = written(session)
        assert (proposals, waiting, session.get_one(Job, job_id).attempts) == (3, 0, 2)
        assert answers == 3 * len(book.layout.criteria)
        assert session.get_one(Job, job_id).result == {"written": 3, "moved": 0}
    assert "บันทึกแล้ว" in planner.get(path, status=200).page.text


def test_a_workbook_that_kills_every_writer_is_given_up_and_can_be_tried_again(
    database_url, transaction, new_client
):
    with transaction() as session:
        desk = furnish(items=1)
        strategy.seeded()
        desk.cases = [desk.case().id]
        token = accounts.token_of(session.get_one(Person, desk.planner.id))
    sheet_id, _told = Workbook(desk, transaction).accept(0).send()
    with transaction():
        job = commands.apply_sheet(desk.planner, sheet_id, [])
        job.attempts = jobs.MAX_ATTEMPTS - 1  # two have died before
    killed(database_url, "sheet", 1)
    planner = signed_in(new_client(), token)
    with later():
        assert jobs.run_due() == 0
        page = planner.get(f"/screening/sheets/{sheet_id}", status=200).page
        assert "ไม่มีการบันทึก" in page.text
        for offered in ("compare", "write"):
            action = f"/screening/sheets/{sheet_id}/{offered}"
            assert planner.submit(f"/screening/sheets/{sheet_id}", action=action).status_code == 303
            assert jobs.run_due() == 1
    with transaction() as session:
        assert written(session)[0] == 1
