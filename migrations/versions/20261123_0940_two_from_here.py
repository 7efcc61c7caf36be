"""two from here

Here the ledger came to say from where on it takes two people to take words out of it; a later step says it everywhere.

Revision: two_from_here
After: words_by_beginning
Written: 2026-11-23 09:40 UTC
"""

revision = "two_from_here"
down_revision = "words_by_beginning"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """See ``two_in_every_ledger``."""


def downgrade() -> None:
    """What the ledger says stays."""
