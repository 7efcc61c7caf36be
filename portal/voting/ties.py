"""Which of several equal projects comes first: the cheaper, then the one with more votes, then one order that was drawn
before counting from a published seed. Every use is written down."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portal.voting.election import Election  # brings NumPy, 25 MB that a web worker does not need


@dataclass(frozen=True)
class Tie:
    """Equals met in counting: ``step`` is the round (from 1), ``chosen`` went first, ``by`` says what decided."""

    step: int
    tied: tuple[int, ...]
    chosen: int
    by: str


def draw(ids: Sequence[str], seed: str) -> list[int]:
    """The drawn order as the rank of each project: by SHA-256 of seed, a zero byte and the project's id.

    Anyone can repeat it, and nobody who does not know the seed beforehand can foresee it.
    """
    drawn = sorted(range(len(ids)), key=lambda one: hashlib.sha256(f"{seed}\0{ids[one]}".encode()).digest())
    ranks = [0] * len(ids)
    for rank, one in enumerate(drawn):
        ranks[one] = rank
    return ranks


@dataclass
class Ties:
    """Decides between equals in one counting and keeps what it decided."""

    election: Election
    ranks: Sequence[int]
    met: list[Tie] = field(default_factory=list)

    def key(self, project: int) -> tuple[int, int, int]:
        """Smaller goes first: cost, then fewer votes later, then the drawn rank."""
        return self.election.projects[project].cost, -self.election.scores[project], self.ranks[project]

    def first(self, tied: Sequence[int], step: int) -> int:
        """The one of the equals that goes first."""
        if len(tied) == 1:
            return tied[0]
        ordered = sorted(tied, key=self.key)
        self.note(ordered, step)
        return ordered[0]

    def note(self, ordered: Sequence[int], step: int) -> None:
        """Write down a tie whose order is known."""
        first, second = (self.key(one) for one in ordered[:2])
        by = "cost" if first[0] != second[0] else "votes" if first[1] != second[1] else "draw"
        self.met.append(Tie(step, tuple(ordered), ordered[0], by))
