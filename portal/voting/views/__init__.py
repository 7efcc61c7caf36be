"""The room's pages, one module per matter."""

from portal.voting.views import board, booth, results, roll, rounds
from portal.voting.views.room import blueprint

__all__ = ["blueprint", "board", "booth", "results", "roll", "rounds"]
