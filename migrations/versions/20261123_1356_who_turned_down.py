"""who turned down

Who turned down a request to annul a count does not certify it.

Revision: who_turned_down
After: two_in_every_ledger
Written: 2026-11-23 13:56 UTC
"""

from alembic import op

revision = "who_turned_down"
down_revision = "two_in_every_ledger"
branch_labels = None
depends_on = None

SQLITE_UP = (
    "CREATE TRIGGER tr_round_results_frozen_1 BEFORE UPDATE ON round_results WHEN EXISTS (SELECT 1 FROM cancel_answers WHERE cancel_answers.round_id = NEW.round_id AND cancel_answers.state = 'counted' AND cancel_answers.answered_by = NEW.certified_by) BEGIN SELECT RAISE(ABORT, 'who turned down a request to annul a count does not certify it'); END",
)
SQLITE_DOWN = ("DROP TRIGGER tr_round_results_frozen_1",)
POSTGRESQL_UP = (
    "CREATE FUNCTION round_results_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'UPDATE' THEN IF EXISTS (SELECT 1 FROM cancel_answers WHERE cancel_answers.round_id = NEW.round_id AND cancel_answers.state = 'counted' AND cancel_answers.answered_by = NEW.certified_by) THEN RAISE EXCEPTION 'who turned down a request to annul a count does not certify it' USING ERRCODE = 'check_violation'; END IF; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER tr_round_results_frozen BEFORE UPDATE ON round_results FOR EACH ROW EXECUTE FUNCTION round_results_frozen()",
    "CREATE FUNCTION round_results_no_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'round_results is not emptied' USING ERRCODE = 'restrict_violation'; END $$",
    "CREATE TRIGGER tr_round_results_no_truncate BEFORE TRUNCATE ON round_results FOR EACH STATEMENT EXECUTE FUNCTION round_results_no_truncate()",
)
POSTGRESQL_DOWN = (
    "DROP TRIGGER tr_round_results_frozen ON round_results",
    "DROP TRIGGER tr_round_results_no_truncate ON round_results",
    "DROP FUNCTION round_results_frozen()",
    "DROP FUNCTION round_results_no_truncate()",
)


def _run(sqlite: tuple[str, ...], postgresql: tuple[str, ...]) -> None:
    for statement in sqlite if op.get_bind().dialect.name == "sqlite" else postgresql:
        op.execute(statement)


def upgrade() -> None:
    _run(SQLITE_UP, POSTGRESQL_UP)


def downgrade() -> None:
    _run(SQLITE_DOWN, POSTGRESQL_DOWN)
