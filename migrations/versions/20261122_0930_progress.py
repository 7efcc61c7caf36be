"""progress

Sheets of the city's form of progress, the report on its way and the certified reports.

Revision: progress
After: contracts
Written: 2026-11-22 09:30 UTC
"""

import sqlalchemy as sa
from alembic import op

revision = "progress"
down_revision = "contracts"
branch_labels = None
depends_on = None


# What the database keeps itself.
SQLITE = (
    "CREATE TRIGGER tr_progress_reports_no_update BEFORE UPDATE ON progress_reports BEGIN SELECT RAISE(ABORT, 'progress_reports is append-only'); END",
    "CREATE TRIGGER tr_progress_reports_no_delete BEFORE DELETE ON progress_reports BEGIN SELECT RAISE(ABORT, 'progress_reports is append-only'); END",
)
POSTGRESQL = (
    "CREATE FUNCTION progress_reports_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'progress_reports is append-only' USING ERRCODE = 'restrict_violation'; END $$",
    "CREATE TRIGGER tr_progress_reports_append_only BEFORE UPDATE OR DELETE ON progress_reports FOR EACH ROW EXECUTE FUNCTION progress_reports_append_only()",
    "CREATE TRIGGER tr_progress_reports_no_truncate BEFORE TRUNCATE ON progress_reports FOR EACH STATEMENT EXECUTE FUNCTION progress_reports_append_only()",
)


