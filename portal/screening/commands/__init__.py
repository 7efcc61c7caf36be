"""What officers and leaders do with a case. Every command holds the case against other writers, brings a lapsed wait
to its end, and asks the workflow."""

from portal.screening.commands.appeals import (
    confirm_appeal,
    file_appeal,
    propose_appeal,
    send_back_appeal,
)
from portal.screening.commands.checks import (
    answer_card,
    answer_correction,
    ask_agency,
    ask_correction,
    choose_node,
    finish_formal,
    note_reply,
)
from portal.screening.commands.deciding import (
    confirm_decision,
    propose_decision,
    reopen_case,
    send_back_decision,
    withdraw_item,
)
from portal.screening.commands.intake import assign_cases, take_in
from portal.screening.commands.publishing import release_decisions, unpublish_decision
from portal.screening.commands.sheets import apply_sheet, compare_sheet, keep_sheet
from portal.screening.commands.together import (
    SHARED,
    Stopped,
    call_off_release,
    confirm_decisions,
    propose_decisions,
)

__all__ = [
    "SHARED",
    "Stopped",
    "answer_card",
    "answer_correction",
    "apply_sheet",
    "ask_agency",
    "ask_correction",
    "assign_cases",
    "call_off_release",
    "choose_node",
    "compare_sheet",
    "confirm_appeal",
    "confirm_decision",
    "confirm_decisions",
    "file_appeal",
    "finish_formal",
    "keep_sheet",
    "note_reply",
    "propose_appeal",
    "propose_decision",
    "propose_decisions",
    "release_decisions",
    "reopen_case",
    "send_back_appeal",
    "send_back_decision",
    "take_in",
    "unpublish_decision",
    "withdraw_item",
]
