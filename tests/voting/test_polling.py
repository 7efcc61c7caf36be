"""Voting as it is deployed, in processes of its own: under load, and while they die. ``bench/ballots.py`` does the same at
full size; its figures stand in bench/README.md."""

import asyncio

import pytest

from bench import ballots
from bench.polling import Polling
from portal.core import db

pytestmark = pytest.mark.postgres_only


@pytest.fixture
def polling(databases, tmp_path):
    db.dispose()
    with Polling(tmp_path, voters=40, projects=8) as made:
        yield made


def test_nothing_acknowledged_is_lost_when_processes_die(polling):
    deaths = asyncio.run(ballots.die(polling, 2))
    assert len(deaths.workers) == len(deaths.databases) == 2
    assert set(polling.statuses) <= {200, 503, "silence"}
    polling.check()
    together = polling.voters[-20:]
    load = ballots.measured(polling, "", ballots.burst(polling, together))
    assert load.statuses == {200: 2 * len(together)}
    polling.check(in_turn=False)
    assert polling.extend_board()
    assert polling.close().startswith("board: ")
