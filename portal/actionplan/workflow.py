"""The life of an action plan."""

from __future__ import annotations

from portal.actionplan import policy
from portal.actionplan.models import ActionPlanState as State
from portal.actionplan.models import MoneyStep
from portal.core.i18n import lazy_gettext as _l
from portal.core.workflow import Move, Workflow

OPEN_HEARING = "open_hearing"
FINISH_HEARING = "finish_hearing"
APPROVE = "approve"
TAKE_BACK = "take_back"
PUBLISH = "publish"
REOPEN = "reopen"
PUBLISH_EDITION = "publish_edition"
CLOSE_CHANGE = "close_change"

ACTION_PLANS: Workflow[State] = Workflow(
    [
        Move(OPEN_HEARING, frozenset({State.DRAFT}), State.HEARING, policy.is_editor, _l("Open the hearing")),
        Move(
            FINISH_HEARING,
            frozenset({State.HEARING}),
            State.ANSWERED,
            policy.can_answer,
            _l("Close the hearing"),
        ),
        Move(
            APPROVE, frozenset({State.ANSWERED}), State.APPROVED, policy.can_approve, _l("Approve the plan")
        ),
        Move(
            PUBLISH, frozenset({State.APPROVED}), State.PUBLISHED, policy.can_publish, _l("Publish the plan")
        ),
        Move(
            TAKE_BACK,
            frozenset({State.APPROVED}),
            State.ANSWERED,
            policy.can_publish,
            _l("Take the approval back"),
        ),
        Move(
            REOPEN,
            frozenset({State.PUBLISHED}),
            State.REOPENED,
            policy.can_reopen,
            _l("Prepare a new edition"),
        ),
        Move(
            PUBLISH_EDITION,
            frozenset({State.REOPENED}),
            State.PUBLISHED,
            policy.can_publish_edition,
            _l("Publish the new edition"),
        ),
        Move(
            CLOSE_CHANGE,
            frozenset({State.REOPENED}),
            State.PUBLISHED,
            policy.can_reopen,
            _l("Leave it as it was"),
        ),
    ]
)

# The money's own way (S 001): what may stand before each step; the same step again says its sum anew.
_M = MoneyStep
MONEY_BEFORE: dict[MoneyStep, frozenset[MoneyStep | None]] = {
    _M.REQUESTED: frozenset({None, _M.REQUESTED, _M.REFUSED}),
    _M.ALLOCATED: frozenset({_M.REQUESTED, _M.ALLOCATED, _M.REFUSED, _M.TRANSFERRED}),
    _M.REFUSED: frozenset({_M.REQUESTED, _M.ALLOCATED, _M.REFUSED}),
    _M.TRANSFERRED: frozenset({_M.ALLOCATED, _M.TRANSFERRED}),
}
