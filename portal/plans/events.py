"""What the ledger's events of this room are called, in their usual order."""

from __future__ import annotations

from portal.core.i18n import lazy_gettext as _l
from portal.core.i18n import lazy_pgettext as _lp
from portal.core.ledger_words import RoomWords

EVENTS = RoomWords(
    title=_l("Community plans"),
    events={
        "plan.begun": _l("Plan started"),
        "plan.written": _l("Plan text edited"),
        "plan.item_added": _l("Item added"),
        "plan.item_written": _l("Item edited"),
        "plan.items_reordered": _l("Items reordered"),
        "plan.item_withdrawn": _l("Item withdrawn"),
        "plan.file_attached": _l("File attached to an item"),
        "plan.file_removed": _l("File removed from an item"),
        "plan.item_reviewed": _l("Earlier item reviewed"),
        "plan.reviewed": _l("Review of the earlier plan noted"),
        "plan.review_undone": _l("Review of an earlier item undone"),
        "plan.signed": _l("Plan signed"),
        "plan.signed_on_paper": _l("Signature on paper entered"),
        "plan.endorsed": _l("Plan endorsed"),
        "plan.reopened": _l("Plan open for changes again"),
        "plan.submitted": _lp("ledger", "Plan submitted"),
        "plan.late_permitted": _l("Late submission permitted"),
        "plan.withdrawn": _l("Plan withdrawn"),
        "plan.resumed": _l("Withdrawn plan resumed"),
        "plan.returned": _l("Plan returned for correction"),
        "plan.accepted_for_screening": _l("Plan accepted for screening"),
        "plan.item_reopened": _l("Item opened for correction"),
        "plan.item_corrected": _l("Correction of an item ended"),
        "plan.edition_made": _l("New edition of a plan made"),
    },
    things={
        "plan": _l("Community plan"),
        "item": _l("Item"),
    },
)
