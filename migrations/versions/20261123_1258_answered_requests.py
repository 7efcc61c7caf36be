"""answered requests

Whose request to call off a round was turned down or taken back asks no more in that state.

Revision: answered_requests
After: two_from_here
Written: 2026-11-23 12:58 UTC
"""

import sqlalchemy as sa
from alembic import op

revision = "answered_requests"
down_revision = "two_from_here"
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

SQLITE_UP = (
    "DROP TRIGGER tr_cancel_requests_frozen_4",
    "CREATE TRIGGER tr_cancel_requests_frozen_4 BEFORE INSERT ON cancel_requests WHEN EXISTS (SELECT 1 FROM cancel_answers WHERE round_id = NEW.round_id AND state = NEW.state AND asked_by = NEW.asked_by) BEGIN SELECT RAISE(ABORT, 'whose request to cancel was answered asks no more in that state'); END",
    "CREATE TRIGGER tr_cancel_requests_frozen_5 BEFORE UPDATE ON cancel_requests WHEN OLD.carried_out_by IS NULL AND NOT EXISTS (SELECT 1 FROM rounds WHERE id = NEW.round_id AND state = NEW.state) BEGIN SELECT RAISE(ABORT, 'a request to cancel holds for the state it was made in'); END",
)
SQLITE_DOWN = (
    "DROP TRIGGER tr_cancel_requests_frozen_4",
    "DROP TRIGGER tr_cancel_requests_frozen_5",
    "CREATE TRIGGER tr_cancel_requests_frozen_4 BEFORE UPDATE ON cancel_requests WHEN OLD.carried_out_by IS NULL AND NOT EXISTS (SELECT 1 FROM rounds WHERE id = NEW.round_id AND state = NEW.state) BEGIN SELECT RAISE(ABORT, 'a request to cancel holds for the state it was made in'); END",
)
POSTGRESQL_UP = (
    "CREATE OR REPLACE FUNCTION cancel_requests_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'UPDATE' THEN IF OLD.carried_out_by IS NOT NULL OR NEW.round_id IS DISTINCT FROM OLD.round_id OR NEW.asked_by IS DISTINCT FROM OLD.asked_by OR NEW.asked_at IS DISTINCT FROM OLD.asked_at OR NEW.state IS DISTINCT FROM OLD.state OR NEW.reason IS DISTINCT FROM OLD.reason THEN RAISE EXCEPTION 'a round goes forward only' USING ERRCODE = 'check_violation'; END IF; END IF; IF TG_OP = 'DELETE' THEN IF OLD.carried_out_by IS NOT NULL THEN RAISE EXCEPTION 'a round goes forward only' USING ERRCODE = 'check_violation'; END IF; END IF; IF TG_OP = 'INSERT' THEN IF NOT EXISTS (SELECT 1 FROM rounds WHERE id = NEW.round_id AND state = NEW.state) THEN RAISE EXCEPTION 'a request to cancel holds for the state it was made in' USING ERRCODE = 'check_violation'; END IF; END IF; IF TG_OP = 'INSERT' THEN IF EXISTS (SELECT 1 FROM cancel_answers WHERE round_id = NEW.round_id AND state = NEW.state AND asked_by = NEW.asked_by) THEN RAISE EXCEPTION 'whose request to cancel was answered asks no more in that state' USING ERRCODE = 'check_violation'; END IF; END IF; IF TG_OP = 'UPDATE' THEN IF OLD.carried_out_by IS NULL AND NOT EXISTS (SELECT 1 FROM rounds WHERE id = NEW.round_id AND state = NEW.state) THEN RAISE EXCEPTION 'a request to cancel holds for the state it was made in' USING ERRCODE = 'check_violation'; END IF; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
)
POSTGRESQL_DOWN = (
    "CREATE OR REPLACE FUNCTION cancel_requests_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'UPDATE' THEN IF OLD.carried_out_by IS NOT NULL OR NEW.round_id IS DISTINCT FROM OLD.round_id OR NEW.asked_by IS DISTINCT FROM OLD.asked_by OR NEW.asked_at IS DISTINCT FROM OLD.asked_at OR NEW.state IS DISTINCT FROM OLD.state OR NEW.reason IS DISTINCT FROM OLD.reason THEN RAISE EXCEPTION 'a round goes forward only' USING ERRCODE = 'check_violation'; END IF; END IF; IF TG_OP = 'DELETE' THEN IF OLD.carried_out_by IS NOT NULL THEN RAISE EXCEPTION 'a round goes forward only' USING ERRCODE = 'check_violation'; END IF; END IF; IF TG_OP = 'INSERT' THEN IF NOT EXISTS (SELECT 1 FROM rounds WHERE id = NEW.round_id AND state = NEW.state) THEN RAISE EXCEPTION 'a request to cancel holds for the state it was made in' USING ERRCODE = 'check_violation'; END IF; END IF; IF TG_OP = 'UPDATE' THEN IF OLD.carried_out_by IS NULL AND NOT EXISTS (SELECT 1 FROM rounds WHERE id = NEW.round_id AND state = NEW.state) THEN RAISE EXCEPTION 'a request to cancel holds for the state it was made in' USING ERRCODE = 'check_violation'; END IF; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
)
SQLITE_NEW = (
    "CREATE TRIGGER tr_cancel_answers_no_update BEFORE UPDATE ON cancel_answers BEGIN SELECT RAISE(ABORT, 'cancel_answers is append-only'); END",
    "CREATE TRIGGER tr_cancel_answers_no_delete BEFORE DELETE ON cancel_answers BEGIN SELECT RAISE(ABORT, 'cancel_answers is append-only'); END",
)
POSTGRESQL_NEW = (
    "CREATE FUNCTION cancel_answers_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'cancel_answers is append-only' USING ERRCODE = 'restrict_violation'; END $$",
    "CREATE TRIGGER tr_cancel_answers_append_only BEFORE UPDATE OR DELETE ON cancel_answers FOR EACH ROW EXECUTE FUNCTION cancel_answers_append_only()",
    "CREATE TRIGGER tr_cancel_answers_no_truncate BEFORE TRUNCATE ON cancel_answers FOR EACH STATEMENT EXECUTE FUNCTION cancel_answers_append_only()",
)


