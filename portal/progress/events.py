"""What the ledger's events of this room are called, in their usual order."""

from __future__ import annotations

from portal.core.i18n import lazy_gettext as _l
from portal.core.ledger_words import RoomWords

EVENTS = RoomWords(
    title=_l("Progress of projects"),
    events={
        "progress.opened": _l("Progress sheet opened"),
        "progress.head_changed": _l("Head of a progress sheet changed"),
        "progress.written": _l("Draft report saved"),
        "progress.discarded": _l("Draft report discarded"),
        "progress.sent": _l("Report submitted for certification"),
        "progress.recalled": _l("Submitted report taken back"),
        "progress.sent_back": _l("Report sent back"),
        "progress.certified": _l("Report certified"),
        "progress.correction_begun": _l("Correction of a report started"),
    },
    things={
        "progress_sheet": _l("Progress sheet"),
    },
)
