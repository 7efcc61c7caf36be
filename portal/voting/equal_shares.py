"""The Method of Equal Shares (Peters, Pierczyński, Skowron): every voter holds an equal share of the budget; each round
funds the project whose supporters pay the least per unit of utility, until nobody can pay for anything.

Counting is exact and quick at once. Voters with equal ballots stay equal and are one group. What groups hold is kept as
floating point with a bound on its error; a comparison that the bound does not settle is decided in whole numbers
(``_Ledger``), and so is the price of every funded project. No float decides anything, and no error grows.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import numpy as np

from portal.voting.election import Election, Indexes
from portal.voting.ties import Ties

Utility = Literal["cost", "cardinality"]

_EPS = float(np.finfo(np.float64).eps)
_SUM = 64 * _EPS  # relative error of a sum of positive floats, of any length met here
_LEAST = 1e-300  # who has money left is never rounded to nothing
_BELOW, _ABOVE = 1 - 8 * _EPS, 1 + 8 * _EPS


@dataclass(frozen=True)
class Round:
    """One funded project: ``full_payers`` supporters paid ``price``, the poorer ones all they had left."""

    project: int
    price: Fraction
    full_payers: int
    poorer_payers: int


@dataclass(frozen=True)
class _Offer:
    """What a project would cost each full-paying supporter now: ``price``, give or take ``error``."""

    price: float
    error: float


class Count:
    """One counting from one endowment. ``order`` holds the funded projects, ``rounds`` how each was paid for."""

    def __init__(
        self, election: Election, endowment: Fraction, ties: Ties, utility: Utility = "cost"
    ) -> None:
        self.election = election
        self.endowment = endowment
        self.ties = ties
        self.order: list[int] = []
        self.rounds: list[Round] = []
        self.spent = 0
        self._utility = [one.cost if utility == "cost" else 1 for one in election.projects]
        self._holds = np.full(len(election.ballots), float(endowment))
        self._error = _EPS * float(endowment)
        self._ledger = _Ledger(election, endowment)
        self._floors = [  # a price the project can never go below: all its supporters paying alike
            project.cost / voters * _BELOW if voters else 0.0
            for project, voters in zip(election.projects, election.approvals, strict=True)
        ]

    def run(self, standing: Sequence[int], *, most: int | None = None) -> list[int]:
        """Fund what can be funded among ``standing`` (projects with at least one supporter) and return ``order``: first
        what costs nothing, then round by round. Stops early once more than ``most`` is spent."""
        costs = [one.cost for one in self.election.projects]
        for one in sorted((one for one in standing if not costs[one]), key=self.ties.key):
            if not self.election.is_shut_out(one, self.order):
                self._pay(one, _Offer(0.0, 0.0))
        waiting = [(self._floors[one] / self._utility[one], one) for one in standing if costs[one]]
        heapq.heapify(waiting)
        while most is None or self.spent <= most:
            offers: dict[int, _Offer] = {}
            roof = float("inf")  # nobody above it can be the cheapest
            while waiting and waiting[0][0] <= roof:
                one = heapq.heappop(waiting)[1]
                offer = None if self.election.is_shut_out(one, self.order) else self._offer(one)
                if offer:
                    offers[one] = offer
                    roof = min(roof, (offer.price + offer.error) / self._utility[one] * _ABOVE)
            if not offers:
                break
            least = {one: (at.price - at.error) / self._utility[one] * _BELOW for one, at in offers.items()}
            chosen = self._first([one for one in offers if least[one] <= roof], offers)
            self._pay(chosen, offers[chosen])
            for one in offers:
                if one != chosen:
                    heapq.heappush(waiting, (least[one], one))
        return self.order

    def money_of(self, one: int) -> Fraction:
        """What the supporters of a project hold together now, exactly."""
        return self._ledger.money(self._alive(one))

    def _offer(self, one: int) -> _Offer | None:
        """The project's price now, None if its supporters cannot pay for it together.

        Newton's method from below: what supporters give together rises ever more slowly with the price, so no step
        goes beyond the price that is looked for.
        """
        weights = self.election.supporter_weights[one]
        holds = self._holds.take(self.election.supporters[one])
        cost = self.election.projects[one].cost
        voters = self.election.approvals[one]
        money = float(holds @ weights)
        doubt = voters * self._error + _SUM * money
        if money < cost - doubt or (money < cost + doubt and self._ledger.money(self._alive(one)) < cost):
            return None
        price = self._floors[one]
        while True:
            pays_all = (holds <= price).astype(np.float64)
            poor = float(weights @ pays_all)
            if poor >= voters:  # everybody pays all they have, up to the float's error
                price = float(holds.max())
                rich = float(weights @ (holds >= price))
                break
            rich = voters - poor
            pays_all *= weights
            better = (cost - float(holds @ pays_all)) / rich
            if better <= price * _ABOVE:
                break
            price = better
        error = (voters * self._error + _SUM * cost) / rich + 16 * _EPS * price
        self._floors[one] = max(price - error, self._floors[one])
        return _Offer(price, error)

    def _alive(self, one: int) -> Indexes:
        """The groups behind a project that still hold money."""
        supporters = self.election.supporters[one]
        return supporters[self._holds[supporters] > 0]

    def _first(self, equals: Sequence[int], offers: dict[int, _Offer]) -> int:
        """The cheapest per utility; among those that are exactly equal the one the tie rule names."""
        if len(equals) == 1:
            return equals[0]
        prices = {one: self._settle(one, offers[one])[0] / self._utility[one] for one in equals}
        least = min(prices.values())
        return self.ties.first([one for one in equals if prices[one] == least], len(self.order) + 1)

    def _settle(self, one: int, offer: _Offer) -> tuple[Fraction, int, Indexes]:
        """The exact price, how many pay it in full, and the groups that have nothing left after it."""
        alive = self._alive(one)
        holds = self._holds[alive]
        doubt = offer.error + self._error
        poor = holds < offer.price - doubt
        unsure = alive[~poor & (holds <= offer.price + doubt)]
        left = self.election.projects[one].cost - self._ledger.money(alive[poor])
        rich = int(self.election.weights[alive[~poor]].sum())
        gone = [alive[poor]]
        price = left / rich
        if len(unsure):
            held = self._ledger.holdings(unsure)
            for money, group in sorted(zip(held, unsure.tolist(), strict=True)):
                if money >= price:
                    break
                left -= money * int(self.election.weights[group])
                rich -= int(self.election.weights[group])
                price = left / rich
            gone.append(unsure[[money <= price for money in held]])
        return price, rich, np.concatenate(gone)

    def _pay(self, one: int, offer: _Offer) -> None:
        """Fund the project: everybody pays, exactly in the ledger and rounded in what groups hold."""
        price, full, gone = self._settle(one, offer)
        supporters = self.election.supporters[one]
        holds = self._holds.take(supporters)
        self._holds[supporters] = np.maximum(holds - float(price), _LEAST) * (holds > 0)
        self._holds[gone] = 0.0
        self._error += 2 * _EPS * float(self.endowment)
        self._ledger.pay(one, price)
        self.order.append(one)
        self.rounds.append(Round(one, price, full, self.election.approvals[one] - full))
        self.spent += self.election.projects[one].cost


class _Ledger:
    """What groups hold exactly. A group with money left holds the endowment less the prices of its funded projects, so
    prices are all that is kept: numerators over one common denominator, without ever looking for a common divisor."""

    def __init__(self, election: Election, endowment: Fraction) -> None:
        self.election = election
        self.endowment = endowment.numerator
        self.denominator = endowment.denominator
        self.paid: list[tuple[int, int]] = []  # project, numerator of its price

    def pay(self, one: int, price: Fraction) -> None:
        """Note the price of a funded project."""
        factor = price.denominator // math.gcd(price.denominator, self.denominator)
        if factor > 1:
            self.denominator *= factor
            self.endowment *= factor
            self.paid = [(project, numerator * factor) for project, numerator in self.paid]
        self.paid.append((one, price.numerator * (self.denominator // price.denominator)))

    def money(self, groups: Indexes) -> Fraction:
        """What these groups, all of which have money left, hold together."""
        support = self.election.support_among(groups)
        total = self.endowment * int(self.election.weights[groups].sum())
        return Fraction(
            total - sum(numerator * support[one] for one, numerator in self.paid), self.denominator
        )

    def holdings(self, groups: Indexes) -> list[Fraction]:
        """What one voter of each of these groups, all of which have money left, holds."""
        ballots = self.election.ballot_list
        prices = dict(self.paid)
        return [
            Fraction(self.endowment - sum(prices.get(one, 0) for one in ballots[group]), self.denominator)
            for group in groups.tolist()
        ]
