"""The result of counting a file, in the words of the command line: ids of projects, whole numbers, every tie."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

from portal.voting import pabulib, tally
from portal.voting.election import Election


class CannotCount(Exception):
    """The file or the rule will not do, and why."""


def tally_file(
    file: Path,
    *,
    progress: Callable[[str], None],
    rule: tally.Name,
    threshold: int | None = None,
    seed: str | None = None,
    **more: Any,
) -> dict[str, Any]:
    """Count a ``.pb`` file; ``more`` are fields of ``tally.Rule``. Equals are drawn by the file's SHA-256 unless a seed is
    given. Amounts are in the file's currency. Raises ``CannotCount``."""
    try:
        read = pabulib.read(file)
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
    except (pabulib.Malformed, OSError) as problem:
        raise CannotCount(str(problem)) from problem
    for remark in read.remarks:
        progress(f"note: {remark}")
    election = read.election
    progress(f"{election.voters:,} ballots, {len(election.projects)} projects")
    if threshold is None and rule == "greedy-threshold":
        threshold = _threshold(election)
    stated = tally.Rule(name=rule, threshold=threshold or 0, seed=digest if seed is None else seed, **more)
    try:
        found = tally.count(election, stated, _every_second(progress))
    except ValueError as problem:
        raise CannotCount(str(problem)) from problem
    ids = [one.id for one in election.projects]
    return {
        "rule": rule,
        "selected": sorted(ids[one] for one in found.order),
        "order": [ids[one] for one in found.order],
        "spent": amount(found.spent, election),
        "budget": amount(election.budget, election),
        "ties": [
            {
                "step": tie.step,
                "tied": [ids[one] for one in tie.tied],
                "chosen": ids[tie.chosen],
                "by": tie.by,
            }
            for tie in found.ties
        ],
        "voters": election.voters,
        "seed": stated.seed,
        "sha256": digest,
    }


def amount(money: int, election: Election) -> int | float:
    """Money in units of the currency: a whole number, and a decimal only where the file itself has decimals."""
    exact = Fraction(money, election.unit)
    return exact.numerator if exact.denominator == 1 else float(exact)


def as_text(found: dict[str, Any]) -> str:
    """The result for people."""
    lines = [
        f"{found['rule']}: {len(found['order'])} funded, {found['spent']:,} of {found['budget']:,} spent"
    ]
    lines += [f"{place:>4}. {one}" for place, one in enumerate(found["order"], 1)]
    lines += [
        f"tie at {tie['step']}: {', '.join(tie['tied'])} – {tie['chosen']} first, by {tie['by']}"
        for tie in found["ties"]
    ]
    return "\n".join(lines)


def _threshold(election: Election) -> int:
    """The least score the file itself asks for."""
    text = election.meta.get("min_project_score_threshold", "")
    found = re.fullmatch(r"(\d{1,9})(?:\.0*)?", text)
    if not found:
        raise CannotCount("the file states no whole min_project_score_threshold; give --threshold")
    return int(found[1])


def _every_second(progress: Callable[[str], None]) -> tally.Progress:
    told = time.monotonic()

    def report(times: int, spent: int) -> None:
        nonlocal told
        if time.monotonic() - told >= 1:
            told = time.monotonic()
            progress(f"count {times:,}: {spent:,} spent")

    return report
