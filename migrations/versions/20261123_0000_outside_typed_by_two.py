"""outside typed by two

Who typed the outside number of a count a second time.

Revision: outside_typed_by_two
After: frozen_to_the_end
Written: 2026-11-23 00:00 UTC
"""

import sqlalchemy as sa
from alembic import op

revision = "outside_typed_by_two"
down_revision = "frozen_to_the_end"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("round_results", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("confirmed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.create_index(batch_op.f("ix_round_results_confirmed_by"), ["confirmed_by"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_round_results_confirmed_by_people"),
            "people",
            ["confirmed_by"],
            ["id"],
            ondelete="RESTRICT",
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_round_results_typed_by_two"), "confirmed_by <> asked_by"
        )


def downgrade() -> None:
    with op.batch_alter_table("round_results", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_round_results_typed_by_two"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_round_results_confirmed_by_people"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_round_results_confirmed_by"))
        batch_op.drop_column("confirmed_by")
