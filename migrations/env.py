"""Alembic's entry: run by ``portal.core.migrate``, which opens the connection and the transaction."""

from collections.abc import Iterable
from typing import Any, Literal

from alembic import context
from alembic.autogenerate import renderers
from alembic.autogenerate.api import AutogenContext
from alembic.operations.ops import CreateTableOp, MigrateOperation, MigrationScript
from sqlalchemy import Connection, ForeignKeyConstraint, text
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


class CloseCircle(MigrateOperation):
    """A key (``use_alter``) of two new tables that point at each other. SQLite takes it with the table;
    PostgreSQL only when both tables stand, and Alembic writes nothing for it."""

    def __init__(self, key: ForeignKeyConstraint) -> None:
        self.key = key


@renderers.dispatch_for(CloseCircle)
def render_circle(autogen: AutogenContext, circle: CloseCircle) -> list[str]:
    """The lines of the migration that make the key on PostgreSQL; dropping its table drops it."""
    key = circle.key
    tables = f"{key.table.name!r}, {key.referred_table.name!r}"
    columns = f"{list(key.column_keys)!r}, {[element.column.name for element in key.elements]!r}"
    return [
        'if op.get_bind().dialect.name == "postgresql":',
        f"op.create_foreign_key({str(key.name)!r}, {tables}, {columns}, ondelete={key.ondelete!r})",
        "",
    ]


def close_circles(migration: Any, revision: Any, scripts: Iterable[MigrationScript]) -> None:
    """Let a written migration end with the keys that point in a circle."""
    for script in scripts:
        if script.upgrade_ops is None:
            continue
        new = [one.table_name for one in script.upgrade_ops.ops if isinstance(one, CreateTableOp)]
        for name in new:
            keys = Base.metadata.tables[name].foreign_key_constraints
            circles = sorted((key for key in keys if key.use_alter), key=lambda key: str(key.name))
            script.upgrade_ops.ops.extend(CloseCircle(key) for key in circles)


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
        process_revision_directives=close_circles,
        render_as_batch=True,
        compare_type=True,
        compare_server_default=True,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])
