"""ballots and board

Keys, ballots, the public board, published ballots, results and their certification.

Revision: ballots_and_board
After: voting_rounds
Written: 2026-11-22 08:54 UTC
"""

import sqlalchemy as sa
from alembic import op

revision = "ballots_and_board"
down_revision = "voting_rounds"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLES = ("board_leaves", "board_heads", "published_ballots")
SQLITE = (
    "CREATE TRIGGER tr_board_leaves_no_update BEFORE UPDATE ON board_leaves BEGIN SELECT RAISE(ABORT, 'board_leaves is append-only'); END",
    "CREATE TRIGGER tr_board_leaves_no_delete BEFORE DELETE ON board_leaves BEGIN SELECT RAISE(ABORT, 'board_leaves is append-only'); END",
    "CREATE TRIGGER tr_board_heads_no_update BEFORE UPDATE ON board_heads BEGIN SELECT RAISE(ABORT, 'board_heads is append-only'); END",
    "CREATE TRIGGER tr_board_heads_no_delete BEFORE DELETE ON board_heads BEGIN SELECT RAISE(ABORT, 'board_heads is append-only'); END",
    "CREATE TRIGGER tr_published_ballots_no_update BEFORE UPDATE ON published_ballots BEGIN SELECT RAISE(ABORT, 'published_ballots is append-only'); END",
    "CREATE TRIGGER tr_published_ballots_no_delete BEFORE DELETE ON published_ballots BEGIN SELECT RAISE(ABORT, 'published_ballots is append-only'); END",
)
POSTGRESQL = (
    "CREATE FUNCTION board_leaves_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'board_leaves is append-only' USING ERRCODE = 'restrict_violation'; END $$",
    "CREATE TRIGGER tr_board_leaves_append_only BEFORE UPDATE OR DELETE ON board_leaves FOR EACH ROW EXECUTE FUNCTION board_leaves_append_only()",
    "CREATE TRIGGER tr_board_leaves_no_truncate BEFORE TRUNCATE ON board_leaves FOR EACH STATEMENT EXECUTE FUNCTION board_leaves_append_only()",
    "CREATE FUNCTION board_heads_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'board_heads is append-only' USING ERRCODE = 'restrict_violation'; END $$",
    "CREATE TRIGGER tr_board_heads_append_only BEFORE UPDATE OR DELETE ON board_heads FOR EACH ROW EXECUTE FUNCTION board_heads_append_only()",
    "CREATE TRIGGER tr_board_heads_no_truncate BEFORE TRUNCATE ON board_heads FOR EACH STATEMENT EXECUTE FUNCTION board_heads_append_only()",
    "CREATE FUNCTION published_ballots_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'published_ballots is append-only' USING ERRCODE = 'restrict_violation'; END $$",
    "CREATE TRIGGER tr_published_ballots_append_only BEFORE UPDATE OR DELETE ON published_ballots FOR EACH ROW EXECUTE FUNCTION published_ballots_append_only()",
    "CREATE TRIGGER tr_published_ballots_no_truncate BEFORE TRUNCATE ON published_ballots FOR EACH STATEMENT EXECUTE FUNCTION published_ballots_append_only()",
)


