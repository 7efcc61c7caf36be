"""What the ledger's events of this room are called, in their usual order."""

from __future__ import annotations

from portal.core.i18n import lazy_gettext as _l
from portal.core.i18n import lazy_pgettext as _lp
from portal.core.ledger_words import RoomWords

EVENTS = RoomWords(
    title=_l("Comments"),
    events={
        "comment.posted": _l("Comment posted"),
        "comment.answered": _l("Comment answered by the office"),
        "comment.withdrawn": _l("Comment withdrawn"),
        "comment.reported": _l("Comment reported"),
        "comment.kept": _l("Reported comment kept"),
        "comment.hidden": _l("Comment hidden"),
        "comment.restored": _l("Hidden comment shown again"),
    },
    things={
        "comment": _lp("ledger", "Comment"),
        "official_reply": _l("Official answer"),
    },
)
