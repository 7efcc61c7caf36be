"""Whoever holds the row of a round, for however long, holds up neither the worker nor other boards."""

import threading
import time
from contextvars import copy_context

import pytest

from portal.core import db
from portal.core.actor import SYSTEM
from portal.voting.commands import board
from portal.voting.models import Round


@pytest.mark.postgres_only
def test_a_board_whose_round_is_held_waits_a_turn(round_, monkeypatch):
    held, go = threading.Event(), threading.Event()

    def officer():
        with db.transaction():
            db.get_for_update(Round, round_.id)
            held.set()
            go.wait(40)

    tried = []
    monkeypatch.setattr(board, "extend", lambda actor, round_id: tried.append(round_id) or True)
    thread = threading.Thread(target=copy_context().run, args=(officer,))
    thread.start()
    try:
        assert held.wait(20)
        with db.transaction("read"):
            assert list(board.queries.rounds_with_boards()) == [round_.id]
        begun = time.monotonic()
        assert board.extend_due(SYSTEM) == 0
        assert time.monotonic() - begun < 5, "it does not wait for the row"
        assert tried == []
    finally:
        go.set()
        thread.join()
    assert board.extend_due(SYSTEM) == 1
    assert tried == [round_.id]
