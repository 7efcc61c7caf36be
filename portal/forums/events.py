"""What the ledger's events of this room are called, in their usual order."""

from __future__ import annotations

from portal.core.i18n import lazy_gettext as _l
from portal.core.ledger_words import RoomWords

EVENTS = RoomWords(
    title=_l("Forums"),
    events={
        "forum.announced": _l("Forum announced"),
        "forum.changed": _l("Forum announcement changed"),
        "forum.cancelled": _l("Forum cancelled"),
        "forum.recorded": _l("Forum recorded"),
        "forum.corrected": _l("Forum record corrected"),
        "forum.photos_added": _l("Forum photos added"),
        "forum.photo_removed": _l("Forum photo deleted"),
        "forum.names_deleted": _l("Forum's list of names deleted"),
        "forum.synthesis_published": _l("Synthesis of problems published"),
        "forum.policy_published": _l("Adopted policy published"),
        "issue.added": _l("Issue added"),
        "issue.changed": _l("Issue changed"),
        "issue.removed": _l("Issue deleted"),
        "body.registered": _l("Council or network registered"),
        "body.changed": _l("Council or network details changed"),
    },
    things={
        "forum": _l("Forum"),
        "issue": _l("Issue"),
        "body": _l("Council or network"),
    },
)
