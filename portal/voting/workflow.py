"""A round from its draft to its certified result, and a batch of paper ballots. Once voting has begun, cancel and annul
are carried out at the request of another person (``commands.cancelling``)."""

from __future__ import annotations

from portal.core.i18n import lazy_gettext as _l
from portal.core.workflow import Move, Workflow
from portal.voting import policy
from portal.voting.models import BatchState, Round, RoundState

PROPOSE, TAKE_BACK, SEND_BACK, PUBLISH, CANCEL = "propose", "take_back", "send_back", "publish", "cancel"
CLOSE, COUNT, CERTIFY, ANNUL = "close", "count", "certify", "annul"
ENTER, VOID = "enter", "void"

_S = RoundState


def _proposed_it(actor: object, round_: Round) -> bool:
    return getattr(actor, "id", None) == round_.proposed_by


ROUNDS: Workflow[RoundState] = Workflow(
    [
        Move(PROPOSE, frozenset({_S.DRAFT}), _S.PROPOSED, policy.can_keep, _l("Propose to a second person")),
        Move(TAKE_BACK, frozenset({_S.PROPOSED}), _S.DRAFT, _proposed_it, _l("Take back to work on")),
        Move(SEND_BACK, frozenset({_S.PROPOSED}), _S.DRAFT, policy.can_confirm, _l("Send back")),
        Move(PUBLISH, frozenset({_S.PROPOSED}), _S.PUBLISHED, policy.can_confirm, _l("Confirm and publish")),
        Move(
            CANCEL,
            frozenset({_S.DRAFT, _S.PROPOSED, _S.PUBLISHED, _S.CLOSED}),
            _S.CANCELLED,
            policy.can_cancel,
            _l("Cancel the round…"),
        ),
        Move(CLOSE, frozenset({_S.PUBLISHED}), _S.CLOSED, policy.can_close, _l("Close the board")),
        Move(COUNT, frozenset({_S.CLOSED}), _S.COUNTED, policy.can_count, _l("Count")),
        Move(CERTIFY, frozenset({_S.COUNTED}), _S.CERTIFIED, policy.can_certify, _l("Certify the result")),
        Move(ANNUL, frozenset({_S.COUNTED}), _S.CANCELLED, policy.can_cancel, _l("Annul the count…")),
    ]
)

BATCHES: Workflow[BatchState] = Workflow(
    [
        Move(
            ENTER,
            frozenset({BatchState.OPEN}),
            BatchState.ENTERED,
            policy.can_key,
            _l("Put the sheets among the ballots"),
        ),
        Move(VOID, frozenset({BatchState.OPEN}), BatchState.VOIDED, policy.can_settle, _l("Void the batch…")),
    ]
)
