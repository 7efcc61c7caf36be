"""What goes and what stays when a round is called off; the keeper of the keys may be silent meanwhile."""

from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from portal.core import db, hashing
from portal.core.actor import SYSTEM, Role
from portal.voting import keykeeper
from portal.voting.commands import board, cancelling
from portal.voting.models import PublishedBallot, Round, RoundKey, RoundState
from portal.voting.queries import ballots
from portal.voting.queries import board as board_queries
from tests.factories.ballots import officer
from tests.voting.conftest import call_off, cast, finish

REASON = "เลขที่ใช้ไม่ใช่ของงวดที่ประกาศ"


@pytest.fixture
def directors(round_, transaction):
    with transaction():
        return officer(Role.DIRECTOR), officer(Role.DIRECTOR)


def test_published_ballots_stay_unless_nobody_was_shown_them(round_, clock):
    cast(round_, 4)
    finish(round_, clock)
    for statement in (sa.delete(PublishedBallot), sa.update(PublishedBallot).values(body="{}")):
        with pytest.raises(sa.exc.DBAPIError, match="append-only"), db.transaction() as session:
            session.execute(statement)
    call_off(round_, REASON)
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), db.transaction() as session:
        session.execute(sa.delete(PublishedBallot))


def test_a_silent_keeper_stops_nobody_and_destroys_the_key_when_it_is_back(round_, tmp_path):
    cast(round_, 2)
    keykeeper.use(f"unix:{tmp_path / 'nobody.sock'}")
    call_off(round_, REASON)
    with db.transaction("read") as session:
        assert session.get_one(RoundKey, round_.id).destroyed_at is None
    assert board.destroy_left(SYSTEM) == 0
    keykeeper.use(f"folder:{round_.folder}")
    assert keykeeper.keeper().tags(round_.id, ["vote"])
    assert board.destroy_left(SYSTEM) == 1
    with pytest.raises(keykeeper.KeeperSilent):
        keykeeper.keeper().tags(round_.id, ["vote"])
    with db.transaction("read"):
        key = ballots.key_of(round_.id)
        assert (key.minutes, key.destroyed_at is not None) == (REASON, True)
    assert board.destroy_left(SYSTEM) == 0


def test_an_annulling_is_sealed_when_the_keeper_is_back(round_, clock, tmp_path):
    cast(round_, 6)
    finish(round_, clock)
    keykeeper.use(f"unix:{tmp_path / 'nobody.sock'}")
    call_off(round_, REASON)
    with db.transaction("read"):
        assert board_queries.newest_head(round_.id).kind == "result"
    assert board.destroy_left(SYSTEM) == 0
    keykeeper.use(f"folder:{round_.folder}")
    assert board.destroy_left(SYSTEM) == 1
    with db.transaction("read"):
        head = board_queries.newest_head(round_.id)
        assert head.kind == "annulled"
        assert hashing.sha256_hex(REASON) in head.line


@contextmanager
def hurried():
    """A transaction that waits for nobody."""
    with db.transaction() as session:
        session.execute(sa.text("SET LOCAL lock_timeout = '300ms'"))
        yield


@pytest.mark.postgres_only
def test_the_key_is_not_destroyed_while_the_ledger_cannot_be_written(round_, directors):
    with db.transaction():
        cancelling.ask_to_cancel(directors[0], round_.id, REASON)
    engine = db.engine("write")
    with engine.connect() as other, other.begin():
        other.execute(sa.text("SELECT pg_advisory_xact_lock(4210070)"))
        with pytest.raises(sa.exc.DBAPIError), hurried():
            cancelling.cancel_round(directors[1], round_.id, REASON)
    with db.transaction("read") as session:
        assert session.get_one(Round, round_.id).state is RoundState.PUBLISHED
    assert keykeeper.keeper().tags(round_.id, ["vote"])
