"""Proposing, confirming with a second pair of eyes, sending back, opening again, and taking an item back."""

from __future__ import annotations

from portal.core import clock, db
from portal.core.actor import Actor
from portal.core.errors import Invalid, WrongState
from portal.core.i18n import lazy_gettext as _l
from portal.cycles import queries as cycles
from portal.plans import commands as plans
from portal.screening import decisions, queries
from portal.screening.commands.holding import (
    end_wait,
    hold_case,
    item_of,
    require_version,
    tell_people,
    tell_public,
    write_down,
)
from portal.screening.decisions import DecisionData
from portal.screening.models import Answer, Case, CaseState, Decision, Outcome
from portal.screening.policy import Docket
from portal.screening.workflow import CASE, WAITS

# Criteria that ask for a node of a strategy, and where the case keeps it.
NODE_CRITERIA = {"area_strategy": "area", "bma_strategy": "city"}


def propose_decision(
    actor: Actor, case: Case, data: DecisionData, *, expected_version: int | None = None
) -> Decision:
    """Put a decision forward. The card must carry it; Invalid names what is missing, by form field."""
    held = require_proposable(actor, case, data, expected_version=expected_version)
    proposed = keep_proposal(actor, held, data)
    CASE.advance(held, "propose", actor)
    write_down(actor, held, "screening.proposed", changes={"decision_id": proposed.id})
    return proposed


def require_proposable(
    actor: Actor, case: Case, data: DecisionData, *, expected_version: int | None = None
) -> Docket:
    """The case, held, if this decision can be put forward for it now; raises what :func:`propose_decision` raises."""
    held = hold_case(actor, case)
    require_version(actor, held, expected_version)
    is_formal = held.state is CaseState.FORMAL_CHECK
    CASE.check(held, "propose", actor)
    require_whole(actor, held, data)
    rules = queries.criteria_of(held.case.edition_id)
    answers = {key: line.answer for key, line in queries.card_of(held.case.id).items()}
    lacking = decisions.card_problems(data.outcome, rules.criteria, answers, is_formal=is_formal)
    if lacking is None and not is_formal:
        lacking = _missing_node(actor, held, answers)
    if lacking is not None:
        raise Invalid({"outcome": lacking})
    return held


def require_whole(actor: Actor, held: Docket, data: DecisionData) -> None:
    """Raises Invalid, by form field, for a decision that does not say all it must."""
    cycle = cycles.cycle(held.cycle_id)
    year = cycle.fiscal_year if cycle is not None else 0
    wrong = decisions.problems(data, asked_satang=held.asked_satang, fiscal_year=year)
    if (
        data.outcome is Outcome.MERGE_WITH
        and data.merge_into_item_id is not None
        and not queries.is_merge_target(held, data.merge_into_item_id)
    ):
        wrong["merge_into_item_id"] = _l("Choose another item of this cycle that has not itself been merged.")
    if wrong:
        raise Invalid(wrong)


def _missing_node(actor: Actor, held: Docket, answers: dict[str, Answer]) -> object | None:
    for key, which in NODE_CRITERIA.items():
        if answers.get(key) is Answer.MET and getattr(held.case, f"{which}_node_id") is None:
            cycle = cycles.cycle(held.cycle_id)
            year = cycle.fiscal_year if cycle is not None else 0
            if queries.strategy_trees(held.case.district_id, year)[which]:
                missing: object = _l("The card says that the item fits a strategy: choose its line.")
                return missing
    return None


def keep_proposal(
    actor: Actor, held: Docket, data: DecisionData, *, appeal_id: int | None = None
) -> Decision:
    """The proposal as a row; a second one at the same moment loses to the constraint (409)."""
    proposed = Decision(
        case_id=held.case.id,
        appeal_id=appeal_id,
        proposed_by=actor.id,
        proposed_at=clock.now(),
        **{
            name: value.strip() if isinstance(value, str) and name != "outcome" else value
            for name, value in data.facts().items()
        },
    )
    error = WrongState(_l("A decision has been proposed already."))
    with db.refusing_duplicates(error):
        db.session().add(proposed)
    return proposed


