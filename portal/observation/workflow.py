"""From asking for a place to having attended. Whoever waits moves up by itself when a place falls free."""

from __future__ import annotations

from portal.core.i18n import lazy_gettext as _l
from portal.core.workflow import Move, Workflow
from portal.observation import policy
from portal.observation.models import SignupState

CONFIRM, DECLINE, CANCEL, ARRIVE = "confirm", "decline", "cancel", "arrive"
ATTEND, MISS = "attend", "miss"
_S = SignupState

SIGNUPS = Workflow(
    [
        Move(CONFIRM, frozenset({_S.ASKED}), _S.CONFIRMED, policy.can_decide, _l("Confirm the place")),
        Move(DECLINE, frozenset({_S.ASKED, _S.WAITING}), _S.DECLINED, policy.can_decide, _l("Decline")),
        Move(
            CANCEL,
            frozenset({_S.ASKED, _S.WAITING, _S.CONFIRMED}),
            _S.CANCELLED,
            policy.can_cancel,
            _l("Give up my place"),
        ),
        Move(ARRIVE, frozenset({_S.CONFIRMED}), _S.ATTENDED, policy.can_cancel, _l("I am here")),
        Move(ATTEND, frozenset({_S.CONFIRMED, _S.ABSENT}), _S.ATTENDED, policy.can_decide, _l("Attended")),
        Move(MISS, frozenset({_S.CONFIRMED, _S.ATTENDED}), _S.ABSENT, policy.can_decide, _l("Did not come")),
    ]
)

SEATED = (_S.ASKED, _S.CONFIRMED, _S.ATTENDED, _S.ABSENT)
"""States that hold a place."""

TO_COME = (_S.ASKED, _S.WAITING, _S.CONFIRMED)
"""States of those who still hope to come, or are to."""
