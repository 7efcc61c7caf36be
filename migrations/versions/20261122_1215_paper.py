"""paper

Ballots of paper: who took one, batches and what two people keyed, the third look, the sample.

Revision: paper
After: information
Written: 2026-11-22 12:15 UTC
"""

import sqlalchemy as sa
from alembic import op

revision = "paper"
down_revision = "information"
branch_labels = None
depends_on = None


# What the database keeps itself.
SQLITE = (
    "CREATE TRIGGER tr_paper_entries_no_update BEFORE UPDATE ON paper_entries BEGIN SELECT RAISE(ABORT, 'paper_entries is append-only'); END",
    "CREATE TRIGGER tr_paper_entries_no_delete BEFORE DELETE ON paper_entries BEGIN SELECT RAISE(ABORT, 'paper_entries is append-only'); END",
    "CREATE TRIGGER tr_paper_rulings_no_update BEFORE UPDATE ON paper_rulings BEGIN SELECT RAISE(ABORT, 'paper_rulings is append-only'); END",
    "CREATE TRIGGER tr_paper_rulings_no_delete BEFORE DELETE ON paper_rulings BEGIN SELECT RAISE(ABORT, 'paper_rulings is append-only'); END",
    "CREATE TRIGGER tr_paper_sheets_no_update BEFORE UPDATE ON paper_sheets BEGIN SELECT RAISE(ABORT, 'paper_sheets is append-only'); END",
    "CREATE TRIGGER tr_paper_sheets_no_delete BEFORE DELETE ON paper_sheets BEGIN SELECT RAISE(ABORT, 'paper_sheets is append-only'); END",
    "CREATE TRIGGER tr_paper_checks_no_update BEFORE UPDATE ON paper_checks BEGIN SELECT RAISE(ABORT, 'paper_checks is append-only'); END",
    "CREATE TRIGGER tr_paper_checks_no_delete BEFORE DELETE ON paper_checks BEGIN SELECT RAISE(ABORT, 'paper_checks is append-only'); END",
)
POSTGRESQL = (
    "CREATE FUNCTION paper_entries_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'paper_entries is append-only' USING ERRCODE = 'restrict_violation'; END $$",
    "CREATE TRIGGER tr_paper_entries_append_only BEFORE UPDATE OR DELETE ON paper_entries FOR EACH ROW EXECUTE FUNCTION paper_entries_append_only()",
    "CREATE TRIGGER tr_paper_entries_no_truncate BEFORE TRUNCATE ON paper_entries FOR EACH STATEMENT EXECUTE FUNCTION paper_entries_append_only()",
    "CREATE FUNCTION paper_rulings_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'paper_rulings is append-only' USING ERRCODE = 'restrict_violation'; END $$",
    "CREATE TRIGGER tr_paper_rulings_append_only BEFORE UPDATE OR DELETE ON paper_rulings FOR EACH ROW EXECUTE FUNCTION paper_rulings_append_only()",
    "CREATE TRIGGER tr_paper_rulings_no_truncate BEFORE TRUNCATE ON paper_rulings FOR EACH STATEMENT EXECUTE FUNCTION paper_rulings_append_only()",
    "CREATE FUNCTION paper_sheets_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'paper_sheets is append-only' USING ERRCODE = 'restrict_violation'; END $$",
    "CREATE TRIGGER tr_paper_sheets_append_only BEFORE UPDATE OR DELETE ON paper_sheets FOR EACH ROW EXECUTE FUNCTION paper_sheets_append_only()",
    "CREATE TRIGGER tr_paper_sheets_no_truncate BEFORE TRUNCATE ON paper_sheets FOR EACH STATEMENT EXECUTE FUNCTION paper_sheets_append_only()",
    "CREATE FUNCTION paper_checks_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'paper_checks is append-only' USING ERRCODE = 'restrict_violation'; END $$",
    "CREATE TRIGGER tr_paper_checks_append_only BEFORE UPDATE OR DELETE ON paper_checks FOR EACH ROW EXECUTE FUNCTION paper_checks_append_only()",
    "CREATE TRIGGER tr_paper_checks_no_truncate BEFORE TRUNCATE ON paper_checks FOR EACH STATEMENT EXECUTE FUNCTION paper_checks_append_only()",
)


