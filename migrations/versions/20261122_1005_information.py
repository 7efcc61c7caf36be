"""information

The catalogue of the information centre, monthly summaries of purchases, pages of public services.

Revision: information
After: observation_kept
Written: 2026-11-22 10:05 UTC
"""

import sqlalchemy as sa
from alembic import op

revision = "information"
down_revision = "observation_kept"
branch_labels = None
depends_on = None


# What the database keeps itself.
SQLITE = (
    "CREATE TRIGGER tr_information_entries_no_update BEFORE UPDATE ON information_entries BEGIN SELECT RAISE(ABORT, 'information_entries is append-only'); END",
    "CREATE TRIGGER tr_information_entries_no_delete BEFORE DELETE ON information_entries BEGIN SELECT RAISE(ABORT, 'information_entries is append-only'); END",
    "CREATE TRIGGER tr_monthly_summaries_no_update BEFORE UPDATE ON monthly_summaries BEGIN SELECT RAISE(ABORT, 'monthly_summaries is append-only'); END",
    "CREATE TRIGGER tr_monthly_summaries_no_delete BEFORE DELETE ON monthly_summaries BEGIN SELECT RAISE(ABORT, 'monthly_summaries is append-only'); END",
    "CREATE TRIGGER tr_public_service_editions_no_update BEFORE UPDATE ON public_service_editions BEGIN SELECT RAISE(ABORT, 'public_service_editions is append-only'); END",
    "CREATE TRIGGER tr_public_service_editions_no_delete BEFORE DELETE ON public_service_editions BEGIN SELECT RAISE(ABORT, 'public_service_editions is append-only'); END",
)
POSTGRESQL = (
    "CREATE FUNCTION information_entries_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'information_entries is append-only' USING ERRCODE = 'restrict_violation'; END $$",
    "CREATE TRIGGER tr_information_entries_append_only BEFORE UPDATE OR DELETE ON information_entries FOR EACH ROW EXECUTE FUNCTION information_entries_append_only()",
    "CREATE TRIGGER tr_information_entries_no_truncate BEFORE TRUNCATE ON information_entries FOR EACH STATEMENT EXECUTE FUNCTION information_entries_append_only()",
    "CREATE FUNCTION monthly_summaries_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'monthly_summaries is append-only' USING ERRCODE = 'restrict_violation'; END $$",
    "CREATE TRIGGER tr_monthly_summaries_append_only BEFORE UPDATE OR DELETE ON monthly_summaries FOR EACH ROW EXECUTE FUNCTION monthly_summaries_append_only()",
    "CREATE TRIGGER tr_monthly_summaries_no_truncate BEFORE TRUNCATE ON monthly_summaries FOR EACH STATEMENT EXECUTE FUNCTION monthly_summaries_append_only()",
    "CREATE FUNCTION public_service_editions_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'public_service_editions is append-only' USING ERRCODE = 'restrict_violation'; END $$",
    "CREATE TRIGGER tr_public_service_editions_append_only BEFORE UPDATE OR DELETE ON public_service_editions FOR EACH ROW EXECUTE FUNCTION public_service_editions_append_only()",
    "CREATE TRIGGER tr_public_service_editions_no_truncate BEFORE TRUNCATE ON public_service_editions FOR EACH STATEMENT EXECUTE FUNCTION public_service_editions_append_only()",
)


