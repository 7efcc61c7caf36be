"""A crowd goes up on the board: ``python -m bench.mixing [BALLOTS]`` (100,000).

Puts ballots of as many voters into a round at once, on PostgreSQL, and lets the worker's turns put them up, lot by lot.
Meanwhile somebody asks again and again to cast, as far as the lock that everyone who casts takes. Prints how long the turns
took and how long who casts had to wait; exit 1 if that comes near the ten seconds after which a cast is given up.
"""

from __future__ import annotations

import datetime as dt
import json
import secrets
import sys
import tempfile
import threading
import time
from pathlib import Path

import sqlalchemy as sa

from bench.polling import Polling
from portal.core import clock, db
from portal.core.actor import SYSTEM
from portal.voting import ballot
from portal.voting.commands import board
from portal.voting.models import Ballot, BallotRequest
from portal.voting.queries import ballots, results

LONGEST = 5.0  # seconds


def main() -> int:
    """Measure and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as name, Polling(Path(name), voters=50) as polling:
        db.bind(polling.environment["PORTAL_DATABASE_URL"])
        _cast(polling.round_id, count)
        waits, is_over = [0.0], threading.Event()
        caster = threading.Thread(target=_keep_asking, args=(polling.round_id, waits, is_over))
        caster.start()
        turns = _turns()
        is_over.set()
        caster.join()
    print(f"{count:,} ballots in {len(turns)} lots: {sum(turns):.1f} s, the longest {max(turns):.1f} s")
    print(
        f"who cast waited {max(waits):.2f} s at most, {sorted(waits)[len(waits) // 2] * 1000:.1f} ms in the median"
    )
    return 0 if max(waits) < LONGEST else 1


def _cast(round_id: int, count: int) -> None:
    with db.transaction("read"):
        area = results.areas(round_id)[0].code
    texts = [
        json.dumps({"area": area, "choices": [[n] for n in range(1, 8)], "salt": secrets.token_hex(16)})
        for _ in range(count)
    ]
    made = [(text, ballot.leaf(text.encode())) for text in texts]
    with db.transaction() as session:
        rows = [
            {"round_id": round_id, "voter_tag": secrets.token_hex(32), "leaf": leaf, "body": text}
            for text, leaf in made
        ]
        session.execute(sa.insert(Ballot), rows)
        answered = [
            {"round_id": round_id, "key": secrets.token_hex(32), "content": leaf, "leaf": leaf}
            for _, leaf in made
        ]
        session.execute(sa.insert(BallotRequest), answered)


def _turns() -> list[float]:
    turns = []
    with clock.travel(clock.now() + dt.timedelta(hours=1)):
        while True:
            began = time.perf_counter()
            if not board.extend_due(SYSTEM):
                return turns
            turns.append(time.perf_counter() - began)


def _keep_asking(round_id: int, waits: list[float], is_over: threading.Event) -> None:
    while not is_over.wait(0.02):
        with db.transaction():
            began = time.perf_counter()
            ballots.hold_voter(round_id, secrets.token_hex(32))
            waits.append(time.perf_counter() - began)


if __name__ == "__main__":
    sys.exit(main())
