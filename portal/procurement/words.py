"""What people read for the words of this room. Names of methods and documents are the official Thai ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from portal.core import thai
from portal.core.i18n import language
from portal.core.i18n import lazy_gettext as _l
from portal.core.i18n import lazy_pgettext as _lp
from portal.core.money import baht
from portal.procurement.models import Category, Method, Process, ProcessState, StepKind
from portal.procurement.notices import Fault, day_of
from portal.procurement.rules import Duty, Rule, Warned

STEPS: Mapping[StepKind, object] = {
    StepKind.PROCUREMENT_PLAN: _l("Procurement plan published"),
    StepKind.COMMITTEE: _l("Committee for terms and median price appointed"),
    StepKind.MEDIAN_PRICE: _l("Median price published"),
    StepKind.PURCHASE_REQUEST: _l("Purchase request and draft notice"),
    StepKind.DRAFT_TOR: _l("Draft terms of reference open to comments"),
    StepKind.INVITATION: _l("Invitation to bid"),
    StepKind.BID_OPENING: _l("Bids opened"),
    StepKind.EVALUATION: _l("Bids evaluated"),
    StepKind.AWARD: _l("Winner announced"),
    StepKind.APPEAL: _l("Days for appeals"),
    StepKind.CONTRACT: _l("Contract signed"),
    StepKind.CONTRACT_ESSENTIALS: _l("Essentials of the contract published"),
    StepKind.DELIVERY: _l("Delivery"),
    StepKind.ACCEPTANCE: _l("Inspection and acceptance"),
    StepKind.PAYMENT: _l("Payment"),
    StepKind.MONTHLY_SUMMARY: _l("Monthly summary"),
}

SHORT_STEPS: Mapping[StepKind, object] = {
    StepKind.PROCUREMENT_PLAN: _lp("short step", "Plan"),
    StepKind.COMMITTEE: _lp("short step", "Team"),
    StepKind.MEDIAN_PRICE: _lp("short step", "Price"),
    StepKind.PURCHASE_REQUEST: _lp("short step", "Request"),
    StepKind.DRAFT_TOR: _lp("short step", "Draft"),
    StepKind.INVITATION: _lp("short step", "Invite"),
    StepKind.BID_OPENING: _lp("short step", "Bids"),
    StepKind.EVALUATION: _lp("short step", "Judge"),
    StepKind.AWARD: _lp("short step", "Winner"),
    StepKind.APPEAL: _lp("short step", "Appeals"),
    StepKind.CONTRACT: _lp("short step", "Contract"),
    StepKind.CONTRACT_ESSENTIALS: _lp("short step", "Summary"),
    StepKind.DELIVERY: _lp("short step", "Delivery"),
    StepKind.ACCEPTANCE: _lp("short step", "Accept"),
    StepKind.PAYMENT: _lp("short step", "Pay"),
    StepKind.MONTHLY_SUMMARY: _lp("short step", "Report"),
}
"""One word for each step, for the line of sixteen."""

STATES: Mapping[ProcessState, tuple[object, str]] = {
    ProcessState.RUNNING: (_l("Running"), "gold"),
    ProcessState.CLOSED: (_l("Paid and closed"), "green"),
    ProcessState.CANCELLED: (_lp("process", "Cancelled"), "red"),
}

TURNS: Mapping[StepKind, object] = {
    StepKind.DELIVERY: _l("Record the delivery"),
    StepKind.ACCEPTANCE: _l("Record the inspection"),
    StepKind.PAYMENT: _l("Record the payment"),
}
"""What an officer does next about an instalment."""

VERDICTS: Mapping[str, tuple[object, str]] = {
    "wrong": (_l("With mistakes"), "red"),
    "new": (_lp("notice", "New"), "green"),
    "changed": (_lp("notice", "Changed"), "gold"),
    "same": (_lp("notice", "As it was"), "grey"),
    "kept_here": (_l("Maintained here by an officer: left as it is"), "grey"),
}
"""What a line of a list of notices would do: :class:`portal.procurement.commands.Verdict`."""

FAULTS: Mapping[str, object] = {
    "missing": _l("%(column)s is empty."),
    "number": _l("“%(given)s” is not an e-GP project number."),
    "twice": _l("The number %(given)s is in the list twice."),
    "amount": _l("%(column)s: “%(given)s” is not an amount in baht."),
    "day": _l("%(column)s: “%(given)s” is not a date."),
    "later": _l("%(column)s: %(given)s is in the future."),
    "method": _l("“%(given)s” is not a known method."),
    "kind": _l("“%(given)s” is neither ซื้อ, จ้าง, เช่า nor ก่อสร้าง."),
    "district": _l("“%(given)s” is not a district office. Name its district in the column district_code."),
    "foreign": _l("“%(given)s” is not an office you buy for."),
    "too_long": _l("%(column)s is longer than 500 characters."),
}
"""What keeps a line of a list of notices out: :class:`portal.procurement.notices.Fault`."""


COLUMNS: Mapping[str, object] = {
    "egp_project_no": _l("e-GP project number"),
    "title_th": _l("What is bought"),
    "agency_th": _l("Buying agency"),
    "budget_baht": _l("Budget"),
    "method_th": _l("Method"),
    "unit_th": _l("Section"),
    "median_price_baht": _l("Median price"),
    "type_th": _l("Kind"),
    "tor_published": _l("Day of the draft terms"),
    "median_price_published": _l("Day of the median price"),
    "draft_bidding_doc_published": _l("Day of the purchase request"),
    "invitation_published": _l("Day of the invitation"),
    "status_th": _l("Status"),
    "source": _l("Source"),
    "district_code": _l("District code"),
}
"""What the columns of a list of notices hold: :data:`portal.procurement.notices.COLUMNS`."""


def fault_text(fault: str, column: str, given: str) -> str:
    """A line's fault as a sentence in the reader's language: the column in words, a day as days are written here."""
    if fault == Fault.LATER:
        given = thai.day_text(day_of(given), language())
    return str(FAULTS[fault]) % {"column": COLUMNS.get(column, column), "given": given}


METHODS: Mapping[Method, object] = {
    Method.OPEN: _l("Open invitation"),
    Method.LIMITED: _l("Selection among invited suppliers"),
    Method.DIRECT: _l("Specific method (direct purchase)"),
}

CATEGORIES: Mapping[Category, object] = {
    Category.GOODS: _l("Goods"),
    Category.WORKS: _l("Works"),
    Category.SERVICES: _l("Services"),
}


class Way(NamedTuple):
    """A way to buy as an officer names it: its OCDS method and its official Thai name."""

    method: Method
    details: str
    label: object


WAYS: Mapping[str, Way] = {
    "e-bidding": Way(
        Method.OPEN, "ประกาศเชิญชวนทั่วไป ด้วยวิธีประกวดราคาอิเล็กทรอนิกส์ (e-bidding)", _l("Open: electronic bidding")
    ),
    "e-market": Way(
        Method.OPEN, "ประกาศเชิญชวนทั่วไป ด้วยวิธีตลาดอิเล็กทรอนิกส์ (e-market)", _l("Open: electronic market")
    ),
    "limited": Way(Method.LIMITED, "วิธีคัดเลือก", _l("Selection among invited suppliers")),
    "direct": Way(Method.DIRECT, "วิธีเฉพาะเจาะจง", _l("Specific method (direct purchase)")),
}


def way_name(process: Process) -> str:
    """How a process buys: as its form called it, else as the notice did with its OCDS method in other languages."""
    named = next((way.label for way in WAYS.values() if way.details == process.method_details), None)
    return str(named or METHODS[process.method])


# OCDS documentType: what people call it.
DOCUMENTS: Mapping[str, object] = {
    "procurementPlan": _l("Procurement plan"),
    "committeeOrder": _l("Order appointing a committee"),
    "medianPrice": _l("Median price and its sources"),
    "purchaseRequest": _l("Purchase request report"),
    "hearingNotice": _l("Draft terms of reference"),
    "tenderNotice": _l("Invitation"),
    "clarifications": _l("Clarification"),
    "openingRecord": _l("Record of the opening"),
    "evaluationReports": _l("Evaluation report"),
    "awardNotice": _l("Announcement of the winner"),
    "complaints": _l("Appeal and its outcome"),
    "contractSummary": _l("Essentials of the contract"),
    "contractSigned": _l("Contract"),
    "amendment": _l("Amendment of the contract"),
    "physicalProgressReport": _l("Record of delivery"),
    "completionCertificate": _l("Record of inspection"),
    "financialProgressReport": _l("Record of payment"),
    "monthlySummary": _l("Monthly summary (Sor Khor Ror 1)"),
    "other": _l("Other document"),
}

BY_METHOD = "by_method"
"""The note of a step that was left out when the process was created, because its method has no such step."""

BY_METHOD_REASONS: Mapping[Method, object] = {
    Method.OPEN: _l("This method has no such step."),
    Method.LIMITED: _l("The law asks for comments on a draft only where everyone is invited."),
    Method.DIRECT: _l("With the specific method one supplier is asked directly, so there is no such step."),
}


def skip_reason(method: Method, note: str) -> object:
    """Why a step was left out: the method's own reason in the reader's language, or the officer's words."""
    return BY_METHOD_REASONS[method] if note == BY_METHOD else note


