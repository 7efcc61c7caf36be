"""cancelled by two

Once voting has begun a round is called off by two people, after its count too; ballots of a cancelled round that nobody
was shown may go.

Revision: cancelled_by_two
After: result_sealed
Written: 2026-11-23 03:05 UTC
"""

import sqlalchemy as sa
from alembic import op

revision = "cancelled_by_two"
down_revision = "result_sealed"
branch_labels = None
depends_on = None


SQLITE_UP = (
    "DROP TRIGGER tr_rounds_frozen_1",
    "DROP TRIGGER tr_rounds_frozen_2",
    "DROP TRIGGER tr_rounds_frozen_3",
    "DROP TRIGGER tr_published_ballots_no_update",
    "DROP TRIGGER tr_published_ballots_no_delete",
    "CREATE TRIGGER tr_rounds_frozen_1 BEFORE UPDATE ON rounds WHEN OLD.edition_sha256 IS NOT NULL AND (NEW.id IS NOT OLD.id OR NEW.district_id IS NOT OLD.district_id OR NEW.cycle_id IS NOT OLD.cycle_id OR NEW.replaces_id IS NOT OLD.replaces_id OR NEW.title IS NOT OLD.title OR NEW.about IS NOT OLD.about OR NEW.envelope_satang IS NOT OLD.envelope_satang OR NEW.ballot_type IS NOT OLD.ballot_type OR NEW.max_choices IS NOT OLD.max_choices OR NEW.min_choices IS NOT OLD.min_choices OR NEW.max_points IS NOT OLD.max_points OR NEW.rule IS NOT OLD.rule OR NEW.completion IS NOT OLD.completion OR NEW.start IS NOT OLD.start OR NEW.stop IS NOT OLD.stop OR NEW.utility IS NOT OLD.utility OR NEW.compares IS NOT OLD.compares OR NEW.min_support IS NOT OLD.min_support OR NEW.counts_empty IS NOT OLD.counts_empty OR NEW.shows_ballots IS NOT OLD.shows_ballots OR NEW.min_age IS NOT OLD.min_age OR NEW.cutoff_day IS NOT OLD.cutoff_day OR NEW.opens_at IS NOT OLD.opens_at OR NEW.closes_at IS NOT OLD.closes_at OR NEW.tie_source IS NOT OLD.tie_source OR NEW.tie_commitment IS NOT OLD.tie_commitment OR NEW.edition_sha256 IS NOT OLD.edition_sha256 OR NEW.created_by IS NOT OLD.created_by OR NEW.created_at IS NOT OLD.created_at OR NEW.proposed_by IS NOT OLD.proposed_by OR NEW.proposed_at IS NOT OLD.proposed_at OR NEW.send_back_note IS NOT OLD.send_back_note OR NEW.topic_id IS NOT OLD.topic_id) BEGIN SELECT RAISE(ABORT, 'the rules of a published round are frozen'); END",
    "CREATE TRIGGER tr_rounds_frozen_2 BEFORE UPDATE ON rounds WHEN (OLD.roll_locked_at IS NOT NULL AND (NEW.roll_locked_at IS NOT OLD.roll_locked_at OR (NEW.roll_count IS NOT OLD.roll_count AND (OLD.state <> 'published' OR NEW.roll_count <> (SELECT count(*) FROM roll_entries WHERE round_id = NEW.id AND struck_at IS NULL))))) OR (OLD.edition_sha256 IS NOT NULL AND OLD.tie_secret IS NOT NULL AND NEW.tie_secret IS NOT OLD.tie_secret) OR (OLD.edition_sha256 IS NOT NULL AND NEW.state <> OLD.state AND NOT ((OLD.state = 'published' AND NEW.state IN ('closed', 'cancelled')) OR (OLD.state = 'closed' AND NEW.state IN ('counted', 'cancelled')) OR (OLD.state = 'counted' AND NEW.state IN ('certified', 'cancelled')))) OR (OLD.state = 'cancelled' AND (NEW.state <> 'cancelled' OR NEW.cancel_reason IS NOT OLD.cancel_reason OR NEW.cancelled_at IS NOT OLD.cancelled_at)) BEGIN SELECT RAISE(ABORT, 'a round goes forward only'); END",
    "CREATE TRIGGER tr_rounds_frozen_3 BEFORE UPDATE ON rounds WHEN OLD.edition_sha256 IS NOT NULL AND OLD.state <> 'cancelled' AND NEW.state = 'cancelled' AND (OLD.state <> 'published' OR COALESCE(NEW.cancelled_at >= OLD.opens_at, TRUE)) AND NOT EXISTS (SELECT 1 FROM cancel_requests WHERE round_id = OLD.id AND carried_out_by IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'a round in which voting has begun is cancelled by two people'); END",
    "CREATE TRIGGER tr_rounds_frozen_4 BEFORE DELETE ON rounds WHEN OLD.edition_sha256 IS NOT NULL BEGIN SELECT RAISE(ABORT, 'the rules of a published round are frozen'); END",
    "CREATE TRIGGER tr_cancel_requests_frozen_1 BEFORE UPDATE ON cancel_requests WHEN OLD.carried_out_by IS NOT NULL BEGIN SELECT RAISE(ABORT, 'a round goes forward only'); END",
    "CREATE TRIGGER tr_cancel_requests_frozen_2 BEFORE DELETE ON cancel_requests WHEN OLD.carried_out_by IS NOT NULL BEGIN SELECT RAISE(ABORT, 'a round goes forward only'); END",
    "CREATE TRIGGER tr_published_ballots_frozen_1 BEFORE UPDATE ON published_ballots WHEN OLD.round_id IS NOT NULL BEGIN SELECT RAISE(ABORT, 'published_ballots is append-only'); END",
    "CREATE TRIGGER tr_published_ballots_frozen_2 BEFORE DELETE ON published_ballots WHEN NOT (EXISTS (SELECT 1 FROM rounds WHERE id = OLD.round_id AND state = 'cancelled') AND NOT EXISTS (SELECT 1 FROM rounds JOIN round_results ON round_results.round_id = rounds.id WHERE rounds.id = OLD.round_id AND rounds.shows_ballots AND round_results.counted_at IS NOT NULL)) BEGIN SELECT RAISE(ABORT, 'published_ballots is append-only'); END",
)
SQLITE_DOWN = (
    "DROP TRIGGER tr_rounds_frozen_1",
    "DROP TRIGGER tr_rounds_frozen_2",
    "DROP TRIGGER tr_rounds_frozen_3",
    "DROP TRIGGER tr_rounds_frozen_4",
    "DROP TRIGGER tr_published_ballots_frozen_1",
    "DROP TRIGGER tr_published_ballots_frozen_2",
    "CREATE TRIGGER tr_rounds_frozen_1 BEFORE UPDATE ON rounds WHEN OLD.edition_sha256 IS NOT NULL AND (NEW.id IS NOT OLD.id OR NEW.district_id IS NOT OLD.district_id OR NEW.cycle_id IS NOT OLD.cycle_id OR NEW.replaces_id IS NOT OLD.replaces_id OR NEW.title IS NOT OLD.title OR NEW.about IS NOT OLD.about OR NEW.envelope_satang IS NOT OLD.envelope_satang OR NEW.ballot_type IS NOT OLD.ballot_type OR NEW.max_choices IS NOT OLD.max_choices OR NEW.min_choices IS NOT OLD.min_choices OR NEW.max_points IS NOT OLD.max_points OR NEW.rule IS NOT OLD.rule OR NEW.completion IS NOT OLD.completion OR NEW.start IS NOT OLD.start OR NEW.stop IS NOT OLD.stop OR NEW.utility IS NOT OLD.utility OR NEW.compares IS NOT OLD.compares OR NEW.min_support IS NOT OLD.min_support OR NEW.counts_empty IS NOT OLD.counts_empty OR NEW.shows_ballots IS NOT OLD.shows_ballots OR NEW.min_age IS NOT OLD.min_age OR NEW.cutoff_day IS NOT OLD.cutoff_day OR NEW.opens_at IS NOT OLD.opens_at OR NEW.closes_at IS NOT OLD.closes_at OR NEW.tie_source IS NOT OLD.tie_source OR NEW.tie_commitment IS NOT OLD.tie_commitment OR NEW.edition_sha256 IS NOT OLD.edition_sha256 OR NEW.created_by IS NOT OLD.created_by OR NEW.created_at IS NOT OLD.created_at OR NEW.proposed_by IS NOT OLD.proposed_by OR NEW.proposed_at IS NOT OLD.proposed_at OR NEW.send_back_note IS NOT OLD.send_back_note OR NEW.topic_id IS NOT OLD.topic_id) BEGIN SELECT RAISE(ABORT, 'the rules of a published round are frozen'); END",
    "CREATE TRIGGER tr_rounds_frozen_2 BEFORE UPDATE ON rounds WHEN (OLD.roll_locked_at IS NOT NULL AND (NEW.roll_locked_at IS NOT OLD.roll_locked_at OR (NEW.roll_count IS NOT OLD.roll_count AND (OLD.state <> 'published' OR NEW.roll_count <> (SELECT count(*) FROM roll_entries WHERE round_id = NEW.id AND struck_at IS NULL))))) OR (OLD.edition_sha256 IS NOT NULL AND OLD.tie_secret IS NOT NULL AND NEW.tie_secret IS NOT OLD.tie_secret) OR (OLD.edition_sha256 IS NOT NULL AND NEW.state <> OLD.state AND NOT ((OLD.state = 'published' AND NEW.state IN ('closed', 'cancelled')) OR (OLD.state = 'closed' AND NEW.state IN ('counted', 'cancelled')) OR (OLD.state = 'counted' AND NEW.state = 'certified'))) OR (OLD.state = 'cancelled' AND NEW.state <> 'cancelled') BEGIN SELECT RAISE(ABORT, 'a round goes forward only'); END",
    "CREATE TRIGGER tr_rounds_frozen_3 BEFORE DELETE ON rounds WHEN OLD.edition_sha256 IS NOT NULL BEGIN SELECT RAISE(ABORT, 'the rules of a published round are frozen'); END",
    "CREATE TRIGGER tr_published_ballots_no_update BEFORE UPDATE ON published_ballots BEGIN SELECT RAISE(ABORT, 'published_ballots is append-only'); END",
    "CREATE TRIGGER tr_published_ballots_no_delete BEFORE DELETE ON published_ballots BEGIN SELECT RAISE(ABORT, 'published_ballots is append-only'); END",
)
POSTGRESQL_UP = (
    "DROP TRIGGER tr_rounds_frozen ON rounds",
    "DROP FUNCTION rounds_frozen()",
    "DROP TRIGGER tr_published_ballots_append_only ON published_ballots",
    "DROP TRIGGER tr_published_ballots_no_truncate ON published_ballots",
    "DROP FUNCTION published_ballots_append_only()",
    "CREATE FUNCTION rounds_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'UPDATE' THEN IF OLD.edition_sha256 IS NOT NULL AND (NEW.id IS DISTINCT FROM OLD.id OR NEW.district_id IS DISTINCT FROM OLD.district_id OR NEW.cycle_id IS DISTINCT FROM OLD.cycle_id OR NEW.replaces_id IS DISTINCT FROM OLD.replaces_id OR NEW.title IS DISTINCT FROM OLD.title OR NEW.about IS DISTINCT FROM OLD.about OR NEW.envelope_satang IS DISTINCT FROM OLD.envelope_satang OR NEW.ballot_type IS DISTINCT FROM OLD.ballot_type OR NEW.max_choices IS DISTINCT FROM OLD.max_choices OR NEW.min_choices IS DISTINCT FROM OLD.min_choices OR NEW.max_points IS DISTINCT FROM OLD.max_points OR NEW.rule IS DISTINCT FROM OLD.rule OR NEW.completion IS DISTINCT FROM OLD.completion OR NEW.start IS DISTINCT FROM OLD.start OR NEW.stop IS DISTINCT FROM OLD.stop OR NEW.utility IS DISTINCT FROM OLD.utility OR NEW.compares IS DISTINCT FROM OLD.compares OR NEW.min_support IS DISTINCT FROM OLD.min_support OR NEW.counts_empty IS DISTINCT FROM OLD.counts_empty OR NEW.shows_ballots IS DISTINCT FROM OLD.shows_ballots OR NEW.min_age IS DISTINCT FROM OLD.min_age OR NEW.cutoff_day IS DISTINCT FROM OLD.cutoff_day OR NEW.opens_at IS DISTINCT FROM OLD.opens_at OR NEW.closes_at IS DISTINCT FROM OLD.closes_at OR NEW.tie_source IS DISTINCT FROM OLD.tie_source OR NEW.tie_commitment IS DISTINCT FROM OLD.tie_commitment OR NEW.edition_sha256 IS DISTINCT FROM OLD.edition_sha256 OR NEW.created_by IS DISTINCT FROM OLD.created_by OR NEW.created_at IS DISTINCT FROM OLD.created_at OR NEW.proposed_by IS DISTINCT FROM OLD.proposed_by OR NEW.proposed_at IS DISTINCT FROM OLD.proposed_at OR NEW.send_back_note IS DISTINCT FROM OLD.send_back_note OR NEW.topic_id IS DISTINCT FROM OLD.topic_id) THEN RAISE EXCEPTION 'the rules of a published round are frozen' USING ERRCODE = 'check_violation'; END IF; END IF; IF TG_OP = 'UPDATE' THEN IF (OLD.roll_locked_at IS NOT NULL AND (NEW.roll_locked_at IS DISTINCT FROM OLD.roll_locked_at OR (NEW.roll_count IS DISTINCT FROM OLD.roll_count AND (OLD.state <> 'published' OR NEW.roll_count <> (SELECT count(*) FROM roll_entries WHERE round_id = NEW.id AND struck_at IS NULL))))) OR (OLD.edition_sha256 IS NOT NULL AND OLD.tie_secret IS NOT NULL AND NEW.tie_secret IS DISTINCT FROM OLD.tie_secret) OR (OLD.edition_sha256 IS NOT NULL AND NEW.state <> OLD.state AND NOT ((OLD.state = 'published' AND NEW.state IN ('closed', 'cancelled')) OR (OLD.state = 'closed' AND NEW.state IN ('counted', 'cancelled')) OR (OLD.state = 'counted' AND NEW.state IN ('certified', 'cancelled')))) OR (OLD.state = 'cancelled' AND (NEW.state <> 'cancelled' OR NEW.cancel_reason IS DISTINCT FROM OLD.cancel_reason OR NEW.cancelled_at IS DISTINCT FROM OLD.cancelled_at)) THEN RAISE EXCEPTION 'a round goes forward only' USING ERRCODE = 'check_violation'; END IF; END IF; IF TG_OP = 'UPDATE' THEN IF OLD.edition_sha256 IS NOT NULL AND OLD.state <> 'cancelled' AND NEW.state = 'cancelled' AND (OLD.state <> 'published' OR COALESCE(NEW.cancelled_at >= OLD.opens_at, TRUE)) AND NOT EXISTS (SELECT 1 FROM cancel_requests WHERE round_id = OLD.id AND carried_out_by IS NOT NULL) THEN RAISE EXCEPTION 'a round in which voting has begun is cancelled by two people' USING ERRCODE = 'check_violation'; END IF; END IF; IF TG_OP = 'DELETE' THEN IF OLD.edition_sha256 IS NOT NULL THEN RAISE EXCEPTION 'the rules of a published round are frozen' USING ERRCODE = 'check_violation'; END IF; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER tr_rounds_frozen BEFORE UPDATE OR DELETE ON rounds FOR EACH ROW EXECUTE FUNCTION rounds_frozen()",
    "CREATE FUNCTION cancel_requests_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'UPDATE' THEN IF OLD.carried_out_by IS NOT NULL THEN RAISE EXCEPTION 'a round goes forward only' USING ERRCODE = 'check_violation'; END IF; END IF; IF TG_OP = 'DELETE' THEN IF OLD.carried_out_by IS NOT NULL THEN RAISE EXCEPTION 'a round goes forward only' USING ERRCODE = 'check_violation'; END IF; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER tr_cancel_requests_frozen BEFORE UPDATE OR DELETE ON cancel_requests FOR EACH ROW EXECUTE FUNCTION cancel_requests_frozen()",
    "CREATE FUNCTION cancel_requests_no_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'cancel_requests is not emptied' USING ERRCODE = 'restrict_violation'; END $$",
    "CREATE TRIGGER tr_cancel_requests_no_truncate BEFORE TRUNCATE ON cancel_requests FOR EACH STATEMENT EXECUTE FUNCTION cancel_requests_no_truncate()",
    "CREATE FUNCTION published_ballots_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'UPDATE' THEN IF OLD.round_id IS NOT NULL THEN RAISE EXCEPTION 'published_ballots is append-only' USING ERRCODE = 'check_violation'; END IF; END IF; IF TG_OP = 'DELETE' THEN IF NOT (EXISTS (SELECT 1 FROM rounds WHERE id = OLD.round_id AND state = 'cancelled') AND NOT EXISTS (SELECT 1 FROM rounds JOIN round_results ON round_results.round_id = rounds.id WHERE rounds.id = OLD.round_id AND rounds.shows_ballots AND round_results.counted_at IS NOT NULL)) THEN RAISE EXCEPTION 'published_ballots is append-only' USING ERRCODE = 'check_violation'; END IF; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER tr_published_ballots_frozen BEFORE UPDATE OR DELETE ON published_ballots FOR EACH ROW EXECUTE FUNCTION published_ballots_frozen()",
    "CREATE FUNCTION published_ballots_no_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'published_ballots is not emptied' USING ERRCODE = 'restrict_violation'; END $$",
    "CREATE TRIGGER tr_published_ballots_no_truncate BEFORE TRUNCATE ON published_ballots FOR EACH STATEMENT EXECUTE FUNCTION published_ballots_no_truncate()",
)
POSTGRESQL_DOWN = (
    "DROP TRIGGER tr_rounds_frozen ON rounds",
    "DROP FUNCTION rounds_frozen()",
    "DROP TRIGGER tr_published_ballots_frozen ON published_ballots",
    "DROP TRIGGER tr_published_ballots_no_truncate ON published_ballots",
    "DROP FUNCTION published_ballots_frozen()",
    "DROP FUNCTION published_ballots_no_truncate()",
    "CREATE FUNCTION rounds_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'UPDATE' THEN IF OLD.edition_sha256 IS NOT NULL AND (NEW.id IS DISTINCT FROM OLD.id OR NEW.district_id IS DISTINCT FROM OLD.district_id OR NEW.cycle_id IS DISTINCT FROM OLD.cycle_id OR NEW.replaces_id IS DISTINCT FROM OLD.replaces_id OR NEW.title IS DISTINCT FROM OLD.title OR NEW.about IS DISTINCT FROM OLD.about OR NEW.envelope_satang IS DISTINCT FROM OLD.envelope_satang OR NEW.ballot_type IS DISTINCT FROM OLD.ballot_type OR NEW.max_choices IS DISTINCT FROM OLD.max_choices OR NEW.min_choices IS DISTINCT FROM OLD.min_choices OR NEW.max_points IS DISTINCT FROM OLD.max_points OR NEW.rule IS DISTINCT FROM OLD.rule OR NEW.completion IS DISTINCT FROM OLD.completion OR NEW.start IS DISTINCT FROM OLD.start OR NEW.stop IS DISTINCT FROM OLD.stop OR NEW.utility IS DISTINCT FROM OLD.utility OR NEW.compares IS DISTINCT FROM OLD.compares OR NEW.min_support IS DISTINCT FROM OLD.min_support OR NEW.counts_empty IS DISTINCT FROM OLD.counts_empty OR NEW.shows_ballots IS DISTINCT FROM OLD.shows_ballots OR NEW.min_age IS DISTINCT FROM OLD.min_age OR NEW.cutoff_day IS DISTINCT FROM OLD.cutoff_day OR NEW.opens_at IS DISTINCT FROM OLD.opens_at OR NEW.closes_at IS DISTINCT FROM OLD.closes_at OR NEW.tie_source IS DISTINCT FROM OLD.tie_source OR NEW.tie_commitment IS DISTINCT FROM OLD.tie_commitment OR NEW.edition_sha256 IS DISTINCT FROM OLD.edition_sha256 OR NEW.created_by IS DISTINCT FROM OLD.created_by OR NEW.created_at IS DISTINCT FROM OLD.created_at OR NEW.proposed_by IS DISTINCT FROM OLD.proposed_by OR NEW.proposed_at IS DISTINCT FROM OLD.proposed_at OR NEW.send_back_note IS DISTINCT FROM OLD.send_back_note OR NEW.topic_id IS DISTINCT FROM OLD.topic_id) THEN RAISE EXCEPTION 'the rules of a published round are frozen' USING ERRCODE = 'check_violation'; END IF; END IF; IF TG_OP = 'UPDATE' THEN IF (OLD.roll_locked_at IS NOT NULL AND (NEW.roll_locked_at IS DISTINCT FROM OLD.roll_locked_at OR (NEW.roll_count IS DISTINCT FROM OLD.roll_count AND (OLD.state <> 'published' OR NEW.roll_count <> (SELECT count(*) FROM roll_entries WHERE round_id = NEW.id AND struck_at IS NULL))))) OR (OLD.edition_sha256 IS NOT NULL AND OLD.tie_secret IS NOT NULL AND NEW.tie_secret IS DISTINCT FROM OLD.tie_secret) OR (OLD.edition_sha256 IS NOT NULL AND NEW.state <> OLD.state AND NOT ((OLD.state = 'published' AND NEW.state IN ('closed', 'cancelled')) OR (OLD.state = 'closed' AND NEW.state IN ('counted', 'cancelled')) OR (OLD.state = 'counted' AND NEW.state = 'certified'))) OR (OLD.state = 'cancelled' AND NEW.state <> 'cancelled') THEN RAISE EXCEPTION 'a round goes forward only' USING ERRCODE = 'check_violation'; END IF; END IF; IF TG_OP = 'DELETE' THEN IF OLD.edition_sha256 IS NOT NULL THEN RAISE EXCEPTION 'the rules of a published round are frozen' USING ERRCODE = 'check_violation'; END IF; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER tr_rounds_frozen BEFORE UPDATE OR DELETE ON rounds FOR EACH ROW EXECUTE FUNCTION rounds_frozen()",
    "CREATE FUNCTION published_ballots_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'published_ballots is append-only' USING ERRCODE = 'restrict_violation'; END $$",
    "CREATE TRIGGER tr_published_ballots_append_only BEFORE UPDATE OR DELETE ON published_ballots FOR EACH ROW EXECUTE FUNCTION published_ballots_append_only()",
    "CREATE TRIGGER tr_published_ballots_no_truncate BEFORE TRUNCATE ON published_ballots FOR EACH STATEMENT EXECUTE FUNCTION published_ballots_append_only()",
)


