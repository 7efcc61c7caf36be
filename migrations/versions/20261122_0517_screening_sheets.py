"""screening sheets

Revision: screening_sheets
After: words_by_kind
Written: 2026-11-22 05:17 UTC
"""

import sqlalchemy as sa
from alembic import op

revision = "screening_sheets"
down_revision = "words_by_kind"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
POINTERS = {
    "cycle_id": "cycles",
    "district_id": "districts",
    "uploaded_by": "people",
    "preview_job_id": "jobs",
    "apply_job_id": "jobs",
    "applied_by": "people",
}


def upgrade() -> None:
    op.create_table(
        "screening_sheets",
        sa.Column("id", ID, nullable=False),
        sa.Column("cycle_id", ID, nullable=False),
        sa.Column("district_id", ID, nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("uploaded_by", ID, nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("preview_job_id", ID, nullable=True),
        sa.Column("apply_job_id", ID, nullable=True),
        sa.Column("applied_by", ID, nullable=True),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("written", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(applied_at IS NULL) = (applied_by IS NULL) AND (applied_at IS NULL) = (written IS NULL)",
            name=op.f("ck_screening_sheets_applied_by_somebody"),
        ),
        *(
            sa.ForeignKeyConstraint(
                [name],
                [f"{table}.id"],
                name=op.f(f"fk_screening_sheets_{name}_{table}"),
                ondelete="RESTRICT",
            )
            for name, table in POINTERS.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screening_sheets")),
        sa.UniqueConstraint("cycle_id", "sha256", name=op.f("uq_screening_sheets_cycle_id_sha256")),
    )
    for name in POINTERS:
        if name != "cycle_id":
            op.create_index(op.f(f"ix_screening_sheets_{name}"), "screening_sheets", [name])


def downgrade() -> None:
    op.drop_table("screening_sheets")
