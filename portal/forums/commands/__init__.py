"""What people do with forums: announce, record, write issues down."""

from portal.forums.commands.announcing import Announcement, announce_forum, cancel_forum, write_forum
from portal.forums.commands.bodies import BodyData, register_body, write_body
from portal.forums.commands.issues import (
    IssueData,
    add_issue,
    add_photos,
    remove_issue,
    remove_photo,
    write_issue,
)
from portal.forums.commands.papers import Answer, publish_policy, publish_synthesis
from portal.forums.commands.recording import (
    MOST_PEOPLE,
    Name,
    Record,
    correct_forum,
    forget_names,
    record_forum,
)
from portal.forums.commands.sending import (
    KEYS_KEPT,
    Changed,
    KeyTooOld,
    Sent,
    SentPhoto,
    send_photo,
    send_record,
)

__all__ = [
    "KEYS_KEPT",
    "MOST_PEOPLE",
    "Announcement",
    "Answer",
    "BodyData",
    "Changed",
    "IssueData",
    "KeyTooOld",
    "Name",
    "Record",
    "Sent",
    "SentPhoto",
    "add_issue",
    "add_photos",
    "announce_forum",
    "cancel_forum",
    "correct_forum",
    "forget_names",
    "publish_policy",
    "publish_synthesis",
    "record_forum",
    "register_body",
    "remove_issue",
    "remove_photo",
    "send_photo",
    "send_record",
    "write_body",
    "write_forum",
    "write_issue",
]
