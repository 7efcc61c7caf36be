"""How many projects go together on one ballot, by trying all; and quickly where many exclude each other."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from portal.voting.together import MOST_IN_PAIRS, most_together


def by_trying(costs, pairs, money):
    return max(
        many
        for many in range(len(costs) + 1)
        for some in combinations(costs, many)
        if not any({*pair} <= {*some} for pair in pairs)
        if money is None or sum(costs[one] for one in some) <= money
    )


@st.composite
def ballots(draw):
    costs = dict(enumerate(draw(st.lists(st.integers(0, 9), max_size=8)), 1))
    every = list(combinations(costs, 2))
    pairs = draw(st.lists(st.sampled_from(every), unique=True)) if every else []
    return costs, pairs, draw(st.none() | st.integers(0, 40))


@given(ballots())
def test_it_is_the_most_there_is(ballot):
    assert most_together(*ballot) == by_trying(*ballot)


def test_the_cheapest_excludes_the_three_others():
    assert most_together({1: 1, 2: 5, 3: 5, 4: 5}, [(1, 2), (1, 3), (1, 4)], None) == 3
    assert most_together({1: 1, 2: 5, 3: 5, 4: 5}, [(1, 2), (1, 3), (1, 4)], 10) == 2


def test_a_ring_of_many_and_more_than_are_tried():
    for many in (MOST_IN_PAIRS, 200):
        costs = dict.fromkeys(range(many), 1)
        steps = [(one, (one + step) % many) for one in range(many) for step in (1, 7)]
        assert most_together(costs, steps, None) >= many // 4