def open_proposal(actor: Actor, held: Docket) -> Decision:
    """The proposal that waits for this confirmation."""
    found = queries.decision_waiting(held.case.id)
    if found is None:
        raise WrongState(_l("No decision waits for confirmation."))
    return found


def confirm_decision(actor: Actor, case: Case, *, expected_version: int | None = None) -> Decision:
    """The second pair of eyes agrees: the decision is made, and waits for its release."""
    held = hold_case(actor, case)
    require_version(actor, held, expected_version)
    CASE.check(held, "confirm", actor)
    proposed = open_proposal(actor, held)
    proposed.confirmed_by, proposed.confirmed_at = actor.id, clock.now()
    held.case.decision_id = proposed.id
    CASE.advance(held, "confirm", actor)
    write_down(
        actor,
        held,
        "screening.confirmed",
        changes={"decision_id": proposed.id, "sha256": decisions.sha256(proposed)},
    )
    return proposed


def send_back_decision(actor: Actor, case: Case, reason: str) -> Case:
    """The second pair of eyes does not agree: back to the check of merit, with a reason for the proposer."""
    held = hold_case(actor, case)
    send_back_proposal(actor, held, "send_back", reason)
    return held.case


def send_back_proposal(actor: Actor, held: Docket, move: str, reason: str) -> None:
    """Mark the open proposal as sent back and tell its proposer. Invalid without a reason."""
    CASE.check(held, move, actor)
    proposed = open_proposal(actor, held)
    if not reason.strip():
        raise Invalid({"reason": _l("Say why, so that the proposal can be improved.")})
    CASE.advance(held, move, actor)
    proposed.sent_back_by, proposed.sent_back_at = actor.id, clock.now()
    proposed.sent_back_reason = reason.strip()
    write_down(actor, held, "screening.sent_back", changes={"decision_id": proposed.id}, note=reason)
    tell_people(
        actor, held, "screening.sent_back", [proposed.proposed_by], str(proposed.id), reason=reason.strip()
    )


def reopen_case(actor: Actor, case: Case, reason: str) -> Case:
    """Set a confirmed decision aside that is not released (any more), and check the item again. Invalid without a
    reason; the old decision stays on record."""
    held = hold_case(actor, case)
    if held.case.released_at is not None:
        raise WrongState(
            _l("A decision whose release is scheduled must be taken back first."),
            way_on=("screening.unpublish", {"case_id": held.case.id}, _l("Take the decision back")),
        )
    CASE.check(held, "reopen", actor)
    if not reason.strip():
        raise Invalid({"reason": _l("Give a reason.")})
    CASE.advance(held, "reopen", actor)
    decision = db.session().get_one(Decision, held.case.decision_id)
    decision.set_aside_by, decision.set_aside_at = actor.id, clock.now()
    decision.set_aside_reason = reason.strip()
    held.case.decision_id = None
    write_down(actor, held, "screening.reopened", changes={"decision_id": decision.id}, note=reason)
    return held.case


def withdraw_item(actor: Actor, case: Case, reason: str) -> Case:
    """The community takes its item back, until the decision is public."""
    held = hold_case(actor, case)
    if held.is_released:
        raise WrongState(
            _l("The decision is public, so the item can no longer be withdrawn."),
            way_on=("dossier.show", {"item_id": held.case.item_id}, _l("See the decision")),
        )
    was_waiting = held.state in WAITS
    CASE.check(held, "withdraw", actor)
    if not reason.strip():
        raise Invalid({"reason": _l("Give a reason.")})
    held.case.released_at = held.case.appeals_until = None
    if was_waiting:
        end_wait(actor, held, at=clock.now())
    held.state = CaseState.WITHDRAWN
    plans.withdraw_screened_item(actor, item_of(actor, held), reason)
    write_down(actor, held, "screening.withdrawn", note=reason)
    if held.case.assigned_to is not None:
        tell_people(actor, held, "screening.withdrawn", [held.case.assigned_to], "1")
    tell_public(actor, held, "screening.withdrawn", "1")
    return held.case
