"""What the ledger's events of this room are called, in their usual order."""

from __future__ import annotations

from portal.core.i18n import lazy_gettext as _l
from portal.core.ledger_words import RoomWords

EVENTS = RoomWords(
    title=_l("Rules in figures"),
    events={
        "rulebook.loaded": _l("Legal values loaded"),
        "law_value.entered": _l("Legal value entered"),
        "holiday.entered": _l("Holiday entered"),
        "holiday.removed": _l("Holiday removed"),
    },
    things={
        "law_value": _l("Legal value"),
        "holiday": _l("Holiday"),
    },
)
