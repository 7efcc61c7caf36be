"""Writes of the action plan room: the plan's life, its projects, and merging."""

from portal.actionplan.commands.answering import answer_hearing, group_remarks
from portal.actionplan.commands.merging import (
    give_not_yet,
    link_items,
    move_items,
    take_out,
    write_item_links,
)
from portal.actionplan.commands.plans import (
    approve_plan,
    begin_plan,
    close_change,
    finish_hearing,
    open_hearing,
    publish_edition,
    publish_plan,
    reopen_plan,
    take_approval_back,
)
from portal.actionplan.commands.projects import (
    add_document,
    add_node,
    add_project,
    put_back_project,
    record_money,
    remove_node,
    withdraw_project,
    write_project,
)
from portal.actionplan.commands.sittings import (
    appoint_member,
    declare_interest,
    end_membership,
    record_resolution,
)
from portal.actionplan.commands.steps import Overtaken
from portal.actionplan.commands.undoing import undo_step

__all__ = [
    "Overtaken",
    "add_document",
    "add_node",
    "add_project",
    "answer_hearing",
    "appoint_member",
    "approve_plan",
    "begin_plan",
    "close_change",
    "declare_interest",
    "end_membership",
    "finish_hearing",
    "give_not_yet",
    "group_remarks",
    "link_items",
    "move_items",
    "open_hearing",
    "publish_edition",
    "publish_plan",
    "put_back_project",
    "record_money",
    "record_resolution",
    "remove_node",
    "reopen_plan",
    "take_approval_back",
    "take_out",
    "undo_step",
    "withdraw_project",
    "write_item_links",
    "write_project",
]
