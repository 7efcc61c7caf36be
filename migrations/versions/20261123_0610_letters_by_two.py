"""letters by two

Letters with codes are asked for by one officer, released by another and printed in parts; a code is made for a row of a
released print alone.

Revision: letters_by_two
After: cancelled_by_two
Written: 2026-11-23 06:05 UTC
"""

import sqlalchemy as sa
from alembic import op

revision = "letters_by_two"
down_revision = "cancelled_by_two"
branch_labels = None
depends_on = None


SQLITE = (
    "CREATE TRIGGER tr_letter_prints_frozen_1 BEFORE INSERT ON letter_prints WHEN NEW.state <> 'asked' BEGIN SELECT RAISE(ABORT, 'letters are asked for by one person and released by another'); END",
    "CREATE TRIGGER tr_letter_prints_frozen_2 BEFORE UPDATE ON letter_prints WHEN OLD.state <> 'asked' OR NEW.id IS NOT OLD.id OR NEW.round_id IS NOT OLD.round_id OR NEW.district_id IS NOT OLD.district_id OR NEW.list_sha256 IS NOT OLD.list_sha256 OR NEW.reason IS NOT OLD.reason OR NEW.letters IS NOT OLD.letters OR NEW.asked_by IS NOT OLD.asked_by OR NEW.asked_at IS NOT OLD.asked_at BEGIN SELECT RAISE(ABORT, 'letters are asked for by one person and released by another'); END",
    "CREATE TRIGGER tr_letter_prints_frozen_3 BEFORE DELETE ON letter_prints WHEN OLD.id IS NOT NULL BEGIN SELECT RAISE(ABORT, 'letters are asked for by one person and released by another'); END",
    "CREATE TRIGGER tr_letter_rows_frozen_1 BEFORE INSERT ON letter_rows WHEN NOT EXISTS (SELECT 1 FROM letter_prints WHERE id = NEW.print_id AND letter_prints.state = 'asked') BEGIN SELECT RAISE(ABORT, 'letters are asked for by one person and released by another'); END",
    "CREATE TRIGGER tr_letter_rows_frozen_2 BEFORE UPDATE ON letter_rows WHEN OLD.id IS NOT NULL BEGIN SELECT RAISE(ABORT, 'letters are asked for by one person and released by another'); END",
    "CREATE TRIGGER tr_letter_rows_frozen_3 BEFORE DELETE ON letter_rows WHEN OLD.id IS NOT NULL BEGIN SELECT RAISE(ABORT, 'letters are asked for by one person and released by another'); END",
    "CREATE TRIGGER tr_letter_parts_no_update BEFORE UPDATE ON letter_parts BEGIN SELECT RAISE(ABORT, 'letter_parts is append-only'); END",
    "CREATE TRIGGER tr_letter_parts_no_delete BEFORE DELETE ON letter_parts BEGIN SELECT RAISE(ABORT, 'letter_parts is append-only'); END",
    "CREATE TRIGGER tr_letter_parts_frozen_1 BEFORE INSERT ON letter_parts WHEN NOT EXISTS (SELECT 1 FROM letter_prints WHERE id = NEW.print_id AND letter_prints.state = 'released') BEGIN SELECT RAISE(ABORT, 'letters are asked for by one person and released by another'); END",
    "CREATE TRIGGER tr_letter_codes_frozen_1 BEFORE INSERT ON letter_codes WHEN NOT EXISTS (SELECT 1 FROM letter_parts JOIN letter_prints ON letter_prints.id = letter_parts.print_id JOIN letter_rows ON letter_rows.print_id = letter_prints.id JOIN rounds ON rounds.id = letter_prints.round_id WHERE letter_parts.id = NEW.part_id AND letter_rows.roll_entry_id = NEW.roll_entry_id AND rounds.id = NEW.round_id AND letter_prints.state = 'released' AND (letter_prints.list_sha256 IS NULL OR NEW.issued_at < rounds.opens_at)) BEGIN SELECT RAISE(ABORT, 'letters are asked for by one person and released by another'); END",
    "CREATE TRIGGER tr_letter_codes_frozen_2 BEFORE UPDATE ON letter_codes WHEN NEW.id IS NOT OLD.id OR NEW.round_id IS NOT OLD.round_id OR NEW.roll_entry_id IS NOT OLD.roll_entry_id OR NEW.part_id IS NOT OLD.part_id OR NEW.code_hash IS NOT OLD.code_hash OR NEW.issued_by IS NOT OLD.issued_by OR NEW.issued_at IS NOT OLD.issued_at BEGIN SELECT RAISE(ABORT, 'letters are asked for by one person and released by another'); END",
    "CREATE TRIGGER tr_letter_codes_frozen_3 BEFORE DELETE ON letter_codes WHEN OLD.id IS NOT NULL BEGIN SELECT RAISE(ABORT, 'letters are asked for by one person and released by another'); END",
)
POSTGRESQL = (
    "CREATE FUNCTION letter_prints_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'INSERT' THEN IF NEW.state <> 'asked' THEN RAISE EXCEPTION 'letters are asked for by one person and released by another' USING ERRCODE = 'check_violation'; END IF; END IF; IF TG_OP = 'UPDATE' THEN IF OLD.state <> 'asked' OR NEW.id IS DISTINCT FROM OLD.id OR NEW.round_id IS DISTINCT FROM OLD.round_id OR NEW.district_id IS DISTINCT FROM OLD.district_id OR NEW.list_sha256 IS DISTINCT FROM OLD.list_sha256 OR NEW.reason IS DISTINCT FROM OLD.reason OR NEW.letters IS DISTINCT FROM OLD.letters OR NEW.asked_by IS DISTINCT FROM OLD.asked_by OR NEW.asked_at IS DISTINCT FROM OLD.asked_at THEN RAISE EXCEPTION 'letters are asked for by one person and released by another' USING ERRCODE = 'check_violation'; END IF; END IF; IF TG_OP = 'DELETE' THEN IF OLD.id IS NOT NULL THEN RAISE EXCEPTION 'letters are asked for by one person and released by another' USING ERRCODE = 'check_violation'; END IF; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER tr_letter_prints_frozen BEFORE INSERT OR UPDATE OR DELETE ON letter_prints FOR EACH ROW EXECUTE FUNCTION letter_prints_frozen()",
    "CREATE FUNCTION letter_prints_no_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'letter_prints is not emptied' USING ERRCODE = 'restrict_violation'; END $$",
    "CREATE TRIGGER tr_letter_prints_no_truncate BEFORE TRUNCATE ON letter_prints FOR EACH STATEMENT EXECUTE FUNCTION letter_prints_no_truncate()",
    "CREATE FUNCTION letter_rows_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'INSERT' THEN IF NOT EXISTS (SELECT 1 FROM letter_prints WHERE id = NEW.print_id AND letter_prints.state = 'asked') THEN RAISE EXCEPTION 'letters are asked for by one person and released by another' USING ERRCODE = 'check_violation'; END IF; END IF; IF TG_OP = 'UPDATE' THEN IF OLD.id IS NOT NULL THEN RAISE EXCEPTION 'letters are asked for by one person and released by another' USING ERRCODE = 'check_violation'; END IF; END IF; IF TG_OP = 'DELETE' THEN IF OLD.id IS NOT NULL THEN RAISE EXCEPTION 'letters are asked for by one person and released by another' USING ERRCODE = 'check_violation'; END IF; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER tr_letter_rows_frozen BEFORE INSERT OR UPDATE OR DELETE ON letter_rows FOR EACH ROW EXECUTE FUNCTION letter_rows_frozen()",
    "CREATE FUNCTION letter_rows_no_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'letter_rows is not emptied' USING ERRCODE = 'restrict_violation'; END $$",
    "CREATE TRIGGER tr_letter_rows_no_truncate BEFORE TRUNCATE ON letter_rows FOR EACH STATEMENT EXECUTE FUNCTION letter_rows_no_truncate()",
    "CREATE FUNCTION letter_parts_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'letter_parts is append-only' USING ERRCODE = 'restrict_violation'; END $$",
    "CREATE TRIGGER tr_letter_parts_append_only BEFORE UPDATE OR DELETE ON letter_parts FOR EACH ROW EXECUTE FUNCTION letter_parts_append_only()",
    "CREATE TRIGGER tr_letter_parts_no_truncate BEFORE TRUNCATE ON letter_parts FOR EACH STATEMENT EXECUTE FUNCTION letter_parts_append_only()",
    "CREATE FUNCTION letter_parts_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'INSERT' THEN IF NOT EXISTS (SELECT 1 FROM letter_prints WHERE id = NEW.print_id AND letter_prints.state = 'released') THEN RAISE EXCEPTION 'letters are asked for by one person and released by another' USING ERRCODE = 'check_violation'; END IF; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER tr_letter_parts_frozen BEFORE INSERT ON letter_parts FOR EACH ROW EXECUTE FUNCTION letter_parts_frozen()",
    "CREATE FUNCTION letter_codes_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'INSERT' THEN IF NOT EXISTS (SELECT 1 FROM letter_parts JOIN letter_prints ON letter_prints.id = letter_parts.print_id JOIN letter_rows ON letter_rows.print_id = letter_prints.id JOIN rounds ON rounds.id = letter_prints.round_id WHERE letter_parts.id = NEW.part_id AND letter_rows.roll_entry_id = NEW.roll_entry_id AND rounds.id = NEW.round_id AND letter_prints.state = 'released' AND (letter_prints.list_sha256 IS NULL OR NEW.issued_at < rounds.opens_at)) THEN RAISE EXCEPTION 'letters are asked for by one person and released by another' USING ERRCODE = 'check_violation'; END IF; END IF; IF TG_OP = 'UPDATE' THEN IF NEW.id IS DISTINCT FROM OLD.id OR NEW.round_id IS DISTINCT FROM OLD.round_id OR NEW.roll_entry_id IS DISTINCT FROM OLD.roll_entry_id OR NEW.part_id IS DISTINCT FROM OLD.part_id OR NEW.code_hash IS DISTINCT FROM OLD.code_hash OR NEW.issued_by IS DISTINCT FROM OLD.issued_by OR NEW.issued_at IS DISTINCT FROM OLD.issued_at THEN RAISE EXCEPTION 'letters are asked for by one person and released by another' USING ERRCODE = 'check_violation'; END IF; END IF; IF TG_OP = 'DELETE' THEN IF OLD.id IS NOT NULL THEN RAISE EXCEPTION 'letters are asked for by one person and released by another' USING ERRCODE = 'check_violation'; END IF; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER tr_letter_codes_frozen BEFORE INSERT OR UPDATE OR DELETE ON letter_codes FOR EACH ROW EXECUTE FUNCTION letter_codes_frozen()",
    "CREATE FUNCTION letter_codes_no_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'letter_codes is not emptied' USING ERRCODE = 'restrict_violation'; END $$",
    "CREATE TRIGGER tr_letter_codes_no_truncate BEFORE TRUNCATE ON letter_codes FOR EACH STATEMENT EXECUTE FUNCTION letter_codes_no_truncate()",
)
FUNCTIONS = (
    "letter_prints_frozen",
    "letter_prints_no_truncate",
    "letter_rows_frozen",
    "letter_rows_no_truncate",
    "letter_parts_frozen",
    "letter_parts_append_only",
    "letter_codes_frozen",
    "letter_codes_no_truncate",
)