def _key() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _run(sqlite: tuple[str, ...], postgresql: tuple[str, ...]) -> None:
    for statement in sqlite if op.get_bind().dialect.name == "sqlite" else postgresql:
        op.execute(statement)


def upgrade() -> None:
    op.create_table(
        "cancel_answers",
        sa.Column("id", _key(), nullable=False),
        sa.Column("round_id", _key(), nullable=False),
        sa.Column("state", STATE, nullable=False),
        sa.Column("asked_by", _key(), nullable=False),
        sa.Column("answered_by", _key(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'proposed', 'published', 'closed', 'counted', 'certified', 'cancelled')",
            name=op.f("ck_cancel_answers_state"),
        ),
        *(
            sa.ForeignKeyConstraint(
                [one], [f"{table}.id"], name=op.f(f"fk_cancel_answers_{one}_{table}"), ondelete="RESTRICT"
            )
            for one, table in (("round_id", "rounds"), ("asked_by", "people"), ("answered_by", "people"))
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cancel_answers")),
        sa.UniqueConstraint(
            "round_id", "state", "asked_by", name=op.f("uq_cancel_answers_round_id_state_asked_by")
        ),
    )
    for one in ("asked_by", "answered_by"):
        op.create_index(op.f(f"ix_cancel_answers_{one}"), "cancel_answers", [one], unique=False)
    _run(SQLITE_NEW, POSTGRESQL_NEW)
    _run(SQLITE_UP, POSTGRESQL_UP)


def downgrade() -> None:
    _run(SQLITE_DOWN, POSTGRESQL_DOWN)
    op.drop_table("cancel_answers")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION cancel_answers_append_only()")
