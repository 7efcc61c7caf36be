"""The life of a plan: draft → endorsed → submitted → (returned → submitted)* → accepted for screening; withdrawn.

``decided`` is not a state: it is derived from the items' screening (rulings, "Screening states").
"""

from __future__ import annotations

from portal.core.i18n import lazy_gettext as _l
from portal.core.workflow import Move, Workflow
from portal.plans import policy
from portal.plans.models import PlanState

S = PlanState

# States in which the community may change what its plan says. Changing an endorsed plan makes it a draft again.
EDITABLE = frozenset({S.DRAFT, S.ENDORSED, S.RETURNED})

PLAN = Workflow(
    [
        Move("endorse", frozenset({S.DRAFT}), S.ENDORSED, policy.can_endorse, _l("Sign the plan")),
        Move("change", frozenset({S.ENDORSED}), S.DRAFT, policy.can_endorse, _l("Change the plan")),
        Move(
            "submit",
            frozenset({S.ENDORSED, S.RETURNED}),
            S.SUBMITTED,
            policy.can_submit,
            _l("Submit the plan"),
        ),
        Move("return", frozenset({S.SUBMITTED}), S.RETURNED, policy.can_screen, _l("Return the plan")),
        Move(
            "accept",
            frozenset({S.SUBMITTED}),
            S.ACCEPTED_FOR_SCREENING,
            policy.can_screen,
            _l("Accept for screening"),
        ),
        Move(
            "withdraw",
            frozenset({S.DRAFT, S.ENDORSED, S.SUBMITTED, S.RETURNED}),
            S.WITHDRAWN,
            policy.can_withdraw,
            _l("Withdraw the plan"),
        ),
        Move("resume", frozenset({S.WITHDRAWN}), S.DRAFT, policy.can_write, _l("Reopen the plan")),
    ]
)
