"""Writes of the voting room, one module per matter."""

from portal.voting.commands import counting as counting  # its job is known to the worker by being imported
