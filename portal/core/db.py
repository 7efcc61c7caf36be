"""The database: one declarative base, column types, transactions, and promises the database itself keeps.

A transaction chooses its mode before its first query: ``read`` (deferred, may not write) or ``write``
(``BEGIN IMMEDIATE`` on SQLite). Commands use :func:`session` and never commit; the web layer, the worker and the
command line own the transaction.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar, Token
from enum import StrEnum
from functools import lru_cache, wraps
from inspect import signature
from typing import Annotated, Any, Literal, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from portal.core import clock, driver, engines, reads
from portal.core.promises import EXTRA_DDL

T = TypeVar("T")
Mode = Literal["read", "write"]


def _utc(value: dt.datetime) -> dt.datetime:
    if value.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return value.astimezone(dt.UTC)


def _sqlite_text(value: dt.datetime | None) -> str | None:
    return None if value is None else _utc(value).replace(tzinfo=None).isoformat(" ", "microseconds")


class UtcInstant(sa.types.TypeDecorator[dt.datetime]):
    """An instant, always timezone-aware UTC in Python; refuses naive values."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: sa.Dialect) -> dt.datetime | None:
        if value is None:
            return None
        value = _utc(value)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def bind_processor(self, dialect: sa.Dialect) -> Any:
        """The same text as the library's, quicker: most pages put the clock into several statements."""
        return _sqlite_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def process_result_value(self, value: dt.datetime | None, dialect: sa.Dialect) -> dt.datetime | None:
        if value is None or value.tzinfo is dt.UTC:
            return value
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

Id = Annotated[int, mapped_column(_BIG, primary_key=True)]
Satang = Annotated[int, mapped_column(sa.BigInteger)]
Instant = Annotated[dt.datetime, mapped_column(UtcInstant())]
Day = Annotated[dt.date, mapped_column(sa.Date)]
Short = Annotated[str, mapped_column(sa.String(200))]
Line = Annotated[str, mapped_column(sa.String(500))]
Text = Annotated[str, mapped_column(sa.Text)]
Sha256 = Annotated[str, mapped_column(sa.String(64))]
Json = Annotated[dict[str, Any], mapped_column(sa.JSON)]


