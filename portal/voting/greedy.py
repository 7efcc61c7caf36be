"""Greedy: by votes (or points), most first; what fits the money that is left is funded."""

from __future__ import annotations

from collections.abc import Collection
from itertools import groupby
from typing import Literal

from portal.voting.election import Election
from portal.voting.ties import Ties

Variant = Literal["skip", "stop"]


def count(
    election: Election,
    ties: Ties,
    *,
    variant: Variant = "skip",
    threshold: int = 0,
    funded: Collection[int] = (),
    left: int | None = None,
) -> list[int]:
    """The projects that are funded, in the order in which they are.

    A project dearer than the whole budget, or with a score below ``threshold``, is out before counting. One that does
    not fit is passed over (``skip``) or ends the counting (``stop``); one that a funded project excludes is passed over. ``funded`` and ``left`` continue from another
    rule: those projects are settled, and this much money is left.
    """
    left = election.budget if left is None else left
    scores = election.scores
    standing = [
        one
        for one, project in enumerate(election.projects)
        if project.cost <= election.budget and scores[one] >= threshold and one not in funded
    ]
    standing.sort(key=lambda one: (-scores[one], ties.key(one)))
    chosen: list[int] = []
    for _, equals in groupby(standing, key=lambda one: scores[one]):
        equal = list(equals)
        if len(equal) > 1:
            ties.note(equal, len(funded) + len(chosen) + 1)
        for one in equal:
            if election.is_shut_out(one, (*funded, *chosen)):
                continue
            if election.projects[one].cost <= left:
                left -= election.projects[one].cost
                chosen.append(one)
            elif variant == "stop":
                return chosen
    return chosen
