"""Releases are numbered in the order in which they become public: whoever reads on behind the newest one misses none."""

import datetime as dt
import threading
from contextvars import copy_context

import pytest
import sqlalchemy as sa

from portal.actionplan.models import ActionPlanState
from portal.core import clock as clocks
from portal.core.actor import Role
from portal.opendata import queries
from portal.opendata.models import Download, Form
from portal.procurement import commands
from portal.procurement.commands import Outcome
from portal.procurement.models import Release, Step, StepKind
from tests.factories import accounts, actionplan, cycles, places, procurement

TODAY = dt.date(2026, 11, 25)


@pytest.fixture
def steps(app, transaction, clock):
    """(officer, step) twice, each of a process of its own."""
    clock.travel("2026-11-25 09:00")
    with transaction():
        plan = actionplan.action_plan(cycles.cycle(), ActionPlanState.PUBLISHED)
        processes = [procurement.process(actionplan.project(plan)) for _ in range(2)]
        return [
            (
                accounts.officer(Role.PROCUREMENT, places.district()),
                procurement.step(one, StepKind.PROCUREMENT_PLAN).id,
            )
            for one in processes
        ]


@pytest.mark.postgres_only
def test_a_slow_writer_is_not_overtaken(transaction, steps):
    written, go = threading.Event(), threading.Event()

    def write(officer, step_id, *, slowly):
        with transaction() as session:
            commands.do_step(officer, session.get_one(Step, step_id), TODAY, Outcome())
            session.flush()
            written.set()
            if slowly:
                go.wait(20)

    threads = [
        threading.Thread(target=copy_context().run, args=(write, *one), kwargs={"slowly": slowly})
        for one, slowly in zip(steps, (True, False), strict=True)
    ]
    threads[0].start()
    assert written.wait(20)
    threads[1].start()
    threads[1].join(1.5)
    with transaction("read"):
        seen = [row.id for row in queries.release_page(None, None).rows]
    go.set()
    for thread in threads:
        thread.join(20)
    with transaction("read") as session:
        every = session.scalars(sa.select(Release.id).order_by(Release.id)).all()
    assert len(every) >= 2
    assert seen == list(every[: len(seen)])


def test_a_file_with_fewer_releases_than_there_are_is_stale(transaction, steps):
    with transaction() as session:
        for officer, step_id in steps:
            commands.do_step(officer, session.get_one(Step, step_id), TODAY, Outcome())
    with transaction() as session:
        stale = queries.stale_scopes()
        assert stale
        for releases in (0, -1):
            session.execute(sa.delete(Download))
            for scope, _district, extent in stale:
                session.add(
                    Download(
                        form=next(iter(Form)),
                        scope=scope,
                        newest_release_id=extent.newest_id,
                        processes=extent.processes,
                        releases=extent.releases + releases,
                        size=1,
                        sha256="0" * 64,
                        made_at=clocks.now(),
                    )
                )
            session.flush()
            assert queries.stale_scopes() == (stale if releases else [])
