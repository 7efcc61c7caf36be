"""A process runs until everything is paid, or until it is cancelled with a reason. Its way in between is its steps."""

from __future__ import annotations

from portal.core.i18n import lazy_gettext as _l
from portal.core.workflow import Move, Workflow
from portal.procurement import policy
from portal.procurement.models import ProcessState

CLOSE, CANCEL = "close", "cancel"
_RUNNING = frozenset({ProcessState.RUNNING})

PROCESSES = Workflow(
    [
        Move(CLOSE, _RUNNING, ProcessState.CLOSED, policy.can_edit, _l("Close: everything is paid")),
        Move(CANCEL, _RUNNING, ProcessState.CANCELLED, policy.can_edit, _l("Cancel the process")),
    ]
)
