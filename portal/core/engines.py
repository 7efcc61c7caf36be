"""Engines: one that reads and one that writes, for each of the databases the portal runs on."""

from __future__ import annotations

import select
import threading
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.pool import ConnectionPoolEntry


def make(url: str, busy_timeout: float, pool_size: int, **options: Any) -> tuple[sa.Engine, sa.Engine]:
    """(the reader, the writer) of the database at ``url``; ``busy_timeout`` in seconds is for SQLite, ``pool_size`` for
    PostgreSQL."""
    if url.startswith("sqlite"):
        engine = partial(_sqlite_engine, url, busy_timeout, **options)
    else:
        engine = partial(_postgres_engine, url, pool_size, **options)
    return engine(read_only=True), engine(read_only=False)


def _postgres_engine(url: str, pool_size: int, *, read_only: bool, **options: Any) -> sa.Engine:
    # What a page reads is in memory: a row by its key costs no more than a row in passing, so no table is read whole for ten.
    settings = "-c timezone=UTC -c lock_timeout=10000 -c statement_timeout=60000 -c random_page_cost=1.1"
    if read_only:
        # Each statement sees what is committed by then, in a transaction or out of one: so none is begun and ended.
        settings += " -c default_transaction_read_only=on"
        options["isolation_level"] = "AUTOCOMMIT"
    engine = sa.create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_pre_ping=False,
        pool_recycle=1800,
        hide_parameters=True,  # values never reach a log: not those of a ballot, not those of a person
        connect_args={"options": settings},
        **options,
    )
    event.listen(engine, "checkout", _refuse_dead)
    return engine


def _sqlite_engine(url: str, busy_timeout: float, *, read_only: bool, **options: Any) -> sa.Engine:
    engine = sa.create_engine(
        url,
        hide_parameters=True,
        max_overflow=-1,  # as many as there are threads: each keeps one to read with
        # Every page's statements are kept ready: taking one apart again costs as much as running it.
        connect_args={"timeout": busy_timeout, "check_same_thread": False, "cached_statements": 1000},
        **options,
    )

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: ConnectionPoolEntry) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        if not read_only:
            cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA recursive_triggers=ON")
        cursor.execute("PRAGMA cache_size=-4000")
        if read_only:
            cursor.execute("PRAGMA query_only=ON")
        cursor.close()

    begin = begin_reading if read_only else _begin_writing
    event.listen(engine, "begin", begin)
    return engine


class _Kept(threading.local):
    """The connection that a thread of the moment keeps for its next reading; None while it is lent."""

    connection: sa.Connection | None = None


_kept = _Kept()


def lend_reader(reader: sa.Engine) -> sa.Connection:
    """A connection to read with, begun; it goes back by :func:`take_back`.

    On SQLite each thread has its own, from one request to the next: the library takes as long to lend one from its pool
    and to put it back as the database over two queries. What is read around another reading gets one more."""
    connection, _kept.connection = _kept.connection, None
    if connection is not None and connection.info["pool"] is not reader.pool:
        connection.close()  # its engine was disposed of and has another pool since
        connection = None
    if connection is None:
        connection = reader.connect()
        connection.info["pool"] = reader.pool
    begin_reading(connection)
    return connection


def take_back(connection: sa.Connection) -> None:
    """End what was read. A connection of SQLite stays with the thread, any other goes back to the pool."""
    if connection.dialect.name != "sqlite" or connection.invalidated or _kept.connection is not None:
        connection.close()
        return
    if connection.in_transaction():
        connection.rollback()
    else:
        connection.connection.rollback()
    _kept.connection = connection


def close_kept() -> None:
    """Close what this thread keeps; other threads do so when they read next."""
    connection, _kept.connection = _kept.connection, None
    if connection is not None:
        connection.close()


def begin_reading(connection: sa.Connection) -> None:
    """Begin at the driver: this is done for every request, and the library's way costs as much as two queries. On
    PostgreSQL the driver begins by itself."""
    if connection.dialect.name == "sqlite" and not connection.connection.driver_connection.in_transaction:  # type: ignore[union-attr]
        _begin(connection, "BEGIN")


def _begin_writing(connection: sa.Connection) -> None:
    _begin(connection, "BEGIN IMMEDIATE")


def _begin(connection: sa.Connection, statement: str) -> None:
    try:
        connection.connection.driver_connection.execute(statement)  # type: ignore[union-attr]
    except connection.dialect.loaded_dbapi.Error as problem:
        raise _as_the_library_says(problem, statement, connection.dialect) from problem


def run_alone(reader: sa.Engine, statement: str) -> None:
    """Run, on PostgreSQL, what begins and ends transactions itself: on a reader's connection none is begun.

    Raises the library's errors, as a session does: also where nothing answers when a connection is asked for."""
    borrowed = None
    try:
        borrowed = reader.raw_connection()
        borrowed.cursor().execute(statement)
    except reader.dialect.loaded_dbapi.Error as problem:
        if borrowed is not None:
            borrowed.invalidate(problem)
        raise _as_the_library_says(problem, statement, reader.dialect) from problem
    finally:
        if borrowed is not None:
            borrowed.close()


def _as_the_library_says(problem: Exception, statement: str, dialect: sa.Dialect) -> BaseException:
    """An error of the driver's as it would come from a session."""
    return sa.exc.DBAPIError.instance(statement, (), problem, dialect.loaded_dbapi.Error)


def _refuse_dead(connection: Any, _record: Any, _proxy: Any) -> None:
    """Lend no connection whose server died: the pool takes another. Nobody writes to an idle one but a server that goes, or
    the system that closes what it left."""
    if connection.closed or _has_word(connection.fileno()):
        raise sa.exc.DisconnectionError


def _has_word(socket: int) -> bool:
    poll = select.poll()
    poll.register(socket, select.POLLIN)
    return bool(poll.poll(0))