def upgrade() -> None:
    op.create_table(
        "paper_accounts",
        sa.Column(
            "area_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("difference", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("explained_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("explained_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("difference <> 0 AND reason <> ''", name=op.f("ck_paper_accounts_explained")),
        sa.ForeignKeyConstraint(
            ["area_id"],
            ["voting_areas.id"],
            name=op.f("fk_paper_accounts_area_id_voting_areas"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["explained_by"],
            ["people.id"],
            name=op.f("fk_paper_accounts_explained_by_people"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("area_id", name=op.f("pk_paper_accounts")),
    )
    with op.batch_alter_table("paper_accounts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_accounts_explained_by"), ["explained_by"], unique=False)

    op.create_table(
        "paper_batches",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("area_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("district_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("desk", sa.String(length=500), nullable=False),
        sa.Column("declared", sa.SmallInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "entered",
                "voided",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("declared_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("void_reason", sa.String(length=500), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'entered') = (entered_by IS NOT NULL)",
            name=op.f("ck_paper_batches_entered_by_somebody"),
        ),
        sa.CheckConstraint(
            "(state = 'voided') = (voided_by IS NOT NULL)", name=op.f("ck_paper_batches_voided_by_somebody")
        ),
        sa.CheckConstraint(
            "(voided_by IS NULL) = (void_reason = '')", name=op.f("ck_paper_batches_voided_with_reason")
        ),
        sa.CheckConstraint(
            "(entered_by IS NULL) = (entered_at IS NULL)", name=op.f("ck_paper_batches_entered_at_an_instant")
        ),
        sa.CheckConstraint(
            "(voided_by IS NULL) = (voided_at IS NULL)", name=op.f("ck_paper_batches_voided_at_an_instant")
        ),
        sa.CheckConstraint("declared BETWEEN 1 AND 200", name=op.f("ck_paper_batches_declared")),
        sa.CheckConstraint("number > 0", name=op.f("ck_paper_batches_number")),
        sa.ForeignKeyConstraint(
            ["area_id"],
            ["voting_areas.id"],
            name=op.f("fk_paper_batches_area_id_voting_areas"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["declared_by"],
            ["people.id"],
            name=op.f("fk_paper_batches_declared_by_people"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["district_id"],
            ["districts.id"],
            name=op.f("fk_paper_batches_district_id_districts"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["entered_by"],
            ["people.id"],
            name=op.f("fk_paper_batches_entered_by_people"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_paper_batches_round_id_rounds"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["voided_by"], ["people.id"], name=op.f("fk_paper_batches_voided_by_people"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_batches")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_paper_batches_round_id_number")),
    )
    with op.batch_alter_table("paper_batches", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_batches_area_id"), ["area_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_batches_declared_by"), ["declared_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_batches_district_id"), ["district_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_batches_entered_by"), ["entered_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_batches_voided_by"), ["voided_by"], unique=False)

    op.create_table(
        "paper_checks",
        sa.Column(
            "batch_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("sheet", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("keyed", sa.String(length=500), nullable=False),
        sa.Column("agrees", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("checked_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("agrees OR note <> ''", name=op.f("ck_paper_checks_difference_with_note")),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["paper_batches.id"],
            name=op.f("fk_paper_checks_batch_id_paper_batches"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["checked_by"], ["people.id"], name=op.f("fk_paper_checks_checked_by_people"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("batch_id", "sheet", name=op.f("pk_paper_checks")),
    )
    with op.batch_alter_table("paper_checks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_checks_checked_by"), ["checked_by"], unique=False)

    op.create_table(
        "paper_handouts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("area_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("roll_entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("handed_on", sa.Date(), nullable=False),
        sa.Column("handed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("exchanged", sa.SmallInteger(), nullable=False),
        sa.Column("returned_on", sa.Date(), nullable=True),
        sa.Column("returned_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("return_reason", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "(returned_on IS NULL) = (return_reason = '')",
            name=op.f("ck_paper_handouts_returned_with_reason"),
        ),
        sa.CheckConstraint(
            "(returned_on IS NULL) = (returned_by IS NULL)",
            name=op.f("ck_paper_handouts_returned_to_somebody"),
        ),
        sa.CheckConstraint("exchanged BETWEEN 0 AND 9", name=op.f("ck_paper_handouts_exchanged_rarely")),
        sa.CheckConstraint(
            "returned_on IS NULL OR returned_on = handed_on",
            name=op.f("ck_paper_handouts_returned_the_same_day"),
        ),
        sa.ForeignKeyConstraint(
            ["area_id"],
            ["voting_areas.id"],
            name=op.f("fk_paper_handouts_area_id_voting_areas"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["handed_by"], ["people.id"], name=op.f("fk_paper_handouts_handed_by_people"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["returned_by"],
            ["people.id"],
            name=op.f("fk_paper_handouts_returned_by_people"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["roll_entry_id"],
            ["roll_entries.id"],
            name=op.f("fk_paper_handouts_roll_entry_id_roll_entries"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_paper_handouts_round_id_rounds"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_handouts")),
    )
    with op.batch_alter_table("paper_handouts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_handouts_area_id"), ["area_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_handouts_handed_by"), ["handed_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_handouts_returned_by"), ["returned_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_handouts_round_id"), ["round_id"], unique=False)
        batch_op.create_index(
            "uq_paper_handouts_one_sheet",
            ["roll_entry_id"],
            unique=True,
            sqlite_where=sa.text("returned_on IS NULL"),
            postgresql_where=sa.text("returned_on IS NULL"),
        )

    op.create_table(
        "paper_keyings",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("turn", sa.SmallInteger(), nullable=False),
        sa.Column("keyed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("given_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "finished_at IS NULL OR given_up_at IS NULL", name=op.f("ck_paper_keyings_finished_or_given_up")
        ),
        sa.CheckConstraint("turn IN (1, 2)", name=op.f("ck_paper_keyings_turn")),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["paper_batches.id"],
            name=op.f("fk_paper_keyings_batch_id_paper_batches"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["keyed_by"], ["people.id"], name=op.f("fk_paper_keyings_keyed_by_people"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_keyings")),
        sa.UniqueConstraint("batch_id", "keyed_by", name=op.f("uq_paper_keyings_batch_id_keyed_by")),
    )
    with op.batch_alter_table("paper_keyings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_keyings_keyed_by"), ["keyed_by"], unique=False)
        batch_op.create_index(
            "uq_paper_keyings_one_turn",
            ["batch_id", "turn"],
            unique=True,
            sqlite_where=sa.text("given_up_at IS NULL"),
            postgresql_where=sa.text("given_up_at IS NULL"),
        )

    op.create_table(
        "paper_rulings",
        sa.Column(
            "batch_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("sheet", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("keyed", sa.String(length=500), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("first_keyer", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("second_keyer", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_paper_rulings_with_reason")),
        sa.CheckConstraint(
            "decided_by <> first_keyer AND decided_by <> second_keyer",
            name=op.f("ck_paper_rulings_third_look"),
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["paper_batches.id"],
            name=op.f("fk_paper_rulings_batch_id_paper_batches"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"],
            ["people.id"],
            name=op.f("fk_paper_rulings_decided_by_people"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["first_keyer"],
            ["people.id"],
            name=op.f("fk_paper_rulings_first_keyer_people"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["second_keyer"],
            ["people.id"],
            name=op.f("fk_paper_rulings_second_keyer_people"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("batch_id", "sheet", name=op.f("pk_paper_rulings")),
    )
    with op.batch_alter_table("paper_rulings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_rulings_decided_by"), ["decided_by"], unique=False)

    op.create_table(
        "paper_sheets",
        sa.Column(
            "batch_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("sheet", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("keyed", sa.String(length=500), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "valid",
                "blank",
                "too_few",
                "too_many",
                "over_money",
                "rivals",
                "points",
                "withdrawn",
                "unreadable",
                "marked",
                "not_official",
                "missing",
                name="verdict",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["paper_batches.id"],
            name=op.f("fk_paper_sheets_batch_id_paper_batches"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("batch_id", "sheet", name=op.f("pk_paper_sheets")),
    )
    op.create_table(
        "paper_entries",
        sa.Column(
            "keying_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("sheet", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("keyed", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["keying_id"],
            ["paper_keyings.id"],
            name=op.f("fk_paper_entries_keying_id_paper_keyings"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("keying_id", "sheet", "revision", name=op.f("pk_paper_entries")),
    )
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("paper_entries")
    op.drop_table("paper_sheets")
    with op.batch_alter_table("paper_rulings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_paper_rulings_decided_by"))

    op.drop_table("paper_rulings")
    with op.batch_alter_table("paper_keyings", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_paper_keyings_one_turn",
            sqlite_where=sa.text("given_up_at IS NULL"),
            postgresql_where=sa.text("given_up_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_paper_keyings_keyed_by"))

    op.drop_table("paper_keyings")
    with op.batch_alter_table("paper_handouts", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_paper_handouts_one_sheet",
            sqlite_where=sa.text("returned_on IS NULL"),
            postgresql_where=sa.text("returned_on IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_paper_handouts_round_id"))
        batch_op.drop_index(batch_op.f("ix_paper_handouts_returned_by"))
        batch_op.drop_index(batch_op.f("ix_paper_handouts_handed_by"))
        batch_op.drop_index(batch_op.f("ix_paper_handouts_area_id"))

    op.drop_table("paper_handouts")
    with op.batch_alter_table("paper_checks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_paper_checks_checked_by"))

    op.drop_table("paper_checks")
    with op.batch_alter_table("paper_batches", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_paper_batches_voided_by"))
        batch_op.drop_index(batch_op.f("ix_paper_batches_entered_by"))
        batch_op.drop_index(batch_op.f("ix_paper_batches_district_id"))
        batch_op.drop_index(batch_op.f("ix_paper_batches_declared_by"))
        batch_op.drop_index(batch_op.f("ix_paper_batches_area_id"))

    op.drop_table("paper_batches")
    with op.batch_alter_table("paper_accounts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_paper_accounts_explained_by"))

    op.drop_table("paper_accounts")
    if op.get_bind().dialect.name == "postgresql":
        for table in ("paper_entries", "paper_rulings", "paper_sheets", "paper_checks"):
            op.execute(f"DROP FUNCTION {table}_append_only()")
