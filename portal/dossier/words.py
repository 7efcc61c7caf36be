"""What people read for states that the dossier shows in its own short words."""

from __future__ import annotations

from collections.abc import Mapping

from portal.actionplan.models import ActionPlanState, MoneyStep
from portal.core.i18n import lazy_gettext as _l
from portal.core.i18n import lazy_pgettext as _lp
from portal.plans.models import PlanState, Way
from portal.procurement.models import StepKind

WAYS: Mapping[Way, object] = {
    Way.SELF: _l("The community does it itself"),
    Way.TOGETHER: _l("Done together with others"),
    Way.SUPPORT: _l("Support is asked for"),
}
PLAN_STATES: Mapping[PlanState, object] = {
    PlanState.SUBMITTED: _lp("plan", "Submitted"),
    PlanState.RETURNED: _lp("plan", "Returned for correction"),
    PlanState.ACCEPTED_FOR_SCREENING: _lp("plan", "Being screened"),
    PlanState.WITHDRAWN: _lp("plan", "Withdrawn"),
    PlanState.DRAFT: _lp("plan", "Being changed"),
    PlanState.ENDORSED: _lp("plan", "Being changed"),
}
ACTION_PLAN_STATES: Mapping[ActionPlanState, object] = {
    ActionPlanState.HEARING: _l("Open for the hearing"),
    ActionPlanState.ANSWERED: _l("Hearing answered"),
    ActionPlanState.APPROVED: _lp("action plan", "Approved"),
    ActionPlanState.PUBLISHED: _lp("action plan", "Published"),
    ActionPlanState.REOPENED: _l("Published, a new edition is being made"),
}
MONEY: Mapping[MoneyStep, object] = {
    MoneyStep.REQUESTED: _lp("money", "Requested"),
    MoneyStep.ALLOCATED: _lp("money", "Allocated"),
    MoneyStep.REFUSED: _lp("money", "Refused"),
    MoneyStep.TRANSFERRED: _lp("money", "Transferred"),
}
STEPS: Mapping[StepKind, object] = {
    StepKind.PROCUREMENT_PLAN: _lp("step", "Procurement plan"),
    StepKind.COMMITTEE: _lp("step", "Committee appointed"),
    StepKind.MEDIAN_PRICE: _lp("step", "Median price"),
    StepKind.PURCHASE_REQUEST: _lp("step", "Purchase request"),
    StepKind.DRAFT_TOR: _lp("step", "Draft TOR"),
    StepKind.INVITATION: _lp("step", "Invitation"),
    StepKind.BID_OPENING: _lp("step", "Bids opened"),
    StepKind.EVALUATION: _lp("step", "Evaluation"),
    StepKind.AWARD: _lp("step", "Winner announced"),
    StepKind.APPEAL: _lp("step", "Time to appeal"),
    StepKind.CONTRACT: _lp("step", "Contract signed"),
    StepKind.CONTRACT_ESSENTIALS: _lp("step", "Contract published"),
    StepKind.DELIVERY: _lp("step", "Delivery"),
    StepKind.ACCEPTANCE: _lp("step", "Inspection and acceptance"),
    StepKind.PAYMENT: _lp("step", "Payment"),
    StepKind.MONTHLY_SUMMARY: _lp("step", "Monthly summary"),
}
