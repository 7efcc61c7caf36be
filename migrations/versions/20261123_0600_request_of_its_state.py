"""request of its state

A request to call off a round holds for the state it was made in, and nothing is certified while one waits.

Revision: request_of_its_state
After: blanked_by_two
Written: 2026-11-23 06:00 UTC
"""

import sqlalchemy as sa
from alembic import op

revision = "request_of_its_state"
down_revision = "blanked_by_two"
branch_labels = None
depends_on = None

STATE = sa.Enum(
    "draft",
    "proposed",
    "published",
    "closed",
    "counted",
    "certified",
    "cancelled",
    name="state",
    native_enum=False,
    length=40,
)
WHEN_ASKED = """
UPDATE cancel_requests SET state = CASE
    WHEN EXISTS (SELECT 1 FROM round_results WHERE round_results.round_id = cancel_requests.round_id
        AND counted_at <= asked_at) THEN 'counted'
    WHEN EXISTS (SELECT 1 FROM board_heads WHERE board_heads.round_id = cancel_requests.round_id
        AND kind = 'closing' AND published_at <= asked_at) THEN 'closed'
    ELSE 'published' END
"""

SQLITE_UP_BEFORE = (
    "DROP TRIGGER tr_cancel_requests_frozen_1",
    "DROP TRIGGER tr_cancel_requests_frozen_2",
    "DROP TRIGGER tr_rounds_frozen_3",
)
SQLITE_UP_AFTER = (
    "CREATE TRIGGER tr_cancel_requests_frozen_1 BEFORE UPDATE ON cancel_requests WHEN OLD.carried_out_by IS NOT NULL OR NEW.round_id IS NOT OLD.round_id OR NEW.asked_by IS NOT OLD.asked_by OR NEW.asked_at IS NOT OLD.asked_at OR NEW.state IS NOT OLD.state OR NEW.reason IS NOT OLD.reason BEGIN SELECT RAISE(ABORT, 'a round goes forward only'); END",
    "CREATE TRIGGER tr_cancel_requests_frozen_2 BEFORE DELETE ON cancel_requests WHEN OLD.carried_out_by IS NOT NULL BEGIN SELECT RAISE(ABORT, 'a round goes forward only'); END",
    "CREATE TRIGGER tr_cancel_requests_frozen_3 BEFORE INSERT ON cancel_requests WHEN NOT EXISTS (SELECT 1 FROM rounds WHERE id = NEW.round_id AND state = NEW.state) BEGIN SELECT RAISE(ABORT, 'a request to cancel holds for the state it was made in'); END",
    "CREATE TRIGGER tr_cancel_requests_frozen_4 BEFORE UPDATE ON cancel_requests WHEN OLD.carried_out_by IS NULL AND NOT EXISTS (SELECT 1 FROM rounds WHERE id = NEW.round_id AND state = NEW.state) BEGIN SELECT RAISE(ABORT, 'a request to cancel holds for the state it was made in'); END",
    "CREATE TRIGGER tr_rounds_frozen_3 BEFORE UPDATE ON rounds WHEN OLD.edition_sha256 IS NOT NULL AND OLD.state <> 'cancelled' AND NEW.state = 'cancelled' AND (OLD.state <> 'published' OR COALESCE(NEW.cancelled_at >= OLD.opens_at, TRUE)) AND NOT EXISTS (SELECT 1 FROM cancel_requests WHERE round_id = OLD.id AND state = OLD.state AND carried_out_by IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'a round in which voting has begun is cancelled by two people'); END",
    "CREATE TRIGGER tr_rounds_frozen_5 BEFORE UPDATE ON rounds WHEN NEW.state = 'certified' AND EXISTS (SELECT 1 FROM cancel_requests WHERE round_id = OLD.id AND state = OLD.state) BEGIN SELECT RAISE(ABORT, 'a request to cancel this round waits'); END",
)
SQLITE_DOWN_BEFORE = (
    "DROP TRIGGER tr_cancel_requests_frozen_1",
    "DROP TRIGGER tr_cancel_requests_frozen_2",
    "DROP TRIGGER tr_cancel_requests_frozen_3",
    "DROP TRIGGER tr_cancel_requests_frozen_4",
    "DROP TRIGGER tr_rounds_frozen_3",
    "DROP TRIGGER tr_rounds_frozen_5",
)
SQLITE_DOWN_AFTER = (
    "CREATE TRIGGER tr_cancel_requests_frozen_1 BEFORE UPDATE ON cancel_requests WHEN OLD.carried_out_by IS NOT NULL BEGIN SELECT RAISE(ABORT, 'a round goes forward only'); END",
    "CREATE TRIGGER tr_cancel_requests_frozen_2 BEFORE DELETE ON cancel_requests WHEN OLD.carried_out_by IS NOT NULL BEGIN SELECT RAISE(ABORT, 'a round goes forward only'); END",
    "CREATE TRIGGER tr_rounds_frozen_3 BEFORE UPDATE ON rounds WHEN OLD.edition_sha256 IS NOT NULL AND OLD.state <> 'cancelled' AND NEW.state = 'cancelled' AND (OLD.state <> 'published' OR COALESCE(NEW.cancelled_at >= OLD.opens_at, TRUE)) AND NOT EXISTS (SELECT 1 FROM cancel_requests WHERE round_id = OLD.id AND carried_out_by IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'a round in which voting has begun is cancelled by two people'); END",
)
POSTGRESQL_UP_BEFORE = ("DROP TRIGGER tr_cancel_requests_frozen ON cancel_requests",)
POSTGRESQL_UP_AFTER = (
    "CREATE OR REPLACE FUNCTION cancel_requests_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'UPDATE' THEN IF OLD.carried_out_by IS NOT NULL OR NEW.round_id IS DISTINCT FROM OLD.round_id OR NEW.asked_by IS DISTINCT FROM OLD.asked_by OR NEW.asked_at IS DISTINCT FROM OLD.asked_at OR NEW.state IS DISTINCT FROM OLD.state OR NEW.reason IS DISTINCT FROM OLD.reason THEN RAISE EXCEPTION 'a round goes forward only' USING ERRCODE = 'check_violation'; END IF; END IF; IF TG_OP = 'DELETE' THEN IF OLD.carried_out_by IS NOT NULL THEN RAISE EXCEPTION 'a round goes forward only' USING ERRCODE = 'check_violation'; END IF; END IF; IF TG_OP = 'INSERT' THEN IF NOT EXISTS (SELECT 1 FROM rounds WHERE id = NEW.round_id AND state = NEW.state) THEN RAISE EXCEPTION 'a request to cancel holds for the state it was made in' USING ERRCODE = 'check_violation'; END IF; END IF; IF TG_OP = 'UPDATE' THEN IF OLD.carried_out_by IS NULL AND NOT EXISTS (SELECT 1 FROM rounds WHERE id = NEW.round_id AND state = NEW.state) THEN RAISE EXCEPTION 'a request to cancel holds for the state it was made in' USING ERRCODE = 'check_violation'; END IF; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER tr_cancel_requests_frozen BEFORE UPDATE OR DELETE OR INSERT ON cancel_requests FOR EACH ROW EXECUTE FUNCTION cancel_requests_frozen()",
    "CREATE OR REPLACE FUNCTION rounds_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'UPDATE' THEN IF OLD.edition_sha256 IS NOT NULL AND (NEW.id IS DISTINCT FROM OLD.id OR NEW.district_id IS DISTINCT FROM OLD.district_id OR NEW.cycle_id IS DISTINCT FROM OLD.cycle_id OR NEW.replaces_id IS DISTINCT FROM OLD.replaces_id OR NEW.title IS DISTINCT FROM OLD.title OR NEW.about IS DISTINCT FROM OLD.about OR NEW.envelope_satang IS DISTINCT FROM OLD.envelope_satang OR NEW.ballot_type IS DISTINCT FROM OLD.ballot_type OR NEW.max_choices IS DISTINCT FROM OLD.max_choices OR NEW.min_choices IS DISTINCT FROM OLD.min_choices OR NEW.max_points IS DISTINCT FROM OLD.max_points OR NEW.rule IS DISTINCT FROM OLD.rule OR NEW.completion IS DISTINCT FROM OLD.completion OR NEW.start IS DISTINCT FROM OLD.start OR NEW.stop IS DISTINCT FROM OLD.stop OR NEW.utility IS DISTINCT FROM OLD.utility OR NEW.compares IS DISTINCT FROM OLD.compares OR NEW.min_support IS DISTINCT FROM OLD.min_support OR NEW.counts_empty IS DISTINCT FROM OLD.counts_empty OR NEW.shows_ballots IS DISTINCT FROM OLD.shows_ballots OR NEW.min_age IS DISTINCT FROM OLD.min_age OR NEW.cutoff_day IS DISTINCT FROM OLD.cutoff_day OR NEW.opens_at IS DISTINCT FROM OLD.opens_at OR NEW.closes_at IS DISTINCT FROM OLD.closes_at OR NEW.tie_source IS DISTINCT FROM OLD.tie_source OR NEW.tie_commitment IS DISTINCT FROM OLD.tie_commitment OR NEW.edition_sha256 IS DISTINCT FROM OLD.edition_sha256 OR NEW.created_by IS DISTINCT FROM OLD.created_by OR NEW.created_at IS DISTINCT FROM OLD.created_at OR NEW.proposed_by IS DISTINCT FROM OLD.proposed_by OR NEW.proposed_at IS DISTINCT FROM OLD.proposed_at OR NEW.send_back_note IS DISTINCT FROM OLD.send_back_note OR NEW.topic_id IS DISTINCT FROM OLD.topic_id) THEN RAISE EXCEPTION 'the rules of a published round are frozen' USING ERRCODE = 'check_violation'; END IF; END IF; IF TG_OP = 'UPDATE' THEN IF (OLD.roll_locked_at IS NOT NULL AND (NEW.roll_locked_at IS DISTINCT FROM OLD.roll_locked_at OR (NEW.roll_count IS DISTINCT FROM OLD.roll_count AND (OLD.state <> 'published' OR NEW.roll_count <> (SELECT count(*) FROM roll_entries WHERE round_id = NEW.id AND struck_at IS NULL))))) OR (OLD.edition_sha256 IS NOT NULL AND OLD.tie_secret IS NOT NULL AND NEW.tie_secret IS DISTINCT FROM OLD.tie_secret) OR (OLD.edition_sha256 IS NOT NULL AND NEW.state <> OLD.state AND NOT ((OLD.state = 'published' AND NEW.state IN ('closed', 'cancelled')) OR (OLD.state = 'closed' AND NEW.state IN ('counted', 'cancelled')) OR (OLD.state = 'counted' AND NEW.state IN ('certified', 'cancelled')))) OR (OLD.state = 'cancelled' AND (NEW.state <> 'cancelled' OR NEW.cancel_reason IS DISTINCT FROM OLD.cancel_reason OR NEW.cancelled_at IS DISTINCT FROM OLD.cancelled_at)) THEN RAISE EXCEPTION 'a round goes forward only' USING ERRCODE = 'check_violation'; END IF; END IF; IF TG_OP = 'UPDATE' THEN IF OLD.edition_sha256 IS NOT NULL AND OLD.state <> 'cancelled' AND NEW.state = 'cancelled' AND (OLD.state <> 'published' OR COALESCE(NEW.cancelled_at >= OLD.opens_at, TRUE)) AND NOT EXISTS (SELECT 1 FROM cancel_requests WHERE round_id = OLD.id AND state = OLD.state AND carried_out_by IS NOT NULL) THEN RAISE EXCEPTION 'a round in which voting has begun is cancelled by two people' USING ERRCODE = 'check_violation'; END IF; END IF; IF TG_OP = 'DELETE' THEN IF OLD.edition_sha256 IS NOT NULL THEN RAISE EXCEPTION 'the rules of a published round are frozen' USING ERRCODE = 'check_violation'; END IF; END IF; IF TG_OP = 'UPDATE' THEN IF NEW.state = 'certified' AND EXISTS (SELECT 1 FROM cancel_requests WHERE round_id = OLD.id AND state = OLD.state) THEN RAISE EXCEPTION 'a request to cancel this round waits' USING ERRCODE = 'check_violation'; END IF; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
)
POSTGRESQL_DOWN_BEFORE = ("DROP TRIGGER tr_cancel_requests_frozen ON cancel_requests",)
POSTGRESQL_DOWN_AFTER = (
    "CREATE OR REPLACE FUNCTION cancel_requests_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'UPDATE' THEN IF OLD.carried_out_by IS NOT NULL THEN RAISE EXCEPTION 'a round goes forward only' USING ERRCODE = 'check_violation'; END IF; END IF; IF TG_OP = 'DELETE' THEN IF OLD.carried_out_by IS NOT NULL THEN RAISE EXCEPTION 'a round goes forward only' USING ERRCODE = 'check_violation'; END IF; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER tr_cancel_requests_frozen BEFORE UPDATE OR DELETE ON cancel_requests FOR EACH ROW EXECUTE FUNCTION cancel_requests_frozen()",
    "CREATE OR REPLACE FUNCTION rounds_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'UPDATE' THEN IF OLD.edition_sha256 IS NOT NULL AND (NEW.id IS DISTINCT FROM OLD.id OR NEW.district_id IS DISTINCT FROM OLD.district_id OR NEW.cycle_id IS DISTINCT FROM OLD.cycle_id OR NEW.replaces_id IS DISTINCT FROM OLD.replaces_id OR NEW.title IS DISTINCT FROM OLD.title OR NEW.about IS DISTINCT FROM OLD.about OR NEW.envelope_satang IS DISTINCT FROM OLD.envelope_satang OR NEW.ballot_type IS DISTINCT FROM OLD.ballot_type OR NEW.max_choices IS DISTINCT FROM OLD.max_choices OR NEW.min_choices IS DISTINCT FROM OLD.min_choices OR NEW.max_points IS DISTINCT FROM OLD.max_points OR NEW.rule IS DISTINCT FROM OLD.rule OR NEW.completion IS DISTINCT FROM OLD.completion OR NEW.start IS DISTINCT FROM OLD.start OR NEW.stop IS DISTINCT FROM OLD.stop OR NEW.utility IS DISTINCT FROM OLD.utility OR NEW.compares IS DISTINCT FROM OLD.compares OR NEW.min_support IS DISTINCT FROM OLD.min_support OR NEW.counts_empty IS DISTINCT FROM OLD.counts_empty OR NEW.shows_ballots IS DISTINCT FROM OLD.shows_ballots OR NEW.min_age IS DISTINCT FROM OLD.min_age OR NEW.cutoff_day IS DISTINCT FROM OLD.cutoff_day OR NEW.opens_at IS DISTINCT FROM OLD.opens_at OR NEW.closes_at IS DISTINCT FROM OLD.closes_at OR NEW.tie_source IS DISTINCT FROM OLD.tie_source OR NEW.tie_commitment IS DISTINCT FROM OLD.tie_commitment OR NEW.edition_sha256 IS DISTINCT FROM OLD.edition_sha256 OR NEW.created_by IS DISTINCT FROM OLD.created_by OR NEW.created_at IS DISTINCT FROM OLD.created_at OR NEW.proposed_by IS DISTINCT FROM OLD.proposed_by OR NEW.proposed_at IS DISTINCT FROM OLD.proposed_at OR NEW.send_back_note IS DISTINCT FROM OLD.send_back_note OR NEW.topic_id IS DISTINCT FROM OLD.topic_id) THEN RAISE EXCEPTION 'the rules of a published round are frozen' USING ERRCODE = 'check_violation'; END IF; END IF; IF TG_OP = 'UPDATE' THEN IF (OLD.roll_locked_at IS NOT NULL AND (NEW.roll_locked_at IS DISTINCT FROM OLD.roll_locked_at OR (NEW.roll_count IS DISTINCT FROM OLD.roll_count AND (OLD.state <> 'published' OR NEW.roll_count <> (SELECT count(*) FROM roll_entries WHERE round_id = NEW.id AND struck_at IS NULL))))) OR (OLD.edition_sha256 IS NOT NULL AND OLD.tie_secret IS NOT NULL AND NEW.tie_secret IS DISTINCT FROM OLD.tie_secret) OR (OLD.edition_sha256 IS NOT NULL AND NEW.state <> OLD.state AND NOT ((OLD.state = 'published' AND NEW.state IN ('closed', 'cancelled')) OR (OLD.state = 'closed' AND NEW.state IN ('counted', 'cancelled')) OR (OLD.state = 'counted' AND NEW.state IN ('certified', 'cancelled')))) OR (OLD.state = 'cancelled' AND (NEW.state <> 'cancelled' OR NEW.cancel_reason IS DISTINCT FROM OLD.cancel_reason OR NEW.cancelled_at IS DISTINCT FROM OLD.cancelled_at)) THEN RAISE EXCEPTION 'a round goes forward only' USING ERRCODE = 'check_violation'; END IF; END IF; IF TG_OP = 'UPDATE' THEN IF OLD.edition_sha256 IS NOT NULL AND OLD.state <> 'cancelled' AND NEW.state = 'cancelled' AND (OLD.state <> 'published' OR COALESCE(NEW.cancelled_at >= OLD.opens_at, TRUE)) AND NOT EXISTS (SELECT 1 FROM cancel_requests WHERE round_id = OLD.id AND carried_out_by IS NOT NULL) THEN RAISE EXCEPTION 'a round in which voting has begun is cancelled by two people' USING ERRCODE = 'check_violation'; END IF; END IF; IF TG_OP = 'DELETE' THEN IF OLD.edition_sha256 IS NOT NULL THEN RAISE EXCEPTION 'the rules of a published round are frozen' USING ERRCODE = 'check_violation'; END IF; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
)


