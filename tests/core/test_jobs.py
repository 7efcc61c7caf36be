"""Jobs come again when they met a lock, and end with a fault of their own; a page says only what is meant for people."""

import datetime as dt

import psycopg
import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from portal.core import clock, db, jobs
from portal.core.actor import SYSTEM
from portal.core.errors import WrongState
from portal.core.jobs import Job, JobState

LOCKED = "canceling statement due to lock timeout"


def held():
    problem = psycopg.errors.LockNotAvailable(LOCKED)
    return sa.exc.DBAPIError.instance("UPDATE somewhere SET word = 'x'", (), problem, psycopg.Error)


@pytest.fixture
def work(database_url):
    """``work(*problems)``: a job that meets these, one at each try, before it is done."""

    def make(*problems):
        left = list(problems)

        @jobs.work("tests.faulty")
        def act(_job):
            if left:
                raise left.pop(0)
            return {"left": 0}

        with db.transaction():
            return jobs.start(SYSTEM, "tests.faulty", "A job", {}).id

    yield make
    jobs._work.pop("tests.faulty", None)


def state(job_id):
    with db.transaction("read") as session:
        job = session.get_one(Job, job_id)
        return job.state, job.problems


def test_what_met_a_lock_comes_again_as_often_as_it_takes(work):
    job_id, began = work(*(held() for _ in range(jobs.MAX_ATTEMPTS + 2))), clock.now()
    for turn in range(jobs.MAX_ATTEMPTS + 2):
        with clock.travel(began + turn * dt.timedelta(minutes=1)):
            assert jobs.run_due() == 0
            assert jobs.run_due() == 0, "not at once"
            assert state(job_id) == (JobState.QUEUED, [])
    with clock.travel(began + dt.timedelta(hours=1)):
        assert jobs.run_due() == 1
    assert state(job_id) == (JobState.DONE, [])


@pytest.mark.parametrize(
    ("problem", "told"),
    [
        (WrongState("It is over."), [{"row": None, "message": "It is over."}]),
        (sa.exc.ProgrammingError("SELECT word", {}, Exception("no such column")), []),
    ],
    ids=["for people", "for the log"],
)
def test_a_fault_ends_it_and_no_page_shows_what_only_the_log_should(work, problem, told):
    job_id = work(problem)
    with capture_logs() as logs:
        assert jobs.run_due() == 0
    assert state(job_id) == (JobState.FAILED, told)
    assert [(one["event"], one["job"], one["exc_info"]) for one in logs] == [("job_failed", job_id, problem)]


@pytest.fixture
def overtaken(database_url):
    """``overtaken(mode, problem)``: a job so long that its lease runs out while its first worker is at it, and another
    one does it; then the first meets the problem, if one is given. The job's id and what was written, one by one."""

    def make(mode, problem=None):
        tries = []

        def write(job, prepared):
            jobs.start(SYSTEM, "tests.written", prepared, {}, not_before=clock.now() + dt.timedelta(days=1))
            return {"by": prepared}

        def act(job):
            tries.append("first" if not tries else "second")
            mine = tries[-1]
            prepared = write(job, mine) if mode == "write" else mine
            if mine == "first":
                with clock.travel(clock.now() + jobs.LEASE + dt.timedelta(seconds=1)):
                    assert jobs.run_due() == 1
                if problem is not None:
                    raise problem
            return prepared

        jobs.work("tests.long", mode, then=write if mode == "read" else None)(act)
        with db.transaction():
            return jobs.start(SYSTEM, "tests.long", "A long job", {}).id

    yield make
    jobs._work.pop("tests.long", None)
    jobs._endings.pop("tests.long", None)


def written():
    with db.transaction("read") as session:
        return list(session.scalars(sa.select(Job.title).where(Job.kind == "tests.written")))


@pytest.mark.parametrize("problem", [None, WrongState("It is over."), held()], ids=["done", "fault", "lock"])
@pytest.mark.parametrize("mode", ["read", pytest.param("write", marks=pytest.mark.postgres_only)])
def test_of_two_workers_with_one_job_only_the_later_ends_it(overtaken, mode, problem):
    job_id = overtaken(mode, problem)
    with capture_logs():
        assert jobs.run_due() == 0
    assert written() == ["second"]
    assert state(job_id) == (JobState.DONE, [])
    with db.transaction("read") as session:
        assert session.get_one(Job, job_id).result == {"by": "second"}
