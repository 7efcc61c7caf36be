"""Voting as it is deployed, in processes of its own: under load, and while they die. ``bench/ballots.py`` does the same at
full size; its figures stand in bench/README.md."""

import asyncio

import pytest

from bench import ballots
from bench.polling import Polling
from portal.core import db
from portal.voting import ballot

pytestmark = pytest.mark.postgres_only


@pytest.fixture
def polling(databases, tmp_path):
    db.dispose()
    with Polling(tmp_path, voters=40, projects=8) as made:
        yield made


def test_nothing_acknowledged_is_lost_when_processes_die_and_no_log_tells_who_cast_what(polling, tmp_path):
    deaths = asyncio.run(ballots.die(polling, 2))
    assert len(deaths.workers) == len(deaths.databases) == 2
    assert set(polling.statuses) <= {200, 503, "silence"}
    polling.check()
    together = polling.voters[-20:]
    load = ballots.measured(polling, "", ballots.burst(polling, together))
    assert load.statuses == {200: 2 * len(together)}
    polling.check(in_turn=False)
    log = (tmp_path / "server.log").read_text()
    assert "database_unavailable" in log
    told = {part for one in polling.voters for part in (one.cookie.partition("=")[2], one.csrf_token)}
    for sending in (sending for one in polling.voters for sending in one.sendings):
        told |= {sending.nonce, sending.key, sending.leaf, ballot.code(sending.leaf)}
    assert not [one for one in told if one in log]
    assert polling.extend_board()
    assert polling.close().startswith("board: ")