def _run(sqlite: tuple[str, ...], postgresql: tuple[str, ...]) -> None:
    for statement in sqlite if op.get_bind().dialect.name == "sqlite" else postgresql:
        op.execute(statement)


def upgrade() -> None:
    _run(SQLITE_UP_BEFORE, POSTGRESQL_UP_BEFORE)
    with op.batch_alter_table("cancel_requests", schema=None) as batch_op:
        batch_op.add_column(sa.Column("state", sa.String(length=40), nullable=True))
    op.execute(WHEN_ASKED)
    with op.batch_alter_table("cancel_requests", schema=None) as batch_op:
        batch_op.alter_column("state", existing_type=sa.String(length=40), type_=STATE, nullable=False)
        batch_op.create_check_constraint(
            batch_op.f("ck_cancel_requests_state"),
            "state IN ('draft', 'proposed', 'published', 'closed', 'counted', 'certified', 'cancelled')",
        )
    _run(SQLITE_UP_AFTER, POSTGRESQL_UP_AFTER)


def downgrade() -> None:
    _run(SQLITE_DOWN_BEFORE, POSTGRESQL_DOWN_BEFORE)
    with op.batch_alter_table("cancel_requests", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_cancel_requests_state"), type_="check")
        batch_op.drop_column("state")
    _run(SQLITE_DOWN_AFTER, POSTGRESQL_DOWN_AFTER)
