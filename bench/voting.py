"""Counting real elections: ours beside pabutools in the same run, and growth with made ones.

    python -m bench.voting FOLDER            # files of the Pabulib format, the larger the longer
    python -m bench.voting FOLDER --limit 900    # seconds after which pabutools is stopped (a lower bound then)
    python -m bench.voting --growth          # made elections up to 1,000,000 voters × 200 projects

Each counting has a process of its own: CPU seconds and the most memory it took. Rule: Equal Shares by cost with add1.
"""

from __future__ import annotations

import argparse
import random
import resource
import subprocess
import sys
import time
from pathlib import Path

from portal.voting import pabulib, reasons, tally
from portal.voting.election import Election, Project, approval

RULE = tally.Rule("equal-shares", "add1")


def ours(file: Path) -> str:
    """Read and count a file with our own code."""
    election = pabulib.read(file).election
    found = tally.count(election, RULE)
    return " ".join(election.projects[one].id for one in found.order)


def theirs(file: Path) -> str:
    """Read and count a file with pabutools in floating point, as it is used."""
    from pabutools import fractions
    from pabutools.election import Cost_Sat, parse_pabulib
    from pabutools.rules import method_of_equal_shares

    fractions.FRACTION = "float"
    instance, profile = parse_pabulib(str(file))
    found = method_of_equal_shares(instance, profile, Cost_Sat, voter_budget_increment=1)
    return " ".join(one.name for one in found)


def made(voters: int, projects: int) -> Election:
    """An election of a city: approvals from one to ten, popular projects more often, two thirds of the wishes unpaid."""
    choice = random.Random(voters)
    costs = [choice.randrange(50_000, 5_000_000, 10_000) for _ in range(projects)]
    weights = [1 / (place + 5) for place in range(projects)]
    ballots: dict[tuple[int, ...], int] = {}
    for _ in range(voters):
        ballot = tuple(sorted(set(choice.choices(range(projects), weights, k=choice.randint(1, 10)))))
        ballots[ballot] = ballots.get(ballot, 0) + 1
    return approval([Project(str(one), cost) for one, cost in enumerate(costs)], sum(costs) // 3, ballots)


def measured(who: str, file: Path, limit: float) -> tuple[float, int, str]:
    """CPU seconds, megabytes and the winners of one counting in a process of its own; the limit where it was stopped."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "bench.voting", "--one", who, str(file)],
            capture_output=True,
            text=True,
            check=True,
            timeout=limit,
        )
    except subprocess.TimeoutExpired:
        return limit, 0, ""
    seconds, megabytes, winners = done.stdout.rstrip("\n").split("\t")
    return float(seconds), int(megabytes), winners


def one(who: str, file: Path) -> None:
    """Count once and say what it took."""
    winners = (ours if who == "ours" else theirs)(file)
    took = time.process_time()
    print(f"{took:.2f}\t{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}\t{winners}")


def growth() -> None:
    """Ever larger elections, counted once each."""
    print(
        "| voters | projects | approvals | counted again | seconds | with reasons ÷ without |\n|---|---|---|---|---|---|"
    )
    for voters, projects in ((10_000, 50), (100_000, 100), (1_000_000, 200)):
        election = made(voters, projects)
        times: list[int] = []
        start = time.process_time()
        found = tally.count(election, RULE, lambda count, _spent, into=times: into.append(count))
        took = time.process_time() - start
        reasons.reasons(election, RULE, found)
        whole = time.process_time() - start
        print(
            f"| {voters:,} | {projects} | {sum(election.approvals):,} | {len(times)} | {took:.1f} | {whole / took:.2f} |",
            flush=True,
        )


def main() -> None:
    """Read the command line."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path, nargs="?")
    options.add_argument("--limit", type=float, default=120)
    options.add_argument(
        "--least", type=int, default=2_500, help="only elections with at least this many ballots"
    )
    options.add_argument("--growth", action="store_true")
    options.add_argument("--one", nargs=2)
    chosen = options.parse_args()
    if chosen.one:
        one(chosen.one[0], Path(chosen.one[1]))
        return
    if chosen.growth:
        growth()
        return
    print(
        "| election | voters × projects | ours s | MB | pabutools s | MB | ratio | same winners |\n|---|---|---|---|---|---|---|---|"
    )
    for file in sorted(chosen.folder.glob("*.pb"), key=lambda path: path.stat().st_size):
        election = pabulib.read(file).election
        if not election.is_approval or election.voters < chosen.least:
            continue
        mine, memory, winners = measured("ours", file, chosen.limit)
        other, their_memory, their_winners = measured("theirs", file, chosen.limit)
        same = (
            "stopped"
            if not their_winners
            else "yes"
            if sorted(winners.split()) == sorted(their_winners.split())
            else "no"
        )
        print(
            f"| {file.stem} | {election.voters:,} × {len(election.projects)} | {mine} | {memory} | {other} | {their_memory}"
            f" | {other / mine:.0f} | {same} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
