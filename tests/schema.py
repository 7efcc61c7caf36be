"""What a database holds, as plain text that can be compared: columns, keys, checks, indexes, triggers."""

import re
from typing import Any

from sqlalchemy import Connection, create_engine, inspect, text
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
    seen = inspect(connection)
    for table in seen.get_table_names():
        yield f"table: {table}"
        for column in seen.get_columns(table):
            facts = (column["type"], "null" if column["nullable"] else "not null", column.get("default"))
            yield f"column: {table}.{column['name']} {' '.join(map(str, facts))}"
        yield f"key: {table} primary {seen.get_pk_constraint(table)}"
        for key in seen.get_foreign_keys(table):
            yield f"key: {table} foreign {sorted(key.items(), key=str)}"
        for unique in seen.get_unique_constraints(table):
            yield f"key: {table} unique {unique['name']} {unique['column_names']}"
        for check in seen.get_check_constraints(table):
            yield f"check: {table} {check['name']} {_plain(check['sqltext'])}"


def _plain(definition: str) -> str:
    return re.sub(r'["\s]+', " ", definition).replace("( ", "(").replace(" )", ")").strip()
