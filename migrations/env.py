"""Alembic's entry: run by ``portal.core.migrate``, which opens the connection and the transaction."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection, text
from sqlalchemy.types import TypeDecorator

from portal.app import import_models
from portal.core.db import Base


def virtual_tables(connection: Connection) -> tuple[str, ...]:
    """Names of SQLite's search tables; each brings shadow tables (``<name>_data`` …) no model knows."""
    if connection.dialect.name != "sqlite":
        return ()
    found = connection.execute(
        text("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE%'")
    )
    return tuple(found.scalars())


def render_item(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Write our own column types as the plain type they store, so an old migration never changes its
    meaning when the code of a type does."""
    if kind == "type" and isinstance(item, TypeDecorator):
        stored = item.impl_instance
        if not type(stored).__module__.startswith("sqlalchemy.dialects"):
            return f"sa.{stored!r}"
    return False


def run(connection: Connection) -> None:
    """Configure Alembic for this connection and run what was asked of it."""
    import_models()
    search = virtual_tables(connection)

    def include_name(name: str | None, kind: str, parents: Any) -> bool:
        if kind != "table" or name is None:
            return True
        return not any(name == table or name.startswith(f"{table}_") for table in search)

    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_item=render_item,
        include_name=include_name,
        render_as_batch=True,
        compare_type=True,
        compare_server_default=True,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])
