"""Many decisions at once: confirmed together by the second person, or their set release called off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from portal.core import clock, db, state
from portal.core.actor import Actor
from portal.core.errors import Invalid, NotFound, WrongState
from portal.core.i18n import lazy_gettext as _l
from portal.cycles import queries as cycles
from portal.screening import policy, queries
from portal.screening.commands.appeals import confirm_appeal
from portal.screening.commands.deciding import confirm_decision
from portal.screening.commands.holding import write_down
from portal.screening.models import Appeal, Case, CaseState


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
            _l("This release is not to come any more: it has taken place or was called off."),
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
