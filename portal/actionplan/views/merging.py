"""The merge workbench: accepted items on the left, projects on the right."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response

from portal.actionplan import commands, policy, queries
from portal.actionplan import words as wording
from portal.actionplan.forms import ItemForm, MergeForm, NotYetForm
from portal.actionplan.models import ActionPlan
from portal.actionplan.queries import merging
from portal.actionplan.views.room import blueprint, editor_plan, writable_plan
from portal.core import money
from portal.core.actor import Permission
from portal.core.errors import Conflict, NotFound
from portal.core.i18n import gettext as _
from portal.core.i18n import ngettext as _n
from portal.cycles import queries as cycles
from portal.forums.words import SIDES
from portal.web import flash
from portal.web.access import requires
from portal.web.forms import PortalForm
from portal.web.login import current_actor
from portal.web.redirects import see, see_other
from portal.web.render import page

SHOWN = 60


def _filters() -> dict[str, Any]:
    names = ("show", "side", "community", "q", "p")
    return {name: request.args[name][:200] for name in names if request.args.get(name)}


def chosen_items() -> list[int]:
    """The items named in the address."""
    found = [text for text in request.args.getlist("item") if text.isascii() and text.isdigit()]
    return [int(text) for text in found[:200] if len(text) < 16]


@blueprint.route("/<int:plan_id>/merge", methods=["GET", "POST"])
@requires(Permission.ACTION_PLAN_EDIT)
def merge(plan_id: int) -> Any:
    """Put accepted items into projects, several at once, to the satang."""
    actor = current_actor()
    plan, heading = editor_plan(plan_id)
    items, projects = merging.accepted_items(plan), merging.workbench_projects(plan)
    form = MergeForm()
    form.offer(items, projects)
    way = request.form.get("do", "link")
    if request.method == "POST" and way in ("new", "not-yet") and form.items.data:
        endpoint = "actionplan.new_project" if way == "new" else "actionplan.not_yet"
        return see_other(endpoint, plan_id=plan.id, item=form.items.data)
    if form.accepts(
        lambda: commands.link_items(
            actor,
            plan,
            form.items.data or [],
            form.projects.data or [],
            amount_satang=form.amount.data,
            note=form.note.data or "",
        )
    ):
        count = len(form.items.data or [])
        flash.say(_n("%(num)s item is placed.", "%(num)s items are placed.", count))
        return see(url_for("actionplan.merge", plan_id=plan.id, **_filters()))
    return _workbench(plan, heading, form, items, projects), form.status


def _workbench(
    plan: ActionPlan, heading: queries.Heading, form: MergeForm, items: list[Any], projects: list[Any]
) -> str:
    filters = _filters()
    community = filters.get("community", "")
    left = merging.sift(
        items,
        show=filters.get("show", ""),
        side=filters.get("side", ""),
        community=int(community) if community.isdecimal() else None,
        q=filters.get("q", ""),
    )
    term = filters.get("p", "").strip().lower()
    right = [one for one in projects if term in f"{one.code} {one.name}".lower()]
    rules = cycles.rules(plan.cycle_id)
    return page(
        "actionplan/merge.html",
        plan=plan,
        heading=heading,
        form=form,
        items=items,
        left=left[:SHOWN],
        left_count=len(left),
        projects=projects,
        right=right[:SHOWN],
        right_count=len(right),
        settled=sum(item.is_settled for item in items),
        placed_satang=sum(item.placed_satang for item in items),
        envelope=rules.envelope_satang if rules else 0,
        communities=sorted({(item.community_id, item.community) for item in items}, key=lambda one: one[1]),
        filters=filters,
        may_edit=policy.can_edit(current_actor(), plan),
        links=queries.links_by_project(plan.id),
        undo=PortalForm(formdata=None),
        SIDES=SIDES,
        words=wording,
    )


@blueprint.route("/<int:plan_id>/items/<int:item_id>", methods=["GET", "POST"])
@requires(Permission.ACTION_PLAN_EDIT)
def item(plan_id: int, item_id: int) -> Any:
    """One item: how its accepted amount is shared out over projects."""
    actor = current_actor()
    plan, heading = editor_plan(plan_id)
    found = next((one for one in merging.accepted_items(plan) if one.item_id == item_id), None)
    if found is None:
        raise NotFound
    projects = merging.workbench_projects(plan)
    shares = merging.shares_of_item(plan, item_id)
    mine = [project for project in projects if project.id in shares]
    form = ItemForm.over(mine)()
    form.project.choices = [
        (0, _("No other project")),
        *((project.id, f"{project.code} {project.name}") for project in projects if project.id not in shares),
    ]
    status = 200
    try:
        if form.accepts(lambda: _share_out(plan, found, mine, form)):
            flash.say(_("The item is shared out."))
            return see_other("actionplan.merge", plan_id=plan.id)
        status = form.status
    except Conflict as conflict:
        form.form_errors.append(str(conflict.message))
        status = conflict.status
    if not form.is_submitted():
        for project in mine:
            form[f"amount_{project.id}"].data = shares[project.id].amount_satang
    form.seen.data = ",".join(f"{id_}:{link.amount_satang}" for id_, link in sorted(shares.items()))
    return (
        page(
            "actionplan/item.html",
            plan=plan,
            heading=heading,
            item=found,
            projects=mine,
            shares=shares,
            form=form,
            may_edit=policy.can_edit(actor, plan),
            SIDES=SIDES,
        ),
        status,
    )


def _share_out(plan: ActionPlan, found: merging.Accepted, mine: list[Any], form: Any) -> None:
    wanted: dict[int, int | None] = {project.id: form[f"amount_{project.id}"].data for project in mine}
    if form.project.data:
        rest = found.accepted_satang - sum(amount or 0 for amount in wanted.values())
        wanted[form.project.data] = max(rest, 0) if form.amount.data is None else form.amount.data
    if request.form.get("do") == "evenly":
        shares = money.split(found.accepted_satang, [1] * len(wanted)) if wanted else []
        wanted = dict(zip(wanted, shares, strict=True))
    commands.write_item_links(current_actor(), plan, found.item_id, form.seen_shares, wanted)


@blueprint.post("/links/<int:link_id>/undo")
@requires(Permission.ACTION_PLAN_EDIT)
def undo(link_id: int) -> Response:
    """Take an item out of a project."""
    actor = current_actor()
    link = queries.link(link_id)
    project, plan = queries.project_and_plan(actor, link.project_id)
    form = PortalForm()
    if form.accepts(lambda: commands.unlink_item(actor, link)):
        flash.say(_("The item is out of “%(project)s” and can be placed again.", project=project.name))
    return see_other("actionplan.merge", plan_id=plan.id)


@blueprint.route("/<int:plan_id>/not-yet", methods=["GET", "POST"])
@requires(Permission.ACTION_PLAN_EDIT)
def not_yet(plan_id: int) -> Any:
    """Say why one or several items are in no project yet."""
    actor = current_actor()
    plan, heading = writable_plan(plan_id)
    chosen = set(chosen_items())
    items = [one for one in merging.accepted_items(plan) if one.item_id in chosen]
    if not items:
        return see_other("actionplan.merge", plan_id=plan.id)
    form = NotYetForm(reason=items[0].reason)
    if form.accepts(
        lambda: commands.give_not_yet(actor, plan, [one.item_id for one in items], form.reason.data or "")
    ):
        flash.say(
            _n("The reason of %(num)s item is kept.", "The reason of %(num)s items is kept.", len(items))
        )
        return see_other("actionplan.merge", plan_id=plan.id)
    return (
        page(
            "actionplan/not_yet.html",
            plan=plan,
            heading=heading,
            items=items,
            form=form,
            SIDES=SIDES,
        ),
        form.status,
    )
