"""in series

Releases and certified reports follow one another in number and in time, and begin with what they belong to.

Revision: in_series
After: paper
Written: 2026-11-22 12:40 UTC
"""

from alembic import op

revision = "in_series"
down_revision = "paper"
branch_labels = None
depends_on = None

NUMBERED = "NEW.number <> (SELECT COALESCE(MAX(number), 0) + 1 FROM {table} WHERE {owner} = NEW.{owner})"
LATER = "EXISTS (SELECT 1 FROM {table} WHERE {owner} = NEW.{owner} AND {at} > NEW.{at})"
BEFORE = "EXISTS (SELECT 1 FROM {parent} WHERE id = NEW.{owner} AND {begun} > NEW.{at})"
RELEASES = {
    "table": "releases",
    "owner": "process_id",
    "at": "published_at",
    "parent": "processes",
    "begun": "created_at",
}
REPORTS = {
    "table": "progress_reports",
    "owner": "sheet_id",
    "at": "certified_at",
    "parent": "progress_sheets",
    "begun": "opened_at",
}


def is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def run(statement: str) -> None:
    op.get_bind().exec_driver_sql(statement)


def guard(names: dict[str, str], *rules: str) -> None:
    table, wrong = names["table"], " OR ".join(rule.format(**names) for rule in rules)
    name, refusal = f"{table}_in_order", f"{table} only go on"
    if is_sqlite():
        run(
            f"CREATE TRIGGER tr_{name} BEFORE INSERT ON {table} WHEN {wrong} "
            f"BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
        )
        return
    run(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {wrong} THEN "
        f"RAISE EXCEPTION '{refusal}' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$"
    )
    run(f"CREATE TRIGGER tr_{name} BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")


def unguard(table: str) -> None:
    run(f"DROP TRIGGER tr_{table}_in_order" + ("" if is_sqlite() else f" ON {table}"))
    if not is_sqlite():
        run(f"DROP FUNCTION {table}_in_order()")


def upgrade() -> None:
    unguard("releases")
    guard(RELEASES, NUMBERED, LATER, BEFORE)
    guard(REPORTS, NUMBERED, LATER, BEFORE)


def downgrade() -> None:
    unguard("progress_reports")
    unguard("releases")
    guard(RELEASES, NUMBERED, LATER)
