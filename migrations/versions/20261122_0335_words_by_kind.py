"""words by kind

Search of one kind no longer reads the matches of all others: SQLite's full-text table holds each word marked by kind.

Revision: words_by_kind
After: name_corrections
Written: 2026-11-22 03:35 UTC
"""

from alembic import op

revision = "words_by_kind"
down_revision = "name_corrections"
branch_labels = None
depends_on = None

AWAY = (
    "DROP TRIGGER tr_topics_search_insert",
    "DROP TRIGGER tr_topics_search_update",
    "DROP TRIGGER tr_topics_search_delete",
    "DROP TABLE topic_search",
)
BEFORE = (
    "CREATE VIRTUAL TABLE topic_search USING fts5(tokens, kind, content='topics', content_rowid='id', "
    "tokenize=\"unicode61 categories 'L* N* Co Mn Mc'\")",
    "CREATE TRIGGER tr_topics_search_insert AFTER INSERT ON topics BEGIN "
    "INSERT INTO topic_search(rowid, tokens, kind) VALUES (NEW.id, NEW.tokens, NEW.kind); END",
    "CREATE TRIGGER tr_topics_search_update AFTER UPDATE OF tokens ON topics BEGIN "
    "INSERT INTO topic_search(topic_search, rowid, tokens, kind) VALUES ('delete', OLD.id, OLD.tokens, OLD.kind); "
    "INSERT INTO topic_search(rowid, tokens, kind) VALUES (NEW.id, NEW.tokens, NEW.kind); END",
    "CREATE TRIGGER tr_topics_search_delete AFTER DELETE ON topics BEGIN "
    "INSERT INTO topic_search(topic_search, rowid, tokens, kind) VALUES ('delete', OLD.id, OLD.tokens, OLD.kind); END",
    "INSERT INTO topic_search(rowid, tokens, kind) SELECT id, tokens, kind FROM topics",
)
AFTER = (
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
    "replace(topics.kind, '_', '') || '0' || replace(topics.tokens, ' ', ' ' || replace(topics.kind, '_', '') || '0') FROM topics",
)


def upgrade() -> None:
    run(AFTER)


def downgrade() -> None:
    run(BEFORE)


def run(statements: tuple[str, ...]) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for statement in (*AWAY, *statements):
            op.get_bind().exec_driver_sql(statement)