def upgrade() -> None:
    op.create_table(
        "cancel_requests",
        sa.Column(
            "round_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("asked_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("carried_out_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_cancel_requests_with_reason")),
        sa.CheckConstraint("carried_out_by <> asked_by", name=op.f("ck_cancel_requests_four_eyes")),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["people.id"], name=op.f("fk_cancel_requests_asked_by_people"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["carried_out_by"],
            ["people.id"],
            name=op.f("fk_cancel_requests_carried_out_by_people"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_cancel_requests_round_id_rounds"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_cancel_requests")),
    )
    with op.batch_alter_table("cancel_requests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cancel_requests_asked_by"), ["asked_by"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_cancel_requests_carried_out_by"), ["carried_out_by"], unique=False
        )

    for statement in SQLITE_UP if op.get_bind().dialect.name == "sqlite" else POSTGRESQL_UP:
        op.execute(statement)


def downgrade() -> None:
    for statement in SQLITE_DOWN if op.get_bind().dialect.name == "sqlite" else POSTGRESQL_DOWN:
        op.execute(statement)
    op.drop_table("cancel_requests")
    if op.get_bind().dialect.name == "postgresql":
        for function in ("cancel_requests_frozen", "cancel_requests_no_truncate"):
            op.execute(f"DROP FUNCTION {function}()")
