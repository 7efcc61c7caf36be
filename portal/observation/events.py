"""What the ledger's events of this room are called, in their usual order."""

from __future__ import annotations

from portal.core.i18n import lazy_gettext as _l
from portal.core.ledger_words import RoomWords

EVENTS = RoomWords(
    title=_l("Observers"),
    events={
        "observer.asked": _l("Observer's place requested"),
        "observer.confirmed": _l("Observer confirmed"),
        "observer.declined": _l("Observer declined"),
        "observer.cancelled": _l("Observer cancelled"),
        "observer.checked_in": _l("Observer checked in"),
        "observer.attended": _l("Observer attended"),
        "observer.absent": _l("Observer did not come"),
        "observer.reported": _l("Observer's report submitted"),
        "observer.corrected": _l("Observer's report corrected"),
        "observer.answered": _l("Observer's report answered"),
        "observer.feed_renewed": _l("Private calendar address renewed"),
    },
    things={
        "observer_signup": _l("Observer's place"),
        "observer_report": _l("Observer's report"),
    },
)
