"""A process is killed in the middle of a release and of its news: all of it is true or nothing, and the page says how
to go on."""

import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from portal.accounts.models import Person
from portal.core import clock as core_clock
from portal.core import jobs, ledger
from portal.core.jobs import Job, JobState
from portal.core.outbox import OutboxMessage
from portal.notifications.models import Notice
from portal.screening import commands
from portal.screening.models import Case, CaseState
from tests.factories import accounts, screening
from tests.screening.conftest import furnish

ROOT = Path(__file__).resolve().parents[2]
MANY = 6


def killed(database_url, what, after, *ids):
    """Run it in a process of its own, which must die of the signal."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.killed", database_url, what, str(after), *map(str, ids)],
        cwd=ROOT,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == -9, done.stderr.decode()


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
    client = new_client()
    with client.session_transaction() as browser:
        browser["_user_id"] = confirmed["token"]
    client.signed_in = True
    page = client.get("/screening/release", status=200).page
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
