"""result sealed

A board has one more head: that of its result.

Revision: result_sealed
After: locked_rows
Written: 2026-11-23 02:40 UTC
"""

import sqlalchemy as sa
from alembic import op

revision = "result_sealed"
down_revision = "locked_rows"
branch_labels = None
depends_on = None

SQLITE_KEPT = (
    "CREATE TRIGGER tr_board_heads_no_update BEFORE UPDATE ON board_heads BEGIN SELECT RAISE(ABORT, 'board_heads is append-only'); END",
    "CREATE TRIGGER tr_board_heads_no_delete BEFORE DELETE ON board_heads BEGIN SELECT RAISE(ABORT, 'board_heads is append-only'); END",
)


def _kinds(condition: str) -> None:
    """The table is made anew on SQLite, and its triggers with it."""
    with op.batch_alter_table("board_heads", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_board_heads_kind"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_board_heads_kind"), condition)
    if op.get_bind().dialect.name == "sqlite":
        for statement in SQLITE_KEPT:
            op.execute(statement)


def upgrade() -> None:
    _kinds("kind IN ('opening', 'batch', 'closing', 'result')")


def downgrade() -> None:
    """An older schema has no word for the head of a result: it goes."""
    heads = sa.table("board_heads", sa.column("kind"))
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute(
        "DROP TRIGGER tr_board_heads_no_delete"
        if is_sqlite
        else "ALTER TABLE board_heads DISABLE TRIGGER USER"
    )
    op.execute(sa.delete(heads).where(heads.c.kind == "result"))
    if not is_sqlite:
        op.execute("ALTER TABLE board_heads ENABLE TRIGGER USER")
    _kinds("kind IN ('opening', 'batch', 'closing')")
