"""What would have changed a loser's fate is told as what it is: counted again with just that, the project wins."""

import random
from collections import Counter

import numpy as np
import pytest

from portal.core.actor import SYSTEM
from portal.voting import keykeeper, reasons, tally
from portal.voting.commands import board
from portal.voting.election import Election, Project, approval
from portal.voting.models import Completion, Rule
from tests.voting.conftest import cast, finish


@pytest.fixture
def site(app, round_):
    """The pages, with the keeper of the round's keys (the portal brings its own)."""
    keykeeper.use(f"folder:{round_.folder}")
    return round_


def drawn(chance: random.Random) -> Election:
    """An election like a small round's."""
    projects = [
        Project(str(one), chance.randrange(20, 200, 10) * 1000) for one in range(chance.randint(4, 7))
    ]
    ballots = Counter(
        tuple(sorted(set(chance.choices(range(len(projects)), k=chance.randint(1, 3))))) for _ in range(30)
    )
    return approval(projects, sum(one.cost for one in projects) // 2, ballots)


def richest_choose_it_too(election: Election, count: object, one: int, number: int) -> Election:
    """The same election, but for so many voters with the most money left who name the project as well."""
    holds = np.full(len(election.ballots), float(count.endowment))
    for step in count.rounds:
        paying = election.supporters[step.project]
        holds[paying] -= np.minimum(holds[paying], float(step.price))
    ballots = Counter(dict(election.ballots))
    for place in np.argsort(-holds, kind="stable"):
        named = election.ballot_list[place]
        if one not in named:
            changing = min(number, ballots[named])
            ballots[named] -= changing
            ballots[tuple(sorted((*named, one)))] += changing
            number -= changing
    return approval(election.projects, election.budget, +ballots)


def test_by_shares_it_is_the_richest_voters_who_would_have_changed_it():
    told = 0
    for seed in range(60):
        election = drawn(random.Random(seed))
        rule = tally.Rule("equal-shares", "none", seed=str(seed))
        result = tally.count(election, rule)
        for one, reason in enumerate(reasons.reasons(election, rule, result)):
            if reason.more_votes and result.shares is not None:
                assert reason.is_by_money
                other = richest_choose_it_too(election, result.shares, one, reason.more_votes)
                assert one in tally.count(other, rule).order
                told += 1
    assert told > 20


@pytest.mark.parametrize(
    ("round_", "is_by_shares"),
    [({"rule": Rule.EQUAL_SHARES, "completion": Completion.NONE}, True), ({}, False)],
    indirect=["round_"],
)
def test_the_result_says_votes_more_only_where_votes_decide(site, client, clock, is_by_shares):
    cast(site, 9)
    board.extend_due(SYSTEM)
    finish(site, clock)
    for language, votes, money in (
        ("/en", "votes more", "With shares as large as these"),
        ("", "หากได้อีก", "เมื่อส่วนแบ่งของแต่ละคนเท่านี้"),
    ):
        text = client.get(f"{language}/voting/{site.id}/result", status=200).get_data(as_text=True)
        assert (money in text, votes in text) == (is_by_shares, not is_by_shares)
