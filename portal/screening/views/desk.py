"""The planner's inbox: what waits, for whom, until when; taking plans in; giving cases to people."""

from __future__ import annotations

from typing import Any

from flask import request

from portal.core.actor import Actor, Permission
from portal.core.errors import NotFound
from portal.core.i18n import lazy_gettext as _l
from portal.core.i18n import ngettext as _n
from portal.cycles import queries as cycles
from portal.forums.models import Side
from portal.places import queries as places
from portal.screening import commands, forms, queries
from portal.screening.views.room import LABELS, SCREENERS, blueprint
from portal.web import flash
from portal.web.access import requires
from portal.web.links import whole
from portal.web.login import current_actor
from portal.web.redirects import see_other
from portal.web.render import page

TABS = {
    "mine": _l("Mine"),
    "unassigned": _l("Unassigned"),
    "overdue": _l("Overdue"),
    "confirm": _l("To confirm"),
    "waits": _l("Waiting for others"),
    "appeals": _l("Appeals"),
    "release": _l("To release"),
    "all": _l("All"),
}
FILTERS = ("q", "side", "community")


def district_of(actor: Actor) -> Any:
    """The district asked for, if it is this actor's, else the actor's first. Raises NotFound."""
    held: set[int] = set()
    for duty in SCREENERS:
        districts = actor.districts_where(duty)
        held |= {row.id for row in places.districts()} if districts is None else districts
    wanted = whole(request.args.get("district")) or min(held, default=0)
    found = places.district(wanted) if wanted in held else None
    if found is None:
        raise NotFound
    return found


def cycle_of(district_id: int, rows: Any) -> int | None:
    """The cycle asked for among the district's, else the one being planned. Raises NotFound for a strange one."""
    wanted = whole(request.args.get("cycle"))
    if wanted is None:
        current = cycles.current_cycle(district_id)
        return current.id if current else None
    if wanted not in {row.id for row in rows}:
        raise NotFound
    return wanted


@blueprint.get("")
@requires(*SCREENERS)
def inbox() -> Any:
    """What waits, for whom, until when."""
    return _inbox(forms.AssignForm())


def _inbox(form: forms.AssignForm) -> str:
    actor = current_actor()
    district = district_of(actor)
    rows = cycles.cycles_of(district.id)
    cycle_id = cycle_of(district.id, rows)
    asked = {name: request.args.get(name, "").strip()[:200] for name in FILTERS}
    tab = request.args.get("tab", "")
    tab = tab if tab in queries.TABS else "mine"
    shown: dict[str, Any] = {"found": None, "counts": None, "plans": [], "communities": []}
    if cycle_id is not None:
        form.offer(queries.assignees(district.id))
        shown = {
            "found": queries.inbox(
                actor,
                district.id,
                cycle_id,
                tab=tab,
                text=asked["q"],
                community_id=whole(asked["community"]),
                side=Side(asked["side"]) if asked["side"] in set(Side) else None,
                cursor=request.args.get("after"),
            ),
            "counts": queries.counts(actor, district.id, cycle_id),
            "plans": queries.plans_to_take_in(district.id, cycle_id),
            "communities": queries.communities_of(district.id, cycle_id),
        }
    return page(
        "screening/inbox.html",
        form=form,
        district=district,
        cycles=rows,
        cycle_id=cycle_id,
        tab=tab,
        tabs=TABS,
        asked=asked,
        place={"district": district.id, "cycle": cycle_id},
        kept={name: value for name, value in asked.items() if value},
        button=forms.OneButtonForm(),
        may_screen=actor.may(Permission.SCREEN, district_id=district.id),
        may_confirm=actor.may(Permission.SCREEN_CONFIRM, district_id=district.id),
        **shown,
        **LABELS,
    )


@blueprint.post("/plans/<int:plan_id>/take-in")
@requires(Permission.SCREEN)
def take_in(plan_id: int) -> Any:
    """Accept a plan for screening."""
    form = forms.OneButtonForm()
    if form.accepts(lambda: commands.take_in(current_actor(), plan_id)):
        count = len(form.result)
        told = _n(
            "The plan is accepted for screening: %(num)s item to screen.",
            "The plan is accepted for screening: %(num)s items to screen.",
            count,
        )
        flash.say(told)
        return see_other("screening.inbox", **{**request.args.to_dict(), "tab": "unassigned"})
    return _inbox(forms.AssignForm()), form.status


@blueprint.post("/assign")
@requires(*SCREENERS)
def assign() -> Any:
    """Give the ticked cases to somebody."""
    form = forms.AssignForm()
    if form.accepts(
        lambda: commands.assign_cases(current_actor(), form.case_ids.data or [], form.person_id.data)
    ):
        flash.say(_n("%(num)s item was reassigned.", "%(num)s items were reassigned.", form.result))
        return see_other("screening.inbox", **request.args.to_dict())
    return _inbox(form), form.status


@blueprint.get("/<int:case_id>/next")
@requires(*SCREENERS)
def next_one(case_id: int) -> Any:
    """On to the next item to work on."""
    docket = queries.get_visible(current_actor(), case_id)
    following = queries.next_case(current_actor(), docket)
    if following is None:
        return see_other(
            "screening.inbox", district=docket.case.district_id, cycle=docket.cycle_id, tab="all"
        )
    return see_other("screening.show", case_id=following)
