"""The room's pages, one module per matter."""

from portal.voting.views import (
    auditing,
    batches,
    board,
    booth,
    cancelling,
    caps,
    letters,
    paper,
    results,
    roll,
    rounds,
    strikes,
)
from portal.voting.views.room import blueprint

__all__ = [
    "auditing",
    "batches",
    "blueprint",
    "board",
    "booth",
    "cancelling",
    "caps",
    "letters",
    "paper",
    "results",
    "roll",
    "rounds",
    "strikes",
]
