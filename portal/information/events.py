"""What the ledger's events of this room are called, in their usual order."""

from __future__ import annotations

from portal.core.i18n import lazy_gettext as _l
from portal.core.ledger_words import RoomWords

EVENTS = RoomWords(
    title=_l("Information centre"),
    events={
        "information.published": _l("Document published in the information centre"),
        "information.service_published": _l("Public service published"),
        "information.summary_published": _l("Monthly summary published"),
    },
    things={
        "information_entry": _l("Document in the information centre"),
        "public_service": _l("Public service"),
        "monthly_summary": _l("Monthly summary of purchases"),
    },
)
