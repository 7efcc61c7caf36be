"""An election as it is counted: projects, budget and ballots, without a name or a database."""

from __future__ import annotations

import os
from collections.abc import Collection, ItemsView, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from itertools import chain, pairwise

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # sums as short as ours only wait for a second thread

import numpy as np
import numpy.typing as npt

Indexes = npt.NDArray[np.intp]
Counts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Project:
    """One project on the ballot. ``cost`` is in the election's smallest unit of money."""

    id: str
    cost: int
    name: str = ""


class Ballots(Mapping[tuple[int, ...], int]):
    """Distinct ballots and how many voters cast each. Held as arrays, which are what is counted; they become tuples of
    places only for who asks for them.

    ``named`` are all ballots one after the other, ``starts`` where each begins (one more place than ballots), ``weights``
    how many voters cast each.
    """

    def __init__(self, named: Indexes, starts: Counts, weights: Counts) -> None:
        self.named, self.starts, self.weights = named, starts, weights

    @classmethod
    def of(cls, ballots: Mapping[tuple[int, ...], int]) -> Ballots:
        """The same ballots as arrays."""
        if isinstance(ballots, cls):
            return ballots
        starts = np.zeros(len(ballots) + 1, np.int64)
        np.cumsum(np.fromiter(map(len, ballots), np.int64, len(ballots)), out=starts[1:])
        named = np.fromiter(chain.from_iterable(ballots), np.intp, int(starts[-1]))
        return cls(named, starts, np.fromiter(ballots.values(), np.int64, len(ballots)))

    @cached_property
    def _tuples(self) -> dict[tuple[int, ...], int]:
        named, ends = self.named.tolist(), pairwise(self.starts.tolist())
        return {tuple(named[a:b]): many for (a, b), many in zip(ends, self.weights.tolist(), strict=True)}

    def __getitem__(self, ballot: tuple[int, ...]) -> int:
        return self._tuples[ballot]

    def __iter__(self) -> Iterator[tuple[int, ...]]:
        return iter(self._tuples)

    def __len__(self) -> int:
        return len(self.weights)

    def items(self) -> ItemsView[tuple[int, ...], int]:
        """Each ballot with its number of voters."""
        return self._tuples.items()


@dataclass(frozen=True)
class Election:
    """What is counted.

    ``ballots`` maps a set of approved projects (their places in ``projects``, rising) to how many voters cast it: equal
    ballots are counted together. ``scores`` are votes, or points where the ballot gives points. ``rivals`` maps the place
    of a project to those that can not be built beside it; each of ``caps`` is a group of projects (their places) and the most
    money all of it may get. Money is whole numbers;
    ``unit`` of them make one unit of the currency. ``empty`` ballots name no project and do not count as voters unless
    the rule says so.
    """

    projects: Sequence[Project]
    budget: int
    ballots: Mapping[tuple[int, ...], int]
    scores: Sequence[int]
    unit: int = 1
    empty: int = 0
    is_approval: bool = True
    meta: Mapping[str, str] = field(default_factory=dict)
    rivals: Mapping[int, frozenset[int]] = field(default_factory=dict)
    caps: Sequence[tuple[frozenset[int], int]] = ()

    @cached_property
    def table(self) -> Ballots:
        """The distinct ballots as arrays."""
        return Ballots.of(self.ballots)

    @cached_property
    def voters(self) -> int:
        """How many ballots name a project."""
        return int(self.weights.sum())

    @cached_property
    def ballot_list(self) -> list[tuple[int, ...]]:
        """The distinct ballots by their place."""
        return list(self.ballots)

    @property
    def weights(self) -> Counts:
        """How many voters cast each distinct ballot."""
        return self.table.weights

    @cached_property
    def supporters(self) -> list[Indexes]:
        """For each project the places of the distinct ballots that name it."""
        starts = self.table.starts
        named = self.table.named.astype(
            np.min_scalar_type(len(self.projects))
        )  # small numbers are sorted by their digits
        order = np.argsort(named, kind="stable")
        rows = np.repeat(np.arange(len(self.ballots)), np.diff(starts))[order]
        ends = np.searchsorted(named[order], np.arange(len(self.projects) + 1))
        return [rows[ends[one] : ends[one + 1]] for one in range(len(self.projects))]

    @cached_property
    def supporter_weights(self) -> list[npt.NDArray[np.float64]]:
        """For each project how many voters stand behind each of its ballots (whole numbers, well below 2⁵³)."""
        return [self.weights[one].astype(np.float64) for one in self.supporters]

    @cached_property
    def approvals(self) -> list[int]:
        """For each project how many voters name it."""
        return [int(self.weights[one].sum()) for one in self.supporters]

    def is_shut_out(self, one: int, funded: Collection[int]) -> bool:
        """Whether a funded project stands in the way of this one, or a cap has no room for it any more."""
        if self.rivals and not self.rivals.get(one, frozenset()).isdisjoint(funded):
            return True
        return bool(self.caps) and self.cap_over(one, funded) is not None

    def cap_over(self, one: int, funded: Collection[int]) -> int | None:
        """The place of the first cap that these funded projects leave too little room under for this one."""
        for place, (group, most) in enumerate(self.caps):
            if one in group:
                spent = sum(self.projects[other].cost for other in funded if other in group)
                if spent + self.projects[one].cost > most:
                    return place
        return None

    def support_among(self, ballots: Indexes) -> list[int]:
        """For each project how many voters behind these distinct ballots name it."""
        named, starts = self.table.named, self.table.starts
        lengths = starts[ballots + 1] - starts[ballots]
        ends = np.cumsum(lengths)
        places = np.repeat(starts[ballots] - ends + lengths, lengths) + np.arange(
            ends[-1] if len(ends) else 0
        )
        counts = np.bincount(
            named[places], weights=np.repeat(self.weights[ballots], lengths), minlength=len(self.projects)
        )
        return [int(one) for one in counts.tolist()]

    def endowment(self, *, is_floored: bool = False, with_empty: bool = False) -> Fraction:
        """The equal share of the budget of one voter; floored to whole units of the currency if so stated."""
        voters = self.voters + (self.empty if with_empty else 0)
        share = Fraction(self.budget, voters)
        return Fraction(share // self.unit * self.unit) if is_floored else share


def scores_of(ballots: Mapping[tuple[int, ...], int], projects: int) -> list[int]:
    """For each project how many voters name it."""
    scores = [0] * projects
    for ballot, count in ballots.items():
        for one in ballot:
            scores[one] += count
    return scores


def approval(
    projects: Iterable[Project], budget: int, ballots: Mapping[tuple[int, ...], int], **more: object
) -> Election:
    """An election by approval: scores are the numbers of supporters."""
    projects = tuple(projects)
    return Election(projects, budget, ballots, scores_of(ballots, len(projects)), **more)  # type: ignore[arg-type]  # keywords of Election
