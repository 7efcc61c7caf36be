"""Statements of plain columns, straight to the driver once the library has worked them out.

The first run is the library's. Its text, the order of its values and its description of the rows are kept with the
statement, so that the next run costs little more than the database itself: most of what a page spent on a query went
into finding these again.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.engine import IteratorResult

from portal.core import reads

Raw = list[tuple[Any, ...]]
MOST = 100  # ways of one statement
Connect = Callable[[], sa.Connection]
_MANY = frozenset((list, tuple, set, frozenset))


class _Way:
    """How one statement, with lists (IN) of these lengths, goes to the driver of one engine, and how its rows are
    understood."""

    __slots__ = ("changing", "description", "has_rows", "is_known", "names", "sql", "values")

    def __init__(self, compiled: Any, values: dict[str, Any], result: Any) -> None:
        self.description = result._metadata
        self.has_rows: bool = result._metadata.returns_rows
        filled = compiled.construct_expanded_state(values, escape_names=False)
        self.sql: str = filled.statement
        self.is_known = self.sql == result.context.statement and not compiled.escaped_bind_names
        places = list(filled.positiontup or filled.parameters)
        self.names = places if filled.positiontup is None else None
        lists = filled.parameter_expansion.items()
        members = {member: (name, at) for name, found in lists for at, member in enumerate(found)}
        self.values: list[Any] = []  # the fixed ones, worked out now
        # (where it stands, what gives it, its name, its place in a list, what makes it a value of the driver's)
        changing: dict[str, tuple[list[int], Any, str, int | None, Any]] = {}
        for number, place in enumerate(places):
            name, at = members.get(place, (place, None))
            bind, process = (
                compiled.binds[name],
                filled.processors.get(place) or compiled._bind_processors.get(name),
            )
            value = filled.parameters[place]
            value = process(value) if process else value
            # A plain text: the driver takes long over a class of its own.
            self.values.append(value.value if isinstance(value, StrEnum) else value)
            if bind.required or bind.callable:
                source = None if bind.required else bind.callable
                changing.setdefault(place, ([], source, name, at, process))[0].append(number)
        self.changing = list(changing.values())

    def parameters(self, values: dict[str, Any]) -> Any:
        """The values as the driver takes them; what the clock gives is read now."""
        found = self.values.copy()
        for numbers, source, name, at, process in self.changing:
            if source is not None:
                value = source()
            else:
                value = values[name] if at is None else values[name][at]
            if process is not None:
                value = process(value)
            for number in numbers:
                found[number] = value
        return tuple(found) if self.names is None else dict(zip(self.names, found, strict=True))


class _Ways:
    """A statement as the library compiled it for one engine, and its ways by the lengths of its lists."""

    __slots__ = ("by_lengths", "compiled", "dialect")

    def __init__(self, statement: Any, dialect: sa.Dialect) -> None:
        self.dialect = dialect
        self.compiled = statement.compile(dialect=dialect)
        self.by_lengths: dict[tuple[int, ...], _Way] = {}


# By what gives the connection: reading and writing have an engine each.
_known: WeakKeyDictionary[Any, dict[Connect, _Ways]] = WeakKeyDictionary()


def rows(connect: Connect, statement: Any, values: dict[str, Any]) -> sa.Result[*tuple[Any, ...]]:
    """Run a statement of columns. ``connect`` gives the connection of the moment, its transaction begun; the answer is
    noted (:mod:`portal.core.reads`) as the database gave it."""
    lengths: tuple[int, ...] = ()
    for name, value in values.items():
        if type(value) in _MANY:
            values = {**values, name: list(value)}
            lengths = (*lengths, len(value))
    known = _known.setdefault(statement, {})
    ways = known.get(connect)
    if ways is None or ways.dialect is not connect().dialect:
        ways = known[connect] = _Ways(statement, connect().dialect)
    way = ways.by_lengths.get(lengths)
    if way is not None and way.is_known:
        return IteratorResult(way.description, iter(reads.ask(_fetch, connect, way, values)))
    reads.note_unknown()
    result: Any = connect().execute(statement, values)
    if len(ways.by_lengths) >= MOST:
        ways.by_lengths.clear()
    ways.by_lengths[lengths] = _Way(ways.compiled, values, result)
    return result  # type: ignore[no-any-return]


def _fetch(connect: Connect, way: _Way, values: dict[str, Any]) -> Raw:
    connection, parameters = connect(), way.parameters(values)
    if connection.dispatch.before_cursor_execute:  # somebody counts
        result = connection.exec_driver_sql(way.sql, parameters)
        return result.cursor.fetchall() if way.has_rows else []  # type: ignore[return-value]
    cursor: Any = None
    try:
        cursor = connection.connection.cursor()
        cursor.execute(way.sql, parameters)
        raw: Raw = cursor.fetchall() if way.has_rows else []
        cursor.close()
    except connection.dialect.loaded_dbapi.Error as problem:
        # The library's errors, and its care for a connection that was lost.
        connection._handle_dbapi_exception(problem, way.sql, parameters, cursor, None)
    return raw
