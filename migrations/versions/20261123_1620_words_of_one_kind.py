"""words of one kind

Search always asks for one kind: words without their kind are indexed no more. PostgreSQL indexes them by kind as SQLite does,
and keeps the topics of a kind in their order, so that what many hold is read newest first.

Revision: words_of_one_kind
After: who_turned_down
Written: 2026-11-23 16:20 UTC
"""

from alembic import op

revision = "words_of_one_kind"
down_revision = "who_turned_down"
branch_labels = None
depends_on = None

BY_KIND = "replace(kind, '_', '') || '0' || replace(tokens, ' ', ' ' || replace(kind, '_', '') || '0')"


def words(row: str, columns: tuple[str, ...]) -> str:
    kind = f"replace({row}.kind, '_', '') || '0'"
    place = f"{kind} || coalesce({row}.district_id, 0) || 'x'"
    held = {"tokens": f"{row}.tokens"} | {
        name: f"{mark} || replace({row}.tokens, ' ', ' ' || {mark})"
        for name, mark in (("by_kind", kind), ("by_place", place))
    }
    return ", ".join([f"{row}.id", *(held[name] for name in columns)])


def table(*columns: str) -> None:
    """Make SQLite's full-text table anew with these columns, and the triggers that feed it."""
    names = ", ".join(columns)

    def written(row: str) -> str:
        return f"INSERT INTO topic_search(rowid, {names}) VALUES ({words(row, columns)})"  # noqa: S608 - our names

    def struck(row: str) -> str:
        return (
            f"INSERT INTO topic_search(topic_search, rowid, {names}) VALUES ('delete', {words(row, columns)})"  # noqa: S608 - our names
        )

    for statement in (
        "DROP TRIGGER tr_topics_search_insert",
        "DROP TRIGGER tr_topics_search_update",
        "DROP TRIGGER tr_topics_search_delete",
        "DROP TABLE topic_search",
        f"CREATE VIRTUAL TABLE topic_search USING fts5({names}, content='', prefix='6 7 8 9 10 11', "
        "tokenize=\"unicode61 categories 'L* N* Co Mn Mc'\")",
        f"CREATE TRIGGER tr_topics_search_insert AFTER INSERT ON topics BEGIN {written('NEW')}; END",
        "CREATE TRIGGER tr_topics_search_update AFTER UPDATE OF tokens, district_id ON topics BEGIN "
        f"{struck('OLD')}; {written('NEW')}; END",
        f"CREATE TRIGGER tr_topics_search_delete AFTER DELETE ON topics BEGIN {struck('OLD')}; END",
        f"INSERT INTO topic_search(rowid, {names}) SELECT {words('topics', columns)} FROM topics",  # noqa: S608 - our names
    ):
        op.get_bind().exec_driver_sql(statement)


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        table("by_kind", "by_place")
        return
    op.execute("DROP INDEX ix_topics_tokens")
    op.execute(
        f"CREATE INDEX ix_topics_tokens_by_kind ON topics USING gin (to_tsvector('simple', {BY_KIND}))"
    )
    op.execute("CREATE INDEX ix_topics_kind_id ON topics (kind, id)")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        table("tokens", "by_kind", "by_place")
        return
    op.execute("DROP INDEX ix_topics_kind_id")
    op.execute("DROP INDEX ix_topics_tokens_by_kind")
    op.execute("CREATE INDEX ix_topics_tokens ON topics USING gin (to_tsvector('simple', tokens))")
