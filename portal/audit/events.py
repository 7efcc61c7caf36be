"""What the ledger's events of this room are called, in their usual order."""

from __future__ import annotations

from portal.audit.models import BLANK_ASKED, BLANK_DECLINED
from portal.core.i18n import lazy_gettext as _l
from portal.core.ledger import BLANKED, TWO_FROM_HERE
from portal.core.ledger_words import RoomWords

EVENTS = RoomWords(
    title=_l("Ledger"),
    events={
        BLANK_ASKED: _l("Removal of an entry's words requested"),
        BLANK_DECLINED: _l("Removal of an entry's words rejected"),
        BLANKED: _l("Words of an entry removed"),
        TWO_FROM_HERE: _l("Removal needs two people from here on"),
    },
    things={
        "ledger_entry": _l("Ledger entry"),
    },
)
