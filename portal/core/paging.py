"""Keyset paging: page ten thousand costs what page one costs. A cursor is the last row's sort values, opaque to people."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.core import db


@dataclass(frozen=True)
class Slice:
    """Rows of one page and the cursor of the next (None at the end)."""

    rows: list[Any]
    next_cursor: str | None


def encode(values: list[Any]) -> str:
    """Sort values (numbers and strings) as a URL-safe cursor."""
    return base64.urlsafe_b64encode(json.dumps(values, separators=(",", ":")).encode()).decode().rstrip("=")


def decode(cursor: str | None, width: int) -> list[Any] | None:
    """The values of a cursor; a damaged one means the first page."""
    if not cursor or len(cursor) > 1000:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        return None
    if not isinstance(values, list) or len(values) != width:
        return None
    return values if all(_is_storable(value) for value in values) else None


def _is_storable(value: object) -> bool:
    """Databases hold text that UTF-8 can write, and integers of 64 bits."""
    if isinstance(value, str):
        return not any("\ud800" <= c <= "\udfff" for c in value)
    return isinstance(value, int) and abs(value) < 2**63


def _fits(column: Any, value: object) -> bool:
    wanted = (
        str if isinstance(column.type, sa.String) else bool if isinstance(column.type, sa.Boolean) else int
    )
    return type(value) is wanted


def keyset(
    statement: sa.Select[*tuple[Any, ...]],
    order: list[tuple[Any, str]],
    *,
    cursor: str | None,
    size: int = 20,
) -> Slice:
    """Run ``statement`` one page at a time. ``order`` is [(column, "asc" | "desc"), …], unique as a whole; the columns
    (strings or integers) must be selected as well, under their own names."""
    return cut(db.session().execute(one_page(statement, order, cursor, size)), order, size)


def one_page(
    statement: sa.Select[*tuple[Any, ...]], order: list[tuple[Any, str]], cursor: str | None, size: int
) -> sa.Select[*tuple[Any, ...]]:
    """The SELECT of :func:`keyset`, for those who keep statements."""
    after = decode(cursor, len(order))
    if after is not None and all(
        _fits(column, value) for (column, _), value in zip(order, after, strict=True)
    ):
        clauses = []
        for index, (column, direction) in enumerate(order):
            equal = [order[i][0] == after[i] for i in range(index)]
            beyond = column > after[index] if direction == "asc" else column < after[index]
            clauses.append(sa.and_(*equal, beyond))
        statement = statement.where(sa.or_(*clauses))
    return statement.order_by(*(getattr(column, direction)() for column, direction in order)).limit(size + 1)


def cut(found: Iterable[Any], order: list[tuple[Any, str]], size: int) -> Slice:
    """What :func:`one_page` found, without the row that only shows that more follows."""
    rows = list(found.all() if isinstance(found, sa.Result) else found)
    if len(rows) <= size:
        return Slice(rows, None)
    rows = rows[:size]
    last = rows[-1]
    return Slice(rows, encode([getattr(last, column.key) for column, _ in order]))
