"""Steps and instalments as milestones. A step's own facts (observers, its window, its committee, rules that were
overridden) are in the extension."""

from __future__ import annotations

from collections.abc import Mapping

from portal.procurement.models import ProcessState, StepKind
from portal.procurement.ocds.facts import Facts, Instalment, Passed, Went
from portal.procurement.ocds.terms import Json, begin_of, instant, period, said

TYPES: Mapping[StepKind, str] = {
    StepKind.PROCUREMENT_PLAN: "preProcurement",
    StepKind.COMMITTEE: "preProcurement",
    StepKind.MEDIAN_PRICE: "preProcurement",
    StepKind.PURCHASE_REQUEST: "approval",
    StepKind.DRAFT_TOR: "engagement",
    StepKind.INVITATION: "engagement",
    StepKind.BID_OPENING: "assessment",
    StepKind.EVALUATION: "assessment",
    StepKind.AWARD: "approval",
    StepKind.APPEAL: "assessment",
    StepKind.CONTRACT: "approval",
    StepKind.CONTRACT_ESSENTIALS: "reporting",
    StepKind.DELIVERY: "delivery",
    StepKind.ACCEPTANCE: "delivery",
    StepKind.PAYMENT: "payment",
    StepKind.MONTHLY_SUMMARY: "reporting",
}
"""The OCDS milestoneType of each step; its own name is the milestone's code."""


def of_steps(facts: Facts, kinds: frozenset[StepKind]) -> list[Json]:
    """The steps of these kinds, in order."""
    is_called_off = facts.state is ProcessState.CANCELLED
    return [_of_step(step, is_called_off) for step in facts.steps if step.kind in kinds]


def _of_step(step: Passed, is_called_off: bool) -> Json:
    due = instant(step.meets_at) if step.meets_at else begin_of(step.planned_on) if step.planned_on else None
    is_given_up = bool(step.skip_reason) or is_called_off
    return said(
        id=step.kind.value,
        code=step.kind.value,
        title=step.title,
        type=TYPES[step.kind],
        description=step.skip_reason,
        dueDate=due,
        dateMet=begin_of(step.actual_on) if step.actual_on else None,
        status="met" if step.actual_on else "notMet" if is_given_up else "scheduled",
        period=period(step.actual_on or step.planned_on, step.ends_on) if step.ends_on else None,
        committeeSize=step.committee_size,
        observation=_observation(step),
        ruleOverrides=[_override(one) for one in step.went_on],
    )


def _observation(step: Passed) -> Json:
    if step.skip_reason:
        return {}
    return said(
        isOpen=step.observer_places > 0,
        places=step.observer_places or None,
        location=step.place,
        attended=step.observers_came or None,
    )


def _override(went: Went) -> Json:
    return {
        "id": str(went.id),
        "rule": went.rule,
        "rationale": went.reason,
        "signer": went.signer,
        "date": instant(went.at),
    }


def of_instalment(part: Instalment) -> Json:
    """A part of a contract: due on a day, met when the committee has accepted it."""
    return said(
        id=f"instalment-{part.id}",
        code=f"instalment-{part.number}",
        title=part.what,
        type="delivery",
        dueDate=begin_of(part.due_on) if part.due_on else None,
        dateMet=begin_of(part.accepted_on) if part.accepted_on else None,
        status="met" if part.accepted_on else "partiallyMet" if part.delivered_on else "scheduled",
        committeeSize=part.committee_size,
    )
