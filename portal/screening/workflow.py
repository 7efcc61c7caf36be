"""The life of a case. Release and finality are not states: they are derived from instants (``policy.Docket``)."""

from __future__ import annotations

from portal.core.i18n import lazy_gettext as _l
from portal.core.workflow import Move, Workflow
from portal.screening import policy
from portal.screening.models import CaseState

S = CaseState
CHECKS = frozenset({S.FORMAL_CHECK, S.MERIT_CHECK})
OPEN = frozenset({S.WAITING}) | CHECKS
WAITS = frozenset({S.NEEDS_CORRECTION, S.AWAITING_AGENCY})
DECIDED = frozenset({S.CONFIRMED, S.APPEAL_CONFIRMED})

CASE = Workflow(
    [
        Move(
            "begin", frozenset({S.WAITING}), S.FORMAL_CHECK, policy.can_screen, _l("Begin the formal check")
        ),
        Move(
            "finish_formal",
            frozenset({S.FORMAL_CHECK}),
            S.MERIT_CHECK,
            policy.can_screen,
            _l("Continue to the merit check"),
        ),
        Move(
            "ask_correction",
            CHECKS,
            S.NEEDS_CORRECTION,
            policy.can_screen,
            _l("Ask the community to correct it"),
        ),
        # Back to the check it came from: the command puts it there.
        Move(
            "answer_correction",
            frozenset({S.NEEDS_CORRECTION}),
            S.MERIT_CHECK,
            policy.can_speak_for,
            _l("Send the correction"),
        ),
        Move("ask_agency", CHECKS, S.AWAITING_AGENCY, policy.can_screen, _l("Ask another agency")),
        Move(
            "note_reply",
            frozenset({S.AWAITING_AGENCY}),
            S.MERIT_CHECK,
            policy.can_screen,
            _l("Enter the agency's reply"),
        ),
        Move("propose", CHECKS, S.PROPOSED, policy.can_screen, _l("Propose a decision")),
        Move("confirm", frozenset({S.PROPOSED}), S.CONFIRMED, policy.can_confirm, _l("Confirm the decision")),
        Move("send_back", frozenset({S.PROPOSED}), S.MERIT_CHECK, policy.can_confirm, _l("Send it back")),
        Move("reopen", frozenset({S.CONFIRMED}), S.MERIT_CHECK, policy.can_decide, _l("Open it again")),
        Move("file_appeal", frozenset({S.CONFIRMED}), S.APPEALED, policy.can_speak_for, _l("Appeal")),
        Move(
            "propose_appeal",
            frozenset({S.APPEALED}),
            S.APPEAL_PROPOSED,
            policy.can_screen_appeal,
            _l("Propose an answer to the appeal"),
        ),
        Move(
            "confirm_appeal",
            frozenset({S.APPEAL_PROPOSED}),
            S.APPEAL_CONFIRMED,
            policy.can_confirm_appeal,
            _l("Confirm the answer to the appeal"),
        ),
        Move(
            "send_back_appeal",
            frozenset({S.APPEAL_PROPOSED}),
            S.APPEALED,
            policy.can_confirm_appeal,
            _l("Send the answer back"),
        ),
        Move(
            "withdraw",
            OPEN | WAITS | {S.PROPOSED, S.CONFIRMED},
            S.WITHDRAWN,
            policy.can_speak_for,
            _l("Withdraw the item"),
        ),
    ]
)
