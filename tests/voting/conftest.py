"""A keeper of the keys, and a vote from its opening to its count."""

import pytest

from portal.core import db, jobs
from portal.core.actor import Role
from portal.voting import keykeeper
from portal.voting.commands import ballots, board, cancelling, closing
from portal.voting.commands import counting as counting  # its job is the worker's
from tests.factories import ballots as made
from tests.factories.ballots import officer
from tests.voting import papers

START = "2026-11-21 09:00"


@pytest.fixture
def keys(tmp_path):
    """A keeper in this process; taken away at the end."""
    keykeeper.use(f"folder:{tmp_path / 'keys'}")
    yield keykeeper.keeper()
    keykeeper.use("")


@pytest.fixture
def round_(keys, transaction, clock, tmp_path, request):
    """A round with thirty voters, its key drawn by two custodians; a parameter may give it other rules."""

    class Vote:
        pass

    clock.travel(START)
    vote = Vote()
    vote.folder = tmp_path / "keys"
    with transaction():
        held = made.open_round(has_key=False, **getattr(request, "param", {}))
        vote.id = held.id
        vote.rolls = [made.entry(held).id for _ in range(30)]
        vote.keeper = officer(Role.ROUND_OFFICER)
        vote.certifier = officer(Role.CERTIFIER)
        vote.custodians = [officer(Role.KEY_CUSTODIAN), officer(Role.KEY_CUSTODIAN)]
        for custodian in vote.custodians:
            board.agree_to_key(custodian, held.id)
    return vote


def cast(vote, voters, key="one-try-only"):
    return [
        ballots.cast(vote.id, roll_id, {1 + place % 4: 1, 1 + (place + 1) % 4: 1}, "word", f"{key}-{place}")
        for place, roll_id in enumerate(vote.rolls[:voters])
    ]


def finish(vote, clock, outside="42"):
    clock.travel("2026-11-23 10:00")
    with db.transaction():
        closing.seal(vote.keeper, vote.id)
    for actor in (vote.keeper, vote.certifier):
        with db.transaction():
            closing.begin_count(actor, vote.id, outside)
    jobs.run_due()


def call_off(vote, reason):
    """Voting has begun: one asks, another carries it out."""
    with db.transaction():
        first, second = officer(Role.DIRECTOR), officer(Role.DIRECTOR)
    with db.transaction():
        cancelling.ask_to_cancel(first, vote.id, reason)
    with db.transaction():
        cancelling.cancel_round(second, vote.id, reason)


@pytest.fixture
def vote(round_):
    """The same round; its people have identity cards, a registry and four clerks deal with paper."""
    papers.give_cards(round_)
    papers.staff(round_)
    return round_
