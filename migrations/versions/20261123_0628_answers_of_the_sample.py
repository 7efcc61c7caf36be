"""answers of the sample

A certifier answers each sheet of the paper sample once, and the answer is kept whatever it is.

Revision: answers_of_the_sample
After: annulled_head
Written: 2026-11-23 06:28 UTC
"""

import sqlalchemy as sa
from alembic import op

revision = "answers_of_the_sample"
down_revision = "annulled_head"
branch_labels = None
depends_on = None

SQLITE = (
    "CREATE TRIGGER tr_paper_answers_no_update BEFORE UPDATE ON paper_answers BEGIN SELECT RAISE(ABORT, 'paper_answers is append-only'); END",
    "CREATE TRIGGER tr_paper_answers_no_delete BEFORE DELETE ON paper_answers BEGIN SELECT RAISE(ABORT, 'paper_answers is append-only'); END",
)
POSTGRESQL = (
    "CREATE FUNCTION paper_answers_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'paper_answers is append-only' USING ERRCODE = 'restrict_violation'; END $$",
    "CREATE TRIGGER tr_paper_answers_append_only BEFORE UPDATE OR DELETE ON paper_answers FOR EACH ROW EXECUTE FUNCTION paper_answers_append_only()",
    "CREATE TRIGGER tr_paper_answers_no_truncate BEFORE TRUNCATE ON paper_answers FOR EACH STATEMENT EXECUTE FUNCTION paper_answers_append_only()",
)


def _key() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "paper_answers",
        sa.Column("batch_id", _key(), autoincrement=False, nullable=False),
        sa.Column("sheet", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("answered_by", _key(), autoincrement=False, nullable=False),
        sa.Column("keyed", sa.String(length=500), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["answered_by"],
            ["people.id"],
            name=op.f("fk_paper_answers_answered_by_people"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["paper_batches.id"],
            name=op.f("fk_paper_answers_batch_id_paper_batches"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("batch_id", "sheet", "answered_by", name=op.f("pk_paper_answers")),
    )
    with op.batch_alter_table("paper_answers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_answers_answered_by"), ["answered_by"], unique=False)

    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("paper_answers")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION paper_answers_append_only()")
