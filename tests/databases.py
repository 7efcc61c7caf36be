"""Where a test's database comes from: migrated once, copied for each test."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
from sqlalchemy.engine import URL, make_url

from portal.core import db as core_db
from portal.core import grants, migrate
from tests import postgres


def bind(url: str) -> None:
    """Bind the portal. Every test's database has the same address, so that a statement is compiled once for all of
    them. Two writers at once in one test are a mistake: fail, do not wait."""
    core_db.bind(url, busy_timeout=0, query_cache_size=4000)


class Sqlite:
    """Databases as files; a copy of a file is a copy of a database.

    A new connection reads the whole schema, which takes longer than many a test. So a database in which a test
    committed nothing is lent again, over the same connections."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lent: tuple[int, int] | None = None
        migrate.upgrade(sqlite(folder / "template.sqlite3"))
        with closing(sqlite3.connect(folder / "template.sqlite3")) as template:
            template.execute("PRAGMA journal_mode=WAL")  # as the portal does, else its first look would write

    def create(self, name: str, *, empty: bool = False, copy_of: str = "template") -> str:
        path = self.path(name)
        if not empty:
            shutil.copyfile(self.path(copy_of), path)
        return sqlite(path)

    def path(self, name: str) -> Path:
        return self._folder / f"{name}.sqlite3"

    def drop(self, name: str) -> None:
        for path in self._folder.glob(f"{name}.sqlite3*"):
            path.unlink()

    def lend(self) -> str:
        """A migrated database for one test; the portal is bound to it."""
        url = sqlite(self.path("own"))
        if self._lent is None:
            self.create("own")
            self._lent = self._written("own")
        if not core_db.is_bound(url):
            bind(url)
        return url

    def take_back(self) -> None:
        if core_db.is_bound(sqlite(self.path("own"))) and self._lent == self._written("own"):
            return
        self._lent = None
        core_db.dispose()
        self.drop("own")

    def _written(self, name: str) -> tuple[int, int]:
        """When its file was written last, and how much is written beside it: what was taken back is in neither."""
        log = self._folder / f"{name}.sqlite3-wal"
        return self.path(name).stat().st_mtime_ns, log.stat().st_size if log.exists() else 0


class Postgres:
    """Databases on one server, copied from a template database by the server itself.

    A copy costs as much as many tests, and a new connection has to learn the tables anew. So a database is lent again,
    over the same connections, once it is again what it was."""

    def __init__(self, server: URL, prefix: str) -> None:
        self._server = server
        self._prefix = prefix
        self._lent: postgres.Untouched | None = None
        migrate.upgrade(text(postgres.create(server, f"{prefix}_template")))

    def create(self, name: str, *, empty: bool = False, copy_of: str = "template") -> str:
        template = "template0" if empty else f"{self._prefix}_{copy_of}"
        return text(postgres.create(self._server, f"{self._prefix}_{name}", template))

    def as_portal(self, url: str) -> str:
        """The address of this database for the role that the portal has in production."""
        with psycopg.connect(postgres.plain(self._server), autocommit=True) as connection:
            if not connection.execute(
                "SELECT 1 FROM pg_roles WHERE rolname = %s", [postgres.PORTAL]
            ).fetchone():
                connection.execute(f"CREATE ROLE {postgres.PORTAL} LOGIN PASSWORD '{postgres.PORTAL}'")
        grants.give(url, postgres.PORTAL)
        return text(make_url(url).set(username=postgres.PORTAL, password=postgres.PORTAL))

    def drop(self, name: str) -> None:
        postgres.drop(self._server, f"{self._prefix}_{name}")

    def lend(self) -> str:
        """A migrated database for one test; the portal is bound to it."""
        url = text(self._server.set(database=f"{self._prefix}_own"))
        if self._lent is None:
            self.create("own")
        if self._lent is None or not core_db.is_bound(url):
            bind(url)
        if self._lent is None:
            self._lent = postgres.Untouched(make_url(url))
        return url

    def take_back(self) -> None:
        assert self._lent is not None, "nothing was lent"
        if core_db.is_bound(text(self._lent.url)) and self._lent.again():
            return
        self._lent.close()
        self._lent = None
        core_db.dispose()
        self.drop("own")

    def close(self) -> None:
        core_db.dispose()
        if self._lent is not None:
            self._lent.close()
        self.drop("own")
        self.drop("template")


def sqlite(path: Path) -> str:
    return f"sqlite:///{path}"


def text(url: URL) -> str:
    return url.render_as_string(hide_password=False)
