"""two in every ledger

Every ledger that began before two people were wanted to take words out of it says from where on it takes two: whether
or not anything was taken out, so that nobody says it later.

Revision: two_in_every_ledger
After: closed_accounts_give_way
Written: 2026-11-23 13:55 UTC
"""

import datetime as dt
import secrets

import sqlalchemy as sa
from alembic import op

from portal.core import ledger

revision = "two_in_every_ledger"
down_revision = "closed_accounts_give_way"
branch_labels = None
depends_on = None

EVENT, LOCK = "ledger.two_from_here", 4_210_070
RULE_OF_TWO = dt.datetime(2026, 11, 23, 6, 25, tzinfo=dt.UTC)
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
    began = connection.scalar(sa.select(ENTRIES.c.at).where(ENTRIES.c.id == 1))
    if (
        connection.scalar(SAID)
        or began is None
        or began.replace(tzinfo=began.tzinfo or dt.UTC) >= RULE_OF_TWO
    ):
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
