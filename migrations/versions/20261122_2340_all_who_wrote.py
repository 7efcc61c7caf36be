"""all who wrote

Everybody who wrote on a report that is on its way, so that none of them certifies it.

Revision: all_who_wrote
After: items_as_handed_in
Written: 2026-11-22 23:40 UTC
"""

import sqlalchemy as sa
from alembic import op

revision = "all_who_wrote"
down_revision = "items_as_handed_in"
branch_labels = None
depends_on = None

DRAFTS = sa.table(
    "progress_drafts", sa.column("id"), sa.column("written_by"), sa.column("writers", sa.JSON())
)


def upgrade() -> None:
    with op.batch_alter_table("progress_drafts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("writers", sa.JSON(), nullable=True))
    connection = op.get_bind()
    for draft in connection.execute(sa.select(DRAFTS.c.id, DRAFTS.c.written_by)).all():
        connection.execute(
            sa.update(DRAFTS).where(DRAFTS.c.id == draft.id).values(writers=[draft.written_by])
        )
    with op.batch_alter_table("progress_drafts", schema=None) as batch_op:
        batch_op.alter_column("writers", existing_type=sa.JSON(), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("progress_drafts", schema=None) as batch_op:
        batch_op.drop_column("writers")
