"""Threads as the pages show them, counts, the moderator's queue, the sentences of news."""

from portal.comments.queries.moderation import moderation_queue, open_reports
from portal.comments.queries.threads import (
    Answer,
    Order,
    Remark,
    Thread,
    answered_with,
    branch,
    counts,
    get_visible,
    open_for,
    thread,
    unanswered,
    waiting_remarks,
)
from portal.core.i18n import lazy_gettext as _l

NEWS = {
    "comment.posted": _l("There are new comments on “%(title)s”."),
    "comment.replied": _l("%(name)s replied to your comment on “%(title)s”."),
    "comment.answered": _l("%(office)s answered comments on “%(title)s”."),
    "comment.hidden": _l("Your comment on “%(title)s” was hidden. Reason: %(reason)s"),
    "comment.restored": _l("Your comment on “%(title)s” is shown again."),
    "comment.report_kept": _l(
        "A moderator looked at the comment you reported on “%(title)s” and left it in place."
    ),
    "comment.report_hidden": _l("A moderator hid the comment you reported on “%(title)s”."),
}

__all__ = [
    "NEWS",
    "Answer",
    "Order",
    "Remark",
    "Thread",
    "answered_with",
    "branch",
    "counts",
    "get_visible",
    "moderation_queue",
    "open_for",
    "open_reports",
    "thread",
    "unanswered",
    "waiting_remarks",
]
