"""A stated rule, applied: which projects are funded, in which order, and which ties were met on the way."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from portal.voting import equal_shares, greedy
from portal.voting.election import Election
from portal.voting.equal_shares import Utility
from portal.voting.ties import Tie, Ties, draw

Name = Literal["greedy", "greedy-no-skip", "greedy-threshold", "equal-shares"]
Completion = Literal["none", "utilitarian", "add1", "add1u"]


@dataclass(frozen=True)
class Rule:
    """A rule in full, because "equal shares with add1" alone is not one.

    ``completion``: what happens to money that Equal Shares leaves over. ``add1`` counts again from the start with one
    unit of the currency more for each voter, as long as the result stays within the budget; ``stop`` says whether it
    also ends once nothing more would fit (``exhaustive``) or only when the next result would cost too much
    (``overspent``). ``utilitarian`` spends what is left by votes; ``add1u`` does both. ``start`` is the first
    endowment: the exact share, or that share rounded down to the unit. With few voters and much money a unit is next to
    nothing: ``parts`` makes the step that part of the first endowment, rounded up to whole units (0: one unit), and
    ``most`` ends add1 after so many steps (0: it has no end of its own). ``threshold``: whoever has a lower score is out.
    ``compares``: greedy's result stands if more voters are better off under it than under Equal Shares. ``seed`` draws
    the order of equals.
    """

    name: Name = "greedy"
    completion: Completion = "none"
    start: Literal["fraction", "floor"] = "fraction"
    stop: Literal["exhaustive", "overspent"] = "exhaustive"
    parts: int = 0
    most: int = 0
    utility: Utility = "cost"
    threshold: int = 0
    with_empty: bool = False
    compares: bool = False
    seed: str = ""


@dataclass(frozen=True)
class Result:
    """``order`` are places of projects as they were funded; ``shares`` is the counting of Equal Shares that stands.
    ``better_off`` counts voters who are better off under Equal Shares and under greedy, where the rule compares."""

    order: tuple[int, ...]
    spent: int
    ties: tuple[Tie, ...]
    shares: equal_shares.Count | None = None
    better_off: tuple[int, int] | None = None


Progress = Callable[[int, int], None]


def count(election: Election, rule: Rule, progress: Progress | None = None) -> Result:
    """Count an election by a rule. ``progress(number of the counting, money spent)`` is called after each; add1 may pass
    over numbers.

    Raises ``ValueError`` for a rule that this kind of ballot cannot be counted by.
    """
    ranks = draw([one.id for one in election.projects], rule.seed)
    ties = Ties(election, ranks)
    if rule.name != "equal-shares":
        order = greedy.count(
            election,
            ties,
            variant="stop" if rule.name == "greedy-no-skip" else "skip",
            threshold=rule.threshold,
        )
        return Result(tuple(order), _cost(election, order), tuple(ties.met))
    if not election.is_approval:
        raise ValueError("equal-shares counts approval ballots; this election gives points or an order")
    counted = _equal_shares(election, rule, ranks, progress)
    if counted is None:
        return Result((), 0, ())
    order = list(counted.order)
    if rule.completion in ("utilitarian", "add1u"):
        left = election.budget - counted.spent
        order += greedy.count(
            election, counted.ties, threshold=rule.threshold, funded=frozenset(order), left=left
        )
    if rule.compares:
        by_votes = greedy.count(election, ties, threshold=rule.threshold)
        better = better_off(election, order, by_votes, rule.utility)
        if better[1] > better[0]:
            return Result(tuple(by_votes), _cost(election, by_votes), tuple(ties.met), better_off=better)
    else:
        better = None
    return Result(
        tuple(order),
        _cost(election, order),
        tuple(counted.ties.met),
        counted,
        better,
    )


def better_off(
    election: Election, first: Sequence[int], second: Sequence[int], utility: Utility
) -> tuple[int, int]:
    """How many voters are better off under the first set of funded projects, and how many under the second."""
    worth = [one.cost if utility == "cost" else 1 for one in election.projects]
    one_side, other_side = set(first), set(second)
    better = [0, 0]
    for ballot, voters in election.ballots.items():
        gain = sum(worth[one] for one in ballot if one in one_side) - sum(
            worth[one] for one in ballot if one in other_side
        )
        if gain:
            better[gain < 0] += voters
    return better[0], better[1]


def _equal_shares(
    election: Election, rule: Rule, ranks: list[int], progress: Progress | None
) -> equal_shares.Count | None:
    """Equal Shares and, if the rule says so, again and again with a step more for each voter.

    Every counting begins anew. Steps are passed over only where ``Count.run`` shows that each of them has the very same
    order: then none of them ends the counting either. The stretch is doubled as long as that works.
    """
    standing = [
        one
        for one, project in enumerate(election.projects)
        if project.cost <= election.budget and election.scores[one] >= max(rule.threshold, 1)
    ]
    if not standing or not election.voters:
        return None
    first = election.endowment(is_floored=rule.start == "floor", with_empty=rule.with_empty)
    step = _step(election, rule, first)

    def counted(
        steps: int, last: Sequence[equal_shares.Step] = (), *, is_jump: bool = False
    ) -> equal_shares.Count | None:
        """The counting after so many steps; None if a jump from the ``last`` one is not shown to miss nothing."""
        one = equal_shares.Count(election, first + steps * step, Ties(election, ranks), rule.utility)
        if not one.run(standing, most=election.budget, hints=last, is_proof=is_jump):
            return None
        if progress:
            progress(steps + 1, one.spent)
        return one

    best, steps = counted(0), 0
    if best is None or best.spent > election.budget:
        return None
    span, patience = 1, 0
    while rule.completion in ("add1", "add1u") and not _is_over(election, rule, standing, best, steps):
        if rule.most:
            span = min(span, rule.most - steps)
        found = counted(steps + span, best.steps, is_jump=span > 1)
        if found is None:
            span, patience = span // 2, 3
            continue
        if found.spent > election.budget:
            break
        steps, patience = steps + span, patience - 1
        if found.order != best.order:
            span = 1
        elif patience <= 0:
            span *= 2
        best = found
    return best


def _is_over(
    election: Election, rule: Rule, standing: Sequence[int], counted: equal_shares.Count, steps: int
) -> bool:
    """Whether a step more for each voter is not taken any more."""
    waiting = [
        one for one in standing if one not in counted.order and not election.is_shut_out(one, counted.order)
    ]
    left = election.budget - counted.spent
    return (
        not waiting
        or steps >= rule.most > 0
        or (rule.stop == "exhaustive" and all(election.projects[one].cost > left for one in waiting))
    )


def _step(election: Election, rule: Rule, endowment: Fraction) -> int:
    if not rule.parts:
        return election.unit
    return max(math.ceil(endowment / (rule.parts * election.unit)), 1) * election.unit


def _cost(election: Election, order: list[int]) -> int:
    return sum(election.projects[one].cost for one in order)
