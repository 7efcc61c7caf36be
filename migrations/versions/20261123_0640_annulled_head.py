"""annulled head

A board has one head more where its count was annulled.

Revision: annulled_head
After: request_of_its_state
Written: 2026-11-23 06:40 UTC
"""

import sqlalchemy as sa
from alembic import op

revision = "annulled_head"
down_revision = "request_of_its_state"
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
    _kinds("kind IN ('opening', 'batch', 'closing', 'result', 'annulled')")


def downgrade() -> None:
    """An older schema has no word for the head of an annulling: it goes."""
    heads = sa.table("board_heads", sa.column("kind"))
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute(
        "DROP TRIGGER tr_board_heads_no_delete"
        if is_sqlite
        else "ALTER TABLE board_heads DISABLE TRIGGER USER"
    )
    op.execute(sa.delete(heads).where(heads.c.kind == "annulled"))
    if not is_sqlite:
        op.execute("ALTER TABLE board_heads ENABLE TRIGGER USER")
    _kinds("kind IN ('opening', 'batch', 'closing', 'result')")