class Base(DeclarativeBase):
    """Base of every table; constraint names follow one convention so that errors and migrations can name them."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Versioned:
    """Optimistic lock for rows with a life cycle: a stale writer gets a 409, never a lost update."""

    version_id: Mapped[int] = mapped_column(sa.Integer, nullable=False, default=1)

    @sa.orm.declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 - a declared_attr is called on the class
        return {"version_id_col": cls.version_id}


def reference(
    target: str,
    *,
    ondelete: str = "RESTRICT",
    nullable: bool = False,
    index: bool = True,
    unique: bool = False,
) -> Any:
    """A foreign key column with an index and an explicit ``ON DELETE``."""
    return mapped_column(
        _BIG,
        sa.ForeignKey(target, ondelete=ondelete),
        nullable=nullable,
        index=index and not unique,
        unique=unique,
    )


def enum_column(
    enum: type[StrEnum], *, name: str | None = None, nullable: bool = False, **kwargs: Any
) -> Any:
    """An enum as text with a named CHECK of its values. ``name`` is needed when a table uses one enum twice."""
    label = name or re.sub(r"(?<!^)(?=[A-Z])", "_", enum.__name__).lower()
    column_type = sa.Enum(
        enum,
        native_enum=False,
        create_constraint=True,
        length=40,
        name=label,
        values_callable=lambda members: [member.value for member in members],
        validate_strings=True,
    )
    return mapped_column(column_type, nullable=nullable, **kwargs)


# -- engines and transactions ----------------------------------------------------------------------------------------


class _Engines:
    def __init__(self) -> None:
        self.reader: sa.Engine | None = None
        self.writer: sa.Engine | None = None
        # What the last engines were made for, and those engines: they hold every statement compiled so far.
        self.made_for: tuple[Any, ...] = ()
        self.made: tuple[sa.Engine, sa.Engine] | None = None


_engines = _Engines()


class _Transaction:
    """One transaction: a session for those who want objects; plain reads in a read transaction do without it."""

    __slots__ = ("_connection", "_session", "mode")

    def __init__(self, mode: Mode) -> None:
        self.mode = mode
        self._session: Session | None = None
        self._connection: sa.Connection | None = None

    @property
    def session(self) -> Session:
        """The session, opened when it is first asked for. What it reads is not noted."""
        reads.note_unknown()
        if self._session is None:
            is_writer = self.mode == "write" and self._connection is None
            bind = engine() if is_writer else self.connection
            self._session = Session(bind, autoflush=True, expire_on_commit=False)
        return self._session

    @property
    def connection(self) -> sa.Connection:
        """The connection, begun; what a session holds back is written first."""
        if self.mode == "write" and self._connection is None:
            self.session.flush()
            return self.session.connection()
        if self._connection is None:
            self._connection = engines.lend_reader(engine("read"))
        return self._connection

    def begin(self) -> sa.Connection:
        """Begin writing without a session."""
        self._connection = engine(self.mode).connect()
        self._connection.begin()
        return self._connection

    def close(self) -> None:
        """Roll back whatever is uncommitted; where the server died meanwhile there is nothing left to roll back."""
        with suppress(sa.exc.OperationalError, sa.exc.InterfaceError):
            if self._session is not None:
                self._session.close()
        with suppress(sa.exc.OperationalError, sa.exc.InterfaceError):
            if self._connection is not None and self.mode == "read":
                engines.take_back(self._connection)
            elif self._connection is not None:
                self._connection.close()


_current: ContextVar[_Transaction | None] = ContextVar("portal_transaction", default=None)


def bind(url: str, *, busy_timeout: float = 15.0, pool_size: int = 10, **engine_options: Any) -> None:
    """Point the process at a database; an earlier binding is disposed of first. Binding to the same address again
    opens new connections and keeps the statements that were compiled."""
    dispose()
    asked = (url, busy_timeout, pool_size, *sorted(engine_options.items()))
    if _engines.made is None or _engines.made_for != asked:
        made = engines.make(url, busy_timeout, pool_size, **engine_options)
        _engines.made_for, _engines.made = asked, made
    _engines.reader, _engines.writer = _engines.made


def dispose() -> None:
    """Close every pooled connection, and forget what was read for good: the next database is another."""
    reads.forget()
    engines.close_kept()
    for engine in (_engines.reader, _engines.writer):
        if engine is not None:
            engine.dispose()
    _engines.reader = _engines.writer = None


def _leave_to_parent() -> None:
    """A forked process opens connections of its own."""
    for engine in (_engines.reader, _engines.writer):
        if engine is not None:
            engine.dispose(close=False)


os.register_at_fork(after_in_child=_leave_to_parent)


def engine(mode: Mode = "write") -> sa.Engine:
    """The bound engine for a mode; raises RuntimeError before :func:`bind`."""
    found = _engines.writer if mode == "write" else _engines.reader
    if found is None:
        raise RuntimeError("no database is bound: call portal.core.db.bind(url) first")
    return found


def is_bound(url: str) -> bool:
    """Whether the process works on the database at this address now."""
    return _engines.writer is not None and bool(_engines.made_for) and _engines.made_for[0] == url


def dialect() -> str:
    """``sqlite`` or ``postgresql``."""
    return engine().dialect.name


def session() -> Session:
    """The session of the transaction that is open now; raises RuntimeError outside of one."""
    return _transaction().session


def mode() -> Mode:
    """What the transaction that is open now was opened for; raises RuntimeError outside of one."""
    return _transaction().mode


def _transaction() -> _Transaction:
    current = _current.get()
    if current is None:
        raise RuntimeError("no transaction is open: use portal.core.db.transaction()")
    return current


def open_session(mode: Mode) -> Token[_Transaction | None]:
    """Begin a transaction for the caller to end with :func:`close_session` (the web layer's request)."""
    return _current.set(_Transaction(mode))


def close_session(token: Token[_Transaction | None]) -> None:
    """Roll back whatever is uncommitted and forget the session."""
    current = _current.get()
    _current.reset(token)
    if current is not None:
        current.close()


@contextmanager
def transaction(mode: Mode = "write") -> Iterator[Session]:
    """A transaction of its own: commits at the end, rolls back on an error."""
    token = open_session(mode)
    try:
        opened = session()
        yield opened
        if mode == "write":
            opened.commit()
    except BaseException:
        session().rollback()
        raise
    finally:
        close_session(token)


@contextmanager
def plain_transaction() -> Iterator[sa.Connection]:
    """As :func:`transaction`, for writing without objects: prepared statements alone, and no session. For what
    thousands do in one minute."""
    token = _current.set(opened := _Transaction("write"))
    try:
        connection = opened.begin()
        yield connection
        connection.commit()
    finally:
        close_session(token)  # rolls back whatever is uncommitted


# -- statements kept -------------------------------------------------------------------------------------------------

# The clock inside a statement: read when the statement is run, not when it is built.
NOW = sa.bindparam("now", callable_=lambda: clock.now(), type_=UtcInstant())
TODAY = sa.bindparam("today", callable_=lambda: clock.today(), type_=sa.Date())
_KEPT_STATEMENTS = 256


def prepared(build: Callable[..., Any]) -> Callable[..., sa.Result[*tuple[Any, ...]]]:
    """Decorator of a function that builds a statement: calls run it. It is built only once, since building costs several
    times as much as running.

    Keyword-only parameters are placeholders in the statement and get their values at each call. Positional ones (an
    actor, a flag; hashable) shape it: one statement is kept for each. Inside, the time is :data:`NOW` and
    :data:`TODAY`; an instant read from the clock would be kept with the statement.
    """
    names = [one.name for one in signature(build).parameters.values() if one.kind is one.KEYWORD_ONLY]

    @lru_cache(maxsize=_KEPT_STATEMENTS)
    def statement(*shape: Any) -> tuple[Any, bool]:
        built = build(*shape, **{name: sa.bindparam(name) for name in names})
        columns = getattr(built, "column_descriptions", ())
        return built, any(isinstance(column["expr"], type) for column in columns)

    @wraps(build)
    def run(*shape: Any, **values: Any) -> sa.Result[*tuple[Any, ...]]:
        built, makes_objects = statement(*shape)
        return session().execute(built, values) if makes_objects else plain_rows(built, values)

    return run


def plain_rows(statement: Any, values: dict[str, Any]) -> sa.Result[*tuple[Any, ...]]:
    """Run a statement of columns, not of objects; its rows come straight from the connection."""
    return driver.rows(_connection_to_write if mode() == "write" else _connection_to_read, statement, values)


def _connection_to_read() -> sa.Connection:
    return _transaction().connection


def _connection_to_write() -> sa.Connection:
    return _transaction().connection


@contextmanager
def refusing_duplicates(error: Exception) -> Iterator[None]:
    """Turn a broken UNIQUE, CHECK or reference inside the block into ``error``: the database decides the race."""
    try:
        with session().begin_nested():
            yield
            session().flush()
    except IntegrityError as broken:
        raise error from broken


def get_for_update(model: type[T], id_: int) -> T | None:
    """Load one row as it is now and hold it against other writers (row lock on PostgreSQL; SQLite holds the whole
    file). A row this session read earlier is read anew: ``Session.get`` would raise for a version that moved on.

    Rows that refer to it can be written meanwhile, since its key never changes: a ballot does not wait for the officer
    who holds its round. Whoever counts such rows has them written by holders of the same row."""
    key = sa.inspect(model).primary_key[0]
    statement = sa.select(model).where(key == id_).with_for_update(key_share=True)
    return session().scalars(statement.execution_options(populate_existing=True)).first()


def is_free_for_update(model: type[T], id_: int) -> bool:
    """Hold one row as :func:`get_for_update`, if nobody else does now: for who can come again instead of waiting."""
    key = sa.inspect(model).primary_key[0]
    held = sa.select(key).where(key == id_).with_for_update(key_share=True, skip_locked=True)
    return session().scalar(held) is not None


def create_all() -> None:
    """Create every table and extra statement straight from the models (development and tests of migrations)."""
    target = engine("write")
    with target.begin() as connection:
        Base.metadata.create_all(connection)
        for table in Base.metadata.sorted_tables:
            for statement in EXTRA_DDL.get((table.name, target.dialect.name), []):
                connection.exec_driver_sql(
                    statement.replace("%", "%%") if target.dialect.name != "sqlite" else statement
                )
