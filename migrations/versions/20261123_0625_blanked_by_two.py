"""blanked by two

Nobody takes out of the ledger what vouches for something published; a person's data goes at the word of two.

Revision: blanked_by_two
After: letters_by_two
Written: 2026-11-23 06:25 UTC
"""

import sqlalchemy as sa
from alembic import op

revision = "blanked_by_two"
down_revision = "letters_by_two"
branch_labels = None
depends_on = None


SQLITE = (
    "CREATE TRIGGER tr_ledger_entries_by_two_update BEFORE UPDATE ON ledger_entries WHEN OLD.event IN ('action_plan.edition_published', 'forum.policy_published', 'forum.synthesis_published', 'information.summary_published', 'ledger.blank_asked', 'ledger.blank_declined', 'ledger.payload_blanked', 'observer.corrected', 'observer.reported', 'plan.edition_made', 'plan.submitted', 'process.released', 'progress.certified', 'round.certified', 'round.counted', 'round.head_signed', 'round.key_drawn', 'round.outside_noted', 'round.published', 'round.sealed', 'rules.published', 'screening.appeal_confirmed', 'screening.appeal_released', 'screening.confirmed', 'screening.released', 'strategy.tree_published') OR NOT EXISTS (SELECT 1 FROM blank_requests WHERE entry_id = OLD.id AND carried_out_by IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'ledger_entries is append-only: two people blank personal data, nobody a seal'); END",
    "CREATE TRIGGER tr_blank_requests_by_two_insert BEFORE INSERT ON blank_requests WHEN NEW.carried_out_by IS NOT NULL BEGIN SELECT RAISE(ABORT, 'one asks, another carries it out'); END",
    "CREATE TRIGGER tr_blank_requests_by_two_update BEFORE UPDATE ON blank_requests WHEN OLD.carried_out_by IS NOT NULL OR NEW.entry_id <> OLD.entry_id OR (NEW.carried_out_by IS NOT NULL AND (NEW.asked_by <> OLD.asked_by OR NEW.asked_at <> OLD.asked_at OR NEW.reason <> OLD.reason)) BEGIN SELECT RAISE(ABORT, 'what was carried out stays as it was asked for'); END",
    "CREATE TRIGGER tr_blank_requests_by_two_delete BEFORE DELETE ON blank_requests WHEN OLD.carried_out_by IS NOT NULL BEGIN SELECT RAISE(ABORT, 'what was carried out stays'); END",
)
POSTGRESQL = (
    "CREATE FUNCTION ledger_entries_by_two_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.event IN ('action_plan.edition_published', 'forum.policy_published', 'forum.synthesis_published', 'information.summary_published', 'ledger.blank_asked', 'ledger.blank_declined', 'ledger.payload_blanked', 'observer.corrected', 'observer.reported', 'plan.edition_made', 'plan.submitted', 'process.released', 'progress.certified', 'round.certified', 'round.counted', 'round.head_signed', 'round.key_drawn', 'round.outside_noted', 'round.published', 'round.sealed', 'rules.published', 'screening.appeal_confirmed', 'screening.appeal_released', 'screening.confirmed', 'screening.released', 'strategy.tree_published') OR NOT EXISTS (SELECT 1 FROM blank_requests WHERE entry_id = OLD.id AND carried_out_by IS NOT NULL) THEN RAISE EXCEPTION 'ledger_entries is append-only: two people blank personal data, nobody a seal' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER tr_ledger_entries_by_two_update BEFORE UPDATE ON ledger_entries FOR EACH ROW EXECUTE FUNCTION ledger_entries_by_two_update()",
    "CREATE FUNCTION blank_requests_by_two_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.carried_out_by IS NOT NULL THEN RAISE EXCEPTION 'one asks, another carries it out' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER tr_blank_requests_by_two_insert BEFORE INSERT ON blank_requests FOR EACH ROW EXECUTE FUNCTION blank_requests_by_two_insert()",
    "CREATE FUNCTION blank_requests_by_two_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.carried_out_by IS NOT NULL OR NEW.entry_id <> OLD.entry_id OR (NEW.carried_out_by IS NOT NULL AND (NEW.asked_by <> OLD.asked_by OR NEW.asked_at <> OLD.asked_at OR NEW.reason <> OLD.reason)) THEN RAISE EXCEPTION 'what was carried out stays as it was asked for' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER tr_blank_requests_by_two_update BEFORE UPDATE ON blank_requests FOR EACH ROW EXECUTE FUNCTION blank_requests_by_two_update()",
    "CREATE FUNCTION blank_requests_by_two_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.carried_out_by IS NOT NULL THEN RAISE EXCEPTION 'what was carried out stays' USING ERRCODE = 'restrict_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER tr_blank_requests_by_two_delete BEFORE DELETE ON blank_requests FOR EACH ROW EXECUTE FUNCTION blank_requests_by_two_delete()",
)
SQLITE_DOWN = ("DROP TRIGGER tr_ledger_entries_by_two_update",)
POSTGRESQL_DOWN = (
    "DROP TRIGGER tr_ledger_entries_by_two_update ON ledger_entries",
    "DROP FUNCTION ledger_entries_by_two_update()",
)
POSTGRESQL_AFTERWARDS = (
    "DROP FUNCTION blank_requests_by_two_insert()",
    "DROP FUNCTION blank_requests_by_two_update()",
    "DROP FUNCTION blank_requests_by_two_delete()",
)


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def upgrade() -> None:
    op.create_table(
        "blank_requests",
        sa.Column(
            "entry_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("asked_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("carried_out_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_blank_requests_with_reason")),
        sa.CheckConstraint("carried_out_by <> asked_by", name=op.f("ck_blank_requests_four_eyes")),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["people.id"], name=op.f("fk_blank_requests_asked_by_people"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["carried_out_by"],
            ["people.id"],
            name=op.f("fk_blank_requests_carried_out_by_people"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["ledger_entries.id"],
            name=op.f("fk_blank_requests_entry_id_ledger_entries"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_blank_requests")),
    )
    for column in ("asked_by", "carried_out_by"):
        op.create_index(f"ix_blank_requests_{column}", "blank_requests", [column])
    for statement in SQLITE if _is_sqlite() else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    for statement in SQLITE_DOWN if _is_sqlite() else POSTGRESQL_DOWN:
        op.execute(statement)
    op.drop_table("blank_requests")
    for statement in () if _is_sqlite() else POSTGRESQL_AFTERWARDS:
        op.execute(statement)
