"""Who gives up what others key bars nobody from a batch; who gives up their own does not key it again."""

import pytest
import sqlalchemy as sa

from portal.core import db
from portal.core.errors import Conflict, WrongState
from portal.voting.commands import batches
from portal.voting.models import BatchState, PaperBatch, PaperKeying
from tests.voting.papers import AFTER, declare, key, rows


def give_up(vote, clerk, keying):
    with db.transaction():
        batches.give_up_keying(vote.clerks[clerk], keying)


def test_who_gives_up_what_others_keyed_bars_nobody(vote, clock):
    clock.travel(AFTER)
    batch = declare(vote, 2)
    both = [key(vote, batch, clerk, ["1+2"], finish=False) for clerk in (0, 1)]
    for keying in both:
        give_up(vote, 2, keying)
    assert {one.given_up_by for one in rows(PaperKeying)} == {vote.clerks[2].id}
    for clerk in (1, 0):
        key(vote, batch, clerk, ["1+2", "3"])
    assert sorted((one.turn, one.keyed_by) for one in rows(PaperKeying)) == [
        (1, vote.clerks[1].id),
        (2, vote.clerks[0].id),
    ]
    with db.transaction():
        batches.enter_batch(vote.clerks[3], batch)
    assert [one.state for one in rows(PaperBatch)] == [BatchState.ENTERED]


def test_who_comes_back_too_late_finds_two_others(vote, clock):
    clock.travel(AFTER)
    batch = declare(vote, 1)
    away = key(vote, batch, 0, ["1+2"], finish=False)
    give_up(vote, 2, away)
    own = key(vote, batch, 1, ["1+2"], finish=False)
    key(vote, batch, 2, ["1+2"], finish=False)
    with pytest.raises(Conflict), db.transaction():
        batches.begin_keying(vote.clerks[0], batch)
    give_up(vote, 1, own)
    with pytest.raises(WrongState), db.transaction():
        batches.begin_keying(vote.clerks[1], batch)
    with pytest.raises(sa.exc.IntegrityError), db.transaction() as session:
        session.execute(sa.update(PaperKeying).values(given_up_by=None))
    assert key(vote, batch, 0, ["1+2"]) == away
