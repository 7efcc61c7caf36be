"""A forum is announced, then recorded or called off; a record can be corrected, never taken back."""

from __future__ import annotations

from portal.core.i18n import lazy_gettext as _l
from portal.core.workflow import Move, Workflow
from portal.forums import policy
from portal.forums.models import ForumState

EDIT, CANCEL, RECORD, CORRECT = "edit", "cancel", "record", "correct"
_ANNOUNCED, _RECORDED = frozenset({ForumState.ANNOUNCED}), frozenset({ForumState.RECORDED})

FORUMS = Workflow(
    [
        Move(RECORD, _ANNOUNCED, ForumState.RECORDED, policy.can_record_forum, _l("Record the forum")),
        Move(EDIT, _ANNOUNCED, ForumState.ANNOUNCED, policy.can_edit_forum, _l("Change the announcement")),
        Move(CANCEL, _ANNOUNCED, ForumState.CANCELLED, policy.can_keep_forum, _l("Cancel the forum")),
        Move(CORRECT, _RECORDED, ForumState.RECORDED, policy.can_keep_forum, _l("Correct the record")),
    ]
)
