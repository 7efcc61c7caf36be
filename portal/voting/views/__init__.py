"""The room's pages, one module per matter."""

from portal.voting.views import batches, board, booth, paper, results, roll, rounds
from portal.voting.views.room import blueprint

__all__ = ["batches", "blueprint", "board", "booth", "paper", "results", "roll", "rounds"]
