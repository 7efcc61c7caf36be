"""What people do with forums: announce, record, write issues down."""

from portal.forums.commands.announcing import Announcement, announce_forum, cancel_forum, write_forum
from portal.forums.commands.issues import (
    IssueData,
    add_issue,
    add_photos,
    remove_issue,
    remove_photo,
    write_issue,
)
from portal.forums.commands.recording import (
    MOST_PEOPLE,
    Name,
    Record,
    correct_forum,
    forget_names,
    record_forum,
)
from portal.forums.commands.sending import KEYS_KEPT, Changed, KeyTooOld, Sent, send_record

__all__ = [
    "KEYS_KEPT",
    "MOST_PEOPLE",
    "Announcement",
    "Changed",
    "IssueData",
    "KeyTooOld",
    "Name",
    "Record",
    "Sent",
    "add_issue",
    "add_photos",
    "announce_forum",
    "cancel_forum",
    "correct_forum",
    "forget_names",
    "record_forum",
    "remove_issue",
    "remove_photo",
    "send_record",
    "write_forum",
    "write_issue",
]
