"""two from here

Where one person alone took words out of the ledger while that was enough, the ledger says from where on it takes two.

Revision: two_from_here
After: words_by_beginning
Written: 2026-11-23 09:40 UTC
"""

import datetime as dt
import secrets

import sqlalchemy as sa
from alembic import op

from portal.core import ledger

revision = "two_from_here"
down_revision = "words_by_beginning"
branch_labels = None
depends_on = None

EVENT, LOCK = "ledger.two_from_here", 4_210_070
NOT_BY_TWO = sa.text(
    "SELECT count(*) FROM ledger_entries AS e WHERE e.payload IS NULL AND NOT EXISTS (SELECT 1 FROM ledger_entries AS a "
    "WHERE a.event = 'ledger.blank_asked' AND a.subject_kind = 'ledger_entry' AND a.subject_id = e.id)"
)
SAID = sa.text(f"SELECT count(*) FROM ledger_entries WHERE event = '{EVENT}'")  # noqa: S608 - our name
HEAD = sa.text("SELECT id, hash FROM ledger_entries ORDER BY id DESC LIMIT 1")
ENTRIES = sa.table(
    "ledger_entries",
    *map(sa.column, ("id", "event")),
    sa.column("at", sa.DateTime(timezone=True)),
    *map(sa.column, ("actor_id", "subject_kind", "subject_id", "district_id", "payload", "salt")),
    *map(sa.column, ("payload_hash", "previous_hash", "hash")),
)


def upgrade() -> None:
    connection = op.get_bind()
    is_sqlite = connection.dialect.name == "sqlite"
    if not is_sqlite:
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
    if connection.scalar(SAID) or not connection.scalar(NOT_BY_TWO):
        return
    last, previous = connection.execute(HEAD).one()
    number, at = last + 1, dt.datetime.now(dt.UTC)
    salt, payload = secrets.token_hex(16), ledger.payload_text({}, "")
    digest = ledger.payload_hash(salt, payload)
    entry = {
        "id": number,
        "event": EVENT,
        "at": at.replace(tzinfo=None) if is_sqlite else at,
        "actor_id": None,
        "subject_kind": "ledger_entry",
        "subject_id": number,
        "district_id": None,
        "payload": payload,
        "salt": salt,
        "payload_hash": digest,
        "previous_hash": previous,
        "hash": ledger.entry_hash(previous, number, EVENT, at, None, "ledger_entry", number, None, digest),
    }
    connection.execute(sa.insert(ENTRIES), [entry])


def downgrade() -> None:
    """What the ledger says stays."""
