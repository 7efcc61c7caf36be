"""digests

People choose to hear of news at once, gathered once a day or once a week, or in their inbox alone.

Revision: digests
After: agenda_items
Written: 2026-11-22 06:12 UTC
"""

import sqlalchemy as sa
from alembic import op

revision = "digests"
down_revision = "agenda_items"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "digests",
        sa.Column("person_id", ID, nullable=False),
        sa.Column(
            "hearing",
            sa.Enum(
                "at_once",
                "daily",
                "weekly",
                "inbox",
                name="hearing",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("gathered_until", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("hearing IN ('daily', 'weekly')", name=op.f("ck_digests_gathered")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_digests_person_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_digests")),
    )
    op.create_index("ix_digests_hearing_gathered_until", "digests", ["hearing", "gathered_until"])


def downgrade() -> None:
    op.drop_index("ix_digests_hearing_gathered_until", table_name="digests")
    op.drop_table("digests")