def upgrade() -> None:
    op.create_table(
        "letter_prints",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("district_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("list_sha256", sa.String(length=64), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "released",
                "turned_down",
                "taken_back",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("asked_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "(list_sha256 IS NULL) = (reason <> '')", name=op.f("ck_letter_prints_list_or_reason")
        ),
        sa.CheckConstraint(
            "(state = 'asked') = (decided_by IS NULL)", name=op.f("ck_letter_prints_decided_with_officer")
        ),
        sa.CheckConstraint(
            "(state IN ('turned_down', 'taken_back')) = (note <> '')",
            name=op.f("ck_letter_prints_ended_with_note"),
        ),
        sa.CheckConstraint(
            "decided_by IS NULL OR (state = 'taken_back') = (decided_by = asked_by)",
            name=op.f("ck_letter_prints_four_eyes"),
        ),
        sa.CheckConstraint(
            "(decided_by IS NULL) = (decided_at IS NULL)", name=op.f("ck_letter_prints_decided_with_instant")
        ),
        sa.CheckConstraint(
            "letters = 1 OR (letters > 1 AND list_sha256 IS NOT NULL)",
            name=op.f("ck_letter_prints_one_without_list"),
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["people.id"], name=op.f("fk_letter_prints_asked_by_people"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"],
            ["people.id"],
            name=op.f("fk_letter_prints_decided_by_people"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["district_id"],
            ["districts.id"],
            name=op.f("fk_letter_prints_district_id_districts"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_letter_prints_round_id_rounds"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_prints")),
    )
    with op.batch_alter_table("letter_prints", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_letter_prints_asked_by"), ["asked_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_letter_prints_decided_by"), ["decided_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_letter_prints_district_id"), ["district_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_letter_prints_round_id"), ["round_id"], unique=False)

    op.create_table(
        "letter_parts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("print_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("letters", sa.SmallInteger(), nullable=False),
        sa.Column("voided", sa.SmallInteger(), nullable=False),
        sa.Column("printed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("letters BETWEEN 0 AND 200", name=op.f("ck_letter_parts_letters_few")),
        sa.CheckConstraint("number >= 1 AND turn >= 1", name=op.f("ck_letter_parts_counts")),
        sa.CheckConstraint("voided BETWEEN 0 AND letters", name=op.f("ck_letter_parts_voided_within")),
        sa.ForeignKeyConstraint(
            ["print_id"],
            ["letter_prints.id"],
            name=op.f("fk_letter_parts_print_id_letter_prints"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["printed_by"], ["people.id"], name=op.f("fk_letter_parts_printed_by_people"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_parts")),
        sa.UniqueConstraint("print_id", "number", "turn", name=op.f("uq_letter_parts_print_id_number_turn")),
    )
    with op.batch_alter_table("letter_parts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_letter_parts_printed_by"), ["printed_by"], unique=False)

    op.create_table(
        "letter_rows",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("print_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("roll_entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("place >= 1", name=op.f("ck_letter_rows_place_counts")),
        sa.ForeignKeyConstraint(
            ["print_id"],
            ["letter_prints.id"],
            name=op.f("fk_letter_rows_print_id_letter_prints"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["roll_entry_id"],
            ["roll_entries.id"],
            name=op.f("fk_letter_rows_roll_entry_id_roll_entries"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_rows")),
        sa.UniqueConstraint("print_id", "place", name=op.f("uq_letter_rows_print_id_place")),
        sa.UniqueConstraint("print_id", "roll_entry_id", name=op.f("uq_letter_rows_print_id_roll_entry_id")),
    )
    with op.batch_alter_table("letter_rows", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_letter_rows_roll_entry_id"), ["roll_entry_id"], unique=False)

    is_sqlite = op.get_bind().dialect.name == "sqlite"
    if is_sqlite:  # a trigger of the roll looks at this table, which is gone while it is written anew
        op.execute("PRAGMA legacy_alter_table = ON")
    with op.batch_alter_table("letter_codes", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("part_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.create_index(batch_op.f("ix_letter_codes_part_id"), ["part_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_letter_codes_part_id_letter_parts"),
            "letter_parts",
            ["part_id"],
            ["id"],
            ondelete="RESTRICT",
        )
    if is_sqlite:
        op.execute("PRAGMA legacy_alter_table = OFF")

    for statement in SQLITE if is_sqlite else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    if is_sqlite:
        op.execute("PRAGMA legacy_alter_table = ON")
    else:
        op.execute("DROP TRIGGER tr_letter_codes_frozen ON letter_codes")
        op.execute("DROP TRIGGER tr_letter_codes_no_truncate ON letter_codes")
    with op.batch_alter_table("letter_codes", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_letter_codes_part_id_letter_parts"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_letter_codes_part_id"))
        batch_op.drop_column("part_id")
    if is_sqlite:
        op.execute("PRAGMA legacy_alter_table = OFF")

    with op.batch_alter_table("letter_rows", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_letter_rows_roll_entry_id"))

    op.drop_table("letter_rows")
    with op.batch_alter_table("letter_parts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_letter_parts_printed_by"))

    op.drop_table("letter_parts")
    with op.batch_alter_table("letter_prints", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_letter_prints_round_id"))
        batch_op.drop_index(batch_op.f("ix_letter_prints_district_id"))
        batch_op.drop_index(batch_op.f("ix_letter_prints_decided_by"))
        batch_op.drop_index(batch_op.f("ix_letter_prints_asked_by"))

    op.drop_table("letter_prints")
    if op.get_bind().dialect.name == "postgresql":
        for function in FUNCTIONS:
            op.execute(f"DROP FUNCTION {function}()")
