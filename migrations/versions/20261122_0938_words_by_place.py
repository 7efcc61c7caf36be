"""words by place

What is alike in one district is found without the matches of the others: the full-text index of each engine holds each
word marked by kind and district. Budget lines keep their segmented words. Cases without a decision are found by district.

Revision: words_by_place
After: progress
Written: 2026-11-22 09:38 UTC
"""

import sqlalchemy as sa
from alembic import op

from portal.core import thai

revision = "words_by_place"
down_revision = "progress"
branch_labels = None
depends_on = None

BATCH = 2_000
AWAY = (
    "DROP TRIGGER tr_topics_search_insert",
    "DROP TRIGGER tr_topics_search_update",
    "DROP TRIGGER tr_topics_search_delete",
    "DROP TABLE topic_search",
)
BEFORE = (
    "CREATE VIRTUAL TABLE topic_search USING fts5(tokens, by_kind, content='', "
    "tokenize=\"unicode61 categories 'L* N* Co Mn Mc'\")",
    "CREATE TRIGGER tr_topics_search_insert AFTER INSERT ON topics BEGIN "
    "INSERT INTO topic_search(rowid, tokens, by_kind) VALUES (NEW.id, NEW.tokens, "
    "replace(NEW.kind, '_', '') || '0' || replace(NEW.tokens, ' ', ' ' || replace(NEW.kind, '_', '') || '0')); END",
    "CREATE TRIGGER tr_topics_search_update AFTER UPDATE OF tokens ON topics BEGIN "
    "INSERT INTO topic_search(topic_search, rowid, tokens, by_kind) VALUES ('delete', OLD.id, OLD.tokens, "
    "replace(OLD.kind, '_', '') || '0' || replace(OLD.tokens, ' ', ' ' || replace(OLD.kind, '_', '') || '0')); "
    "INSERT INTO topic_search(rowid, tokens, by_kind) VALUES (NEW.id, NEW.tokens, "
    "replace(NEW.kind, '_', '') || '0' || replace(NEW.tokens, ' ', ' ' || replace(NEW.kind, '_', '') || '0')); END",
    "CREATE TRIGGER tr_topics_search_delete AFTER DELETE ON topics BEGIN "
    "INSERT INTO topic_search(topic_search, rowid, tokens, by_kind) VALUES ('delete', OLD.id, OLD.tokens, "
    "replace(OLD.kind, '_', '') || '0' || replace(OLD.tokens, ' ', ' ' || replace(OLD.kind, '_', '') || '0')); END",
    "INSERT INTO topic_search(rowid, tokens, by_kind) SELECT id, tokens, "
    "replace(topics.kind, '_', '') || '0' || replace(topics.tokens, ' ', ' ' || replace(topics.kind, '_', '') || '0') "
    "FROM topics",
)


def words(row: str) -> str:
    kind = f"replace({row}.kind, '_', '') || '0'"
    place = f"{kind} || coalesce({row}.district_id, 0) || 'x'"
    marked = (f"{mark} || replace({row}.tokens, ' ', ' ' || {mark})" for mark in (kind, place))
    return ", ".join([f"{row}.id", f"{row}.tokens", *marked])


def written(row: str) -> str:
    columns = "rowid, tokens, by_kind, by_place"
    return f"INSERT INTO topic_search({columns}) VALUES ({words(row)})"  # noqa: S608 - our names


def struck(row: str) -> str:
    columns = "topic_search, rowid, tokens, by_kind, by_place"
    return f"INSERT INTO topic_search({columns}) VALUES ('delete', {words(row)})"  # noqa: S608 - our names


AFTER = (
    "CREATE VIRTUAL TABLE topic_search USING fts5(tokens, by_kind, by_place, content='', "
    "tokenize=\"unicode61 categories 'L* N* Co Mn Mc'\")",
    f"CREATE TRIGGER tr_topics_search_insert AFTER INSERT ON topics BEGIN {written('NEW')}; END",
    "CREATE TRIGGER tr_topics_search_update AFTER UPDATE OF tokens, district_id ON topics BEGIN "
    f"{struck('OLD')}; {written('NEW')}; END",
    f"CREATE TRIGGER tr_topics_search_delete AFTER DELETE ON topics BEGIN {struck('OLD')}; END",
    f"INSERT INTO topic_search(rowid, tokens, by_kind, by_place) SELECT {words('topics')} FROM topics",  # noqa: S608 - our names
)
BY_PLACE = (
    "replace(kind, '_', '') || '0' || CAST(coalesce(district_id, 0) AS TEXT) || 'x' || "
    "replace(tokens, ' ', ' ' || replace(kind, '_', '') || '0' || CAST(coalesce(district_id, 0) AS TEXT) || 'x')"
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        run(AWAY + AFTER)
    else:
        op.execute(
            f"CREATE INDEX ix_topics_tokens_by_place ON topics USING gin (to_tsvector('simple', {BY_PLACE}))"
        )
    op.add_column("budget_lines", sa.Column("tokens", sa.Text(), nullable=False, server_default=""))
    segment()
    with op.batch_alter_table("budget_lines") as lines:
        lines.alter_column("tokens", server_default=None, existing_type=sa.Text(), existing_nullable=False)
    decided("decision_id IS NOT NULL")


def downgrade() -> None:
    decided(None)
    with op.batch_alter_table("budget_lines") as lines:
        lines.drop_column("tokens")
    if op.get_bind().dialect.name == "sqlite":
        run(AWAY + BEFORE)
    else:
        op.execute("DROP INDEX ix_topics_tokens_by_place")


def run(statements: tuple[str, ...]) -> None:
    for statement in statements:
        op.get_bind().exec_driver_sql(statement)


def segment() -> None:
    """Give the lines that are there their words; the same name is segmented once."""
    lines = sa.table("budget_lines", sa.column("what", sa.String), sa.column("tokens", sa.Text))
    names = list(op.get_bind().scalars(sa.select(lines.c.what).distinct()))
    change = sa.update(lines).where(lines.c.what == sa.bindparam("name")).values(tokens=sa.bindparam("words"))
    for start in range(0, len(names), BATCH):
        batch = [{"name": name, "words": thai.tokens(name)} for name in names[start : start + BATCH]]
        op.get_bind().execute(change, batch)


def decided(where: str | None) -> None:
    """The index of decisions in force, of all cases or of those that have one."""
    condition = None if where is None else sa.text(where)
    name = op.f("ix_screening_cases_decision_id")
    op.drop_index(name, "screening_cases")
    op.create_index(
        name, "screening_cases", ["decision_id"], sqlite_where=condition, postgresql_where=condition
    )
