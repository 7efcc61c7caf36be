"""What the ledger's events of this room are called, in their usual order."""

from __future__ import annotations

from portal.core.i18n import lazy_gettext as _l
from portal.core.ledger_words import RoomWords

EVENTS = RoomWords(
    title=_l("Demonstration"),
    events={
        "demo.loaded": _l("Demonstration loaded"),
        "demo.clock_moved": _l("Demonstration clock moved"),
    },
    things={
        "site_state": _l("The portal itself"),
    },
)
