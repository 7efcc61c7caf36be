"""Why a project is funded or not, and what would have changed it: from a finished count, in whole satang.

What decides is exact (``tally``); the sums told here are rounded to the satang. Each sentence about a loser is one that
would have held, all else equal: with a cost of at most ``enough_cost`` the project would have been funded in the count
shown. By votes it would also have been with ``more_votes`` more votes. Under Equal Shares both hold for shares
as large as those that stand (raising them step by step might have stopped elsewhere), and new voters would change every
share: there ``more_votes`` are of those who voted, had they chosen it too; with ``is_by_money`` those with the most money
left, who could have paid what was missing, and no others are promised.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from portal.voting.election import Election
from portal.voting.equal_shares import Count
from portal.voting.tally import Result, Rule
from portal.voting.ties import Ties, draw

Why = Literal["funded", "withdrawn", "too_dear", "support", "rival", "cap", "no_votes", "no_money", "end"]


@dataclass
class Reason:
    """``cap``: which of the election's caps left no room, from 1. ``place``: in the order of funding, from 1. ``left``: the money left when its turn came (greedy), in satang.

    Equal Shares: ``by_shares`` tells whether it was paid from voters' shares (or by votes, from what was left over);
    ``price`` is what each full payer pays, ``payers`` and ``poorer`` how many paid in full and all they had; for a loser
    ``had`` is what its supporters held at first, ``holds`` what they hold at the end, ``went_to`` on which winners they
    spent the rest (place of project → satang), the largest first."""

    why: Why
    place: int | None = None
    left: int = 0
    more_votes: int | None = None
    is_by_money: bool = False
    enough_cost: int | None = None
    rival: int | None = None
    cap: int | None = None
    by_shares: bool = False
    price: int = 0
    payers: int = 0
    poorer: int = 0
    had: int = 0
    holds: int = 0
    went_to: list[tuple[int, int]] = field(default_factory=list)


def reasons(election: Election, rule: Rule, result: Result, withdrawn: Collection[int] = ()) -> list[Reason]:
    """A reason for every project, by its place in the election."""
    ties = Ties(election, draw([one.id for one in election.projects], rule.seed))
    found = [_first_look(election, rule, result, one, withdrawn) for one in range(len(election.projects))]
    paid = 0
    if result.shares and result.shares.order:
        _tell_shares(election, result.shares, found)
        paid = len(result.shares.rounds)
    if not paid or rule.completion in ("utilitarian", "add1u"):
        _tell_votes(election, rule, result, ties, found, paid)
    return found


def _first_look(
    election: Election, rule: Rule, result: Result, one: int, withdrawn: Collection[int]
) -> Reason:
    if one in result.order:
        return Reason("funded", place=result.order.index(one) + 1)
    if one in withdrawn:
        return Reason("withdrawn")
    if election.projects[one].cost > election.budget:
        return Reason("too_dear", enough_cost=election.budget)
    if election.scores[one] < rule.threshold:
        return Reason("support", more_votes=rule.threshold - election.scores[one])
    standing = [rival for rival in result.order if rival in election.rivals.get(one, frozenset())]
    if standing:
        return Reason("rival", rival=standing[0])
    full = election.cap_over(one, result.order)
    if full is not None:
        return Reason("cap", cap=full + 1)
    if rule.name == "equal-shares" and rule.completion in ("none", "add1") and not election.scores[one]:
        return Reason("no_votes")
    return Reason("no_money")


def _tell_shares(election: Election, count: Count, found: list[Reason]) -> None:
    """Go through the counting that stands and note who could pay what."""
    holds = np.full(len(election.ballots), float(count.endowment))
    losers = [one for one, reason in enumerate(found) if reason.why == "no_money" and election.scores[one]]
    spent: dict[int, list[tuple[int, int]]] = {one: [] for one in losers}
    for step in count.rounds:
        paying = election.supporters[step.project]
        pays = np.zeros(len(holds))
        pays[paying] = np.minimum(holds[paying], float(step.price))
        holds -= pays
        reason = found[step.project]
        reason.by_shares, reason.price = True, math.ceil(step.price)
        reason.payers, reason.poorer = step.full_payers, step.poorer_payers
        for one in losers:
            gone = round(float(pays[election.supporters[one]] @ election.supporter_weights[one]))
            if gone:
                spent[one].append((step.project, gone))
    for one in losers:
        reason, cost = found[one], election.projects[one].cost
        reason.had = math.floor(count.endowment * election.approvals[one])
        reason.holds = math.floor(count.money_of(one))
        reason.enough_cost = reason.holds or None
        reason.went_to = sorted(spent[one], key=lambda pair: -pair[1])
        reason.more_votes = _more_supporters(election, holds, one, cost - reason.holds)
        reason.is_by_money = reason.more_votes is not None


def _more_supporters(
    election: Election, holds: npt.NDArray[np.float64], one: int, missing: int
) -> int | None:
    """How many voters with money left would have had to name the project too; None if all together are too few."""
    others = np.ones(len(holds), bool)
    others[election.supporters[one]] = False
    money, weights = holds[others], election.weights[others].astype(np.float64)
    rich = np.argsort(-money, kind="stable")
    money, weights = money[rich], weights[rich]
    reached = np.cumsum(money * weights)
    at = int(np.searchsorted(reached, missing + 1))  # one satang above, so that no rounding promises too much
    if at == len(reached) or money[at] <= 0:
        return None
    before = float(reached[at - 1]) if at else 0.0
    return int(weights[:at].sum()) + math.ceil((missing + 1 - before) / float(money[at]))


def _tell_votes(
    election: Election, rule: Rule, result: Result, ties: Ties, found: list[Reason], paid: int
) -> None:
    """By votes: the money left at each one's turn, and which turn would have been early enough."""
    order = list(result.order)
    left = election.budget - sum(election.projects[one].cost for one in order[:paid])
    others = [
        one
        for one, reason in enumerate(found)
        if reason.why in ("no_money", "rival") or (reason.place or 0) > paid
    ]
    others.sort(key=lambda one: (-election.scores[one], ties.key(one)))
    turns: list[tuple[int, int]] = []  # project, money left before its turn
    ended = False
    for one in others:
        turns.append((one, left))
        found[one].left = max(found[one].left, left)
        if one in order:
            left -= election.projects[one].cost
        elif found[one].why == "no_money":
            if ended:
                found[one].why = "end"
            elif rule.name == "greedy-no-skip":
                ended = True
            if not ended or rule.name != "greedy-no-skip" or found[one].why == "no_money":
                found[one].enough_cost = max(found[one].enough_cost or 0, left) or None
    for at, (one, _) in enumerate(turns):
        if found[one].why in ("no_money", "end"):
            votes = _earlier(election, ties, turns[:at], one, found, rule.name == "greedy-no-skip")
            if votes is not None:
                more = votes - election.scores[one]
                known = found[one].more_votes
                if known is None or more < known:
                    found[one].more_votes, found[one].is_by_money = more, False


def _earlier(
    election: Election,
    ties: Ties,
    turns: Sequence[tuple[int, int]],
    one: int,
    found: Sequence[Reason],
    is_ended_by_misfit: bool,
) -> int | None:
    """The votes with which a project's turn would have come while the money was there; None if it never was."""
    cost = election.projects[one].cost
    for at in range(len(turns) - 1, -1, -1):
        other, left = turns[at]
        is_before_end = not is_ended_by_misfit or not any(
            found[before].why == "no_money" for before, _ in turns[:at]
        )
        if left >= cost and is_before_end:
            drawn = (cost, ties.ranks[one]) < (election.projects[other].cost, ties.ranks[other])
            return election.scores[other] + (0 if drawn else 1)
    return None
