"""A batch of the board and the area of a ballot are both published: together they must not name one voter."""

from itertools import pairwise

from portal.core import db
from portal.core.actor import SYSTEM
from portal.voting.commands import board, closing
from portal.voting.models import Area, AreaKind, RollEntry
from portal.voting.queries import board as boards
from tests.factories.ballots import before_the_lock
from tests.voting.conftest import cast


def test_the_few_of_an_area_wait_while_others_go_up(round_, clock):
    with db.transaction() as session, before_the_lock("roll_entries"), before_the_lock("voting_areas"):
        small = Area(
            round_id=round_.id,
            kind=AreaKind.COMMUNITY,
            code="c9",
            name_th="ชุมชนเล็ก",
            name_en="A small one",
            roll_count=2,
        )
        session.add(small)
        session.flush()
        for roll_id in round_.rolls[:2]:
            session.get(RollEntry, roll_id).area_id = small.id
        session.flush()
    cast(round_, 9)
    clock.travel("2026-11-22 08:00")
    board.extend_due(SYSTEM)
    with db.transaction("read"):
        up = boards.leaves(round_.id)
        replaced, waiting = boards.waiting(round_.id)
    assert (len(up), replaced, {code: len(leaves) for code, leaves in waiting.items()}) == (7, [], {"c9": 2})
    clock.travel("2026-11-23 10:00")
    with db.transaction():
        closing.seal(round_.keeper, round_.id)
    with db.transaction("read"):
        assert len(boards.leaves(round_.id)) == 9


def test_a_crowd_goes_up_in_lots_and_nobody_behind_it_without_the_hours_rest(round_, clock, monkeypatch):
    monkeypatch.setattr(board, "BATCH", 5)
    monkeypatch.setattr(board, "MOST", 18)
    cast(round_, 30)
    cast(round_, 30, "another-try")
    clock.travel("2026-11-21 11:00")
    assert [board.extend_due(SYSTEM) for _ in range(3)] == [1, 1, 0]
    cast(round_, 8, "a-third-try")
    assert board.extend_due(SYSTEM) == 0
    with db.transaction("read"):
        sizes = [head.size for head in boards.head_rows(round_.id)]
        up = boards.leaves(round_.id)
    assert sizes == [0, 36, 60]
    for begin, end in pairwise(sizes):
        assert up[begin:end] == sorted(up[begin:end])
    clock.travel("2026-11-21 12:00")
    assert board.extend_due(SYSTEM) == 1
    clock.travel("2026-11-23 10:00")
    with db.transaction():
        closing.seal(round_.keeper, round_.id)
    with db.transaction("read"):
        assert len(boards.leaves(round_.id)) == 68
