"""Whose request to call a round off was turned down asks no more in that state; after the count a certifier may turn it
down, who then does not certify."""

import pytest
import sqlalchemy as sa

from portal.core import db
from portal.core.actor import Role
from portal.core.errors import NotAllowed, WrongState
from portal.voting.commands import cancelling, closing
from portal.voting.models import CancelRequest, Round, RoundResult, RoundState
from tests.factories.ballots import officer
from tests.voting.conftest import cast, finish

REASON = "เลขที่ใช้ไม่ใช่ของงวดที่ประกาศ"


@pytest.fixture
def directors(round_, transaction):
    with transaction():
        return officer(Role.DIRECTOR), officer(Role.DIRECTOR)


def ask(person, vote, reason=REASON):
    with db.transaction():
        cancelling.ask_to_cancel(person, vote.id, reason)


def state_of(vote):
    with db.transaction("read") as session:
        return session.get_one(Round, vote.id).state


def turn_down(person, vote):
    with db.transaction():
        cancelling.turn_down_request(person, vote.id, "นับแผ่นใหม่แล้วตรง")


def test_whose_request_was_turned_down_asks_no_more_until_the_next_step(round_, directors, clock):
    first, second = directors
    cast(round_, 3)
    ask(first, round_)
    with db.transaction():
        cancelling.take_back_request(first, round_.id)
    ask(first, round_)  # who took it back may come to see it otherwise
    finish(round_, clock)
    ask(first, round_)
    ask(first, round_, "ด้วยเหตุผลที่ดีกว่า")
    turn_down(second, round_)
    with pytest.raises(WrongState):
        ask(first, round_)
    again = sa.insert(CancelRequest).values(
        round_id=round_.id,
        asked_by=first.id,
        asked_at=sa.func.current_timestamp(),
        state="counted",
        reason="x",
    )
    with pytest.raises(sa.exc.DBAPIError, match="asks no more"), db.transaction() as session:
        session.execute(again)
    ask(second, round_)
    turn_down(round_.certifier, round_)
    with pytest.raises(NotAllowed), db.transaction():
        closing.certify(round_.certifier, round_.id, "ตรวจแล้ว")
    alone = sa.update(RoundResult).values(certified_by=round_.certifier.id)
    with pytest.raises(sa.exc.DBAPIError, match="does not certify"), db.transaction() as session:
        session.execute(alone)
    with db.transaction():
        other = officer(Role.CERTIFIER)
        closing.certify(other, round_.id, "ตรวจแล้ว")
    assert state_of(round_) is RoundState.CERTIFIED


def test_the_only_confirmer_holds_up_no_certificate(round_, transaction, clock):
    with transaction():
        only, other = officer(Role.DIRECTOR), officer(Role.CERTIFIER)
    cast(round_, 3)
    ask(only, round_)
    with pytest.raises(NotAllowed):
        turn_down(round_.certifier, round_)
    finish(round_, clock)
    ask(only, round_)
    with pytest.raises(NotAllowed):
        turn_down(only, round_)
    turn_down(other, round_)
    with db.transaction():
        closing.certify(round_.certifier, round_.id, "ตรวจแล้ว")
    assert state_of(round_) is RoundState.CERTIFIED
