"""Two at once, on PostgreSQL: one sheet for one person, two keyers of one batch, and no batch lost at the close."""

import contextvars
import threading

import pytest
import sqlalchemy as sa

from portal.core import clock as core_clock
from portal.core import db
from portal.core.actor import Role
from portal.core.errors import Conflict, PortalError, WrongState
from portal.voting.commands import batches, closing, paper_desk
from portal.voting.models import Ballot, InPersonTag, PaperAccount, PaperBatch, PaperHandout, Verdict
from tests.factories.ballots import officer
from tests.voting.conftest import cast
from tests.voting.papers import AFTER, card, declare, hand_out, key, rows


def at_once(*acts):
    """Run these at the same moment, by the clock of the test; what each gave or was refused."""
    barrier, found = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        barrier.wait()
        try:
            found[place] = act()
        except PortalError as refused:
            found[place] = refused

    threads = [
        threading.Thread(target=contextvars.copy_context().run, args=(run, *one)) for one in enumerate(acts)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return found


@pytest.mark.postgres_only
def test_two_clerks_hand_out_to_one_person(vote):
    cast(vote, 1)
    with db.transaction():
        other = officer(Role.REGISTRY)
    found = at_once(
        *(
            lambda actor=one: paper_desk.hand_out(actor, vote.id, card(0))
            for one in [vote.registry, other] * 3
        )
    )
    assert sum(isinstance(one, Conflict) for one in found) == 5
    assert len(rows(PaperHandout)) == len(rows(InPersonTag)) == 1
    assert rows(Ballot) == []


@pytest.mark.postgres_only
def test_no_row_of_a_person_stands_near_what_a_ballot_leaves_behind(vote):
    cast(vote, 2)
    hand_out(vote, [0, 1])
    with db.transaction("read") as session:

        def marks(table):
            return [int(one) for one in session.scalars(sa.text(f"SELECT xmin::text::bigint FROM {table}"))]  # noqa: S608 - our names

        left = marks("superseded_leaves") + marks("in_person_tags")
        named = marks("paper_handouts") + marks("roll_entries")
    assert len(left) == 4
    assert min(abs(one - other) for one in left for other in named) > 50


@pytest.mark.postgres_only
def test_two_second_keyers_of_one_batch(vote, clock):
    clock.travel(AFTER)
    batch = declare(vote, 1)
    key(vote, batch, 0, ["1"])

    def begin(actor):
        with db.transaction():
            return batches.begin_keying(actor, batch).turn

    found = at_once(*(lambda actor=one: begin(actor) for one in vote.clerks[1:]))
    assert sorted(map(str, found)).count("2") == 1
    assert sum(isinstance(one, Conflict) for one in found) == 2


@pytest.mark.postgres_only
def test_closing_while_a_batch_is_entered(vote, clock):
    """Either the batch is in before the board closes, or the board says that it waits."""
    clock.travel(AFTER)
    batch = declare(vote, 20)
    for clerk in (0, 1):
        key(vote, batch, clerk, ["1+2"] * 20)

    def enter():
        with db.transaction():
            return batches.enter_batch(vote.clerks[0], batch)

    def seal():
        with db.transaction() as session:
            closing.seal(vote.keeper, vote.id)
            return session.scalar(sa.text("SELECT count(*) FROM published_ballots"))

    clock.travel("2026-11-23 10:00")
    with db.transaction() as session:
        session.add(
            PaperAccount(
                area_id=session.get(PaperBatch, batch).area_id,
                difference=-20,
                reason="ทดสอบ",
                explained_by=vote.clerks[0].id,
                explained_at=core_clock.now(),
            )
        )
    entered, sealed = at_once(enter, seal)
    assert entered == {Verdict.VALID: 20}
    if sealed != 20:
        assert isinstance(sealed, WrongState)
        assert seal() == 20
