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

__all__ = [
    "MOST_PEOPLE",
    "Announcement",
    "IssueData",
    "Name",
    "Record",
    "add_issue",
    "add_photos",
    "announce_forum",
    "cancel_forum",
    "correct_forum",
    "forget_names",
    "record_forum",
    "remove_issue",
    "remove_photo",
    "write_forum",
    "write_issue",
]
