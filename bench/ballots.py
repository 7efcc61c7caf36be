"""Voting under load, and while processes die: ``python -m bench.ballots [--voters 1000] [--seconds 60]`` and
``python -m bench.ballots --kills 40``.

Both make a portal of their own as it is deployed (:mod:`bench.polling`) and throw it away. The first lets every voter
post two ballots, spread over a minute, then as many voters at one moment; it prints the answers, how long they took, and
what one ballot costs. The second kills a worker of the server and the whole database in turn, while voters go on. Both then hold
the database to what voters were told, close the round and put it before the verifier. Exit 1 if anything was lost,
double, or too slow.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import resource
import signal
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from bench.polling import WORKERS, Polling
from bench.voters import Voter, Wrong, need

MOST_CPU = 8.0  # milliseconds of the server and the keeper for one ballot
MOST_WAIT = 30.0  # seconds until everybody has an answer, when all come at once
WARMING = 40  # voters who come before anything is measured
SAMPLE = 100  # voters whose way through the booth is measured
SAME_AGAIN = 10  # every so many voters press the button twice instead of changing their minds


@dataclass
class Load:
    """What a load took: answers, waits in seconds, CPU milliseconds of a post by the server and by PostgreSQL."""

    name: str
    statuses: Counter[int | str]
    waits: list[float]
    took: float
    server: float
    database: float

    def told(self) -> str:
        """As a line of a table."""
        waits = sorted(self.waits)
        median, late = waits[len(waits) // 2], waits[int(len(waits) * 0.95)]
        answers = ", ".join(f"{many:,} × {status}" for status, many in sorted(self.statuses.items(), key=str))
        return (
            f"{self.name:<24}{answers:<24}{self.took:>7.1f} s{median * 1000:>10.0f} ms{late * 1000:>8.0f} ms"
            f"{waits[-1]:>8.2f} s{self.server:>9.2f} ms{self.database:>9.2f} ms"
        )


HEADING = f"{'':<24}{'answers':<24}{'took':>9}{'median':>13}{'p95':>11}{'longest':>10}{'server CPU':>12}{'database':>12}"


async def spread(polling: Polling, voters: list[Voter], seconds: float) -> None:
    """Two posts of every voter, the second at least a second after the first was answered, all within ``seconds``."""
    chance = random.Random(len(voters))
    begun = time.monotonic()

    async def vote(voter: Voter, at: float, again: float) -> None:
        await asyncio.sleep(at)
        first = voter.prepare(polling.projects)
        await polling.send(voter, first)
        await asyncio.sleep(max(1.0, again - (time.monotonic() - begun)))
        same = voter.number % SAME_AGAIN == 0
        await polling.send(voter, first if same else voter.prepare(polling.projects))

    await asyncio.gather(
        *(vote(one, *sorted(chance.uniform(0, max(seconds - 2, 0)) for _ in range(2))) for one in voters)
    )


async def burst(polling: Polling, voters: list[Voter]) -> None:
    """Two posts of every voter, all at one moment."""
    posts = []
    for voter in voters:
        first = voter.prepare(polling.projects)
        second = first if voter.number % SAME_AGAIN == 0 else voter.prepare(polling.projects)
        posts += [polling.send(voter, first), polling.send(voter, second)]
    await asyncio.gather(*posts)


async def walk(polling: Polling, voters: list[Voter], step: str) -> None:
    """Open the booth, or look a ballot over."""
    for voter in voters:
        fields = {"csrf_token": voter.csrf_token, **{f"p{one}": "1" for one in (1, 2, 3)}}
        await polling.ask(voter, step, fields if step == "review" else None)


def measured(polling: Polling, name: str, doing: object) -> Load:
    """Run it and say what it took for each answer."""
    polling.statuses, polling.waits = Counter(), []
    before, begun = polling.cpu(), time.monotonic()
    asyncio.run(doing)  # type: ignore[arg-type]  # a coroutine
    took, after = time.monotonic() - begun, polling.cpu()
    server, database = (
        (late - early) * 1000 / len(polling.waits) for early, late in zip(before, after, strict=True)
    )
    return Load(name, polling.statuses, polling.waits, took, server, database)


def load(voters: int, seconds: float, folder: Path) -> list[str]:
    """Measure and print; returns what is not as it must be."""
    with Polling(folder, voters=WARMING + SAMPLE + 2 * voters) as polling:
        early, some = polling.voters[:WARMING], polling.voters[WARMING : WARMING + SAMPLE]
        asyncio.run(spread(polling, early, 4))
        asyncio.run(walk(polling, early, "booth"))
        asyncio.run(walk(polling, early, "review"))
        coming, together = polling.voters[WARMING + SAMPLE :][:voters], polling.voters[-voters:]
        print(f"{voters:,} voters, two posts each, {polling.projects} projects, {WORKERS} workers\n{HEADING}")
        found = []
        for name, doing in (
            ("the booth opened", walk(polling, some, "booth")),
            ("looked over", walk(polling, some, "review")),
            (f"cast within {seconds:.0f} s", spread(polling, coming, seconds)),
            ("cast at one moment", burst(polling, together)),
        ):
            found.append(measured(polling, name, doing))
            print(found[-1].told(), flush=True)
        _opened, _looked, paced, at_once = found
        print(polling.check(in_turn=False))
        need(
            all(one.leaf for voter in (*early, *coming, *together) for one in voter.sendings),
            "not everybody was answered",
        )
        polling.extend_board()
        print(polling.close())
    wrong = [f"{one.name}: {one.statuses}" for one in found if set(one.statuses) != {200}]
    wrong += [f"{one.name}: {one.server:.1f} ms of CPU" for one in (paced, at_once) if one.server > MOST_CPU]
    if max(at_once.waits) > MOST_WAIT:
        wrong.append(f"{at_once.name}: somebody waited {max(at_once.waits):.0f} s")
    return wrong


@dataclass
class Deaths:
    """How many processes were killed, and how long after each a ballot was acknowledged again, in seconds."""

    workers: list[float] = field(default_factory=list)
    databases: list[float] = field(default_factory=list)


async def vote_on(
    polling: Polling, voters: list[Voter], done: asyncio.Event, acknowledged: list[float]
) -> None:
    """Cast one ballot after another, in the name of these voters in turn, until it is over."""
    turn = 0
    while not done.is_set():
        voter = voters[turn % len(voters)]
        await polling.send_until_cast(voter, voter.prepare(polling.projects))
        acknowledged.append(time.monotonic())
        turn += 1


async def die(polling: Polling, kills: int, clients: int = 12) -> Deaths:
    """Kill ``kills`` workers and the database as often, while ``clients`` browsers vote and the board grows."""
    done, acknowledged, deaths, chance = asyncio.Event(), [0.0], Deaths(), random.Random(kills)
    voting = [
        asyncio.create_task(vote_on(polling, polling.voters[one::clients], done, acknowledged))
        for one in range(clients)
    ]

    async def again(since: float) -> float:
        while acknowledged[-1] < since:
            if time.monotonic() > since + 60:
                raise Wrong("the service did not come back within a minute")
            await asyncio.sleep(0.01)
        return acknowledged[-1] - since

    async def grow() -> None:
        while not done.is_set():
            await asyncio.to_thread(polling.extend_board)
            await asyncio.sleep(0.5)

    growing = asyncio.create_task(grow())
    await again(time.monotonic())
    for _ in range(kills):
        while polling.started < WORKERS + len(deaths.workers) + polling.restarts:
            await asyncio.sleep(0.05)
        await asyncio.sleep(chance.uniform(0.2, 1.0))
        polling.kill_worker(chance)
        deaths.workers.append(await again(time.monotonic()))
        await asyncio.sleep(chance.uniform(0.2, 1.0))
        struck = time.monotonic()
        await asyncio.to_thread(polling.kill_database)
        await again(time.monotonic())
        deaths.databases.append(acknowledged[-1] - struck)
    done.set()
    await asyncio.wait_for(asyncio.gather(*voting, growing), 60)
    return deaths


def kill(kills: int, folder: Path) -> list[str]:
    """Kill, check and print; returns what is not as it must be."""
    with Polling(folder, voters=300, projects=20) as polling:
        deaths = asyncio.run(die(polling, kills))
        print(
            f"{len(deaths.workers)} workers killed: voting went on after {max(deaths.workers):.2f} s at most\n"
            f"{len(deaths.databases)} databases killed: voting went on after {max(deaths.databases):.2f} s at most\n"
            f"the server gave up and was started again: {polling.restarts} times\n"
            f"answers: {dict(polling.statuses)}\n{polling.check()}"
        )
        polling.extend_board()
        print(polling.close())
        return [f"an answer {status}" for status in polling.statuses if status not in (200, 503, "silence")]


def main() -> None:
    """Read the command line."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--voters", type=int, default=1000)
    options.add_argument("--seconds", type=float, default=60)
    options.add_argument(
        "--kills", type=int, default=0, help="so many workers and so many times the database"
    )
    chosen = options.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # and leave no process behind
    with suppress(ValueError):  # thousands of connections at one moment
        resource.setrlimit(resource.RLIMIT_NOFILE, (20_000, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        wrong = kill(chosen.kills, folder) if chosen.kills else load(chosen.voters, chosen.seconds, folder)
    if wrong:
        raise SystemExit("NOT AS IT MUST BE:\n" + "\n".join(wrong))


if __name__ == "__main__":
    main()
