"""releases

What is published of a contracting process is kept for good, release by release; files made of them for download.

Revision: releases
After: words_by_place
Written: 2026-11-22 09:40 UTC
"""

import sqlalchemy as sa
from alembic import op

revision = "releases"
down_revision = "words_by_place"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SQLITE = (
    "CREATE TRIGGER tr_releases_no_update BEFORE UPDATE ON releases BEGIN SELECT RAISE(ABORT, 'releases is append-only'); END",
    "CREATE TRIGGER tr_releases_no_delete BEFORE DELETE ON releases BEGIN SELECT RAISE(ABORT, 'releases is append-only'); END",
    "CREATE TRIGGER tr_releases_in_order BEFORE INSERT ON releases WHEN NEW.number <> (SELECT COALESCE(MAX(number), 0) + 1 FROM releases WHERE process_id = NEW.process_id) OR EXISTS (SELECT 1 FROM releases WHERE process_id = NEW.process_id AND published_at > NEW.published_at) BEGIN SELECT RAISE(ABORT, 'releases only go on'); END",
)
POSTGRESQL = (
    "CREATE FUNCTION releases_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'releases is append-only' USING ERRCODE = 'restrict_violation'; END $$",
    "CREATE TRIGGER tr_releases_append_only BEFORE UPDATE OR DELETE ON releases FOR EACH ROW EXECUTE FUNCTION releases_append_only()",
    "CREATE TRIGGER tr_releases_no_truncate BEFORE TRUNCATE ON releases FOR EACH STATEMENT EXECUTE FUNCTION releases_append_only()",
    "CREATE FUNCTION releases_in_order() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.number <> (SELECT COALESCE(MAX(number), 0) + 1 FROM releases WHERE process_id = NEW.process_id) OR EXISTS (SELECT 1 FROM releases WHERE process_id = NEW.process_id AND published_at > NEW.published_at) THEN RAISE EXCEPTION 'releases only go on' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER tr_releases_in_order BEFORE INSERT ON releases FOR EACH ROW EXECUTE FUNCTION releases_in_order()",
)


def upgrade() -> None:
    op.create_table(
        "releases",
        sa.Column("id", BIG, nullable=False),
        sa.Column("process_id", BIG, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("release_id", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "number >= 1 AND length(sha256) = 64", name=op.f("ck_releases_numbered_and_hashed")
        ),
        sa.ForeignKeyConstraint(
            ["process_id"],
            ["processes.id"],
            name=op.f("fk_releases_process_id_processes"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_releases")),
        sa.UniqueConstraint("process_id", "number", name=op.f("uq_releases_process_id_number")),
        sa.UniqueConstraint("release_id", name=op.f("uq_releases_release_id")),
    )
    op.create_table(
        "downloads",
        sa.Column("id", BIG, nullable=False),
        sa.Column(
            "form",
            sa.Enum(
                "releases",
                "records",
                "tables",
                name="form",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("scope", sa.String(length=8), nullable=False),
        sa.Column("newest_release_id", sa.BigInteger(), nullable=False),
        sa.Column("processes", sa.Integer(), nullable=False),
        sa.Column("releases", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("size > 0 AND processes > 0", name=op.f("ck_downloads_not_empty")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_downloads")),
        sa.UniqueConstraint("form", "scope", name=op.f("uq_downloads_form_scope")),
    )
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("downloads")
    op.drop_table("releases")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION releases_append_only()")
        op.execute("DROP FUNCTION releases_in_order()")
