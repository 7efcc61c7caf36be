"""Elections with known results: some made for the tests, and real ones of the Pabulib collection where they stand beside
the checkout (or in PORTAL_PABULIB).

``python -m tests.voting.known`` writes ``expected.json`` anew; read the difference before it is committed.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from portal.voting import pabulib, tally

FOLDER = Path(os.environ.get("PORTAL_PABULIB") or Path(__file__).parents[3] / "shared" / "data" / "pabulib")
MADE = Path(__file__).with_name("elections")
EXPECTED = Path(__file__).with_name("expected.json")
LARGE = 3_000  # voters, from which the longest of the rules is left to bench/voting.py
LONGEST = "equal-shares + add1u, floor, overspent"
RULES = {
    "greedy": tally.Rule("greedy"),
    "greedy-no-skip": tally.Rule("greedy-no-skip"),
    "equal-shares": tally.Rule("equal-shares"),
    "equal-shares by number": tally.Rule("equal-shares", utility="cardinality"),
    "equal-shares + utilitarian": tally.Rule("equal-shares", "utilitarian"),
    "equal-shares + add1": tally.Rule("equal-shares", "add1"),
    LONGEST: tally.Rule("equal-shares", "add1u", "floor", "overspent"),
}


def files() -> list[Path]:
    """The elections at hand."""
    return sorted(MADE.glob("*.pb")) + sorted(FOLDER.glob("*.pb"))


def small_files() -> list[Path]:
    """Those by approval with at most ``LARGE`` ballots."""
    found = []
    for file in files():
        meta = dict(
            line.split(";", 1)
            for line in file.read_text("utf-8").partition("PROJECTS\n")[0].splitlines()
            if ";" in line
        )
        if meta["vote_type"] in pabulib.APPROVAL and int(meta["num_votes"]) <= LARGE:
            found.append(file)
    return found


def results(file: Path) -> dict[str, Any]:
    """What each rule gives: winners in their order, and the ties met on the way. Equals are drawn by the empty seed."""
    election = pabulib.read(file).election
    ids = [one.id for one in election.projects]
    found = {}
    for name, rule in RULES.items():
        if name == LONGEST and election.voters > LARGE:
            continue
        counted = tally.count(election, rule)
        found[name] = {
            "order": [ids[one] for one in counted.order],
            "ties": [[tie.step, *(ids[one] for one in tie.tied)] for tie in counted.ties],
        }
    return found


def all_results() -> Iterator[tuple[str, dict[str, Any]]]:
    """For every approval and choose-1 election: the file's SHA-256 and the results."""
    for file in files():
        if pabulib.read(file).election.is_approval:
            yield file.name, {"sha256": hashlib.sha256(file.read_bytes()).hexdigest(), **results(file)}


if __name__ == "__main__":
    lines = (f"{json.dumps(name)}: {json.dumps(found)}" for name, found in all_results())
    EXPECTED.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
