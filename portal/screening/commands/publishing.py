"""Release: from one instant on the decision is public, for everybody at once. Taking it back is an event."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from portal.core import clock, db, jobs, state
from portal.core.actor import SYSTEM, Actor
from portal.core.errors import Invalid, NotAllowed, NotFound, WrongState
from portal.core.i18n import lazy_gettext as _l
from portal.cycles import queries as cycles
from portal.cycles.models import PhaseKind
from portal.screening import deadlines, decisions, policy, queries
from portal.screening.commands.holding import hold_case, tell_public, write_down
from portal.screening.models import Appeal, Case, CaseState, Decision
from portal.screening.policy import Docket

LONGEST_AHEAD = dt.timedelta(days=90)
ANNOUNCE = "screening.announce"


def release_decisions(
    actor: Actor, cycle_id: int, case_ids: Sequence[int], at: dt.datetime | None = None
) -> list[Case]:
    """Make confirmed decisions (and confirmed answers to appeals) public, now or from an instant to come.

    Where the rules of the screening say *batch*, first decisions go out together once none is missing: whatever is
    chosen, all that wait are released. The rules of the appeals give their window. Invalid names what stands in the way.
    """
    now = clock.now()
    at = at or now
    if at < now or at > now + LONGEST_AHEAD:
        raise Invalid({"at": _l("Choose now, or a time within the next 90 days.")})
    dockets = _to_release(actor, cycle_id, case_ids)
    rules = cycles.rules_in(cycle_id, PhaseKind.APPEALS)
    phase = cycles.phase(cycle_id, PhaseKind.APPEALS)
    if rules is None:
        raise NotFound
    until = deadlines.appeal_window_end(at, rules.appeal_days, phase.ends_at if phase else None)
    for docket in dockets:
        changes: dict[str, Any] = {"released_at": at.isoformat()}
        if docket.state is CaseState.APPEAL_CONFIRMED:
            appeal = db.session().get_one(Appeal, docket.appeal_id)
            appeal.released_at = at
            decision = db.session().get_one(Decision, appeal.decision_id)
            event = "screening.appeal_released"
        else:
            docket.case.released_at, docket.case.appeals_until = at, until
            decision = db.session().get_one(Decision, docket.case.decision_id)
            changes["appeals_until"] = until.isoformat()
            event = "screening.released"
        write_down(actor, docket, event, changes={**changes, "sha256": decisions.sha256(decision)})
        if at <= now:
            tell_public(actor, docket, event, at.isoformat())
    state.bump_epoch()
    if at > now:
        ids = [docket.case.id for docket in dockets]
        params = {"case_ids": ids, "at": at.isoformat()}
        jobs.start(actor, ANNOUNCE, str(_l("News of released decisions")), params, not_before=at)
    return [docket.case for docket in dockets]


def _to_release(actor: Actor, cycle_id: int, case_ids: Sequence[int]) -> list[Docket]:
    rules = cycles.rules_in(cycle_id, PhaseKind.SCREENING)
    cycle = cycles.cycle(cycle_id)
    if rules is None or cycle is None or not actor.may(policy.DUTIES[1], district_id=cycle.district_id):
        raise NotFound
    waiting = {row.case_id: row for row in queries.unreleased(cycle.district_id, cycle_id)}
    chosen = set(case_ids)
    if rules.release == "batch" and any(not waiting[one].is_appeal for one in chosen & waiting.keys()):
        left = queries.undecided(cycle_id)
        if left:
            raise Invalid(
                _l(
                    "The rules of this cycle release all decisions together, and some items still wait for theirs."
                )
            )
        chosen |= {case_id for case_id, row in waiting.items() if not row.is_appeal}
    if not chosen:
        raise Invalid({"case_ids": _l("Choose at least one decision.")})
    if not chosen <= waiting.keys():
        raise WrongState(
            _l("One of these decisions has been released or opened again since the page was opened."),
            way_on=("screening.release", {}, _l("See what waits for release now")),
        )
    return queries.dockets(actor, sorted(chosen), hold=True)


def unpublish_decision(actor: Actor, case: Case, reason: str) -> Case:
    """Take a released decision back (or call off a set release), with a reason told to everybody who was told of it.

    Possible until the decision is appealed or final: what others have built on it does not fall away. The decision
    itself is not changed; it can be released again, or opened again.
    """
    held = hold_case(actor, case)
    if held.state is not CaseState.CONFIRMED or held.case.released_at is None or held.is_final:
        raise WrongState(_l("Only a released decision that is neither appealed nor final can be taken back."))
    if not policy.can_decide(actor, held):
        raise NotAllowed(_l("You may not do this here."))
    if not reason.strip():
        raise Invalid({"reason": _l("Give a reason.")})
    was_public = held.is_released
    key = held.case.released_at.isoformat()
    held.case.released_at = held.case.appeals_until = None
    write_down(actor, held, "screening.unpublished", changes={"was_public": was_public}, note=reason)
    state.bump_epoch()
    if was_public:
        tell_public(actor, held, "screening.unpublished", key, reason=reason.strip())
    return held.case


@jobs.work(ANNOUNCE)
def _announce(job: jobs.Job) -> dict[str, Any]:
    """News of a release whose time has come; what was taken back meanwhile is passed over."""
    told = 0
    at = dt.datetime.fromisoformat(job.params["at"])
    case_ids = db.session().scalars(sa.select(Case.id).where(Case.id.in_(job.params["case_ids"])))
    for docket in queries.dockets(SYSTEM, list(case_ids)):
        if docket.appeal_released_at == at:
            tell_public(SYSTEM, docket, "screening.appeal_released", at.isoformat())
        elif docket.case.released_at == at:
            tell_public(SYSTEM, docket, "screening.released", at.isoformat())
        else:
            continue
        told += 1
    return {"told": told}