def upgrade() -> None:
    op.create_table(
        "ballot_requests",
        sa.Column("round_id", BIG, autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("content", sa.String(length=64), nullable=False),
        sa.Column("leaf", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_ballot_requests_round_id_rounds"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("round_id", "key", name=op.f("pk_ballot_requests")),
    )
    op.create_table(
        "ballots",
        sa.Column("round_id", BIG, autoincrement=False, nullable=False),
        sa.Column("voter_tag", sa.String(length=64), nullable=False),
        sa.Column("leaf", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_ballots_round_id_rounds"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("round_id", "voter_tag", name=op.f("pk_ballots")),
        sa.UniqueConstraint("round_id", "leaf", name=op.f("uq_ballots_round_id_leaf")),
    )
    op.create_table(
        "board_heads",
        sa.Column("round_id", BIG, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=200), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('opening', 'batch', 'closing')", name=op.f("ck_board_heads_kind")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_board_heads_round_id_rounds"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("round_id", "number", name=op.f("pk_board_heads")),
    )
    op.create_table(
        "board_leaves",
        sa.Column("round_id", BIG, autoincrement=False, nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("leaf", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_board_leaves_round_id_rounds"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("round_id", "place", name=op.f("pk_board_leaves")),
        sa.UniqueConstraint("round_id", "leaf", name=op.f("uq_board_leaves_round_id_leaf")),
    )
    op.create_table(
        "in_person_tags",
        sa.Column("round_id", BIG, autoincrement=False, nullable=False),
        sa.Column("voter_tag", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_in_person_tags_round_id_rounds"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("round_id", "voter_tag", name=op.f("pk_in_person_tags")),
    )
    op.create_table(
        "participation_checks",
        sa.Column("round_id", BIG, autoincrement=False, nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("denied", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("recorded_by", BIG, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "denied BETWEEN 0 AND asked AND asked > 0", name=op.f("ck_participation_checks_counts")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"],
            ["people.id"],
            name=op.f("fk_participation_checks_recorded_by_people"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["rounds.id"],
            name=op.f("fk_participation_checks_round_id_rounds"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_participation_checks")),
    )
    with op.batch_alter_table("participation_checks", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_participation_checks_recorded_by"), ["recorded_by"], unique=False
        )

    op.create_table(
        "published_ballots",
        sa.Column("round_id", BIG, autoincrement=False, nullable=False),
        sa.Column("leaf", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["rounds.id"],
            name=op.f("fk_published_ballots_round_id_rounds"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("round_id", "leaf", name=op.f("pk_published_ballots")),
    )
    op.create_table(
        "round_keys",
        sa.Column("round_id", BIG, autoincrement=False, nullable=False),
        sa.Column("first_custodian", BIG, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("second_custodian", BIG, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("public_key", sa.String(length=64), nullable=True),
        sa.Column("destroyed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("minutes", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(destroyed_at IS NULL) = (minutes = '')", name=op.f("ck_round_keys_destroyed_with_minutes")
        ),
        sa.CheckConstraint(
            "(created_at IS NULL) = (public_key IS NULL)",
            name=op.f("ck_round_keys_drawn_whole"),
        ),
        sa.CheckConstraint(
            "(second_custodian IS NULL) = (created_at IS NULL)", name=op.f("ck_round_keys_drawn_by_two")
        ),
        sa.CheckConstraint("second_custodian <> first_custodian", name=op.f("ck_round_keys_two_custodians")),
        sa.ForeignKeyConstraint(
            ["first_custodian"],
            ["people.id"],
            name=op.f("fk_round_keys_first_custodian_people"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_round_keys_round_id_rounds"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["second_custodian"],
            ["people.id"],
            name=op.f("fk_round_keys_second_custodian_people"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_round_keys")),
    )
    with op.batch_alter_table("round_keys", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_round_keys_first_custodian"), ["first_custodian"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_round_keys_second_custodian"), ["second_custodian"], unique=False
        )

    op.create_table(
        "round_results",
        sa.Column("round_id", BIG, autoincrement=False, nullable=False),
        sa.Column("outside", sa.String(length=500), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("asked_by", BIG, nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("certified_by", BIG, nullable=True),
        sa.Column("certified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("certify_note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(certified_by IS NULL) = (certified_at IS NULL)",
            name=op.f("ck_round_results_certified_by_somebody"),
        ),
        sa.CheckConstraint(
            "(counted_at IS NULL) = (sha256 IS NULL)", name=op.f("ck_round_results_counted_with_sum")
        ),
        sa.CheckConstraint(
            "certified_at IS NULL OR counted_at IS NOT NULL", name=op.f("ck_round_results_counted_before")
        ),
        sa.CheckConstraint("certified_by <> asked_by", name=op.f("ck_round_results_four_eyes")),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["people.id"], name=op.f("fk_round_results_asked_by_people"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["certified_by"],
            ["people.id"],
            name=op.f("fk_round_results_certified_by_people"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_round_results_round_id_rounds"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_round_results")),
    )
    with op.batch_alter_table("round_results", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_round_results_asked_by"), ["asked_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_round_results_certified_by"), ["certified_by"], unique=False)

    op.create_table(
        "superseded_leaves",
        sa.Column("round_id", BIG, autoincrement=False, nullable=False),
        sa.Column("leaf", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["rounds.id"],
            name=op.f("fk_superseded_leaves_round_id_rounds"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("round_id", "leaf", name=op.f("pk_superseded_leaves")),
    )

    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("superseded_leaves")
    with op.batch_alter_table("round_results", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_round_results_certified_by"))
        batch_op.drop_index(batch_op.f("ix_round_results_asked_by"))

    op.drop_table("round_results")
    with op.batch_alter_table("round_keys", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_round_keys_second_custodian"))
        batch_op.drop_index(batch_op.f("ix_round_keys_first_custodian"))

    op.drop_table("round_keys")
    op.drop_table("published_ballots")
    with op.batch_alter_table("participation_checks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_participation_checks_recorded_by"))

    op.drop_table("participation_checks")
    op.drop_table("in_person_tags")
    op.drop_table("board_leaves")
    op.drop_table("board_heads")
    op.drop_table("ballots")
    op.drop_table("ballot_requests")
    if op.get_bind().dialect.name == "postgresql":
        for table in TABLES:
            op.execute(f"DROP FUNCTION {table}_append_only()")
