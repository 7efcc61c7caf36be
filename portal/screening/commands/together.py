"""Many decisions at once: put forward together, confirmed together by the second person, or their set release called
off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from portal.core import clock, db, state
from portal.core.actor import Actor
from portal.core.errors import Invalid, NotFound, PortalError, WrongState
from portal.core.i18n import lazy_gettext as _l
from portal.core.i18n import ngettext as _n
from portal.cycles import queries as cycles
from portal.screening import decisions, policy, queries
from portal.screening.commands.appeals import confirm_appeal
from portal.screening.commands.deciding import confirm_decision, propose_decision, require_proposable
from portal.screening.commands.holding import write_down
from portal.screening.decisions import DecisionData
from portal.screening.models import Appeal, Case, CaseState, Outcome
from portal.screening.policy import Docket

# Outcomes that many items can share. What is changed, and what an item is merged with, is a matter of that one item.
SHARED = (Outcome.ACCEPT, Outcome.REFER, Outcome.COMMUNITY_DOES, Outcome.DEFER, Outcome.REJECT)


class Stopped(Invalid):
    """Some of many cannot have this decision, so none has; ``rows`` says why, by case."""

    def __init__(self, rows: Mapping[int, str]) -> None:
        told = _n(
            "%(num)s item cannot have this decision, so nothing was proposed. The reason is shown next to it.",
            "%(num)s items cannot have this decision, so nothing was proposed. The reason is shown next to each.",
            len(rows),
        )
        super().__init__({"picks": told})
        self.rows = dict(rows)


def propose_decisions(actor: Actor, versions: Mapping[int, int], data: DecisionData) -> int:
    """Put one decision with its reason forward for several items, each as it was when it was looked at (case → version)
    and each on its own card; an acceptance is of what each asks for. All of them or none: Stopped says by item what is
    in the way, Invalid what is wrong with the decision itself. Returns how many."""
    if not versions:
        raise Invalid({"picks": _l("Choose at least one item.")})
    if data.outcome not in SHARED:
        raise Invalid({"outcome": _l("This is decided for one item at a time, on its own page.")})
    found = queries.dockets(actor, sorted(versions), hold=True)
    if len(found) != len(versions) or any(not policy.can_see(actor, one) for one in found):
        raise NotFound
    cycle = cycles.cycle(found[0].cycle_id)
    wrong = decisions.problems(
        replace(data, accepted_satang=0), asked_satang=0, fiscal_year=cycle.fiscal_year if cycle else 0
    )
    if wrong:
        raise Invalid(wrong)
    in_the_way = {}
    for one in found:
        try:
            require_proposable(actor, one.case, _for(one, data), expected_version=versions[one.case.id])
        except PortalError as refused:
            in_the_way[one.case.id] = _why(refused)
    if in_the_way:
        raise Stopped(in_the_way)
    for one in found:
        propose_decision(actor, one.case, _for(one, data), expected_version=one.case.version_id)
    return len(found)


def _for(one: Docket, data: DecisionData) -> DecisionData:
    return replace(data, accepted_satang=one.asked_satang) if data.outcome is Outcome.ACCEPT else data


def _why(refused: PortalError) -> str:
    if isinstance(refused, Invalid):
        return " ".join(str(message) for message in refused.fields.values())
    return str(refused.message)


def confirm_decisions(actor: Actor, versions: Mapping[int, int]) -> int:
    """The second pair of eyes agrees with several proposals, each as it was when it was looked at (case → version); all
    of them or none. Raises what confirming one would raise, Invalid for none; returns how many."""
    if not versions:
        raise Invalid({"picks": _l("Choose at least one proposal.")})
    dockets = queries.dockets(actor, sorted(versions), hold=True)
    if len(dockets) != len(versions) or any(not policy.can_see(actor, one) for one in dockets):
        raise NotFound
    for one in dockets:
        confirm = confirm_appeal if one.state is CaseState.APPEAL_PROPOSED else confirm_decision
        confirm(actor, one.case, expected_version=versions[one.case.id])
    return len(dockets)


def call_off_release(actor: Actor, cycle_id: int, at: dt.datetime, reason: str) -> list[Case]:
    """Call off every release of a cycle set for one instant to come. Nobody outside has seen anything yet, and nobody is
    told. WrongState once the instant has come; Invalid without a reason."""
    cycle = cycles.cycle(cycle_id)
    if cycle is None or not actor.may(policy.DUTIES[1], district_id=cycle.district_id):
        raise NotFound
    ids = [row.case_id for row in queries.set_releases(cycle_id) if row.at == at]
    if at <= clock.now() or not ids:
        raise WrongState(
            _l("This release is no longer pending: it has taken place or was called off."),
            way_on=("screening.release", {}, _l("See what waits for release now")),
        )
    if not reason.strip():
        raise Invalid({"reason": _l("Give a reason.")})
    dockets = queries.dockets(actor, ids, hold=True)
    for one in dockets:
        if one.appeal_id is not None and one.appeal_released_at == at:
            db.session().get_one(Appeal, one.appeal_id).released_at = None
        else:
            one.case.released_at = one.case.appeals_until = None
        write_down(actor, one, "screening.release_called_off", changes={"at": at.isoformat()}, note=reason)
    state.bump_epoch()
    return [one.case for one in dockets]
