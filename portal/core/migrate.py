"""Bring a database to a revision of the schema.

Every call runs all its steps in one transaction: a step that fails, or a process that dies, leaves the
database exactly as it was, on SQLite and on PostgreSQL alike. Two processes that upgrade at once wait for
each other; the second finds nothing left to do.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.pool import NullPool

FOLDER = Path(__file__).resolve().parents[2] / "migrations"
NAME = "%%(year)d%%(month).2d%%(day).2d_%%(hour).2d%%(minute).2d_%%(rev)s_%%(slug)s"
LOCK = 5_107_000_001  # any number, as long as nothing else in the database locks it


class BrokenReferences(Exception):
    """A migration would leave rows that point at nothing; it has been taken back. SQLite only:
    PostgreSQL refuses such a step by itself."""


def upgrade(url: str, revision: str = "head") -> None:
    """Move the database at ``url`` up to ``revision``, creating the schema when there is none."""
    _run(url, lambda config: command.upgrade(config, revision))


def downgrade(url: str, revision: str) -> None:
    """Move the database at ``url`` down to ``revision``; ``base`` removes the whole schema."""
    _run(url, lambda config: command.downgrade(config, revision))


def current(url: str) -> str | None:
    """The revision the database stands at; None when it has no schema yet."""
    with _connect(url) as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head() -> str | None:
    """The newest revision in ``migrations/versions``; None before the first one is written."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def revision(url: str, message: str) -> None:
    """Write a new migration: the difference between the database at ``url`` and the models.

    Read what it wrote before it is committed: triggers, search tables and the moving of data are written
    by hand.
    """
    _run(url, lambda config: command.revision(config, message, autogenerate=True))


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", NAME)
    config.set_main_option("timezone", "UTC")
    return config


def _run(url: str, step: Callable[[Config], Any]) -> None:
    with _connect(url) as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        config = _config()
        config.attributes["connection"] = connection
        step(config)
        if connection.dialect.name == "sqlite":
            broken = connection.execute(text("PRAGMA foreign_key_check")).all()
            if broken:
                tables = ", ".join(sorted({row[0] for row in broken}))
                raise BrokenReferences(f"Rows that point at nothing would be left in: {tables}")


@contextmanager
def _connect(url: str) -> Iterator[Connection]:
    """One connection of our own, apart from the running portal's.

    Python's sqlite3 commits by itself before a change of schema. Here it is told to leave transactions alone
    (isolation_level None), and BEGIN IMMEDIATE takes the write lock at the start. Foreign keys stay off, which
    is how SQLite wants tables rebuilt; they are checked at the end instead.
    """
    is_sqlite = url.startswith("sqlite")
    arguments = {"isolation_level": None, "timeout": 60} if is_sqlite else {}
    engine = create_engine(url, poolclass=NullPool, connect_args=arguments)
    if is_sqlite:
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()
