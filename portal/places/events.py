"""What the ledger's events of this room are called, in their usual order."""

from __future__ import annotations

from portal.core.i18n import lazy_gettext as _l
from portal.core.ledger_words import RoomWords

EVENTS = RoomWords(
    title=_l("Districts and communities"),
    events={
        "places.loaded": _l("Districts loaded"),
        "communities.imported": _l("Communities imported"),
        "community.name_corrected": _l("Community's name corrected"),
    },
    things={
        "district": _l("District"),
        "community": _l("Community"),
    },
)
