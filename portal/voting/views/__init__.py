"""The room's pages, one module per matter."""

from portal.voting.views import booth, roll, rounds
from portal.voting.views.room import blueprint

__all__ = ["blueprint", "booth", "roll", "rounds"]
