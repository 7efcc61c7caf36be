"""What the ledger's events of this room are called, in their usual order."""

from __future__ import annotations

from portal.core.i18n import lazy_gettext as _l
from portal.core.ledger_words import RoomWords

EVENTS = RoomWords(
    title=_l("Screening"),
    events={
        "screening.opened": _l("Screening started"),
        "screening.assigned": _l("Planner assigned"),
        "screening.card_answered": _l("Criteria answered"),
        "screening.node_chosen": _l("Strategy line chosen"),
        "screening.formal_finished": _l("Formal check passed"),
        "screening.correction_asked": _l("Correction requested"),
        "screening.correction_answered": _l("Correction submitted"),
        "screening.agency_asked": _l("Other agency asked"),
        "screening.reply_noted": _l("Agency's reply entered"),
        "screening.wait_lapsed": _l("Waiting time ended without an answer"),
        "screening.proposed": _l("Decision proposed"),
        "screening.sent_back": _l("Proposed decision sent back"),
        "screening.confirmed": _l("Decision confirmed"),
        "screening.released": _l("Decision published"),
        "screening.release_called_off": _l("Planned publication cancelled"),
        "screening.unpublished": _l("Published decision taken back"),
        "screening.reopened": _l("Item opened for screening again"),
        "screening.withdrawn": _l("Item withdrawn during screening"),
        "screening.appealed": _l("Appeal submitted"),
        "screening.appeal_proposed": _l("Answer to the appeal proposed"),
        "screening.appeal_confirmed": _l("Answer to the appeal confirmed"),
        "screening.appeal_released": _l("Answer to the appeal published"),
        "screening.sheet_sent": _l("Screening spreadsheet uploaded"),
        "screening.sheet_written": _l("Screening spreadsheet saved"),
    },
    things={
        "screening_case": _l("Screening of an item"),
        "screening_sheet": _l("Screening spreadsheet"),
    },
)
