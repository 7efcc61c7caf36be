"""What people read for the states, outcomes, answers and reason codes of this room, and the tone each is shown in."""

from __future__ import annotations

from collections.abc import Mapping

from portal.core.i18n import lazy_gettext as _l
from portal.core.i18n import lazy_pgettext as _lp
from portal.screening.models import Answer, AppealOutcome, CaseState, Outcome

STATES: Mapping[CaseState, object] = {
    CaseState.WAITING: _lp("screening", "Waiting"),
    CaseState.FORMAL_CHECK: _l("Formal check"),
    CaseState.MERIT_CHECK: _l("Merit check"),
    CaseState.NEEDS_CORRECTION: _l("With the community for correction"),
    CaseState.AWAITING_AGENCY: _l("Waiting for another agency"),
    CaseState.PROPOSED: _l("Decision proposed"),
    CaseState.CONFIRMED: _l("Decision confirmed"),
    CaseState.APPEALED: _l("Appealed"),
    CaseState.APPEAL_PROPOSED: _l("Answer to the appeal proposed"),
    CaseState.APPEAL_CONFIRMED: _l("Appeal decided"),
    CaseState.WITHDRAWN: _l("Withdrawn"),
}
STATE_TONES: Mapping[CaseState, str] = {
    CaseState.WAITING: "grey",
    CaseState.FORMAL_CHECK: "blue",
    CaseState.MERIT_CHECK: "blue",
    CaseState.NEEDS_CORRECTION: "amber",
    CaseState.AWAITING_AGENCY: "amber",
    CaseState.PROPOSED: "gold",
    CaseState.CONFIRMED: "green",
    CaseState.APPEALED: "red",
    CaseState.APPEAL_PROPOSED: "gold",
    CaseState.APPEAL_CONFIRMED: "green",
    CaseState.WITHDRAWN: "grey",
}

OUTCOMES: Mapping[Outcome, object] = {
    Outcome.ACCEPT: _lp("outcome", "Accepted"),
    Outcome.ACCEPT_CHANGED: _lp("outcome", "Accepted with changes"),
    Outcome.MERGE_WITH: _lp("outcome", "Merged with another item"),
    Outcome.REFER: _lp("outcome", "Passed to another agency"),
    Outcome.COMMUNITY_DOES: _lp("outcome", "The community does it itself"),
    Outcome.DEFER: _lp("outcome", "Put off to a later year"),
    Outcome.REJECT: _lp("outcome", "Not accepted"),
}
OUTCOME_MEANINGS: Mapping[Outcome, object] = {
    Outcome.ACCEPT: _l(
        "It goes to the vote or straight to the action plan, with the money asked for or less."
    ),
    Outcome.ACCEPT_CHANGED: _l("It goes ahead, but not as written: say what changes."),
    Outcome.MERGE_WITH: _l("Another item already asks for it; the two continue as one."),
    Outcome.REFER: _l("It is within another agency's powers; that agency has answered or will."),
    Outcome.COMMUNITY_DOES: _l("The community can do it with its own means or its own fund."),
    Outcome.DEFER: _l("It is sound, but not for this year: name the fiscal year."),
    Outcome.REJECT: _l("It cannot be done: say why so that anyone can understand."),
}
OUTCOME_TONES: Mapping[Outcome, str] = {
    Outcome.ACCEPT: "green",
    Outcome.ACCEPT_CHANGED: "green",
    Outcome.MERGE_WITH: "blue",
    Outcome.REFER: "blue",
    Outcome.COMMUNITY_DOES: "blue",
    Outcome.DEFER: "amber",
    Outcome.REJECT: "red",
}
OUTCOME_FILLS: Mapping[Outcome, str] = {
    Outcome.ACCEPT: "one",
    Outcome.ACCEPT_CHANGED: "two",
    Outcome.MERGE_WITH: "four",
    Outcome.REFER: "striped",
    Outcome.COMMUNITY_DOES: "five",
    Outcome.DEFER: "three",
    Outcome.REJECT: "red",
}
"""How each is drawn where all are parts of one bar: no two alike."""

ANSWERS: Mapping[Answer, object] = {
    Answer.MET: _l("Met"),
    Answer.NOT_MET: _l("Not met"),
    Answer.NOT_APPLICABLE: _l("Not applicable"),
}
ANSWER_TONES: Mapping[Answer, str] = {
    Answer.MET: "green",
    Answer.NOT_MET: "red",
    Answer.NOT_APPLICABLE: "grey",
}
NOT_ASKED: object = _l("Not reached")

APPEAL_OUTCOMES: Mapping[AppealOutcome, object] = {
    AppealOutcome.UPHELD: _l("The decision stands"),
    AppealOutcome.CHANGED: _l("The decision is changed"),
}

# Codes are counted and compared over years; the sentence beside a code is what people read.
REASONS: Mapping[str, object] = {
    "fits": _l("Fits the district's mission and the strategy"),
    "urgent": _l("Removes a danger or meets an urgent need"),
    "cost_reduced": _l("The amount is reduced to reference prices"),
    "scope_changed": _l("The extent or the method is changed"),
    "place_changed": _l("The place is changed"),
    "same_purpose": _l("The same purpose as another item"),
    "other_agency": _l("Within another agency's powers"),
    "own_means": _l("The community's own means are enough"),
    "other_fund": _l("Another fund pays for this"),
    "no_money": _l("This year's money is not enough"),
    "not_ready": _l("Not ready to be carried out yet"),
    "not_mission": _l("Outside the district's mission and powers"),
    "duplicate": _l("Already in a plan or under contract"),
    "land": _l("The land may not be used"),
    "cost": _l("The cost is out of proportion"),
    "unlawful": _l("Unsafe or against the law"),
    "incomplete": _l("Incomplete, even after a correction"),
    "over_ceiling": _l("Above the ceiling for one community"),
    "other": _l("Another reason, as written"),
}
REASONS_FOR: Mapping[Outcome, tuple[str, ...]] = {
    Outcome.ACCEPT: ("fits", "urgent", "other"),
    Outcome.ACCEPT_CHANGED: ("cost_reduced", "scope_changed", "place_changed", "other"),
    Outcome.MERGE_WITH: ("same_purpose", "other"),
    Outcome.REFER: ("other_agency", "other"),
    Outcome.COMMUNITY_DOES: ("own_means", "other_fund", "other"),
    Outcome.DEFER: ("no_money", "not_ready", "other"),
    Outcome.REJECT: (
        "not_mission",
        "duplicate",
        "land",
        "cost",
        "unlawful",
        "incomplete",
        "over_ceiling",
        "other",
    ),
}
