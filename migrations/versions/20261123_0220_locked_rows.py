"""locked rows

A row of a locked roll changes only as voting needs it.

Revision: locked_rows
After: outside_typed_by_two
Written: 2026-11-23 02:20 UTC
"""

from alembic import op

revision = "locked_rows"
down_revision = "outside_typed_by_two"
branch_labels = None
depends_on = None


SQLITE_UP = (
    "CREATE TRIGGER tr_roll_entries_frozen_3 BEFORE UPDATE ON roll_entries WHEN (EXISTS (SELECT 1 FROM rounds WHERE id = OLD.round_id AND roll_locked_at IS NOT NULL) OR EXISTS (SELECT 1 FROM rounds WHERE id = NEW.round_id AND roll_locked_at IS NOT NULL)) AND (NEW.id IS NOT OLD.id OR NEW.round_id IS NOT OLD.round_id OR NEW.person_key IS NOT OLD.person_key OR NEW.district_id IS NOT OLD.district_id OR NEW.community_id IS NOT OLD.community_id OR NEW.source IS NOT OLD.source OR NEW.added_by IS NOT OLD.added_by OR NEW.added_at IS NOT OLD.added_at OR ((NEW.area_id IS NOT OLD.area_id OR NEW.attached_on IS NOT OLD.attached_on OR NEW.paper_on IS NOT OLD.paper_on OR NEW.struck_at IS NOT OLD.struck_at OR NEW.struck_reason IS NOT OLD.struck_reason) AND NOT EXISTS (SELECT 1 FROM rounds WHERE id = OLD.round_id AND state = 'published')) OR ((NEW.person_id IS NOT OLD.person_id) AND NOT ((NEW.person_id IS NULL AND NOT EXISTS (SELECT 1 FROM people WHERE id = OLD.person_id AND 1 = 1)) OR (OLD.person_id IS NULL AND EXISTS (SELECT 1 FROM letter_codes WHERE roll_entry_id = NEW.id AND redeemed_on IS NOT NULL AND voided_on IS NULL) AND EXISTS (SELECT 1 FROM rounds WHERE id = OLD.round_id AND state = 'published')))) OR ((NEW.attached_on IS NOT OLD.attached_on) AND (NEW.person_id IS NULL OR NEW.attached_on IS NULL)) OR ((NEW.paper_on IS NOT OLD.paper_on) AND (NEW.paper_on IS NOT NULL) <> EXISTS (SELECT 1 FROM paper_handouts WHERE roll_entry_id = NEW.id AND returned_on IS NULL)) OR ((NEW.struck_at IS NOT OLD.struck_at OR NEW.struck_reason IS NOT OLD.struck_reason) AND NOT ((OLD.struck_at IS NULL AND NEW.struck_at < (SELECT opens_at FROM rounds WHERE id = NEW.round_id) AND EXISTS (SELECT 1 FROM roll_strikes WHERE roll_entry_id = NEW.id AND is_restored IS NULL AND struck_at = NEW.struck_at AND reason = NEW.struck_reason)) OR (OLD.struck_at IS NOT NULL AND NEW.struck_at IS NULL AND EXISTS (SELECT 1 FROM roll_strikes WHERE roll_entry_id = NEW.id AND is_restored)))) OR ((NEW.area_id IS NOT OLD.area_id) AND NOT (OLD.area_id IS NULL AND EXISTS (SELECT 1 FROM voting_areas WHERE id = NEW.area_id AND round_id = NEW.round_id)))) BEGIN SELECT RAISE(ABORT, 'the roll of this round is locked'); END",
)
SQLITE_DOWN = ("DROP TRIGGER tr_roll_entries_frozen_3",)
POSTGRESQL_UP = (
    "CREATE OR REPLACE FUNCTION roll_entries_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'INSERT' THEN IF EXISTS (SELECT 1 FROM rounds WHERE id = NEW.round_id AND roll_locked_at IS NOT NULL) THEN RAISE EXCEPTION 'the roll of this round is locked' USING ERRCODE = 'check_violation'; END IF; END IF; IF TG_OP = 'DELETE' THEN IF EXISTS (SELECT 1 FROM rounds WHERE id = OLD.round_id AND roll_locked_at IS NOT NULL) THEN RAISE EXCEPTION 'the roll of this round is locked' USING ERRCODE = 'check_violation'; END IF; END IF; IF TG_OP = 'UPDATE' THEN IF (EXISTS (SELECT 1 FROM rounds WHERE id = OLD.round_id AND roll_locked_at IS NOT NULL) OR EXISTS (SELECT 1 FROM rounds WHERE id = NEW.round_id AND roll_locked_at IS NOT NULL)) AND (NEW.id IS DISTINCT FROM OLD.id OR NEW.round_id IS DISTINCT FROM OLD.round_id OR NEW.person_key IS DISTINCT FROM OLD.person_key OR NEW.district_id IS DISTINCT FROM OLD.district_id OR NEW.community_id IS DISTINCT FROM OLD.community_id OR NEW.source IS DISTINCT FROM OLD.source OR NEW.added_by IS DISTINCT FROM OLD.added_by OR NEW.added_at IS DISTINCT FROM OLD.added_at OR ((NEW.area_id IS DISTINCT FROM OLD.area_id OR NEW.attached_on IS DISTINCT FROM OLD.attached_on OR NEW.paper_on IS DISTINCT FROM OLD.paper_on OR NEW.struck_at IS DISTINCT FROM OLD.struck_at OR NEW.struck_reason IS DISTINCT FROM OLD.struck_reason) AND NOT EXISTS (SELECT 1 FROM rounds WHERE id = OLD.round_id AND state = 'published')) OR ((NEW.person_id IS DISTINCT FROM OLD.person_id) AND NOT ((NEW.person_id IS NULL AND NOT EXISTS (SELECT 1 FROM people WHERE id = OLD.person_id AND 1 = 1)) OR (OLD.person_id IS NULL AND EXISTS (SELECT 1 FROM letter_codes WHERE roll_entry_id = NEW.id AND redeemed_on IS NOT NULL AND voided_on IS NULL) AND EXISTS (SELECT 1 FROM rounds WHERE id = OLD.round_id AND state = 'published')))) OR ((NEW.attached_on IS DISTINCT FROM OLD.attached_on) AND (NEW.person_id IS NULL OR NEW.attached_on IS NULL)) OR ((NEW.paper_on IS DISTINCT FROM OLD.paper_on) AND (NEW.paper_on IS NOT NULL) <> EXISTS (SELECT 1 FROM paper_handouts WHERE roll_entry_id = NEW.id AND returned_on IS NULL)) OR ((NEW.struck_at IS DISTINCT FROM OLD.struck_at OR NEW.struck_reason IS DISTINCT FROM OLD.struck_reason) AND NOT ((OLD.struck_at IS NULL AND NEW.struck_at < (SELECT opens_at FROM rounds WHERE id = NEW.round_id) AND EXISTS (SELECT 1 FROM roll_strikes WHERE roll_entry_id = NEW.id AND is_restored IS NULL AND struck_at = NEW.struck_at AND reason = NEW.struck_reason)) OR (OLD.struck_at IS NOT NULL AND NEW.struck_at IS NULL AND EXISTS (SELECT 1 FROM roll_strikes WHERE roll_entry_id = NEW.id AND is_restored)))) OR ((NEW.area_id IS DISTINCT FROM OLD.area_id) AND NOT (OLD.area_id IS NULL AND EXISTS (SELECT 1 FROM voting_areas WHERE id = NEW.area_id AND round_id = NEW.round_id)))) THEN RAISE EXCEPTION 'the roll of this round is locked' USING ERRCODE = 'check_violation'; END IF; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
    "DROP TRIGGER tr_roll_entries_frozen ON roll_entries",
    "CREATE TRIGGER tr_roll_entries_frozen BEFORE INSERT OR DELETE OR UPDATE ON roll_entries FOR EACH ROW EXECUTE FUNCTION roll_entries_frozen()",
)
POSTGRESQL_DOWN = (
    "CREATE OR REPLACE FUNCTION roll_entries_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'INSERT' THEN IF EXISTS (SELECT 1 FROM rounds WHERE id = NEW.round_id AND roll_locked_at IS NOT NULL) THEN RAISE EXCEPTION 'the roll of this round is locked' USING ERRCODE = 'check_violation'; END IF; END IF; IF TG_OP = 'DELETE' THEN IF EXISTS (SELECT 1 FROM rounds WHERE id = OLD.round_id AND roll_locked_at IS NOT NULL) THEN RAISE EXCEPTION 'the roll of this round is locked' USING ERRCODE = 'check_violation'; END IF; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
    "DROP TRIGGER tr_roll_entries_frozen ON roll_entries",
    "CREATE TRIGGER tr_roll_entries_frozen BEFORE INSERT OR DELETE ON roll_entries FOR EACH ROW EXECUTE FUNCTION roll_entries_frozen()",
)


def upgrade() -> None:
    for statement in SQLITE_UP if op.get_bind().dialect.name == "sqlite" else POSTGRESQL_UP:
        op.execute(statement)


def downgrade() -> None:
    for statement in SQLITE_DOWN if op.get_bind().dialect.name == "sqlite" else POSTGRESQL_DOWN:
        op.execute(statement)
