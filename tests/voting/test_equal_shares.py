"""The Method of Equal Shares against its own definition, word for word in fractions, on elections full of equals."""

import random
from collections import Counter
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from portal.voting import tally
from portal.voting.election import Election, Project, approval
from portal.voting.equal_shares import Count
from portal.voting.ties import Ties, draw


@st.composite
def elections(draw_) -> Election:
    """Small elections with few different costs, so that equal prices and exact money are common."""
    costs = draw_(st.lists(st.sampled_from([1, 2, 3, 4, 6, 10, 12]), min_size=1, max_size=6))
    ballot = st.lists(st.integers(0, len(costs) - 1), min_size=1, unique=True).map(
        lambda one: tuple(sorted(one))
    )
    ballots = draw_(st.dictionaries(ballot, st.integers(1, 5), min_size=1, max_size=8))
    return approval(
        [Project(f"p{place}", cost) for place, cost in enumerate(costs)], draw_(st.integers(1, 40)), ballots
    )


def by_definition(
    election: Election, endowment: Fraction, ties: Ties, by_cost: bool
) -> list[tuple[int, Fraction]]:
    """Winners and prices, voter by voter."""
    voters = [set(ballot) for ballot, count in election.ballots.items() for _ in range(count)]
    holds = [endowment] * len(voters)
    costs = [one.cost for one in election.projects]
    standing = {one for one, cost in enumerate(costs) if cost <= election.budget and election.scores[one]}
    won: list[tuple[int, Fraction]] = []
    while True:
        prices: dict[int, Fraction] = {}
        for one in standing:
            behind = sorted(holds[place] for place, ballot in enumerate(voters) if one in ballot)
            if sum(behind) < costs[one]:
                continue
            left = Fraction(costs[one])
            for place, money in enumerate(behind):
                price = left / (len(behind) - place)
                if money >= price:
                    prices[one] = price
                    break
                left -= money
        if not prices:
            return won
        worth = {one: price / (costs[one] if by_cost else 1) for one, price in prices.items()}
        chosen = min((one for one in worth if worth[one] == min(worth.values())), key=ties.key)
        for place, ballot in enumerate(voters):
            if chosen in ballot:
                holds[place] -= min(holds[place], prices[chosen])
        standing.discard(chosen)
        won.append((chosen, prices[chosen]))


@settings(max_examples=300, deadline=None)
@given(elections(), st.booleans())
@example(approval([Project("a", 3), Project("b", 3)], 6, {(0,): 1, (1,): 1}), True)
def test_it_is_what_the_definition_says(election, by_cost):
    ties = Ties(election, draw([one.id for one in election.projects], "seed"))
    endowment = election.endowment()
    standing = [
        one for one, at in enumerate(election.projects) if at.cost <= election.budget and election.scores[one]
    ]
    counted = Count(election, endowment, ties, "cost" if by_cost else "cardinality")
    counted.run(standing)
    assert [(one.project, one.price) for one in counted.rounds] == by_definition(
        election, endowment, ties, by_cost
    )


@settings(max_examples=100, deadline=None)
@given(elections())
def test_nobody_pays_more_than_their_share_and_each_cost_is_paid_to_the_satang(election):
    endowment = election.endowment()
    counted = Count(election, endowment, Ties(election, draw([one.id for one in election.projects], "")))
    counted.run(
        [
            one
            for one, at in enumerate(election.projects)
            if at.cost <= election.budget and election.scores[one]
        ]
    )
    holds = [(set(ballot), count, endowment) for ballot, count in election.ballots.items()]
    for one in counted.rounds:
        pays = [(count, min(money, one.price)) for ballot, count, money in holds if one.project in ballot]
        assert sum(count * paid for count, paid in pays) == election.projects[one.project].cost
        assert one.full_payers + one.poorer_payers == election.scores[one.project]
        holds = [
            (ballot, count, money - min(money, one.price) if one.project in ballot else money)
            for ballot, count, money in holds
        ]
    assert all(money >= 0 for _, _, money in holds)
    assert counted.spent <= election.budget


@settings(max_examples=100, deadline=None)
@given(elections(), st.sampled_from(["none", "utilitarian", "add1", "add1u"]), st.randoms())
def test_the_order_of_ballots_and_projects_does_not_matter(election, completion, random):
    rule = tally.Rule("equal-shares", completion, seed="drawn")
    places = list(range(len(election.projects)))
    random.shuffle(places)
    ballots = [
        (tuple(sorted(places.index(one) for one in ballot)), count)
        for ballot, count in election.ballots.items()
    ]
    random.shuffle(ballots)
    other = approval([election.projects[one] for one in places], election.budget, dict(ballots))
    ids = [election.projects[one].id for one in tally.count(election, rule).order]
    assert [other.projects[one].id for one in tally.count(other, rule).order] == ids


@settings(max_examples=100, deadline=None)
@given(elections())
def test_a_group_that_deserves_a_project_gets_one(election):
    """Extended justified representation up to one project, for groups that agree on a set and could pay for it."""
    order = tally.count(election, tally.Rule("equal-shares")).order
    won = set(order)
    for size in range(1, 1 << len(election.projects)):
        agreed = {one for one in range(len(election.projects)) if size >> one & 1}
        group = {ballot: count for ballot, count in election.ballots.items() if agreed <= set(ballot)}
        cost = sum(election.projects[one].cost for one in agreed)
        if not group or sum(group.values()) * election.budget < cost * election.voters or agreed <= won:
            continue
        best = max(
            sum(election.projects[one].cost for one in won & set(ballot))
            + max((election.projects[one].cost for one in agreed - won), default=0)
            for ballot in group
        )
        assert best >= cost


