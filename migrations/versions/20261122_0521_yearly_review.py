"""yearly review

What the committee says of each item of the earlier plan, and which item of the new one carries it on.

Revision: yearly_review
After: screening_sheets
Written: 2026-11-22 05:21 UTC
"""

import sqlalchemy as sa
from alembic import op

revision = "yearly_review"
down_revision = "screening_sheets"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plan_reviews",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("plan_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "mark",
            sa.Enum(
                "keep",
                "change",
                "done",
                "drop",
                name="mark",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("marked_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("trim(reason) <> ''", name=op.f("ck_plan_reviews_with_reason")),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["plan_items.id"],
            name=op.f("fk_plan_reviews_item_id_plan_items"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["marked_by"], ["people.id"], name=op.f("fk_plan_reviews_marked_by_people"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plans.id"], name=op.f("fk_plan_reviews_plan_id_plans"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_reviews")),
        sa.UniqueConstraint("plan_id", "item_id", name=op.f("uq_plan_reviews_plan_id_item_id")),
    )
    with op.batch_alter_table("plan_reviews", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_reviews_item_id"), ["item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_reviews_marked_by"), ["marked_by"], unique=False)

    with op.batch_alter_table("plan_items", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("continues_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.create_index(batch_op.f("ix_plan_items_continues_id"), ["continues_id"], unique=False)
        batch_op.create_unique_constraint(
            batch_op.f("uq_plan_items_plan_id_continues_id"), ["plan_id", "continues_id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_plan_items_continues_id_plan_items"),
            "plan_items",
            ["continues_id"],
            ["id"],
            ondelete="RESTRICT",
        )


def downgrade() -> None:
    with op.batch_alter_table("plan_items", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_plan_items_continues_id_plan_items"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_plan_items_plan_id_continues_id"), type_="unique")
        batch_op.drop_index(batch_op.f("ix_plan_items_continues_id"))
        batch_op.drop_column("continues_id")

    op.drop_table("plan_reviews")
