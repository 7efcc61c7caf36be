"""Counting real elections: ours beside pabutools in the same run, and growth with made ones.

    python -m bench.voting FOLDER                # files of the Pabulib format, the larger the longer
    python -m bench.voting FOLDER --limit 900    # CPU seconds after which pabutools is stopped (a lower bound then), but
                                                 # not before it took fifty times as long as ours
    python -m bench.voting --city FOLDER         # makes an election of a city, 61,668 voters × 83 projects, as a file there
    python -m bench.voting --verify              # what the public verifier needs for 100,000 ballots, greedy and Equal Shares
    python -m bench.voting --growth              # made elections up to 1,000,000 voters × 200 projects

Each counting has a process of its own: CPU seconds from the file to the winners, with what is imported already there, and
the most memory the process took. Below a second it is done five times in that process and the median is told, of both
programs: the first time is the machine's, which reads code and hands out memory. Both have five such processes in turns; the
ratio is the median of the five.
Rule: Equal Shares by cost with add1. Ours runs on one thread.
"""

from __future__ import annotations

import argparse
import gc
import math
import random
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from portal.voting import pabulib, reasons, tally
from portal.voting.election import Election, Project, approval

RULE = tally.Rule("equal-shares", "add1")
ENOUGH = 50  # times as long as ours
SHORT, AGAIN = 1.0, 5  # seconds below which a counting is repeated in its process, and how often
LONG, ROUNDS = 20.0, 5  # seconds from which pabutools counts once, and how many rounds otherwise


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


def measured(who: str, file: Path, limit: int) -> tuple[float, int, str]:
    """CPU seconds, megabytes and the winners of one counting in a process of its own; the limit where it was stopped."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.voting", "--one", who, str(file), "--limit", str(limit)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        return limit, 0, ""
    done.check_returncode()
    seconds, megabytes, winners = done.stdout.rstrip("\n").split("\t")
    return float(seconds), int(megabytes), winners


def one(who: str, file: Path, limit: int) -> None:
    """Count once and say what it took; the kernel ends it where that is more than the limit."""
    count = ours if who == "ours" else theirs
    if who != "ours":
        import pabutools.election
        import pabutools.rules  # noqa: F401
    gc.freeze()  # as the portal does: what is imported is not looked through again for garbage
    end = math.ceil(time.process_time()) + limit
    resource.setrlimit(resource.RLIMIT_CPU, (end, end))
    took: list[float] = []
    # The thread's clock: with a limit set the kernel moves the clock of the process by ticks of some milliseconds only.
    while len(took) < AGAIN and (not took or took[0] < SHORT):
        start = time.thread_time()
        winners = count(file)
        took.append(time.thread_time() - start)
    print(
        f"{statistics.median(took):.4f}\t{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}\t{winners}"
    )


def write_city(folder: Path) -> None:
    """An election of the size of Warszawa's of 2026, in the order voters came."""
    election = made(61_668, 83)
    votes = [ballot for ballot, count in election.ballots.items() for _ in range(count)]
    random.Random(1).shuffle(votes)
    lines = [
        "META", "key;value", "country;Made", "unit;City", f"num_projects;{len(election.projects)}",
        f"num_votes;{len(votes)}", f"budget;{election.budget}", "vote_type;approval", "rule;equalshares",
        "PROJECTS", "project_id;cost;votes",
        *(f"{one.id};{one.cost};{votes}" for one, votes in zip(election.projects, election.scores, strict=True)),
        "VOTES", "voter_id;vote",
        *(f"{at};{','.join(map(str, ballot))}" for at, ballot in enumerate(votes)),
    ]  # fmt: skip
    (folder / "made_city.pb").write_text("\n".join(lines) + "\n", encoding="utf-8")


