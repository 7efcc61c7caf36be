"""Words for states, sides, ways and parts: one place for pages, prints and check-lists."""

from __future__ import annotations

from portal.accounts.words import POSTS as POSTS
from portal.core import thai
from portal.core.i18n import gettext as _
from portal.core.i18n import language
from portal.core.i18n import lazy_gettext as _l
from portal.core.i18n import lazy_pgettext as _lp
from portal.core.titles import Composed
from portal.forums.models import Side
from portal.forums.words import SIDES as SIDES
from portal.plans.models import PlanState, ReviewMark, Way


def _plan_of(community: str, year: str) -> str:
    told = thai.fiscal_year_text(int(year), language())
    return _("Plan of %(community)s, %(year)s", community=community, year=told)


TITLE = Composed("แผนพัฒนาชุมชน{community} ปีงบประมาณ {year:d}", _plan_of)

SIDE_TONES: dict[Side, str] = dict(zip(Side, ("one", "two", "three", "four", "five"), strict=True))

WAYS: dict[Way, object] = {
    Way.SELF: _l("The community does it itself"),
    Way.TOGETHER: _l("Done together with others"),
    Way.SUPPORT: _l("Support is asked for"),
}

STATES: dict[PlanState, object] = {
    PlanState.DRAFT: _lp("plan", "Draft"),
    PlanState.ENDORSED: _lp("plan", "Endorsed"),
    PlanState.SUBMITTED: _lp("plan", "Submitted"),
    PlanState.RETURNED: _lp("plan", "Returned for correction"),
    PlanState.ACCEPTED_FOR_SCREENING: _lp("plan", "Taken into screening"),
    PlanState.WITHDRAWN: _lp("plan", "Withdrawn"),
}
STATE_TONES: dict[PlanState, str] = {
    PlanState.DRAFT: "grey",
    PlanState.ENDORSED: "blue",
    PlanState.SUBMITTED: "green",
    PlanState.RETURNED: "amber",
    PlanState.ACCEPTED_FOR_SCREENING: "green",
    PlanState.WITHDRAWN: "grey",
}

MARKS: dict[ReviewMark, object] = {
    ReviewMark.KEEP: _lp("review", "Keep"),
    ReviewMark.CHANGE: _lp("review", "Change"),
    ReviewMark.DONE: _lp("review", "Done"),
    ReviewMark.DROP: _lp("review", "Drop"),
}
MARK_TONES: dict[ReviewMark, str] = {
    ReviewMark.KEEP: "blue",
    ReviewMark.CHANGE: "amber",
    ReviewMark.DONE: "green",
    ReviewMark.DROP: "red",
}
MARK_MEANINGS: dict[ReviewMark, object] = {
    ReviewMark.KEEP: _l("Still wanted as it is: it goes straight into the new plan."),
    ReviewMark.CHANGE: _l("Still wanted, but changed: it goes into the new plan for you to rewrite."),
    ReviewMark.DONE: _l("The community has done it, or the district is carrying it out."),
    ReviewMark.DROP: _l("No longer wanted, or not possible."),
}

PARTS: dict[str, object] = {
    "vision": _l("Vision"),
    "profile": _l("The community and its people"),
    "analysis": _l("Problems and strengths"),
    "title": _l("Name of the item"),
    "side": _l("Development theme"),
    "other_sides": _l("Other themes it serves"),
    "strategy": _l("Strategy line it may serve"),
    "problem": _l("The problem"),
    "cause": _l("Its cause"),
    "proposal": _l("What is to be done"),
    "objective": _l("Objective"),
    "indicator": _l("How success is measured"),
    "place": _l("Where"),
    "point": _l("Point on the map"),
    "beneficiaries": _l("How many people benefit"),
    "beneficiary_groups": _l("Who they are"),
    "way": _l("Who does it"),
    "lines": _l("Budget lines"),
}
