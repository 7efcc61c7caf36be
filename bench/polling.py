"""A portal in which people vote, as it is deployed: PostgreSQL, a keeper of the keys, the server with two workers, each a
process of its own; and voters who post to it over the wire. For ``bench.ballots`` and the tests.

A voter here knows what was acknowledged to them: :meth:`Polling.check` holds the database to it.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import os
import random
import re
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from urllib.parse import urlencode

import psycopg
import sqlalchemy as sa
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

from bench.voters import Sending, Voter, Wrong, cpu_of, need
from portal.app import import_models
from portal.core import clock, db, grants, jobs, migrate
from portal.core.actor import SYSTEM, Actor, Grant, Role, Scope
from portal.voting import heads, keykeeper, verify_result
from portal.voting.commands import board, closing
from portal.voting.commands import counting as counting  # its job is the worker's
from portal.voting.models import Ballot, Completion, RollEntry, Round, RoundKey, Rule, SupersededLeaf
from portal.voting.queries import results
from tests import postgres
from tests.factories import accounts, ballots

ROOT = Path(__file__).resolve().parents[1]
WORKERS, THREADS = 2, 4
DAY = dt.timedelta(days=1)
_RECEIPT = re.compile(r"1\.\d+\.\d{4}-\d\d-\d\d\.([0-9a-f]{64})\.[0-9a-f]{128}")


class Polling:
    """The portal and its round. ``restarts`` counts how often the server was started again, ``statuses`` the answers
    (``silence``: none, or one cut off), ``waits`` how long they took in seconds."""

    def __init__(self, folder: Path, *, voters: int, projects: int = 50) -> None:
        self.folder, self.projects = folder, projects
        self.statuses: Counter[int | str] = Counter()
        self.waits: list[float] = []
        self._closing = ExitStack()
        self._made_for = voters
        self._is_over = threading.Event()
        self.restarts = 0
        self.voters: list[Voter] = []

    def __enter__(self) -> Polling:
        try:
            self._open()
        except BaseException:
            self._closing.close()
            raise
        return self

    def __exit__(self, *raised: object) -> None:
        self._is_over.set()
        self._guarding.join()
        self._closing.close()

    def _open(self) -> None:
        self.database = postgres.Server(**postgres.LASTING)
        self._closing.callback(self.database.stop)
        url = postgres.create(self.database.start().url, "polling").render_as_string(hide_password=False)
        import_models()
        migrate.upgrade(url)
        with psycopg.connect(postgres.plain(self.database.url), autocommit=True) as connection:
            connection.execute("CREATE ROLE portal LOGIN")
        grants.give(url, "portal")
        self.port = _free_port()
        self.environment = {
            **os.environ,
            "PORTAL_ENV": "production",
            "PORTAL_SECRET_KEY": secrets.token_hex(32),
            "PORTAL_INSTANCE": str(self.folder),
            "PORTAL_DATABASE_URL": sa.make_url(url).set(username="portal").render_as_string(),
            "PORTAL_PUBLIC_URL": "https://portal.example",
            "PORTAL_OCID_PREFIX": "ocds-213czf",
            "PORTAL_KEY_KEEPER": f"unix:{self.folder}/keys.socket",
        }
        self._signer = Flask("signer")
        self._signer.secret_key = self.environment["PORTAL_SECRET_KEY"]
        self.keeper = self._start(
            "keeper",
            *(sys.executable, "-m", "portal.voting.keykeeper"),
            *(f"{self.folder}/keys.socket", f"{self.folder}/keys"),
            environment={},
        )
        _wait(lambda: (self.folder / "keys.socket").exists(), "the keeper of the keys")
        keykeeper.use(self.environment["PORTAL_KEY_KEEPER"])
        self._closing.callback(keykeeper.use, "")
        db.bind(url)
        self._closing.callback(db.dispose)
        self._make()
        self._serve()
        _wait(lambda: self.started == WORKERS, "the server")
        self._guarding = threading.Thread(target=self._guard, daemon=True)
        self._guarding.start()

    def _serve(self) -> None:
        self.server = self._start(
            "server",
            *(str(Path(sys.executable).with_name("granian")), "--interface", "wsgi"),
            *("--port", str(self.port), "--workers", str(WORKERS), "--blocking-threads", str(THREADS)),
            *("--respawn-failed-workers", "wsgi:application"),
            environment=self.environment,
        )

    def _guard(self) -> None:
        """As ``docs/systemd/portal.service``: the server gives up when one worker dies twice within six seconds, and is
        started again."""
        while not self._is_over.wait(1):
            if self.server.poll() is not None:
                self.restarts += 1
                self._serve()

    def _start(self, name: str, *command: str, environment: dict[str, str]) -> subprocess.Popen[bytes]:
        with (self.folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
            )
        self._closing.callback(_end, process)
        return process

    def _make(self) -> None:
        with db.transaction() as session:
            self.round_id = ballots.open_round(
                costs=tuple(200_000_00 + 37_000_00 * (one % 13) for one in range(self.projects)),
                max_choices=5,
                envelope_satang=4_000_000_00,
                rule=Rule.EQUAL_SHARES,
                completion=Completion.UTILITARIAN,
                has_key=False,
            ).id
            for _ in range(2):
                board.agree_to_key(_officer(Role.KEY_CUSTODIAN), self.round_id)
            self.public_key = session.get_one(RoundKey, self.round_id).public_key or ""
            round_ = session.get_one(Round, self.round_id)
            area_id = session.scalar(sa.select(ballots.Area.id).where(ballots.Area.round_id == self.round_id))
            with ballots.before_the_lock("roll_entries"):
                for number in range(self._made_for):
                    person = accounts.person(f"voter{number}@polling.example")
                    entry = RollEntry(
                        round_id=self.round_id,
                        person_key=secrets.token_hex(32),
                        district_id=round_.district_id,
                        area_id=area_id,
                        person_id=person.id,
                        source=ballots.EntrySource.LIST,
                        added_by=round_.created_by,
                        added_at=clock.now(),
                    )
                    session.add(entry)
                    session.flush()
                    self.voters.append(Voter(number, entry.id, *self._sign_in(accounts.token_of(person))))

    def _sign_in(self, token: str) -> tuple[str, str]:
        """The cookie of a session, and the token of its forms."""
        held = {"_user_id": token, "_fresh": True, "_permanent": True, "csrf_token": secrets.token_hex(20)}
        cookie = SecureCookieSessionInterface().get_signing_serializer(self._signer)
        if cookie is None:
            raise Wrong("no key to sign cookies with")
        form = URLSafeTimedSerializer(str(self._signer.secret_key), salt="wtf-csrf-token")
        return f"portal_session={cookie.dumps(held)}", str(form.dumps(held["csrf_token"]))

    # -- what is asked ----------------------------------------------------------------------------------------

    async def ask(
        self, voter: Voter, path: str, fields: dict[str, str] | None = None, patience: float = 60
    ) -> tuple[int, str]:
        """One request over a connection of its own. Raises OSError when nobody answers, or not to the end."""
        begun = time.monotonic()
        body = urlencode(fields).encode() if fields is not None else b""
        head = [
            f"{'GET' if fields is None else 'POST'} /voting/{self.round_id}/{path} HTTP/1.1",
            f"Host: 127.0.0.1:{self.port}",
            "Connection: close",
            f"Cookie: {voter.cookie}",
            *(["Content-Type: application/x-www-form-urlencoded"] if fields is not None else []),
            f"Content-Length: {len(body)}",
        ]
        try:
            async with asyncio.timeout(patience):
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                try:
                    writer.write("\r\n".join(head).encode() + b"\r\n\r\n" + body)
                    answer = await reader.read()
                finally:
                    writer.close()
        except (OSError, TimeoutError) as problem:
            self.statuses["silence"] += 1
            raise OSError(str(problem)) from problem
        top, _, content = answer.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: (\d+)", top)
        if not length or len(content) < int(length[1]):
            self.statuses["silence"] += 1
            raise OSError("an answer that was cut off")
        status = int(top.split(None, 2)[1])
        self.statuses[status] += 1
        self.waits.append(time.monotonic() - begun)
        return status, content.decode()

    async def send(self, voter: Voter, sending: Sending) -> bool:
        """Send a ballot once; whether it was acknowledged. Raises OSError when nobody answered."""
        sending.asked += 1
        fields = {f"p{one}": "1" for one in sending.choices}
        fields |= {
            "csrf_token": voter.csrf_token,
            "idempotency_key": sending.key,
            "nonce": sending.nonce,
        }
        status, page = await self.ask(voter, "cast", fields)
        found = _RECEIPT.search(page) if status == 200 else None
        if found is None:
            return False
        told = heads.read_receipt(found[0], self.round_id, self.public_key)
        if told is None:
            raise Wrong("a receipt whose signature is wrong")
        need(sending.leaf in ("", told.leaf_hex), "two receipts for one ballot")
        sending.leaf = told.leaf_hex
        return True

    async def send_until_cast(self, voter: Voter, sending: Sending, rest: float = 0.2) -> None:
        """Send it as people do whose page does not load: again, until it is acknowledged."""
        while True:
            with suppress(OSError):
                if await self.send(voter, sending):
                    return
            await asyncio.sleep(rest)

    # -- what is done to it -----------------------------------------------------------------------------------

    @property
    def workers(self) -> list[int]:
        """The server's processes that answer requests."""
        return [
            pid for pid in postgres.children(self.server.pid) if b"resource_tracker" not in _command_of(pid)
        ]

    @property
    def started(self) -> int:
        """How many of them were ever ready to answer."""
        return (self.folder / "server.log").read_bytes().count(b"Started worker-")

    def kill_worker(self, chance: random.Random) -> None:
        """``kill -9`` one of the server's workers."""
        with suppress(ProcessLookupError):
            os.kill(chance.choice(self.workers), signal.SIGKILL)

    def kill_database(self) -> None:
        """``kill -9`` every process of PostgreSQL, and start it again on what it had written down."""
        self.database.kill()
        for _ in range(10):  # a process that was just born may hold its memory for a moment more
            with suppress(postgres.NoServer):
                self.database.start_again()
                return
            time.sleep(0.2)
        self.database.start_again()

    def extend_board(self) -> bool:
        """What the worker does each hour: put up what was cast, under a signed head. False: the database was away."""
        try:
            with db.transaction():
                board.extend(SYSTEM, self.round_id, is_last=True)
        except sa.exc.DBAPIError:
            return False
        return True

    def cpu(self) -> tuple[float, float]:
        """CPU seconds so far: of the server with the keeper, and of PostgreSQL."""
        return cpu_of(self.server.pid, self.keeper.pid), cpu_of(self.database.pid)

    # -- what must hold ---------------------------------------------------------------------------------------

    def check(self, *, in_turn: bool = True) -> str:
        """Hold the database to what voters were told, and says it in a sentence. ``in_turn``: nobody sent two ballots at
        once, so the one acknowledged last counts. Raises Wrong."""
        with db.transaction("read") as session:
            rows = session.execute(
                sa.select(Ballot.leaf, Ballot.body).where(Ballot.round_id == self.round_id)
            ).all()
            gone = set(
                session.scalars(
                    sa.select(SupersededLeaf.leaf).where(SupersededLeaf.round_id == self.round_id)
                )
            )
        live: dict[int, str] = {}
        for row in rows:
            number = int(re.findall(r"\d+", json.loads(row.body)["nonce"])[0])
            need(number not in live, f"voter {number} has two ballots")
            live[number] = row.leaf
        told = 0
        for voter in self.voters:
            leaves = [one.leaf for one in voter.sendings if one.leaf]
            told += len(leaves)
            if leaves:
                kept = live.get(voter.number)
                need((kept == leaves[-1]) if in_turn else (kept in leaves), f"voter {voter.number}: lost")
                need({*leaves} - {kept} <= gone, f"voter {voter.number}: an earlier ballot is lost")
        unasked = sum(one.asked > 0 and not one.leaf for voter in self.voters for one in voter.sendings)
        need(len(live) + len(gone) <= told + unasked, "ballots that nobody sent")
        need(told <= len(live) + len(gone), "an acknowledged ballot is lost")
        return f"{told:,} ballots acknowledged: {len(live):,} count, {len(gone):,} were replaced; none lost, none double"

    def close(self) -> str:
        """Seal the board, count, and put what is published before the verifier. Returns its findings."""
        with clock.travel(clock.now() + 3 * DAY):
            with db.transaction():
                closing.seal(_officer(Role.ROUND_OFFICER), self.round_id)
            with db.transaction():
                for role in (Role.ROUND_OFFICER, Role.CERTIFIER):
                    closing.begin_count(_officer(role), self.round_id, "42")
            jobs.run_due()
            with db.transaction("read") as session:
                round_ = session.get_one(Round, self.round_id)
                files = results.files(round_, opened=True)
        found: list[str] = []
        verify_result.check(files, say=found.append)
        return "; ".join(found)


def _officer(role: Role) -> Actor:
    return Actor(accounts.person().id, (Grant(role, Scope.DISTRICT, 1002),))


def _command_of(pid: int) -> bytes:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b"resource_tracker"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(is_there: Callable[[], bool], name: str) -> None:
    until = time.monotonic() + 60
    while not is_there():
        if time.monotonic() > until:
            raise SystemExit(f"{name} did not start")
        time.sleep(0.1)


def _end(process: subprocess.Popen[bytes]) -> None:
    below = postgres.children(process.pid)
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for pid in below:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
