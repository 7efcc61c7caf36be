"""The community desk: for leaders what is to be done for their communities, for officers what waits for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import request

from portal.core.actor import Actor, Permission
from portal.core.thai import parse_int
from portal.cycles import queries as cycles
from portal.forums import queries as forums
from portal.plans import duties, queries
from portal.plans.models import PlanState
from portal.plans.views.room import blueprint
from portal.web.access import requires
from portal.web.forms import PortalForm
from portal.web.login import current_actor
from portal.web.render import page


@blueprint.get("/desk")
@requires(Permission.PLAN_WRITE, Permission.COMMITTEE_KEEP, Permission.PLAN_LATE)
def desk() -> Any:
    """Leaders: one community at a time, one cycle at a time. Officers: the plans being written in their district."""
    actor = current_actor()
    ids = actor.communities_where(Permission.PLAN_WRITE)
    rows = queries.desk_rows(ids) if ids else []
    communities = list({row.id: row for row in reversed(rows)}.values())[::-1]
    context: dict[str, Any] = {"chosen": None}
    if communities:
        wanted = _wanted("community")
        chosen = next((row for row in communities if row.id == wanted), communities[0])
        context = _community(chosen, [row for row in rows if row.id == chosen.id and row.cycle_id])
    return page(
        "plans/desk.html",
        communities=communities,
        at_desk=_at_desk(actor),
        button=PortalForm(formdata=None),
        **context,
    )


def _wanted(name: str) -> int:
    try:
        return parse_int(request.args.get(name, ""), 1, 10**15)
    except ValueError:
        return 0


def _community(chosen: Any, every: list[Any]) -> dict[str, Any]:
    wanted = _wanted("cycle")
    current = next((row for row in every if row.has_begun), None)
    cycle = next((row for row in every if row.cycle_id == wanted), None) or current
    if cycle is None:
        return {"chosen": chosen, "cycle": None}
    plan = queries.plan_of(chosen.id, cycle.cycle_id)
    windows = cycles.phases(cycle.cycle_id)
    held = forums.recorded_plan_forums(chosen.id, cycle.cycle_id)
    said = standing = None
    blocking: list[Any] = []
    to_review: Sequence[Any] = ()
    is_writing = plan is not None and plan.state in (PlanState.DRAFT, PlanState.ENDORSED, PlanState.RETURNED)
    if plan is not None and is_writing:
        to_review = queries.items_to_review(plan)
        said = queries.content_of(plan, to_review)
        standing = queries.standing(plan, said)
        blocking = [check for check in queries.checks_of(plan, said, held, to_review) if check.blocks]
    rows = duties.duties(
        plan,
        standing,
        blocking,
        held,
        {window.kind: window for window in windows},
        community_id=chosen.id,
        cycle_id=cycle.cycle_id,
        to_review=to_review,
    )
    return {
        "chosen": chosen,
        "cycle": cycle,
        "cycles": every,
        "plan": plan,
        "may_write": is_writing,
        "standing": standing,
        "duties": rows,
        "next_duty": next((row for row in rows if row.state in ("now", "late")), None),
        "steps": cycles.line_of(windows),
        "returns": queries.returns_of(current_actor(), plan, open_only=True)
        if plan is not None and not is_writing
        else [],
    }


def _at_desk(actor: Actor) -> list[Any]:
    """Plans being written in the districts this officer answers for."""
    reach: set[int] = set()
    for permission in (Permission.COMMITTEE_KEEP, Permission.PLAN_LATE):
        districts = actor.districts_where(permission)
        if districts is None:
            return list(queries.plans_at_desk(actor, None))
        reach |= districts
    return list(queries.plans_at_desk(actor, frozenset(reach))) if reach else []
