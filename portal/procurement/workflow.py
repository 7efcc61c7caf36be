"""A process runs until everything is paid, or until it is cancelled with a reason. Its way in between is its steps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from portal.core import clock
from portal.core.errors import WrongState
from portal.core.i18n import lazy_gettext as _l
from portal.core.workflow import Move, Workflow
from portal.procurement import policy
from portal.procurement.models import Process, ProcessState, Step

CLOSE, CANCEL = "close", "cancel"
FARTHEST = dt.timedelta(days=3653)
TOO_FAR = _l("Choose a day within the next ten years.")
_RUNNING = frozenset({ProcessState.RUNNING})

PROCESSES = Workflow(
    [
        Move(CLOSE, _RUNNING, ProcessState.CLOSED, policy.can_edit, _l("Close: everything is paid")),
        Move(CANCEL, _RUNNING, ProcessState.CANCELLED, policy.can_edit, _l("Cancel the process")),
    ]
)


def is_too_far(day: dt.date | None) -> bool:
    """Whether a day to come lies further ahead than anybody plans a purchase: most likely its year was mistyped."""
    return day is not None and day > clock.today() + FARTHEST


def refuse_closed_draft(process: Process, steps: Iterable[Step]) -> None:
    """Raises WrongState once suppliers are invited, or where the draft terms were left out."""
    if not policy.can_show_draft(steps):
        raise WrongState(
            _l("Suppliers are already invited, or the draft terms were skipped."),
            way_on=("procurement.show", {"process_id": process.id}, _l("See the process")),
        )
