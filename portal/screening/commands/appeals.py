"""An appeal: once, by the community, inside the window; looked at by somebody who took no part; four eyes again."""

from __future__ import annotations

import dataclasses

from portal.accounts import queries as accounts
from portal.core import clock, db
from portal.core.actor import Actor, Permission
from portal.core.errors import Invalid, WrongState
from portal.core.i18n import lazy_gettext as _l
from portal.screening import decisions
from portal.screening.commands.deciding import (
    keep_proposal,
    open_proposal,
    require_whole,
    send_back_proposal,
)
from portal.screening.commands.holding import hold_case, require_version, tell_people, tell_public, write_down
from portal.screening.decisions import DecisionData
from portal.screening.models import Appeal, AppealOutcome, Case, Decision
from portal.screening.workflow import CASE


def file_appeal(actor: Actor, case: Case, grounds: str) -> Appeal:
    """A leader appeals for the community. WrongState before the release, after the window, and the second time."""
    held = hold_case(actor, case)
    if not held.is_appeal_open:
        raise WrongState(
            _l("An appeal is possible once, after the release and until the window closes."),
            way_on=("dossier.show", {"item_id": held.case.item_id}, _l("See the decision")),
        )
    CASE.check(held, "file_appeal", actor)
    if not grounds.strip():
        raise Invalid({"grounds": _l("Say what was overlooked or judged wrongly.")})
    appeal = Appeal(
        case_id=held.case.id,
        grounds=grounds.strip(),
        filed_by=actor.id,
        filed_at=clock.now(),
        first_decision_id=held.case.decision_id,
    )
    with db.refusing_duplicates(WrongState(_l("This item has been appealed already."))):
        db.session().add(appeal)
    CASE.advance(held, "file_appeal", actor)
    held.case.assigned_to = None
    write_down(actor, held, "screening.appealed", note=grounds)
    planners = accounts.officers_with(Permission.SCREEN, held.case.district_id)
    tell_people(actor, held, "screening.appealed", planners, str(appeal.id))
    tell_public(actor, held, "screening.appeal_filed", str(appeal.id))
    return appeal


def propose_appeal(
    actor: Actor,
    case: Case,
    data: DecisionData | None,
    *,
    reason: str = "",
    expected_version: int | None = None,
) -> Decision:
    """Answer an appeal: a new decision, or None to uphold the first one with the reason given here."""
    held = hold_case(actor, case)
    require_version(actor, held, expected_version)
    CASE.check(held, "propose_appeal", actor)
    if data is None:
        data = _upheld(actor, held.case, reason)
    else:
        require_whole(actor, held, data)
    if not data.reason.strip():
        raise Invalid({"reason": _l("Give the reason in plain words: the community reads it.")})
    proposed = keep_proposal(actor, held, data, appeal_id=held.appeal_id)
    CASE.advance(held, "propose_appeal", actor)
    write_down(actor, held, "screening.appeal_proposed", changes={"decision_id": proposed.id})
    return proposed


def _upheld(actor: Actor, case: Case, reason: str) -> DecisionData:
    first = db.session().get_one(Decision, case.decision_id)
    names = [one.name for one in dataclasses.fields(DecisionData)]
    return DecisionData(**{**{name: getattr(first, name) for name in names}, "reason": reason})


def confirm_appeal(actor: Actor, case: Case, *, expected_version: int | None = None) -> Appeal:
    """The second pair of eyes agrees with the answer; it stands from its release on."""
    held = hold_case(actor, case)
    require_version(actor, held, expected_version)
    CASE.check(held, "confirm_appeal", actor)
    proposed = open_proposal(actor, held)
    proposed.confirmed_by, proposed.confirmed_at = actor.id, clock.now()
    appeal = db.session().get_one(Appeal, held.appeal_id)
    first = db.session().get_one(Decision, appeal.first_decision_id)
    is_same = decisions.effect(first) == decisions.effect(proposed)
    db.session().flush()
    appeal.outcome = AppealOutcome.UPHELD if is_same else AppealOutcome.CHANGED
    appeal.decision_id, appeal.decided_at = proposed.id, proposed.confirmed_at
    CASE.advance(held, "confirm_appeal", actor)
    write_down(
        actor,
        held,
        "screening.appeal_confirmed",
        changes={"decision_id": proposed.id, "sha256": decisions.sha256(proposed)},
    )
    return appeal


def send_back_appeal(actor: Actor, case: Case, reason: str) -> Case:
    """The second pair of eyes does not agree with the answer to the appeal."""
    held = hold_case(actor, case)
    send_back_proposal(actor, held, "send_back_appeal", reason)
    return held.case
