"""words by beginning

SQLite's full-text index keeps the beginnings of words, so that a search reads the newest few and not all that begin alike.

Revision: words_by_beginning
After: answers_of_the_sample
Written: 2026-11-23 07:10 UTC
"""

from alembic import op

revision = "words_by_beginning"
down_revision = "answers_of_the_sample"
branch_labels = None
depends_on = None

TABLE = (
    "CREATE VIRTUAL TABLE topic_search USING fts5(tokens, by_kind, by_place, content='', {}"
    "tokenize=\"unicode61 categories 'L* N* Co Mn Mc'\")"
)
KIND = "replace(kind, '_', '') || '0'"
PLACE = f"{KIND} || coalesce(district_id, 0) || 'x'"
FILL = (
    "INSERT INTO topic_search(rowid, tokens, by_kind, by_place) SELECT id, tokens, "  # noqa: S608 - our names
    f"{KIND} || replace(tokens, ' ', ' ' || {KIND}), {PLACE} || replace(tokens, ' ', ' ' || {PLACE}) FROM topics"
)


def upgrade() -> None:
    again("prefix='6 7 8 9 10 11', ")


def downgrade() -> None:
    again("")


def again(option: str) -> None:
    """Make the table anew and fill it; the triggers that feed it stay."""
    if op.get_bind().dialect.name == "sqlite":
        for statement in ("DROP TABLE topic_search", TABLE.format(option), FILL):
            op.get_bind().exec_driver_sql(statement)
