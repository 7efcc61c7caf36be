"""Promises the database itself keeps: tables that take no UPDATE and no DELETE, and other SQL that models cannot say."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.orm import DeclarativeBase


def append_only_statements(
    table: str, dialect: str, *, blankable: tuple[str, ...] = (), columns: tuple[str, ...] = ()
) -> list[str]:
    """SQL that makes ``table`` refuse UPDATE and DELETE.

    ``blankable`` columns may be set to NULL (and nothing else may change), so that a person's data can be removed
    without breaking a hash chain. ``columns`` lists all columns and is needed only with ``blankable``.
    """
    kept = [name for name in columns if name not in blankable]
    if dialect == "sqlite":
        when = ""
        if blankable:
            same = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in kept)
            blank = " AND ".join(f"NEW.{name} IS NULL" for name in blankable)
            when = f"WHEN NOT ({same} AND {blank}) "
        return [
            f"CREATE TRIGGER tr_{table}_no_update BEFORE UPDATE ON {table} {when}"
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
            f"CREATE TRIGGER tr_{table}_no_delete BEFORE DELETE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
        ]
    allowed = ""
    if blankable:
        same = " AND ".join(f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}" for name in kept)
        blank = " AND ".join(f"NEW.{name} IS NULL" for name in blankable)
        allowed = f"IF TG_OP = 'UPDATE' AND {same} AND {blank} THEN RETURN NEW; END IF; "
    return [
        f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {allowed}"
        f"RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'restrict_violation'; END $$",
        f"CREATE TRIGGER tr_{table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_append_only()",
        f"CREATE TRIGGER tr_{table}_no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()",
    ]


# Statements that create_all and autogenerate do not know (triggers, search tables): (table, dialect) -> SQL.
EXTRA_DDL: dict[tuple[str, str], list[str]] = {}


def extra_ddl(table: str, dialect: str, statements: list[str]) -> None:
    """Register statements that must run after ``table`` exists; migrations carry them as literal SQL."""
    EXTRA_DDL.setdefault((table, dialect), []).extend(statements)


# Tables that take no UPDATE and no DELETE -> the columns of them that may be blanked.
KEPT_FOR_GOOD: dict[str, tuple[str, ...]] = {}

# Tables that take no UPDATE, and whose rows go only where their own triggers let them.
NEVER_CHANGED: set[str] = set()

M = TypeVar("M", bound=type[DeclarativeBase])


def never_changed(model: M) -> M:
    """Class decorator: the portal's role may add rows to this table and take them away, but change none
    (``portal.core.grants``). Which rows may go is said by triggers."""
    NEVER_CHANGED.add(model.__tablename__)
    return model


def append_only(*blankable: str) -> Callable[[M], M]:
    """Class decorator: this table takes no UPDATE and no DELETE (see :func:`append_only_statements`)."""

    def decorate(model: M) -> M:
        columns = tuple(column.name for column in model.__table__.columns)
        KEPT_FOR_GOOD[model.__tablename__] = blankable
        for dialect in ("sqlite", "postgresql"):
            extra_ddl(
                model.__tablename__,
                dialect,
                append_only_statements(model.__tablename__, dialect, blankable=blankable, columns=columns),
            )
        return model

    return decorate


def in_order_statements(table: str, column: str, dialect: str, minutes: int) -> list[str]:
    """SQL that makes ``table`` refuse a row dated earlier than ``minutes`` before the newest one there is."""
    name, refusal = f"{table}_in_order", f"{table} takes nothing of the past"
    newest = f"(SELECT max({column}) FROM {table})"  # noqa: S608 - our own names
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER tr_{name} BEFORE INSERT ON {table} WHEN NEW.{column} < "
            f"datetime({newest}, '-{minutes} minutes') BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
        ]
    return [
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF NEW.{column} < {newest} - interval '{minutes} minutes' THEN "
        f"RAISE EXCEPTION '{refusal}' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
        f"CREATE TRIGGER tr_{name} BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]


def in_order(column: str, *, minutes: int = 10) -> Callable[[M], M]:
    """Class decorator: nothing can be entered as if it had been there before (see :func:`in_order_statements`). The
    minutes leave room for what is written at the same time."""

    def decorate(model: M) -> M:
        for dialect in ("sqlite", "postgresql"):
            statements = in_order_statements(model.__tablename__, column, dialect, minutes)
            extra_ddl(model.__tablename__, dialect, statements)
        return model

    return decorate


def in_series_statements(table: str, owner: str, at: str, since: str, dialect: str) -> list[str]:
    """SQL that makes ``table`` refuse a row that is not the next of its series.

    ``owner`` is the column that names the series; its ``number`` grows from 1 without a gap, and ``at`` is neither before
    that of an earlier row nor before ``since``, ``table.column`` of what the rows belong to.
    """
    name, refusal = f"{table}_in_order", f"{table} only go on"
    parent, _, begun = since.partition(".")
    following = f"(SELECT COALESCE(MAX(number), 0) + 1 FROM {table} WHERE {owner} = NEW.{owner})"  # noqa: S608 - our own names
    later = f"SELECT 1 FROM {table} WHERE {owner} = NEW.{owner} AND {at} > NEW.{at}"  # noqa: S608 - our own names
    before = f"SELECT 1 FROM {parent} WHERE id = NEW.{owner} AND {begun} > NEW.{at}"  # noqa: S608 - our own names
    wrong = f"NEW.number <> {following} OR EXISTS ({later}) OR EXISTS ({before})"
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER tr_{name} BEFORE INSERT ON {table} WHEN {wrong} "
            f"BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
        ]
    return [
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {wrong} THEN "
        f"RAISE EXCEPTION '{refusal}' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
        f"CREATE TRIGGER tr_{name} BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]


def in_series(owner: str, *, at: str, since: str) -> Callable[[M], M]:
    """Class decorator: rows of one owner follow one another, in number and in time (see :func:`in_series_statements`)."""

    def decorate(model: M) -> M:
        for dialect in ("sqlite", "postgresql"):
            statements = in_series_statements(model.__tablename__, owner, at, since, dialect)
            extra_ddl(model.__tablename__, dialect, statements)
        return model

    return decorate
