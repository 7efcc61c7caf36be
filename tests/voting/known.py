"""Elections with known results: some made for the tests, and real ones of the Pabulib collection where they stand beside
the checkout (or in PORTAL_PABULIB).

``python -m tests.voting.known`` writes ``expected.json`` anew; read the difference before it is committed. Where a file
records other winners than we find, ``differences.json`` says which, and why; that is written by hand.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from portal.voting import pabulib, tally
from portal.voting.ties import Tie, draw

FOLDER = Path(os.environ.get("PORTAL_PABULIB") or Path(__file__).parents[3] / "shared" / "data" / "pabulib")
MADE = Path(__file__).with_name("elections")
EXPECTED = Path(__file__).with_name("expected.json")
DIFFERENCES = Path(__file__).with_name("differences.json")
LARGE = 3_000  # voters; elections with more are too long for another program in fractions

# Every rule of the command; where it has a choice of start, stop and utility, the usual one and the other.
RULES = {
    "greedy": tally.Rule("greedy"),
    "greedy-no-skip": tally.Rule("greedy-no-skip"),
    "greedy-threshold": tally.Rule("greedy-threshold"),
    "equal-shares": tally.Rule("equal-shares"),
    "equal-shares by number": tally.Rule("equal-shares", utility="cardinality"),
    "equal-shares + utilitarian": tally.Rule("equal-shares", "utilitarian"),
    "equal-shares + add1": tally.Rule("equal-shares", "add1"),
    "equal-shares + add1u": tally.Rule("equal-shares", "add1u"),
    "equal-shares + add1, floor, overspent": tally.Rule("equal-shares", "add1", "floor", "overspent"),
    "equal-shares + add1u, floor, overspent": tally.Rule("equal-shares", "add1u", "floor", "overspent"),
}

# What a file itself calls its rule, and which of ours that is, or comes nearest.
NEAREST = {
    "greedy": "greedy",
    "greedy-no-skip": "greedy-no-skip",
    "greedy-threshold": "greedy-threshold",
    "equalshares/add1": "equal-shares + add1, floor, overspent",
    "greedy-custom": "greedy-no-skip",
}


def files() -> list[Path]:
    """The elections at hand."""
    return sorted(MADE.glob("*.pb")) + sorted(FOLDER.glob("*.pb"))


def meta(file: Path) -> dict[str, str]:
    """What the head of a file says, without reading the rest."""
    head = file.read_text("utf-8").partition("PROJECTS\n")[0]
    pairs = (line.split(";", 1) for line in head.splitlines() if ";" in line)
    return {key: value.strip() for key, value in pairs}


def small_files() -> list[Path]:
    """Those by approval with at most ``LARGE`` ballots."""
    found = []
    for file in files():
        said = meta(file)
        if said["vote_type"] in pabulib.APPROVAL and int(said["num_votes"]) <= LARGE:
            found.append(file)
    return found


def sha256(file: Path) -> str:
    """The hash of a file, which also draws its order of equals unless another seed is given."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def rules_of(file: Path, read: pabulib.Recorded) -> dict[str, tally.Rule]:
    """The rules this election can be counted by: Equal Shares only with approvals, a threshold only where one is stated."""
    seed, stated = sha256(file), read.election.meta.get("min_project_score_threshold", "")
    rules = {name: replace(rule, seed=seed) for name, rule in RULES.items()}
    if stated:
        rules["greedy-threshold"] = replace(rules["greedy-threshold"], threshold=int(stated))
    else:
        del rules["greedy-threshold"]
    if not read.election.is_approval:
        return {name: rule for name, rule in rules.items() if rule.name != "equal-shares"}
    return rules


def results(file: Path, read: pabulib.Recorded, *, is_short: bool = False) -> dict[str, Any]:
    """All that is known of a file: its hash, the order that is drawn for its equals, what is odd about it, and by each rule
    the winners in their order with the ties on the way (the step, what decided, and the equals as they went).

    ``is_short``: what add1 finds is read off the counting of add1u, which is add1 and more after it, so that the longest
    part is done once."""
    election, seed = read.election, sha256(file)
    ids = [one.id for one in election.projects]
    ranks = draw(ids, seed)
    found: dict[str, Any] = {
        "sha256": seed,
        "drawn": [ids[one] for one in sorted(range(len(ids)), key=ranks.__getitem__)],
        "remarks": list(read.remarks),
    }
    for name, rule in rules_of(file, read).items():
        if is_short and rule.completion == "add1":
            continue
        counted = tally.count(election, rule)
        found[name] = _told(ids, counted.order, counted.ties)
        if is_short and rule.completion == "add1u":
            first = counted.shares.order if counted.shares else ()
            ties = (tie for tie in counted.ties if tie.step <= len(first))
            found[name.replace("add1u", "add1")] = _told(ids, first, ties)
    return found


def _told(ids: Sequence[str], order: Iterable[int], ties: Iterable[Tie]) -> dict[str, Any]:
    return {
        "order": [ids[one] for one in order],
        "ties": [[tie.step, tie.by, *(ids[one] for one in tie.tied)] for tie in ties],
    }


def expected() -> dict[str, Any]:
    """What is committed, by the name of the file."""
    known: dict[str, Any] = json.loads(EXPECTED.read_text(encoding="utf-8"))
    return known


def differences() -> dict[str, Any]:
    """The files whose own winners are others than ours, with the cause."""
    told: dict[str, Any] = json.loads(DIFFERENCES.read_text(encoding="utf-8"))
    return told


def difference(read: pabulib.Recorded, found: dict[str, Any]) -> list[str]:
    """The projects that either the file or we fund, not both: "+" before the file's own, "-" before ours, "*" before those
    that it marks as funded otherwise (code 2 and above). Empty where they agree or the file records no winners."""
    if read.selected is None:
        return []
    ours = set(found[NEAREST.get(read.rule, "greedy")]["order"])
    sides = ("+", read.selected - ours), ("-", ours - read.selected - read.set_aside), ("*", read.set_aside)
    return [f"{sign}{one}" for sign, projects in sides for one in sorted(projects)]


if __name__ == "__main__":
    lines = (f"{json.dumps(file.name)}: {json.dumps(results(file, pabulib.read(file)))}" for file in files())
    EXPECTED.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
