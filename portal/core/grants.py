"""What the portal's role in the database may do: read and write rows, and of what is kept for good only add and read; of a
few others it may take rows away, and change none.

The schema belongs to another role, so that nobody who takes over the portal can switch a trigger off or take a table away.
PostgreSQL only: a file of SQLite has one owner, and its triggers guard against mistakes.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy import event

from portal.core import db, promises

log = structlog.get_logger()

_TOO_MUCH = """
SELECT c.relname FROM pg_class c JOIN unnest(%s::text[], %s::boolean[]) AS t (name, may_go) ON c.oid = to_regclass(t.name)
WHERE pg_has_role(c.relowner, 'MEMBER') OR has_table_privilege(c.oid, 'UPDATE, TRUNCATE, TRIGGER')
  OR NOT t.may_go AND has_table_privilege(c.oid, 'DELETE')
ORDER BY c.relname
"""


class TooMuch(SystemExit):
    """The portal's role may change what is kept for good; the message says what to do."""


def give(url: str, role: str) -> None:
    """Let ``role`` do what the portal needs in the database at ``url``, and nothing else. ``url`` is the owner's."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    quoted = engine.dialect.identifier_preparer.quote
    to = quoted(role)
    with engine.begin() as connection:
        for statement in (
            f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {to}",
            f"GRANT USAGE ON SCHEMA public TO {to}",
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {to}",
            f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {to}",
            f"REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {to}",
        ):
            connection.execute(sa.text(statement))
        for table, blankable in promises.KEPT_FOR_GOOD.items():
            connection.execute(sa.text(f"REVOKE UPDATE, DELETE ON {quoted(table)} FROM {to}"))
            if blankable:
                columns = ", ".join(map(quoted, blankable))
                connection.execute(sa.text(f"GRANT UPDATE ({columns}) ON {quoted(table)} TO {to}"))
        for table in sorted(promises.NEVER_CHANGED):
            connection.execute(sa.text(f"REVOKE UPDATE ON {quoted(table)} FROM {to}"))


def insist() -> None:
    """Refuse to work as a role that may change what is kept for good. A database that is away now is asked when it is
    there. Raises TooMuch."""
    engine = db.engine("write")
    if engine.dialect.name != "postgresql":
        return
    event.listen(engine, "first_connect", _refuse)
    try:
        engine.connect().close()
    except sa.exc.OperationalError as problem:
        log.warning("database_away", error=str(problem))


def _refuse(connection: Any, _record: Any) -> None:
    may_go = {**dict.fromkeys(promises.KEPT_FOR_GOOD, False), **dict.fromkeys(promises.NEVER_CHANGED, True)}
    with connection.cursor() as cursor:
        cursor.execute(_TOO_MUCH, [[*may_go], [*may_go.values()]])
        found = [name for (name,) in cursor]
    connection.rollback()
    if found:
        raise TooMuch(
            f"The role of PORTAL_DATABASE_URL may change what is kept for good ({', '.join(found[:3])} …). Let another role own "
            "the tables (PORTAL_MIGRATE_DATABASE_URL) and run: flask --app wsgi db upgrade"
        )
