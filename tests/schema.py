"""What a database holds, as plain text that can be compared: columns, keys, checks, indexes, triggers."""

import re
from typing import Any

from sqlalchemy import Connection, Inspector, create_engine, inspect, text
from sqlalchemy.pool import NullPool

VERSION_TABLE = "alembic_version"

POSTGRES = {
    "check, key": """
        SELECT conrelid::regclass || ': ' || conname || ' ' || pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'""",
    "index": "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "trigger": "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "function": """
        SELECT oid::regprocedure || ' ' || prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace""",
    "view": "SELECT viewname || ' ' || definition FROM pg_views WHERE schemaname = 'public'",
    "sequence": "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'",
}
SQLITE = {
    "index": "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
    "trigger": "SELECT sql FROM sqlite_master WHERE type = 'trigger'",
    "view": "SELECT sql FROM sqlite_master WHERE type = 'view'",
    "search table": "SELECT sql FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%'",
}


def describe(url: str) -> set[str]:
    """Every fact about the schema at ``url``, one line each; Alembic's own table is left out."""
    engine = create_engine(url, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            facts = set(_tables(connection))
            for kind, query in (POSTGRES if connection.dialect.name == "postgresql" else SQLITE).items():
                facts |= {f"{kind}: {_plain(found)}" for found in connection.execute(text(query)).scalars()}
    finally:
        engine.dispose()
    return {fact for fact in facts if VERSION_TABLE not in fact}


def _tables(connection: Connection) -> Any:
    """PostgreSQL is asked once for all tables. SQLite reads each table out of the statements that made it, which takes
    long: who made the same tables before has read them."""
    seen = inspect(connection)
    if connection.dialect.name == "postgresql":
        yield from _facts(seen, None)
        return
    made: dict[str, list[str]] = {}
    for table, statement in connection.execute(text("SELECT tbl_name, sql FROM sqlite_master ORDER BY name")):
        made.setdefault(table, []).append(statement or "")
    for table in seen.get_table_names():
        as_made = (table, *made[table])
        if as_made not in _read:
            _read[as_made] = list(_facts(seen, [table]))
        yield from _read[as_made]


_read: dict[tuple[str, ...], list[str]] = {}


def _facts(seen: Inspector, tables: list[str] | None) -> Any:
    """What is known of these tables; None: of all."""
    chosen = {"filter_names": tables}
    for (_, table), columns in seen.get_multi_columns(**chosen).items():
        yield f"table: {table}"
        for column in columns:
            facts = (column["type"], "null" if column["nullable"] else "not null", column.get("default"))
            yield f"column: {table}.{column['name']} {' '.join(map(str, facts))}"
    for (_, table), primary in seen.get_multi_pk_constraint(**chosen).items():
        yield f"key: {table} primary {primary}"
    for (_, table), keys in seen.get_multi_foreign_keys(**chosen).items():
        yield from (f"key: {table} foreign {sorted(key.items(), key=str)}" for key in keys)
    for (_, table), uniques in seen.get_multi_unique_constraints(**chosen).items():
        yield from (f"key: {table} unique {unique['name']} {unique['column_names']}" for unique in uniques)
    for (_, table), checks in seen.get_multi_check_constraints(**chosen).items():
        yield from (f"check: {table} {check['name']} {_plain(check['sqltext'])}" for check in checks)


def _plain(definition: str) -> str:
    return re.sub(r'["\s]+', " ", definition).replace("( ", "(").replace(" )", ")").strip()