def test_free_projects_are_funded_first_and_money_that_is_exactly_enough_is_enough():
    projects = [Project("free", 0), Project("exact", 10), Project("dear", 11)]
    election = approval(projects, 10, {(0, 1): 1, (1, 2): 2})
    assert [projects[one].id for one in tally.count(election, tally.Rule("equal-shares")).order] == [
        "free",
        "exact",
    ]


@pytest.mark.parametrize(
    ("completion", "order"),
    [("none", ["a"]), ("utilitarian", ["a", "b"]), ("add1", ["a", "b"]), ("add1u", ["a", "b"])],
)
def test_completions_spend_what_is_left(completion, order):
    election = approval([Project("a", 50), Project("b", 50), Project("c", 90)], 100, {(0,): 6, (1, 2): 4})
    found = tally.count(election, tally.Rule("equal-shares", completion))
    assert [election.projects[one].id for one in found.order] == order


def test_points_cannot_be_counted_by_equal_shares():
    election = Election([Project("a", 1)], 1, {(0,): 1}, [3], is_approval=False)
    with pytest.raises(ValueError, match="approval"):
        tally.count(election, tally.Rule("equal-shares"))


def few_voters_much_money():
    """Forty voters and two million baht: a baht more for each of them changes nothing for tens of thousands of steps."""
    chance = random.Random(40)
    projects = [Project(str(one), 200_000_00 + 37_000_00 * (one % 13)) for one in range(12)]
    ballots = Counter(tuple(sorted(chance.sample(range(12), chance.randint(1, 5)))) for _ in range(40))
    return approval(projects, 2_000_000_00, ballots, unit=100)


def test_steps_in_parts_of_the_first_share_end_soon():
    election, seen = few_voters_much_money(), []
    rule = tally.Rule("equal-shares", "add1", stop="overspent", parts=200, most=1000)
    found = tally.count(election, rule, lambda times, spent: seen.append((times, spent)))
    first = election.endowment()
    step = -(-first // (200 * 100)) * 100
    last, spent = seen[-1]
    assert found.shares
    assert found.shares.endowment == first + (last - 2) * step  # the last one cost too much
    assert last <= 1001
    assert spent > election.budget >= found.spent


def test_the_steps_end_at_the_stated_number():
    election, seen = few_voters_much_money(), []
    rule = tally.Rule("equal-shares", "add1", stop="overspent", parts=2000, most=5)
    found = tally.count(election, rule, lambda times, spent: seen.append(times))
    first = election.endowment()
    assert seen[-1] == 6
    assert found.shares
    assert found.shares.endowment == first + 5 * (-(-first // (2000 * 100)) * 100)


@given(elections())
def test_a_step_of_so_small_a_part_that_it_is_one_unit_is_plain_add1(election):
    plain = tally.Rule("equal-shares", "add1u", seed="drawn")
    assert tally.count(election, replace(plain, parts=10**9)).order == tally.count(election, plain).order


def step_by_step(election: Election, rule: tally.Rule) -> list[list[int]]:
    """The orders of add1 by definition, a unit more each time, until one costs too much or nothing waits any more."""
    ties = Ties(election, draw([one.id for one in election.projects], rule.seed))
    costs = [one.cost for one in election.projects]
    standing = {one for one, cost in enumerate(costs) if cost <= election.budget and election.scores[one]}
    orders: list[list[int]] = []
    while True:
        share = election.endowment() + len(orders) * election.unit
        order = [one for one, _ in by_definition(election, share, ties, rule.utility == "cost")]
        left = election.budget - sum(costs[one] for one in order)
        if left < 0:
            return orders
        orders.append(order)
        if all(costs[one] > left for one in standing - set(order)):
            return orders


@settings(max_examples=100, deadline=None)
@given(elections(), st.sampled_from(["cost", "cardinality"]), st.sampled_from([1, 7, 40]))
def test_steps_that_are_passed_over_change_nothing(election, utility, finer):
    election = replace(
        election,
        projects=[replace(one, cost=one.cost * finer) for one in election.projects],
        budget=election.budget * finer,
    )
    rule = tally.Rule("equal-shares", "add1", utility=utility, seed="drawn")
    orders = step_by_step(election, rule)
    found = tally.count(election, rule)
    assert list(found.order) == (orders[-1] if orders else [])
    if found.order:
        assert found.shares
        assert found.shares.endowment == election.endowment() + (len(orders) - 1) * election.unit


@settings(max_examples=150, deadline=None)
@given(elections(), st.lists(st.integers(-2, 2), min_size=6, max_size=6), st.booleans())
def test_prices_that_differ_in_the_last_digit_are_told_apart(election, nudges, by_cost):
    """Amounts beyond what floats tell apart: a unit more or less in 10¹⁷."""
    election = replace(
        election,
        projects=[
            replace(one, cost=one.cost * 10**16 + nudge)
            for one, nudge in zip(election.projects, nudges, strict=False)
        ],
        budget=election.budget * 10**16,
    )
    test_it_is_what_the_definition_says.hypothesis.inner_test(election, by_cost)