SEALED = _l("Nothing about bids is entered before they are opened. This is the portal's own rule.")

DRAFT_TITLE = "ร่างขอบเขตของงาน (TOR)"
"""Title of every wording of the draft terms; its day of publication tells them apart."""

# What each rule says when it warns. %(limit)s, %(given)s: the figure of law and what was entered; %(day)s: the earliest
# lawful day; %(step)s: the step it collides with.
WARNINGS: Mapping[Rule, object] = {
    Rule.ORDER: _l("“%(step)s” comes before this step and is neither done nor skipped."),
    Rule.DAYS_OUT_OF_ORDER: _l("This date does not fit the date of “%(step)s”."),
    Rule.DIRECT_LIMIT: _l("The specific method is for at most %(limit)s; the budget here is %(given)s."),
    Rule.COMMITTEE_SMALL: _l("A committee has at least %(limit)s members; this one has %(given)s."),
    Rule.DRAFT_MISSING: _l(
        "Above %(limit)s the draft terms must be open to comments; the budget here is %(given)s."
    ),
    Rule.DRAFT_SHORT: _l(
        "Draft terms are shown for at least %(limit)s working days in a row; here it is %(given)s. The earliest last day "
        "is %(day)s."
    ),
    Rule.DRAFT_CHANGED: _l(
        "Changed draft terms are shown again for at least %(limit)s working days; here it is %(given)s. The earliest last "
        "day is %(day)s."
    ),
    Rule.DRAFT_OPEN: _l("The draft terms are still open to comments. The earliest lawful day is %(day)s."),
    Rule.INVITATION_SHORT: _l(
        "An invitation for this budget lasts at least %(limit)s working days; here it is %(given)s. The earliest last day "
        "is %(day)s."
    ),
    Rule.BIDS_EARLY: _l(
        "Bids are opened after the invitation has ended. The earliest lawful day is %(day)s."
    ),
    Rule.APPEAL_SHORT: _l(
        "Bidders have %(limit)s working days for appeals, from the day after the announcement; here it is %(given)s. The "
        "earliest last day is %(day)s."
    ),
    Rule.APPEAL_MISSING: _l("Bidders have %(limit)s working days for appeals before anything is signed."),
    Rule.SIGNED_EARLY: _l(
        "Nothing is signed before the %(limit)s working days for appeals have ended. The earliest lawful day is %(day)s."
    ),
}
_IN_BAHT = frozenset({Rule.DIRECT_LIMIT, Rule.DRAFT_MISSING})

DUTIES: Mapping[Duty, object] = {
    Duty.MUST: _l("For this budget and method the draft terms must be open to comments."),
    Duty.MAY: _l(
        "For this budget and method the office decides whether the draft terms are open for comments."
    ),
    Duty.NONE: _l("For this budget and method the law does not ask for comments on the draft terms."),
}


def warning_text(warned: Warned) -> str:
    """The warning as a sentence in the reader's language."""

    def figure(value: int | None) -> str:
        if value is None:
            return "–"
        return baht(value, language()) if warned.rule in _IN_BAHT else f"{value:,}"

    return str(WARNINGS[warned.rule]) % {
        "limit": figure(warned.needed),
        "given": figure(warned.given),
        "day": thai.day_text(warned.earliest, language(), "long") if warned.earliest else "–",
        "step": STEPS[warned.other] if warned.other else "–",
    }


def warning_of(rule: str, text: str) -> Warned | None:
    """A warning as it was kept with an override; None for one that cannot be read."""
    try:
        return Warned.read(rule, text)
    except (ValueError, TypeError, AttributeError):
        return None
