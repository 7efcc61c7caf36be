"""roll strikes and caps

Who was struck from a roll, the objection and its answer; the most money for one side or one community.

Revision: roll_strikes_and_caps
After: in_series
Written: 2026-11-22 12:47 UTC
"""

import sqlalchemy as sa
from alembic import op

revision = "roll_strikes_and_caps"
down_revision = "in_series"
branch_labels = None
depends_on = None


# What the database keeps itself.
SQLITE = (
    "CREATE TRIGGER tr_round_caps_no_more BEFORE INSERT ON round_caps WHEN EXISTS (SELECT 1 FROM rounds WHERE id = NEW.round_id AND edition_sha256 IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'the rules of a published round are frozen'); END",
    "CREATE TRIGGER tr_round_caps_frozen BEFORE UPDATE ON round_caps WHEN EXISTS (SELECT 1 FROM rounds WHERE id = OLD.round_id AND edition_sha256 IS NOT NULL) OR EXISTS (SELECT 1 FROM rounds WHERE id = NEW.round_id AND edition_sha256 IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'the rules of a published round are frozen'); END",
    "CREATE TRIGGER tr_round_caps_kept BEFORE DELETE ON round_caps WHEN EXISTS (SELECT 1 FROM rounds WHERE id = OLD.round_id AND edition_sha256 IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'the rules of a published round are frozen'); END",
)
POSTGRESQL = (
    "CREATE FUNCTION round_caps_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP <> 'INSERT' THEN IF EXISTS (SELECT 1 FROM rounds WHERE id = OLD.round_id AND edition_sha256 IS NOT NULL) THEN RAISE EXCEPTION 'the rules of a published round are frozen' USING ERRCODE = 'check_violation'; END IF; END IF; IF TG_OP <> 'DELETE' THEN IF EXISTS (SELECT 1 FROM rounds WHERE id = NEW.round_id AND edition_sha256 IS NOT NULL) THEN RAISE EXCEPTION 'the rules of a published round are frozen' USING ERRCODE = 'check_violation'; END IF; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
    "CREATE FUNCTION round_caps_no_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'round_caps is not emptied' USING ERRCODE = 'restrict_violation'; END $$",
    "CREATE TRIGGER tr_round_caps_frozen BEFORE INSERT OR UPDATE OR DELETE ON round_caps FOR EACH ROW EXECUTE FUNCTION round_caps_frozen()",
    "CREATE TRIGGER tr_round_caps_no_truncate BEFORE TRUNCATE ON round_caps FOR EACH STATEMENT EXECUTE FUNCTION round_caps_no_truncate()",
)


def upgrade() -> None:
    op.create_table(
        "round_caps",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "side",
            sa.Enum(
                "physical",
                "economy",
                "social",
                "health",
                "mind",
                name="side",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("community_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("most_satang", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("(side IS NULL) <> (community_id IS NULL)", name=op.f("ck_round_caps_one_group")),
        sa.CheckConstraint("most_satang > 0", name=op.f("ck_round_caps_most_positive")),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities.id"],
            name=op.f("fk_round_caps_community_id_communities"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_round_caps_round_id_rounds"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_caps")),
        sa.UniqueConstraint("round_id", "community_id", name=op.f("uq_round_caps_round_id_community_id")),
        sa.UniqueConstraint("round_id", "side", name=op.f("uq_round_caps_round_id_side")),
    )
    with op.batch_alter_table("round_caps", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_round_caps_community_id"), ["community_id"], unique=False)

    op.create_table(
        "roll_strikes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("roll_entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("struck_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("struck_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("objection", sa.Text(), nullable=False),
        sa.Column("objected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_restored", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.String(length=500), nullable=False),
        sa.Column("decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(objected_at IS NULL) = (objection = '')", name=op.f("ck_roll_strikes_objected_in_words")
        ),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_roll_strikes_with_reason")),
        sa.CheckConstraint(
            "(decided_by IS NULL) = (decided_at IS NULL)", name=op.f("ck_roll_strikes_decided_with_instant")
        ),
        sa.CheckConstraint(
            "(decided_by IS NULL) = (is_restored IS NULL)", name=op.f("ck_roll_strikes_decided_whole")
        ),
        sa.CheckConstraint("decided_by <> struck_by", name=op.f("ck_roll_strikes_four_eyes")),
        sa.CheckConstraint(
            "decided_by IS NULL OR objected_at IS NOT NULL", name=op.f("ck_roll_strikes_decided_on_objection")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["people.id"], name=op.f("fk_roll_strikes_decided_by_people"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["roll_entry_id"],
            ["roll_entries.id"],
            name=op.f("fk_roll_strikes_roll_entry_id_roll_entries"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_roll_strikes_round_id_rounds"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["struck_by"], ["people.id"], name=op.f("fk_roll_strikes_struck_by_people"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roll_strikes")),
    )
    with op.batch_alter_table("roll_strikes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_roll_strikes_decided_by"), ["decided_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_roll_strikes_roll_entry_id"), ["roll_entry_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_roll_strikes_round_id"), ["round_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_roll_strikes_struck_by"), ["struck_by"], unique=False)

    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    with op.batch_alter_table("roll_strikes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_roll_strikes_struck_by"))
        batch_op.drop_index(batch_op.f("ix_roll_strikes_round_id"))
        batch_op.drop_index(batch_op.f("ix_roll_strikes_roll_entry_id"))
        batch_op.drop_index(batch_op.f("ix_roll_strikes_decided_by"))

    op.drop_table("roll_strikes")
    with op.batch_alter_table("round_caps", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_round_caps_community_id"))

    op.drop_table("round_caps")
    if op.get_bind().dialect.name == "postgresql":
        for function in ("round_caps_frozen", "round_caps_no_truncate"):
            op.execute(f"DROP FUNCTION {function}()")
