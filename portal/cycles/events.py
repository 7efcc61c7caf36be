"""What the ledger's events of this room are called, in their usual order."""

from __future__ import annotations

from portal.core.i18n import lazy_gettext as _l
from portal.core.ledger_words import RoomWords

EVENTS = RoomWords(
    title=_l("Cycles and rules"),
    events={
        "cycle.opened": _l("Cycle started"),
        "rules.proposed": _l("Rules proposed"),
        "rules.sent_back": _l("Rules sent back"),
        "rules.published": _l("Rules published"),
    },
    things={
        "cycle": _l("Cycle"),
        "rules_proposal": _l("Proposed rules"),
        "rules_edition": _l("Edition of the rules"),
    },
)