def growth() -> None:
    """Ever larger elections, counted once each."""
    print(
        "| voters | projects | approvals | steps of add1 | seconds | nanoseconds per approval and step"
        " | with reasons ÷ without |\n|---|---|---|---|---|---|---|"
    )
    for voters, projects in ((10_000, 50), (100_000, 100), (1_000_000, 200)):
        election = made(voters, projects)
        steps = [0]
        start = time.process_time()
        found = tally.count(election, RULE, lambda count, _spent, into=steps: into.append(count))
        took = time.process_time() - start
        reasons.reasons(election, RULE, found)
        whole = time.process_time() - start
        approvals = sum(election.approvals)
        each = took / approvals / steps[-1] * 1e9
        print(
            f"| {voters:,} | {projects} | {approvals:,} | {steps[-1]:,} | {took:.1f} | {each:.1f} | {whole / took:.2f} |",
            flush=True,
        )


def verify() -> None:
    """A published record of 100,000 ballots × 50 projects put before the verifier in a process of its own, as an outsider does."""
    from portal.voting import keykeeper, verify_result
    from tests.voting import made as records

    print("| rule of the round | verifier s | MB | says |\n|---|---|---|---|")
    for name, rule in {
        "greedy": {},
        "Equal Shares, add1 as our rounds state it": {
            "name": "equal-shares",
            "completion": "add1u",
            "step_parts": 200,
            "most_steps": 1000,
        },
    }.items():
        with tempfile.TemporaryDirectory() as folder:
            stated = records.rules(projects=50, **rule)
            files = records.vote(keykeeper.Folder(Path(folder) / "keys"), 100_000, stated, superseded=5_000)
            for file, text in files.items():
                (Path(folder) / file).write_text(text, encoding="utf-8")
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            done = subprocess.run(
                [sys.executable, "-I", verify_result.__file__, folder],
                capture_output=True,
                text=True,
                check=False,
            )
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
        took = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        said = (done.stdout + done.stderr).strip().splitlines()[-1]
        print(f"| {name} | {took:.1f} | {after.ru_maxrss // 1024} | {said} |", flush=True)


def main() -> None:
    """Read the command line."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path, nargs="?")
    options.add_argument("--limit", type=int, default=120)
    options.add_argument(
        "--least", type=int, default=2_500, help="only elections with at least this many ballots"
    )
    options.add_argument("--growth", action="store_true")
    options.add_argument("--verify", action="store_true")
    options.add_argument("--city", type=Path)
    options.add_argument("--one", nargs=2)
    chosen = options.parse_args()
    if chosen.one:
        one(chosen.one[0], Path(chosen.one[1]), chosen.limit)
        return
    if chosen.city:
        write_city(chosen.city)
    if chosen.growth:
        growth()
    if chosen.verify:
        verify()
    if not chosen.folder:
        return
    print(
        "| election | voters × projects | ours s | MB | pabutools s | MB | ratio | same winners |\n|---|---|---|---|---|---|---|---|"
    )
    for file in sorted(chosen.folder.glob("*.pb"), key=lambda path: path.stat().st_size):
        election = pabulib.read(file).election
        if not election.is_approval or election.voters < chosen.least:
            continue
        mine: list[float] = []
        theirs_took: list[float] = []
        # Interleaved rounds, since the machine's speed changes from one second to the next; a long one speaks for itself.
        while len(mine) < ROUNDS and (not theirs_took or theirs_took[0] < LONG):
            took, memory, winners = measured("ours", file, chosen.limit)
            mine.append(took)
            limit = max(chosen.limit, math.ceil(ENOUGH * took))
            took, their_memory, their_winners = measured("theirs", file, limit)
            theirs_took.append(took)
        ratio = statistics.median(other / own for own, other in zip(mine, theirs_took, strict=True))
        same = (
            "stopped"
            if not their_winners
            else "yes"
            if sorted(winners.split()) == sorted(their_winners.split())
            else "no"
        )
        print(
            f"| {file.stem} | {election.voters:,} × {len(election.projects)} | {statistics.median(mine):.4f}"
            f" | {memory} | {statistics.median(theirs_took):.3f} | {their_memory} | {ratio:.0f} | {same} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