def upgrade() -> None:
    op.create_table(
        "progress_sheets",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("district_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("topic_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("agency", sa.String(length=500), nullable=False),
        sa.Column("division", sa.String(length=500), nullable=False),
        sa.Column("work_group", sa.String(length=500), nullable=False),
        sa.Column("responsible", sa.String(length=200), nullable=False),
        sa.Column("responsible_phone", sa.String(length=200), nullable=False),
        sa.Column("coordinator", sa.String(length=200), nullable=False),
        sa.Column("coordinator_phone", sa.String(length=200), nullable=False),
        sa.Column("planned", sa.JSON(), nullable=False),
        sa.Column("name", sa.String(length=500), nullable=True),
        sa.Column("code", sa.String(length=200), nullable=True),
        sa.Column("fiscal_year", sa.SmallInteger(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("received_satang", sa.BigInteger(), nullable=True),
        sa.Column("rationale", sa.Text(), nullable=False),
        sa.Column("objectives", sa.Text(), nullable=False),
        sa.Column("targets", sa.Text(), nullable=False),
        sa.Column("strategy", sa.Text(), nullable=False),
        sa.Column("opened_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_month", sa.Date(), nullable=False),
        sa.Column("next_month", sa.Date(), nullable=False),
        sa.Column("last_month", sa.Date(), nullable=True),
        sa.Column("reports", sa.Integer(), nullable=False),
        sa.Column("done", sa.SmallInteger(), nullable=False),
        sa.Column("spent_satang", sa.BigInteger(), nullable=False),
        sa.Column("stuck_months", sa.SmallInteger(), nullable=False),
        sa.Column("is_on_plan", sa.Boolean(), nullable=False),
        sa.Column("is_on_target", sa.Boolean(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(project_id IS NULL) = (name IS NOT NULL) AND (project_id IS NULL) = (fiscal_year IS NOT NULL) AND (project_id IS NULL) = (starts_on IS NOT NULL) AND (project_id IS NULL) = (ends_on IS NOT NULL) AND (project_id IS NULL) = (received_satang IS NOT NULL) AND (project_id IS NULL) = (district_id IS NULL)",
            name=op.f("ck_progress_sheets_project_or_own_words"),
        ),
        sa.CheckConstraint(
            "(reports = 0) = (last_month IS NULL)", name=op.f("ck_progress_sheets_reported_until_a_month")
        ),
        sa.CheckConstraint("done BETWEEN 0 AND 10000", name=op.f("ck_progress_sheets_done_in_percent")),
        sa.CheckConstraint("received_satang >= 0", name=op.f("ck_progress_sheets_received_not_negative")),
        sa.CheckConstraint("spent_satang >= 0", name=op.f("ck_progress_sheets_spent_not_negative")),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_progress_sheets_period_forward")),
        sa.CheckConstraint("stuck_months >= 0", name=op.f("ck_progress_sheets_stuck_not_negative")),
        sa.ForeignKeyConstraint(
            ["district_id"],
            ["districts.id"],
            name=op.f("fk_progress_sheets_district_id_districts"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["opened_by"],
            ["people.id"],
            name=op.f("fk_progress_sheets_opened_by_people"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["projects.id"],
            name=op.f("fk_progress_sheets_project_id_projects"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topics.id"], name=op.f("fk_progress_sheets_topic_id_topics"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress_sheets")),
        sa.UniqueConstraint("project_id", name=op.f("uq_progress_sheets_project_id")),
        sa.UniqueConstraint("topic_id", name=op.f("uq_progress_sheets_topic_id")),
    )
    with op.batch_alter_table("progress_sheets", schema=None) as batch_op:
        batch_op.create_index(
            "ix_progress_sheets_district_id_next_month", ["district_id", "next_month"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_progress_sheets_opened_by"), ["opened_by"], unique=False)

    op.create_table(
        "progress_reports",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sheet_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("corrects_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("correction_reason", sa.Text(), nullable=False),
        sa.Column("for_month", sa.Date(), nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("done", sa.SmallInteger(), nullable=False),
        sa.Column("spent_satang", sa.BigInteger(), nullable=False),
        sa.Column("is_on_plan", sa.Boolean(), nullable=False),
        sa.Column("is_on_target", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("over_reason", sa.Text(), nullable=False),
        sa.Column("photos", sa.JSON(), nullable=False),
        sa.Column("written_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("certified_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("certified_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "(corrects_id IS NULL) = (correction_reason = '')",
            name=op.f("ck_progress_reports_correction_with_reason"),
        ),
        sa.CheckConstraint("done BETWEEN 0 AND 10000", name=op.f("ck_progress_reports_done_in_percent")),
        sa.CheckConstraint(
            "is_on_plan AND is_on_target OR length(reason) > 0",
            name=op.f("ck_progress_reports_off_plan_with_reason"),
        ),
        sa.CheckConstraint("length(text) > 0", name=op.f("ck_progress_reports_said_something")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_progress_reports_number_from_one")),
        sa.CheckConstraint("spent_satang >= 0", name=op.f("ck_progress_reports_spent_not_negative")),
        sa.CheckConstraint("written_by <> certified_by", name=op.f("ck_progress_reports_four_eyes")),
        sa.ForeignKeyConstraint(
            ["certified_by"],
            ["people.id"],
            name=op.f("fk_progress_reports_certified_by_people"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["corrects_id"],
            ["progress_reports.id"],
            name=op.f("fk_progress_reports_corrects_id_progress_reports"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["sheet_id"],
            ["progress_sheets.id"],
            name=op.f("fk_progress_reports_sheet_id_progress_sheets"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["written_by"],
            ["people.id"],
            name=op.f("fk_progress_reports_written_by_people"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress_reports")),
        sa.UniqueConstraint("corrects_id", name=op.f("uq_progress_reports_corrects_id")),
        sa.UniqueConstraint("sheet_id", "number", name=op.f("uq_progress_reports_sheet_id_number")),
    )
    with op.batch_alter_table("progress_reports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_progress_reports_certified_at"), ["certified_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_progress_reports_certified_by"), ["certified_by"], unique=False)
        batch_op.create_index(
            "ix_progress_reports_sheet_id_for_month", ["sheet_id", "for_month"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_progress_reports_written_by"), ["written_by"], unique=False)
        batch_op.create_index(
            "uq_progress_reports_one_for_a_month",
            ["sheet_id", "for_month"],
            unique=True,
            sqlite_where=sa.text("corrects_id IS NULL"),
            postgresql_where=sa.text("corrects_id IS NULL"),
        )

    op.create_table(
        "progress_drafts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sheet_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("corrects_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "state",
            sa.Enum("writing", "sent", name="state", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("for_month", sa.Date(), nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("done", sa.SmallInteger(), nullable=False),
        sa.Column("spent_satang", sa.BigInteger(), nullable=False),
        sa.Column("is_on_plan", sa.Boolean(), nullable=False),
        sa.Column("is_on_target", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("over_reason", sa.Text(), nullable=False),
        sa.Column("correction_reason", sa.Text(), nullable=False),
        sa.Column("photos", sa.JSON(), nullable=False),
        sa.Column("written_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_back", sa.Text(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'sent') = (sent_at IS NOT NULL)", name=op.f("ck_progress_drafts_sent_with_instant")
        ),
        sa.CheckConstraint(
            "state = 'writing' OR (length(text) > 0 AND (is_on_plan AND is_on_target OR length(reason) > 0))",
            name=op.f("ck_progress_drafts_sent_whole"),
        ),
        sa.CheckConstraint("done BETWEEN 0 AND 10000", name=op.f("ck_progress_drafts_done_in_percent")),
        sa.CheckConstraint("spent_satang >= 0", name=op.f("ck_progress_drafts_spent_not_negative")),
        sa.ForeignKeyConstraint(
            ["corrects_id"],
            ["progress_reports.id"],
            name=op.f("fk_progress_drafts_corrects_id_progress_reports"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["sheet_id"],
            ["progress_sheets.id"],
            name=op.f("fk_progress_drafts_sheet_id_progress_sheets"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["written_by"],
            ["people.id"],
            name=op.f("fk_progress_drafts_written_by_people"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress_drafts")),
        sa.UniqueConstraint("sheet_id", name=op.f("uq_progress_drafts_sheet_id")),
    )
    with op.batch_alter_table("progress_drafts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_progress_drafts_corrects_id"), ["corrects_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_progress_drafts_written_by"), ["written_by"], unique=False)

    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    with op.batch_alter_table("progress_drafts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_progress_drafts_written_by"))
        batch_op.drop_index(batch_op.f("ix_progress_drafts_corrects_id"))

    op.drop_table("progress_drafts")
    with op.batch_alter_table("progress_reports", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_progress_reports_one_for_a_month",
            sqlite_where=sa.text("corrects_id IS NULL"),
            postgresql_where=sa.text("corrects_id IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_progress_reports_written_by"))
        batch_op.drop_index("ix_progress_reports_sheet_id_for_month")
        batch_op.drop_index(batch_op.f("ix_progress_reports_certified_by"))
        batch_op.drop_index(batch_op.f("ix_progress_reports_certified_at"))

    op.drop_table("progress_reports")
    with op.batch_alter_table("progress_sheets", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_progress_sheets_opened_by"))
        batch_op.drop_index("ix_progress_sheets_district_id_next_month")

    op.drop_table("progress_sheets")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION progress_reports_append_only()")
