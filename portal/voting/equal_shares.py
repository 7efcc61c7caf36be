"""The Method of Equal Shares (Peters, Pierczyński, Skowron): every voter holds an equal share of the budget; each round
funds the project whose supporters pay the least per unit of utility, until nobody can pay for anything.

Counting is exact and quick at once. Voters with equal ballots stay equal and are one group. What groups hold is kept as
floating point with a bound on its error, prices are intervals that hold the true price; as long as the cheapest one's
interval is clear of the others nothing else is needed. Where intervals meet, all rounds so far are paid over again in
whole numbers (``Holdings``) and the doubt is settled by them; so are the prices that are told of. No float decides.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from portal.voting.election import Election, Indexes
from portal.voting.holdings import Holdings
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


class _Offer(NamedTuple):
    """What a project would cost each full-paying supporter now: about ``price``, never below ``low``, never above
    ``high`` (infinite where it is not certain that they can pay for it), and ``utility`` is what they get. ``is_even``:
    all of them surely pay alike. ``holds`` is what its groups of supporters hold."""

    price: float
    low: float
    high: float
    utility: int
    holds: _Money
    is_even: bool = False

    @property
    def least(self) -> float:
        """The least it may cost per unit of utility."""
        return self.low / self.utility * _BELOW

    @property
    def most(self) -> float:
        """The most it may cost per unit of utility."""
        return self.high / self.utility * _ABOVE


class Step(NamedTuple):
    """A funded project, its price, and the most that it can have cost per unit of utility."""

    project: int
    price: float
    most: float
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
        self.steps: list[Step] = []
        self.spent = 0
        self._costs = [one.cost for one in election.projects]
        self._utility = self._costs if utility == "cost" else [1] * len(self._costs)
        self._even_price = [
            cost / voters if voters else 0.0
            for cost, voters in zip(self._costs, election.approvals, strict=True)
        ]
        self._may_be_even = [True] * len(self._costs)
        self._floors = [price * _BELOW for price in self._even_price]  # the price was never found to be below
        self._sure_error = _EPS * float(endowment)
        self._holds = self._sure = np.full(len(election.ballots), float(endowment))
        self._errors = np.zeros(
            len(election.ballots)
        )  # of each group, beside what may be wrong with every one
        self._common = self._worst = self._sure_error
        self._ledger = Holdings(election, endowment)
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
        self,
        standing: Sequence[int],
        *,
        most: int | None = None,
        hints: Sequence[Step] = (),
        is_proof: bool = False,
    ) -> bool:
        """Fund what can be funded among ``standing`` (projects with at least one supporter): first what costs nothing,
        then round by round. Stops early once more than ``most`` is spent.

        ``hints`` are the steps of a counting with a smaller endowment: where to look first. For a proof, True says that
        every counting with an endowment in between has this very order too; False that this is not shown, and the
        counting was given up where it appeared. For with the same projects funded so far, whoever starts with more holds
        more, and prices are lower: so if the chosen one's highest price at the smaller endowment is below all others'
        lowest prices at the larger, nothing between the two chooses otherwise.
        """
        for one in sorted((one for one in standing if not self._costs[one]), key=self.ties.key):
            if not self.election.is_shut_out(one, self.order):
                self._take(one, _Offer(0.0, 0.0, 0.0, 1, self._holds.take(self.election.supporters[one])))
        waiting = {one for one in standing if self._costs[one]}
        queue = [(self._floors[one] / self._utility[one] * _BELOW, one) for one in waiting]
        heapq.heapify(queue)
        while most is None or self.spent <= most:
            place = len(self.order)
            hint = hints[place] if place < len(hints) else None
            offers = self._open(waiting, queue, hint, hint.most if hint and is_proof else 0.0)
            chosen = self._first(offers)
            if chosen is None and offers:  # not to be decided by what is known so far: once more, knowing all
                self._settle_all()
            elif is_proof and not self._is_shown(hint, chosen, offers):
                return False
            if not offers:
                break
            if chosen is not None:
                self._take(chosen, offers.pop(chosen))
                waiting.discard(chosen)
            for one, offer in offers.items():
                heapq.heappush(queue, (offer.least, one))
        return True

    def _open(
        self, waiting: set[int], queue: list[tuple[float, int]], hint: Step | None, reach: float
    ) -> dict[int, _Offer]:
        """The offers of all projects that may be the cheapest, or that may cost no more than ``reach`` per utility.
        Whoever can not be paid for waits no more: nobody's money grows."""
        offers: dict[int, _Offer] = {}
        roof = math.inf
        start = hint.price if hint else None
        one = hint.project if hint and hint.project in waiting else None
        while one is not None or (queue and queue[0][0] <= max(roof, reach)):
            if one is None:
                one = heapq.heappop(queue)[1]
            if one in waiting and one not in offers:
                offer = None
                if not self.election.is_shut_out(one, self.order):
                    offer = self._offer(one, max(roof, reach), start)
                if offer is None:
                    waiting.discard(one)
                elif offer.least > max(roof, reach):
                    heapq.heappush(queue, (offer.least, one))
                else:
                    offers[one] = offer
                    roof = min(roof, offer.most)
            one = start = None
        return offers

    def _offer(self, one: int, roof: float, start: float | None = None) -> _Offer | None:
        """The project's price now, None if its supporters cannot pay for it together. If it costs more than ``roof`` per
        utility only its lower bound is told.

        What supporters give together rises ever more slowly with the price. So whoever is taken to pay all they have, if
        the others share what is missing they pay no more than the price that is looked for: Newton's method rises to it.
        With holdings that may be wrong, the true price is lower by no more than the errors of the poorer shared by the full
        payers, wherever it stopped on its way; and higher by no more than the errors of all others shared by those who surely
        pay that much.
        """
        weights, voters = self.election.supporter_weights[one], self.election.approvals[one]
        groups, cost, utility = self.election.supporters[one], self._costs[one], self._utility[one]
        holds = self._holds.take(groups)
        if self._may_be_even[one]:
            even = self._even_price[one]
            if float(holds.min()) - self._worst >= even * _ABOVE:
                return _Offer(even, even * _BELOW, even * _ABOVE, utility, holds, True)
            self._may_be_even[one] = False
        noise = (len(holds) + 8) * _EPS * cost  # of a sum in any order
        if float(weights.dot(holds)) < cost:
            return self._last_offer(one, holds)
        floor = self._floors[one]
        price = start or (max(floor, roof * utility) if roof < math.inf else floor)
        is_first = True
        while True:
            pays_all = (holds <= price).astype(np.float64)
            poor = float(pays_all.dot(weights))
            rich = voters - poor
            if not rich and is_first and price > floor:  # looked too high
                is_first, price = False, floor
                continue
            if not rich:
                return self._last_offer(one, holds)
            pays_all *= weights
            better = (cost - float(pays_all.dot(holds))) / rich
            spread = (poor * self._worst + noise) / rich + 16 * _EPS * better
            if (better - spread) / utility * _BELOW > roof:  # others cost less
                self._floors[one] = max(better - spread, floor)
                return _Offer(better, self._floors[one], math.inf, utility, holds)
            if better <= price * _ABOVE and not (is_first and better < price):
                break
            is_first, price = False, better
        errors = self._errors.take(groups)
        errors += self._common
        spread = (float(pays_all.dot(errors)) + noise) / rich + 16 * _EPS * price
        self._floors[one] = low = max(price - spread, floor)
        high = _highest(holds - errors, errors, weights, price, 2 * spread, noise)
        if high == math.inf and self._is_sure and self._ledger.money(self._alive(one)) < cost:
            return None
        return _Offer(price, low, high, utility, holds)

    def _last_offer(self, one: int, holds: _Money) -> _Offer | None:
        """The offer of supporters who have to give all they have, if that is enough."""
        weights, cost = self.election.supporter_weights[one], self._costs[one]
        money = float(weights.dot(holds))
        doubt = self.election.approvals[one] * self._worst + (len(holds) + 8) * _EPS * money
        if money < cost - doubt or (self._is_sure and self._ledger.money(self._alive(one)) < cost):
            return None
        price = float(holds.max())
        return _Offer(price, min(self._floors[one], price), math.inf, self._utility[one], holds)

    def _first(self, offers: dict[int, _Offer]) -> int | None:
        """The cheapest per utility; among those that are exactly equal the one the tie rule names. None if there is none,
        or if it cannot be told before all is settled."""
        roof = min((offer.most for offer in offers.values()), default=math.inf)
        equals = [one for one, offer in offers.items() if offer.least <= roof]
        if len(equals) < 2 and roof < math.inf:
            return equals[0]
        if all(offers[one].is_even for one in equals):
            prices = {one: self._even(one) for one in equals}
        elif self._is_sure:
            prices = {one: self._settle(one, offers[one])[0] / self._utility[one] for one in equals}
        else:
            return None
        lowest = min(prices.values(), default=None)
        tied = [one for one in equals if prices[one] == lowest]
        return self.ties.first(tied, len(self.order) + 1) if tied else None

    def _even(self, one: int) -> Fraction:
        """The price per utility when all supporters pay alike: less it can never be."""
        return Fraction(self._costs[one], self.election.approvals[one] * self._utility[one])

    def _is_shown(self, known: Step | None, chosen: int | None, offers: dict[int, _Offer]) -> bool:
        """Whether this round goes like the ``known`` one of a smaller endowment, and so do all in between."""
        if known is None or chosen is None or known.project != chosen:
            return known is None and chosen is None
        rank = self._even(chosen), self.ties.key(chosen)
        return all(
            offer.least > known.most or (known.is_even and rank < (self._even(one), self.ties.key(one)))
            for one, offer in offers.items()
            if one != chosen
        )

    def _take(self, one: int, offer: _Offer) -> None:
        """Fund the project: everybody pays about what it costs them, and may hold that much more or less in truth."""
        self.order.append(one)
        self.spent += self._costs[one]
        self.steps.append(Step(one, offer.price, offer.most, offer.is_even))
        if offer.high == math.inf:
            self._pay(one, offer)
            return
        if self._is_sure:
            self._holds = self._sure.copy()
        groups = self.election.supporters[one]
        doubt, rounding = (
            max(offer.high - offer.price, offer.price - offer.low),
            2 * _EPS * float(self.endowment),
        )
        left = offer.holds - offer.price
        if offer.is_even:
            self._common += doubt + rounding
            self._worst += doubt + rounding
        else:
            np.maximum(left, 0.0, out=left)
            errors = self._errors.take(groups)
            errors += doubt
            self._errors[groups] = errors
            self._common += rounding
            self._worst = max(self._worst + rounding, self._common + float(errors.max()))
        self._holds[groups] = left

    @property
    def _is_sure(self) -> bool:
        """Whether all so far is paid in whole numbers, and what groups hold is as near as floats come."""
        return self._holds is self._sure

    def _settle_all(self) -> None:
        """Pay in whole numbers what was paid about."""
        if self._is_sure:
            return
        self._holds = self._sure
        self._mark_sure()
        for one in self.order[len(self._rounds) :]:
            offer = self._offer(one, math.inf)
            assert offer  # noqa: S101 - it was paid for
            self._pay(one, offer)

    def _mark_sure(self) -> None:
        self._errors.fill(0.0)
        self._common = self._worst = self._sure_error

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
                are_poor = not poor.any() or holds[poor].max() + self._sure_error < near * _BELOW
                if are_poor and full.min(initial=math.inf) - self._sure_error > near * _ABOVE:
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
            self._mark_sure()
            self._ledger.pay(one, price)
        self._rounds.append(Round(one, price, full, self.election.approvals[one] - full))


def _highest(
    certain: _Money, errors: _Money, weights: _Money, price: float, wide: float, noise: float
) -> float:
    """What the true price surely is not above: the price at which those who certainly hold as much make up for all that
    the others may hold less. Infinite if that is not found near."""
    for _ in range(3):
        doubtful = (certain < price + wide).astype(np.float64)
        doubtful *= weights
        payers = float(weights.sum() - doubtful.sum())
        if not payers:
            break
        rise = (float(doubtful.dot(errors)) + noise) / payers + 16 * _EPS * price
        if rise <= wide:
            return price + rise
        wide = 2 * rise
    return math.inf
