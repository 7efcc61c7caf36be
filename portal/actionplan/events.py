"""What the ledger's events of this room are called, in their usual order."""

from __future__ import annotations

from portal.core.i18n import lazy_gettext as _l
from portal.core.ledger_words import RoomWords

EVENTS = RoomWords(
    title=_l("Annual action plans"),
    events={
        "action_plan.begun": _l("Action plan started"),
        "action_plan.hearing_opened": _l("Hearing opened"),
        "action_plan.remarks_grouped": _l("Comments grouped"),
        "action_plan.answered": _l("Hearing closed and answered"),
        "action_plan.approved": _l("Action plan approved"),
        "action_plan.approval_taken_back": _l("Approval of the action plan taken back"),
        "action_plan.published": _l("Action plan published"),
        "action_plan.edition_published": _l("Edition of the action plan published"),
        "action_plan.reopened": _l("Change of the action plan started"),
        "action_plan.changed": _l("Change of the action plan published"),
        "action_plan.change_closed": _l("Change of the action plan ended without changes"),
        "action_plan.step_undone": _l("Step of the plan undone"),
        "plan_committee.member_appointed": _l("Plan committee member appointed"),
        "plan_committee.member_ended": _l("Plan committee member left"),
        "plan_committee.interest_declared": _l("Plan committee member's interest declared"),
        "plan_committee.resolved": _l("Resolution of the plan committee entered"),
        "project.added": _l("Project added"),
        "project.changed": _l("Project changed"),
        "project.change_prepared": _l("Change of a project prepared"),
        "project.change_applied": _l("Change of a project put in force"),
        "project.withdrawn": _l("Project withdrawn"),
        "project.put_back": _l("Project put back into the plan"),
        "project.item_added": _l("Item added to a project"),
        "project.item_changed": _l("Item's amount in a project changed"),
        "project.item_removed": _l("Item removed from a project"),
        "project.node_added": _l("Strategy line added to a project"),
        "project.node_removed": _l("Strategy line removed from a project"),
        "project.document_added": _l("Project document added"),
        "project.money_recorded": _l("Project money recorded"),
        "item.not_yet": _l("Reason given why an item is not in the plan yet"),
        "item.not_yet_dropped": _l("Reason removed: the item is in a project"),
    },
    things={
        "action_plan": _l("Annual action plan"),
        "project": _l("Project"),
    },
)
