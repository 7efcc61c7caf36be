"""The Method of Equal Shares (Peters, Pierczyński, Skowron): every voter holds an equal share of the budget; each round
funds the project whose supporters pay the least per unit of utility, until nobody can pay for anything.

Counting is exact and quick at once. Voters with equal ballots stay equal and are one group. What groups hold is kept as
floating point with a bound on its error, prices are intervals that hold the true price; as long as the cheapest one's
interval is clear of the others nothing else is needed. Where intervals meet, all rounds so far are paid over again in
whole numbers (``_Ledger``) and the doubt is settled by them; so are the prices that are told of. No float decides.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import numpy as np
import numpy.typing as npt

from portal.voting.election import Election, Indexes
from portal.voting.ties import Ties

Utility = Literal["cost", "cardinality"]
_Money = npt.NDArray[np.float64]

_EPS = float(np.finfo(np.float64).eps)
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
    """What a project would cost each full-paying supporter now: about ``price``, never below ``low``, never above
    ``high`` (infinite where it may be that they cannot pay for it). ``is_even``: all of them surely pay alike.
    ``holds`` is what its groups of supporters hold."""

    price: float
    low: float
    high: float
    holds: _Money
    is_even: bool = False


@dataclass(frozen=True)
class _Step:
    """A funded project and the most that it can have cost per unit of utility."""

    project: int
    high: float
    is_even: bool


class Count:
    """One counting from one endowment. ``order`` holds the funded projects, ``rounds`` how each was paid for."""

    def __init__(
        self, election: Election, endowment: Fraction, ties: Ties, utility: Utility = "cost"
    ) -> None:
        self.election = election
        self.endowment = endowment
        self.ties = ties
        self.order: list[int] = []
        self.spent = 0
        self.steps: list[_Step] = []
        self._costs = [one.cost for one in election.projects]
        self._utility = self._costs if utility == "cost" else [1] * len(self._costs)
        self._floors = [  # a price the project can never go below, at first that of all its supporters paying alike
            cost / voters * _BELOW if voters else 0.0
            for cost, voters in zip(self._costs, election.approvals, strict=True)
        ]
        self._holds = self._sure = np.full(len(election.ballots), float(endowment))
        self._error = self._sure_error = _EPS * float(endowment)
        self._ledger = _Ledger(election, endowment)
        self._rounds: list[Round] = []  # those that are paid in whole numbers: the first ones of the order

    @property
    def rounds(self) -> list[Round]:
        """How each funded project was paid for, exactly."""
        self._settle_all()
        return self._rounds

    def money_of(self, one: int) -> Fraction:
        """What the supporters of a project hold together now, exactly."""
        self._settle_all()
        return self._ledger.money(self._alive(one))

    def run(
        self, standing: Sequence[int], *, most: int | None = None, like: Sequence[_Step] | None = None
    ) -> bool:
        """Fund what can be funded among ``standing`` (projects with at least one supporter): first what costs nothing,
        then round by round. Stops early once more than ``most`` is spent.

        ``like`` are the steps of a counting with a smaller endowment. True says that every counting with an endowment in
        between has this very order too; False that this is not shown, and the counting was given up where it appeared.
        For with the same projects funded so far, whoever starts with more holds more, and prices are lower: so if the
        highest price of the smaller endowment is below all others' lowest prices of the larger, nothing between the two
        chooses otherwise.
        """
        for one in sorted((one for one in standing if not self._costs[one]), key=self.ties.key):
            if not self.election.is_shut_out(one, self.order):
                self._take(one, _Offer(0.0, 0.0, 0.0, self._holds.take(self.election.supporters[one]), True))
        waiting = [(self._floors[one] / self._utility[one], one) for one in standing if self._costs[one]]
        heapq.heapify(waiting)
        while most is None or self.spent <= most:
            known = like[len(self.order)] if like and len(self.order) < len(like) else None
            offers = self._open(waiting, known.high if known else 0.0)
            least = {one: at.low / self._utility[one] * _BELOW for one, at in offers.items()}
            chosen = self._first(offers, least)
            if chosen is None and offers:  # not to be decided by what is known so far: once more, knowing all
                self._settle_all()
            elif like is not None and not self._is_shown(known, chosen, least):
                return False
            if chosen is None and not offers:
                break
            if chosen is not None:
                self._take(chosen, offers.pop(chosen))
            for one in offers:
                heapq.heappush(waiting, (least[one], one))
        return True

    def _open(self, waiting: list[tuple[float, int]], reach: float) -> dict[int, _Offer]:
        """The offers of all projects that may be the cheapest, or that may cost no more than ``reach`` per utility, taken
        out of those that wait. Whoever can not be paid for is out for good: nobody's money grows."""
        offers: dict[int, _Offer] = {}
        roof = math.inf
        while waiting and waiting[0][0] <= max(roof, reach):
            one = heapq.heappop(waiting)[1]
            offer = None if self.election.is_shut_out(one, self.order) else self._offer(one)
            if offer:
                offers[one] = offer
                roof = min(roof, offer.high / self._utility[one] * _ABOVE)
        return offers

    def _offer(self, one: int) -> _Offer | None:
        """The project's price now, None if its supporters cannot pay for it together.

        Newton's method from below: what supporters give together rises ever more slowly with the price, so no step
        goes beyond the price that is looked for. With holdings that may each be wrong by ``_error`` the true price is
        lower by no more than all of the poorer ones' errors shared by the full payers; and higher by no more than all
        errors of others shared by those who surely pay that much.
        """
        weights, voters = self.election.supporter_weights[one], self.election.approvals[one]
        holds, floor = self._holds.take(self.election.supporters[one]), self._floors[one]
        cost, error = self._costs[one], self._error
        even = cost / voters
        if floor <= even and float(holds.min()) - error >= even * _ABOVE:
            return _Offer(even, even * _BELOW, even * _ABOVE, holds, is_even=True)
        noise = (len(holds) + 8) * _EPS * cost  # of a sum in any order
        price = floor
        while True:
            pays_all = (holds <= price).astype(np.float64)
            poor = float(weights @ pays_all)
            if poor >= voters:
                return self._last_offer(one, holds)
            rich = voters - poor
            pays_all *= weights
            better = (cost - float(holds @ pays_all)) / rich
            if better <= price * _ABOVE:
                break
            price = better
        spread = (poor * error + noise) / rich + 16 * _EPS * price
        self._floors[one] = low = max(price - spread, floor)
        surely = float(weights @ (holds >= price + 2 * spread + error))
        rise = ((voters - surely) * error + noise) / surely + 16 * _EPS * price if surely else math.inf
        if rise <= 2 * spread:
            return _Offer(price, low, price + rise, holds)
        if self._is_sure and self._ledger.money(self._alive(one)) < cost:
            return None
        return _Offer(price, low, math.inf, holds)

    def _last_offer(self, one: int, holds: _Money) -> _Offer | None:
        """The offer of supporters who have to give all they have, if that is enough."""
        weights, cost = self.election.supporter_weights[one], self._costs[one]
        money = float(holds @ weights)
        doubt = self.election.approvals[one] * self._error + (len(holds) + 8) * _EPS * money
        if money < cost - doubt or (self._is_sure and self._ledger.money(self._alive(one)) < cost):
            return None
        price = float(holds.max())
        return _Offer(price, min(self._floors[one], price), math.inf, holds)

    def _first(self, offers: dict[int, _Offer], least: dict[int, float]) -> int | None:
        """The cheapest per utility; among those that are exactly equal the one the tie rule names. None if there is none,
        or if it cannot be told before all is settled."""
        if not offers:
            return None
        roof = min(at.high / self._utility[one] * _ABOVE for one, at in offers.items())
        equals = [one for one in offers if least[one] <= roof]
        if len(equals) == 1 and roof < math.inf:
            return equals[0]
        if all(offers[one].is_even for one in equals):
            prices = {one: self._even(one) for one in equals}
        elif self._is_sure:
            prices = {one: self._settle(one, offers[one])[0] / self._utility[one] for one in equals}
        else:
            return None
        lowest = min(prices.values())
        return self.ties.first([one for one in equals if prices[one] == lowest], len(self.order) + 1)

    def _even(self, one: int) -> Fraction:
        """The price per utility when all supporters pay alike: less it can never be."""
        return Fraction(self._costs[one], self.election.approvals[one] * self._utility[one])

    def _is_shown(self, known: _Step | None, chosen: int | None, least: dict[int, float]) -> bool:
        """Whether this round goes like the ``known`` one of a smaller endowment, and so do all in between."""
        if known is None or known.project != chosen:
            return known is None and chosen is None
        rank = self._even(chosen), self.ties.key(chosen)
        return all(
            low > known.high or (known.is_even and rank < (self._even(one), self.ties.key(one)))
            for one, low in least.items()
            if one != chosen
        )

    def _take(self, one: int, offer: _Offer) -> None:
        """Fund the project: everybody pays about what it costs them, and may hold that much more or less in truth."""
        self.order.append(one)
        self.spent += self._costs[one]
        utility = self._utility[one] or 1
        self.steps.append(_Step(one, offer.high / utility * _ABOVE, offer.is_even))
        if offer.high == math.inf:
            self._pay(one, offer)
            return
        if self._is_sure:
            self._holds = self._sure.copy()
        self._holds[self.election.supporters[one]] = np.maximum(offer.holds - offer.price, 0.0)
        self._error += max(offer.high - offer.price, offer.price - offer.low) + 2 * _EPS * float(self.endowment)

    @property
    def _is_sure(self) -> bool:
        """Whether all so far is paid in whole numbers, and what groups hold is as near as floats come."""
        return self._holds is self._sure

    def _settle_all(self) -> None:
        """Pay in whole numbers what was paid about."""
        if self._is_sure:
            return
        self._holds, self._error = self._sure, self._sure_error
        for one in self.order[len(self._rounds) :]:
            offer = self._offer(one)
            assert offer  # noqa: S101 - it was paid for
            self._pay(one, offer)

    def _alive(self, one: int) -> Indexes:
        """The groups behind a project that still hold money."""
        supporters = self.election.supporters[one]
        return supporters[self._sure[supporters] > 0]

    def _settle(self, one: int, offer: _Offer) -> tuple[Fraction, int, Indexes]:
        """The exact price, how many pay it in full, and the groups that have nothing left after it."""
        alive = self._alive(one)
        holds, weights = self._sure[alive], self.election.weights[alive]
        doubt = offer.price - offer.low + self._sure_error
        while True:
            poor, unsure = holds < offer.price - doubt, np.abs(holds - offer.price) <= doubt
            left = self._costs[one] - self._ledger.money(alive[poor])
            rich = int(weights[~poor].sum())
            held = self._ledger.holdings(alive[unsure])
            for money, weight in sorted(zip(held, weights[unsure].tolist(), strict=True)):
                if money * rich >= left:
                    break
                left -= money * weight
                rich -= weight
            if rich:
                price = left / rich
                near, full = float(price), holds[~(poor | unsure)]
                if holds[poor].max(initial=0.0) + self._sure_error < near * _BELOW or not poor.any():
                    if full.min(initial=math.inf) - self._sure_error > near * _ABOVE:
                        spent = [money <= price for money in held]
                        return price, rich, np.concatenate([alive[poor], alive[unsure][spent]])
            doubt = 16 * max(doubt, _EPS * offer.price)

    def _pay(self, one: int, offer: _Offer) -> None:
        """Pay in whole numbers: exactly in the ledger, and rounded in what groups hold."""
        price, full = Fraction(0), self.election.approvals[one]
        if self._costs[one]:
            price, full, gone = self._settle(one, offer)
            supporters = self.election.supporters[one]
            self._sure[supporters] = np.maximum(offer.holds - float(price), _LEAST) * (offer.holds > 0)
            self._sure[gone] = 0.0
            self._sure_error += 2 * _EPS * float(self.endowment)
            self._error = self._sure_error
            self._ledger.pay(one, price)
        self._rounds.append(Round(one, price, full, self.election.approvals[one] - full))


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
