"""What each step is like: which a method leaves out, which open a window, which have a committee, what it publishes."""

from __future__ import annotations

from collections.abc import Mapping

from portal.procurement.models import Method, StepKind

ORDER: tuple[StepKind, ...] = tuple(StepKind)

LEFT_OUT: Mapping[Method, frozenset[StepKind]] = {
    Method.OPEN: frozenset(),
    Method.LIMITED: frozenset({StepKind.DRAFT_TOR}),
    Method.DIRECT: frozenset(
        {
            StepKind.DRAFT_TOR,
            StepKind.INVITATION,
            StepKind.BID_OPENING,
            StepKind.EVALUATION,
            StepKind.APPEAL,
        }
    ),
}
"""Steps a method does not have; they are left out when the process is created."""

WINDOWS = frozenset({StepKind.DRAFT_TOR, StepKind.INVITATION, StepKind.APPEAL})
"""Steps that last: done on their first day, closed at the end of ``ends_on``."""

COMMITTEES = frozenset({StepKind.COMMITTEE, StepKind.ACCEPTANCE})
"""Steps in which a committee is appointed or acts."""

DOCUMENT_OF: Mapping[StepKind, str] = {
    StepKind.PROCUREMENT_PLAN: "procurementPlan",
    StepKind.COMMITTEE: "committeeOrder",
    StepKind.MEDIAN_PRICE: "medianPrice",
    StepKind.PURCHASE_REQUEST: "purchaseRequest",
    StepKind.DRAFT_TOR: "hearingNotice",
    StepKind.INVITATION: "tenderNotice",
    StepKind.BID_OPENING: "openingRecord",
    StepKind.EVALUATION: "evaluationReports",
    StepKind.AWARD: "awardNotice",
    StepKind.APPEAL: "complaints",
    StepKind.CONTRACT: "contractSigned",
    StepKind.CONTRACT_ESSENTIALS: "contractSummary",
    StepKind.DELIVERY: "physicalProgressReport",
    StepKind.ACCEPTANCE: "completionCertificate",
    StepKind.PAYMENT: "financialProgressReport",
    StepKind.MONTHLY_SUMMARY: "monthlySummary",
}
"""The OCDS documentType that a step usually publishes (our own word where OCDS has none)."""

SEALED = frozenset({StepKind.BID_OPENING, StepKind.EVALUATION})
"""Steps about which nothing is published before the bids are opened; bids themselves never are."""
