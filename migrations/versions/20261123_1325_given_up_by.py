"""given up by

Who gave up a keying of paper ballots: who gave up their own keys that batch no more, who was away may go on.

Revision: given_up_by
After: begun_by_the_ledger
Written: 2026-11-23 13:25 UTC
"""

import sqlalchemy as sa
from alembic import op

revision = "given_up_by"
down_revision = "begun_by_the_ledger"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of those given up before, nobody knows by whom: they stay barred, as they were."""
    column = sa.Column("given_up_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
    with op.batch_alter_table("paper_keyings", schema=None) as batch_op:
        batch_op.add_column(column)
    op.execute("UPDATE paper_keyings SET given_up_by = keyed_by WHERE given_up_at IS NOT NULL")
    with op.batch_alter_table("paper_keyings", schema=None) as batch_op:
        batch_op.create_check_constraint(
            batch_op.f("ck_paper_keyings_given_up_by_somebody"),
            "(given_up_at IS NULL) = (given_up_by IS NULL)",
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_paper_keyings_given_up_by_people"),
            "people",
            ["given_up_by"],
            ["id"],
            ondelete="RESTRICT",
        )
        batch_op.create_index(batch_op.f("ix_paper_keyings_given_up_by"), ["given_up_by"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("paper_keyings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_paper_keyings_given_up_by"))
        batch_op.drop_constraint(batch_op.f("fk_paper_keyings_given_up_by_people"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("ck_paper_keyings_given_up_by_somebody"), type_="check")
        batch_op.drop_column("given_up_by")
