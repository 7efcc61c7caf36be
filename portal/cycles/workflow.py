"""A proposal of rules waits for a second person, who confirms it or sends it back."""

from __future__ import annotations

from portal.core.i18n import lazy_gettext as _l
from portal.core.workflow import Move, Workflow
from portal.cycles import policy
from portal.cycles.models import ProposalState

CONFIRM, SEND_BACK = "confirm", "send_back"
_WAITING = frozenset({ProposalState.PROPOSED})

PROPOSALS = Workflow(
    [
        Move(CONFIRM, _WAITING, ProposalState.CONFIRMED, policy.can_confirm_rules, _l("Confirm and publish")),
        Move(SEND_BACK, _WAITING, ProposalState.SENT_BACK, policy.can_confirm_rules, _l("Send back")),
    ]
)
