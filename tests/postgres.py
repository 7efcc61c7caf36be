"""A PostgreSQL server of the tests' own, from the machine's binaries, gone when the tests end.

It listens on a socket in a private folder and on no port, so it meets no other server and no other user.
It forgets durability (no fsync, files in memory where there is room), because nothing in it outlives the run.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL, make_url

FAST = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_wal_size": "128MB",
    "autovacuum": "off",
    "shared_buffers": "64MB",
    "max_connections": "80",
    "timezone": "UTC",
}
# What is written down is written through: whoever was told "cast" is right even if the server dies the moment after.
LASTING = {
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "max_wal_size": "1GB",
    "max_connections": "100",
    "autovacuum": "on",
}

PORTAL = "portal"
"""The role the portal has in production: it owns nothing."""

# A database is some thousand small files: making and dropping one on disk costs fourteen times as much as in memory.
MEMORY = Path("/dev/shm")  # noqa: S108 - a private folder is made inside
ENOUGH = 2 * 1024**3


class NoServer(Exception):
    """PostgreSQL is not installed, or would not start; the message says what to do."""


class Server:
    """One running server; :attr:`url` is its maintenance database. ``settings`` stand in place of :data:`FAST`'s."""

    def __init__(self, **settings: str) -> None:
        self.url: URL
        self._settings = {**FAST, **settings}
        self._folder = Path(tempfile.mkdtemp(prefix="pg-", dir=_roomy()))
        self._process: subprocess.Popen[bytes] | None = None
        # PostgreSQL refuses to run as root; Debian's package brings the user postgres for it.
        self._user = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.getuid() == 0 else {}

    def start(self) -> "Server":
        """Make a cluster and wait until it answers.

        :raises NoServer: when there are no binaries, or no answer within 30 seconds."""
        binaries = find_binaries()
        data = self._folder / "data"
        if self._user:
            try:
                shutil.chown(self._folder, "postgres", "postgres")
            except LookupError:
                raise NoServer(
                    "There is no user postgres to run PostgreSQL as: apt-get install postgresql"
                ) from None
        self._run(
            binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"
        )
        self.url = make_url(f"postgresql+psycopg://postgres@/postgres?host={self._folder}")
        self.start_again()
        return self

    def start_again(self) -> None:
        """Start the server on the cluster that is there, and wait until it answers."""
        settings = [f"-c{name}={value}" for name, value in self._settings.items()]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [find_binaries() / "postgres", "-D", self._folder / "data", "-k", self._folder, *settings],
                stdout=log,
                stderr=log,
                cwd=self._folder,
                start_new_session=True,  # Ctrl-C ends the tests, which then end the server
                **self._user,
            )
        self._wait()

    @property
    def pid(self) -> int:
        """The server's first process."""
        assert self._process is not None, "the server was not started"
        return self._process.pid

    def kill(self) -> None:
        """End every process of the server at once, as by ``kill -9``. What it had not written down is lost."""
        assert self._process is not None, "the server was not started"
        for child in [*children(self._process.pid), self._process.pid]:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        """End the server and remove its folder."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _run(self, *command: object) -> None:
        done = subprocess.run(
            [str(part) for part in command], capture_output=True, text=True, cwd=self._folder, **self._user
        )
        if done.returncode:
            raise NoServer(f"{command[0]} failed: {done.stderr.strip()}")

    def _wait(self) -> None:
        until = time.monotonic() + 30
        while True:
            try:
                psycopg.connect(plain(self.url)).close()
                return
            except psycopg.OperationalError as problem:
                ended = self._process is not None and self._process.poll() is not None
                if ended or time.monotonic() > until:
                    log = (self._folder / "log").read_text()
                    raise NoServer(f"PostgreSQL did not start: {problem}\n{log}") from None
                time.sleep(0.05)


def _roomy() -> str:
    """Memory if the machine has plenty, else the disk. Short names: a socket's path may have 107 bytes."""
    if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ENOUGH:
        return str(MEMORY)
    return "/tmp"  # noqa: S108 - likewise


def children(pid: int) -> list[int]:
    """The processes that a process started and that still run."""
    found: list[int] = []
    for thread in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            found += map(int, thread.read_text().split())
    return found