def upgrade() -> None:
    op.create_table(
        "information_entries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("topic_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("district_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "info_class",
            sa.Enum(
                "7.1",
                "7.2",
                "7.3",
                "7.4",
                "9.1",
                "9.2",
                "9.3",
                "9.4",
                "9.5",
                "9.6",
                "9.7",
                "9.8",
                name="info_class",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "source",
            sa.Enum(
                "procurement",
                "action_plan",
                "forum",
                "progress",
                "summary",
                "service",
                "upload",
                name="source",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("source_id", sa.BigInteger(), nullable=True),
        sa.Column("place", sa.JSON(), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("shown_until", sa.Date(), nullable=False),
        sa.Column("entered_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(source = 'upload') = (source_id IS NULL)", name=op.f("ck_information_entries_upload_or_source")
        ),
        sa.CheckConstraint(
            "source <> 'upload' OR length(text) > 0 OR file_id IS NOT NULL",
            name=op.f("ck_information_entries_text_or_file"),
        ),
        sa.CheckConstraint("shown_until >= published_on", name=op.f("ck_information_entries_shown_forward")),
        sa.ForeignKeyConstraint(
            ["district_id"],
            ["districts.id"],
            name=op.f("fk_information_entries_district_id_districts"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["entered_by"],
            ["people.id"],
            name=op.f("fk_information_entries_entered_by_people"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["file_id"],
            ["stored_files.id"],
            name=op.f("fk_information_entries_file_id_stored_files"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"],
            ["topics.id"],
            name=op.f("fk_information_entries_topic_id_topics"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_information_entries")),
        sa.UniqueConstraint("source", "source_id", name=op.f("uq_information_entries_source_source_id")),
        sa.UniqueConstraint("topic_id", name=op.f("uq_information_entries_topic_id")),
    )
    with op.batch_alter_table("information_entries", schema=None) as batch_op:
        batch_op.create_index(
            "ix_information_entries_district_id_published_on", ["district_id", "published_on"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_information_entries_entered_by"), ["entered_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_information_entries_file_id"), ["file_id"], unique=False)
        batch_op.create_index("ix_information_entries_published_on", ["published_on"], unique=False)

    op.create_table(
        "monthly_summaries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("district_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("published_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "number >= 1 AND (number = 1) = (reason = '')",
            name=op.f("ck_monthly_summaries_reason_with_number"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id"],
            ["districts.id"],
            name=op.f("fk_monthly_summaries_district_id_districts"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["published_by"],
            ["people.id"],
            name=op.f("fk_monthly_summaries_published_by_people"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_monthly_summaries")),
        sa.UniqueConstraint(
            "district_id", "month", "number", name=op.f("uq_monthly_summaries_district_id_month_number")
        ),
    )
    with op.batch_alter_table("monthly_summaries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_monthly_summaries_published_by"), ["published_by"], unique=False)

    op.create_table(
        "public_services",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("district_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by"],
            ["people.id"],
            name=op.f("fk_public_services_created_by_people"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["district_id"],
            ["districts.id"],
            name=op.f("fk_public_services_district_id_districts"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_services")),
    )
    with op.batch_alter_table("public_services", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_public_services_created_by"), ["created_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_public_services_district_id"), ["district_id"], unique=False)

    op.create_table(
        "public_service_editions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("service_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "section",
            sa.Enum(
                "administration",
                "registration",
                "public_works",
                "environment_sanitation",
                "revenue",
                "cleansing_parks",
                "education",
                "finance",
                "city_law",
                "community_welfare",
                "whole_office",
                name="section",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("papers", sa.JSON(), nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("duration", sa.String(length=200), nullable=False),
        sa.Column("fee", sa.String(length=200), nullable=False),
        sa.Column("place", sa.String(length=500), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("published_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "number >= 1 AND (number = 1) = (reason = '')",
            name=op.f("ck_public_service_editions_reason_with_number"),
        ),
        sa.ForeignKeyConstraint(
            ["published_by"],
            ["people.id"],
            name=op.f("fk_public_service_editions_published_by_people"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["public_services.id"],
            name=op.f("fk_public_service_editions_service_id_public_services"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_service_editions")),
        sa.UniqueConstraint(
            "service_id", "number", name=op.f("uq_public_service_editions_service_id_number")
        ),
    )
    with op.batch_alter_table("public_service_editions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_public_service_editions_published_by"), ["published_by"], unique=False
        )

    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    with op.batch_alter_table("public_service_editions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_public_service_editions_published_by"))

    op.drop_table("public_service_editions")
    with op.batch_alter_table("public_services", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_public_services_district_id"))
        batch_op.drop_index(batch_op.f("ix_public_services_created_by"))

    op.drop_table("public_services")
    with op.batch_alter_table("monthly_summaries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_monthly_summaries_published_by"))

    op.drop_table("monthly_summaries")
    with op.batch_alter_table("information_entries", schema=None) as batch_op:
        batch_op.drop_index("ix_information_entries_published_on")
        batch_op.drop_index(batch_op.f("ix_information_entries_file_id"))
        batch_op.drop_index(batch_op.f("ix_information_entries_entered_by"))
        batch_op.drop_index("ix_information_entries_district_id_published_on")

    op.drop_table("information_entries")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION information_entries_append_only()")
        op.execute("DROP FUNCTION monthly_summaries_append_only()")
        op.execute("DROP FUNCTION public_service_editions_append_only()")
