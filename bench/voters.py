"""Voters of :mod:`bench.polling`, and what they were told."""

from __future__ import annotations

import os
import random
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests import postgres

_TICKS = os.sysconf("SC_CLK_TCK")


def cpu_of(*pids: int) -> float:
    """CPU seconds of processes and all below them, finished threads and children too."""
    total, waiting = 0, list(pids)
    while waiting:
        pid = waiting.pop()
        with suppress(OSError):
            told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            total += sum(map(int, told[11:15]))
            waiting += postgres.children(pid)
    return total / _TICKS


class Wrong(Exception):
    """Something is lost, double, or not as it was promised."""


def need(holds: bool, what: str) -> None:
    """Raise Wrong unless it holds."""
    if not holds:
        raise Wrong(what)


@dataclass
class Sending:
    """One ballot a voter sends, again and again with the same key until it is acknowledged."""

    choices: tuple[int, ...]
    nonce: str
    key: str
    leaf: str = ""
    asked: int = 0


@dataclass
class Voter:
    """A signed-in browser with a place on the roll."""

    number: int
    roll_id: int
    cookie: str
    csrf_token: str
    sendings: list[Sending] = field(default_factory=list)

    def prepare(self, projects: int) -> Sending:
        """Another ballot of theirs."""
        chance = random.Random(f"{self.number}|{len(self.sendings)}")
        choices = tuple(sorted(chance.sample(range(1, projects + 1), chance.randint(1, 5))))
        made = Sending(
            choices, f"voter {self.number}, ballot {len(self.sendings)}", secrets.token_urlsafe(18)
        )
        self.sendings.append(made)
        return made