def find_binaries() -> Path:
    """The folder with the newest ``initdb`` and ``postgres`` of this machine."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if versions:
        return versions[-1].parent
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    raise NoServer("PostgreSQL's server is not installed: apt-get install postgresql")


def plain(url: URL) -> str:
    """The URL as psycopg itself reads it, without SQLAlchemy's driver word."""
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def create(server: URL, name: str, template: str = "template0") -> URL:
    """Make database ``name`` as a copy of ``template`` and say where it is."""
    _maintain(server, "CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8'", name, template)
    return server.set(database=name)


def drop(server: URL, name: str) -> None:
    """Remove database ``name``, whoever is still connected."""
    _maintain(server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


class Untouched:
    """Watches a database from the outside, and makes it again what it was: a copy costs as much as many tests, and new
    connections have to learn the tables anew.

    A transaction that was taken back leaves only numbers behind that sequences have given out. Of what was committed,
    every row is deleted past triggers and keys, and the tables are swept, so that nothing is left of it."""

    _NUMBERS = "SELECT format('%I.%I', schemaname, sequencename), start_value, last_value FROM pg_sequences ORDER BY 1"
    _SHAPE = (
        "SELECT oid::bigint, relname, '' FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " UNION ALL SELECT oid::bigint, tgname, tgenabled::text FROM pg_trigger"
        " UNION ALL SELECT oid::bigint, proname, md5(prosrc) FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
        " ORDER BY 1"
    )
    _WRITTEN = (
        "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        " AND relname <> 'alembic_version' AND pg_relation_size(oid) > 0"
    )

    def __init__(self, url: URL) -> None:
        self.url = url
        self._connection = psycopg.connect(plain(url), autocommit=True)
        assert not self._rows(self._WRITTEN), "what is lent has no rows"
        self._shape = self._rows(self._SHAPE)
        self._numbers = self._rows(self._NUMBERS)
        self._newest = self._next()

    def close(self) -> None:
        """Watch no longer."""
        self._connection.close()

    def again(self) -> bool:
        """Make it what it was and say True, or False if that cannot be done from here."""
        if self._committed() and not self._emptied():
            return False
        moved = set(self._numbers) - set(self._rows(self._NUMBERS))
        if moved:
            names, starts, lasts = zip(*moved, strict=True)
            self._connection.execute(
                "SELECT setval(name, coalesce(last, start), last IS NOT NULL)"
                " FROM unnest(%s::text[], %s::bigint[], %s::bigint[]) AS one (name, start, last)",
                (list(names), list(starts), list(lasts)),
            )
        self._newest = self._next()
        return True

    def _emptied(self) -> bool:
        """Delete every row. Somebody who still holds a lock, a schema that changed, and a server that does not let us
        past the triggers mean that it could not be done."""
        try:
            self._connection.execute("SET lock_timeout = '200ms'; SET session_replication_role = replica")
            written = [name for (name,) in self._rows(self._WRITTEN)]
            if written:
                self._connection.execute("; ".join(f"DELETE FROM {name}" for name in written))  # noqa: S608 - names quoted by the server
                self._connection.execute(f"VACUUM {', '.join(written)}")
        except (psycopg.errors.LockNotAvailable, psycopg.errors.InsufficientPrivilege):
            return False
        return not self._rows(self._WRITTEN) and self._rows(self._SHAPE) == self._shape

    def _committed(self) -> bool:
        """Counts what was committed anywhere on the server, which is enough: too much care only costs time."""
        ((found,),) = self._rows(
            "SELECT count(*) FROM generate_series(%s::bigint, %s::bigint - 1) AS number"
            " WHERE pg_xact_status(number::text::xid8) IS DISTINCT FROM 'aborted'",
            self._newest,
            self._next(),
        )
        return bool(found)

    def _next(self) -> int:
        ((found,),) = self._rows("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        return int(found)

    def _rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        return self._connection.execute(statement, values or None).fetchall()


def _maintain(server: URL, statement: str, *names: str) -> None:
    with psycopg.connect(plain(server), autocommit=True) as connection:
        if statement.startswith("CREATE") and connection.info.server_version >= 15_00_00:
            # Copying files is half the work of writing them through the log, which is what 15 and newer do unasked.
            statement += " STRATEGY file_copy"
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
