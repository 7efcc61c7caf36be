"""plan editor

An item may serve more sides than the one it counts under and may point at a line of a strategy; who writes where is
seen by colleagues.

Revision: plan_editor
After: digests
Written: 2026-11-22 05:50 UTC
"""

import sqlalchemy as sa
from alembic import op

revision = "plan_editor"
down_revision = "digests"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "plan_writers",
        sa.Column("id", ID, nullable=False),
        sa.Column("plan_id", ID, nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_plan_writers_person_id_people"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plans.id"], name=op.f("fk_plan_writers_plan_id_plans"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_writers")),
        sa.UniqueConstraint(
            "plan_id", "place", "person_id", name=op.f("uq_plan_writers_plan_id_place_person_id")
        ),
    )
    op.create_index(op.f("ix_plan_writers_person_id"), "plan_writers", ["person_id"])
    with op.batch_alter_table("plan_items") as items:
        items.add_column(sa.Column("other_sides", sa.SmallInteger(), nullable=False, server_default="0"))
        items.add_column(sa.Column("node_id", ID, nullable=True))
        items.create_index(op.f("ix_plan_items_node_id"), ["node_id"])
        items.create_foreign_key(
            op.f("fk_plan_items_node_id_strategy_nodes"),
            "strategy_nodes",
            ["node_id"],
            ["id"],
            ondelete="RESTRICT",
        )
        items.create_check_constraint(
            op.f("ck_plan_items_other_sides_of_five"), "other_sides BETWEEN 0 AND 31"
        )
    with op.batch_alter_table("plan_items") as items:
        items.alter_column("other_sides", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("plan_items") as items:
        items.drop_constraint(op.f("ck_plan_items_other_sides_of_five"), type_="check")
        items.drop_constraint(op.f("fk_plan_items_node_id_strategy_nodes"), type_="foreignkey")
        items.drop_index(op.f("ix_plan_items_node_id"))
        items.drop_column("node_id")
        items.drop_column("other_sides")
    op.drop_table("plan_writers")
