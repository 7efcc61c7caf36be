"""The chain is computed again in the background."""

import pytest
import sqlalchemy as sa

from portal.audit import commands, queries
from portal.core import jobs, ledger
from portal.core.actor import SYSTEM, Role
from portal.core.errors import NotAllowed, WrongState
from portal.core.jobs import Job, JobState
from tests.factories import accounts


@pytest.fixture
def auditor(transaction):
    with transaction():
        made = accounts.officer(Role.AUDITOR, email="auditor@example.org")
        for number in range(1, 6):
            ledger.record("plan.submitted", SYSTEM, "plan", number, changes={"name": "สมหญิง"}, note="ส่งแล้ว")
    return made


@pytest.fixture
def signed_in(client, auditor):
    client.sign_in("auditor@example.org", accounts.PASSWORD)
    return client


class TestChecking:
    def checked(self, client, **fields):
        assert client.submit("/en/audit/check", fields, having={"hash"}).location == "/en/audit/check"
        jobs.run_due()
        return client.get("/en/audit/check", status=200).page.text

    def test_against_a_head_kept_outside(self, signed_in):
        kept = signed_in.get("/audit/head.txt", status=200).text.split()[0]
        number, _, digest = kept.partition(":")
        assert digest in signed_in.get("/en/audit/head", status=200).page.text
        assert "The record is intact" in self.checked(signed_in, number=number, hash=digest.upper())
        assert "The record is not intact" in self.checked(signed_in, number=number, hash="0" * 64)
        assert "999999 is missing" in self.checked(signed_in, number="999999", hash=digest)

    def test_the_page_tells_how_far_it_is(self, signed_in, transaction):
        signed_in.submit("/audit/check", having={"hash"})
        assert (
            "starts as soon as the background worker is free"
            in signed_in.get("/en/audit/check", status=200).page.text
        )
        with transaction() as session:
            session.execute(sa.update(Job).values(done=4000, total=90000, state=JobState.RUNNING))
        assert "4,000 of 90,000" in signed_in.get("/en/audit/check", status=200).page.text

    def test_progress_is_seen_while_it_runs(self, auditor, transaction, monkeypatch):
        monkeypatch.setattr(ledger, "_STRIDE", 2)
        seen = []

        def watch(job_id, done, total):
            report(job_id, done, total)
            with transaction("read") as session:
                job = session.get(Job, job_id)
                seen.append((job.state, job.done, job.total))

        report = jobs.report
        monkeypatch.setattr(jobs, "report", watch)
        with transaction():
            total = ledger.head_of(commands.ledger.db.session())[0]
            commands.start_check(auditor, number=None, digest="")
        jobs.run_due()
        assert seen[0] == (JobState.RUNNING, 2, total)
        assert seen[-1] == (JobState.RUNNING, total, total)
        with transaction("read"):
            assert queries.last_check().result["entries"] == total

    def test_one_check_at_a_time(self, auditor, transaction):
        with transaction():
            commands.start_check(auditor, number=None, digest="")
            with pytest.raises(WrongState):
                commands.start_check(auditor, number=None, digest="")

    def test_others_may_not(self, transaction):
        with transaction():
            planner = accounts.officer(Role.PLANNER)
            with pytest.raises(NotAllowed):
                commands.start_check(planner, number=None, digest="")
