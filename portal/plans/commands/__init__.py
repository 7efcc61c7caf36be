"""What people do with plans: write, review, sign, hand in, return, withdraw. Every command checks the policy itself."""

from portal.plans.commands.handing_in import (
    accept_for_screening,
    permit_late,
    return_plan,
    submit_plan,
    withdraw_plan,
)
from portal.plans.commands.mending import close_correction, reopen_item_for_correction, withdraw_screened_item
from portal.plans.commands.reviewing import review_item, undo_review
from portal.plans.commands.signing import endorse_on_paper, endorse_plan
from portal.plans.commands.together import note_writer
from portal.plans.commands.writing import (
    add_item,
    attach_file,
    begin_plan,
    hint_strategy,
    item_from_issue,
    remove_file,
    reorder_items,
    resume_plan,
    take_up_issue,
    withdraw_item,
    write_item,
    write_plan,
)

__all__ = [
    "accept_for_screening",
    "add_item",
    "attach_file",
    "begin_plan",
    "close_correction",
    "endorse_on_paper",
    "endorse_plan",
    "hint_strategy",
    "item_from_issue",
    "note_writer",
    "permit_late",
    "remove_file",
    "reopen_item_for_correction",
    "reorder_items",
    "resume_plan",
    "return_plan",
    "review_item",
    "submit_plan",
    "take_up_issue",
    "undo_review",
    "withdraw_item",
    "withdraw_plan",
    "withdraw_screened_item",
    "write_item",
    "write_plan",
]
