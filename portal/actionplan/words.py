"""What people read for the words of this room."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from portal.actionplan.models import (
    ActionPlanState,
    BudgetKind,
    MergeAct,
    MoneyStep,
    Opinion,
    ProjectKind,
    SeatKind,
    Section,
)
from portal.core import thai
from portal.core.i18n import gettext as _
from portal.core.i18n import language, speaking
from portal.core.i18n import lazy_gettext as _l
from portal.core.i18n import lazy_pgettext as _lp
from portal.core.titles import Composed
from portal.places import atlas


def _plan_of(year: str, district: str) -> str:
    told, place = thai.fiscal_year_text(int(year), language()), atlas.told(district)
    if place is None:
        raise ValueError("not a district")
    return _("Annual action plan %(year)s, %(district)s", year=told, district=place)


TITLE = Composed("แผนปฏิบัติราชการประจำปี {year:d} {district}", _plan_of)

STATES: Mapping[ActionPlanState, object] = {
    ActionPlanState.DRAFT: _lp("action plan", "Draft"),
    ActionPlanState.HEARING: _lp("action plan", "Hearing"),
    ActionPlanState.ANSWERED: _lp("action plan", "Hearing answered"),
    ActionPlanState.APPROVED: _lp("action plan", "Approved"),
    ActionPlanState.PUBLISHED: _lp("action plan", "Published"),
    ActionPlanState.REOPENED: _lp("action plan", "Published, being changed"),
}
TONES: Mapping[ActionPlanState, str] = {
    ActionPlanState.DRAFT: "grey",
    ActionPlanState.HEARING: "blue",
    ActionPlanState.ANSWERED: "amber",
    ActionPlanState.APPROVED: "amber",
    ActionPlanState.PUBLISHED: "green",
    ActionPlanState.REOPENED: "amber",
}

KINDS: Mapping[ProjectKind, object] = {
    ProjectKind.PROJECT: _lp("kind", "Project"),
    ProjectKind.ACTIVITY: _lp("kind", "Activity"),
    ProjectKind.MEASURE: _lp("kind", "Measure"),
}

# The words the city's sheet prints [S 002] in place of an amount.
BUDGETS: Mapping[BudgetKind, object] = {
    BudgetKind.AMOUNT: _l("An amount"),
    BudgetKind.NONE: _l("No budget used"),
    BudgetKind.ANNUAL_EXPENDITURE: _l("Paid from the annual expenditure"),
}

SECTIONS: Mapping[Section, object] = {
    Section.ADMINISTRATION: _l("Administration section"),
    Section.REGISTRATION: _l("Registration section"),
    Section.PUBLIC_WORKS: _l("Public works section"),
    Section.ENVIRONMENT_SANITATION: _l("Environment and sanitation section"),
    Section.REVENUE: _l("Revenue section"),
    Section.CLEANSING_PARKS: _l("Cleansing and parks section"),
    Section.EDUCATION: _l("Education section"),
    Section.FINANCE: _l("Finance section"),
    Section.CITY_LAW: _l("City law section"),
    Section.COMMUNITY_WELFARE: _l("Community development and welfare section"),
    Section.WHOLE_OFFICE: _l("The whole district office"),
}


@lru_cache
def _sections() -> dict[str, Section]:
    with speaking("th"):
        return {str(name): section for section, name in SECTIONS.items()}


def told(title: str) -> str | None:
    """The title of a plan, or the name of a section, in the language of the moment; None for what was typed."""
    section = _sections().get(title)
    return TITLE.told(title) if section is None else str(SECTIONS[section])


MONEY: Mapping[MoneyStep, object] = {
    MoneyStep.REQUESTED: _lp("money", "Requested"),
    MoneyStep.ALLOCATED: _lp("money", "Allocated"),
    MoneyStep.REFUSED: _lp("money", "Refused"),
    MoneyStep.TRANSFERRED: _lp("money", "Transferred"),
}
MONEY_TONES: Mapping[MoneyStep, str] = {
    MoneyStep.REQUESTED: "amber",
    MoneyStep.ALLOCATED: "blue",
    MoneyStep.REFUSED: "red",
    MoneyStep.TRANSFERRED: "green",
}

ACTS: Mapping[MergeAct, object] = {
    MergeAct.PUT: _lp("merging", "Placed"),
    MergeAct.SHARE: _lp("merging", "Shared out"),
    MergeAct.MOVE: _lp("merging", "Moved"),
    MergeAct.TAKE_OUT: _lp("merging", "Removed"),
    MergeAct.NOT_YET: _lp("merging", "Not yet, with a reason"),
    MergeAct.UNDO: _lp("merging", "Taken back"),
    MergeAct.REDO: _lp("merging", "Done again"),
}

SEATS: Mapping[SeatKind, object] = {
    SeatKind.CHAIR: _l("Chair: the director of the district"),
    SeatKind.SECTION_HEAD: _l("Head of a section"),
    SeatKind.OUTSIDE_AGENCY: _l("Outside agency"),
    SeatKind.PEOPLES_REPRESENTATIVE: _l("Representative of the people"),
    SeatKind.SECRETARY: _l("Secretary of the committee"),
}
OPINIONS: Mapping[Opinion, object] = {
    Opinion.SUPPORTS: _l("Supports the plan"),
    Opinion.SUPPORTS_CHANGED: _l("Supports the plan with changes"),
    Opinion.SENDS_BACK: _l("Sends the plan back"),
}
OPINION_TONES: Mapping[Opinion, str] = {
    Opinion.SUPPORTS: "green",
    Opinion.SUPPORTS_CHANGED: "green",
    Opinion.SENDS_BACK: "amber",
}

# The ten heads of the city's project sheet, in their order [S 002].
HEADS: Mapping[str, object] = {
    "name": _l("Name"),
    "rationale": _l("Rationale"),
    "objectives": _l("Objectives"),
    "outputs": _l("Targets and outputs"),
    "area": _l("Area"),
    "method": _l("Method"),
    "period": _l("Period"),
    "budget": _l("Budget"),
    "section": _l("Responsible section"),
    "indicators": _l("Indicators and results"),
}

FIELDS: Mapping[str, object] = {
    **{name: label for name, label in HEADS.items() if name != "period"},
    "kind": _l("Kind"),
    "code": _l("Code"),
    "printed_number": _l("Number in the printed plan"),
    "starts_on": _l("Starts on"),
    "ends_on": _l("Ends on"),
    "budget_kind": _l("Kind of budget"),
    "budget_satang": _l("Amount of the budget"),
    "fund_source": _l("Source of funds"),
    "sections_text": _l("Sections as printed"),
    "quarters": _l("Quarters"),
    "items": _l("Community items"),
    "nodes": _l("Strategy"),
}
