"""What voters hold while Equal Shares is counted, in whole numbers."""

from __future__ import annotations

import math
from fractions import Fraction

from portal.voting.election import Election, Indexes


class Holdings:
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
