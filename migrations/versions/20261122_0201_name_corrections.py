"""name corrections

Revision: name_corrections
After: foundation
Written: 2026-11-22 02:01 UTC
"""

import sqlalchemy as sa
from alembic import op

revision = "name_corrections"
down_revision = "foundation"
branch_labels = None
depends_on = None

SQLITE = (
    "CREATE TRIGGER tr_name_corrections_no_update BEFORE UPDATE ON name_corrections BEGIN SELECT RAISE(ABORT, 'name_corrections is append-only'); END",
    "CREATE TRIGGER tr_name_corrections_no_delete BEFORE DELETE ON name_corrections BEGIN SELECT RAISE(ABORT, 'name_corrections is append-only'); END",
)
POSTGRESQL = (
    "CREATE FUNCTION name_corrections_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'name_corrections is append-only' USING ERRCODE = 'restrict_violation'; END $$",
    "CREATE TRIGGER tr_name_corrections_append_only BEFORE UPDATE OR DELETE ON name_corrections FOR EACH ROW EXECUTE FUNCTION name_corrections_append_only()",
    "CREATE TRIGGER tr_name_corrections_no_truncate BEFORE TRUNCATE ON name_corrections FOR EACH STATEMENT EXECUTE FUNCTION name_corrections_append_only()",
)


def upgrade() -> None:
    op.create_table(
        "name_corrections",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("community_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("was", sa.String(length=200), nullable=False),
        sa.Column("became", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.Column("corrected_by", sa.BigInteger(), nullable=True),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities.id"],
            name=op.f("fk_name_corrections_community_id_communities"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_name_corrections")),
        sa.UniqueConstraint("community_id", "number", name=op.f("uq_name_corrections_community_id_number")),
    )
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    op.drop_table("name_corrections")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION name_corrections_append_only()")
