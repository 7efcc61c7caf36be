"""The merge workbench: accepted items on the left, projects on the right."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response

from portal.actionplan import commands, policy, queries
from portal.actionplan import words as wording
from portal.actionplan.forms import ItemForm, MergeForm, NotYetForm
from portal.actionplan.models import ActionPlan
from portal.actionplan.queries import merging, workbench
from portal.actionplan.views.room import blueprint, editor_plan, writable_plan
from portal.core import money
from portal.core.actor import Permission
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.i18n import gettext as _
from portal.core.i18n import ngettext as _n
from portal.forums.models import Side
from portal.forums.words import SIDES
from portal.web import flash
from portal.web.access import requires
from portal.web.forms import PortalForm
from portal.web.links import whole
from portal.web.login import current_actor
from portal.web.redirects import see, see_other
from portal.web.render import page

FILTERS = ("show", "side", "community", "q", "p", "after", "projects-after")


def _filters() -> dict[str, Any]:
    return {name: request.args[name][:300] for name in FILTERS if request.args.get(name)}


def chosen_items() -> list[int]:
    """The items named in the address."""
    found = [whole(text) for text in request.args.getlist("item")[:200]]
    return [one for one in found if one is not None]


def _posted(name: str) -> int | None:
    """The thing a pressed button names."""
    return whole(request.form.get(name))


@blueprint.route("/<int:plan_id>/merge", methods=["GET", "POST"])
@requires(Permission.ACTION_PLAN_EDIT)
def merge(plan_id: int) -> Any:
    """Put accepted items into projects, several at once, to the satang; move them, take them out."""
    plan, heading = editor_plan(plan_id)
    form = MergeForm()
    way = request.form.get("do", "link")
    if request.method == "POST" and way in ("new", "not-yet") and form.items.data:
        endpoint = "actionplan.new_project" if way == "new" else "actionplan.not_yet"
        return see_other(endpoint, plan_id=plan.id, item=form.items.data)
    status, overtaken = 200, []
    try:
        if form.accepts(lambda: _act(plan, form)):
            flash.say(form.result)
            return see(url_for("actionplan.merge", plan_id=plan.id, **_filters()))
        status = form.status
    except commands.Overtaken as conflict:
        form.form_errors.append(str(conflict.message))
        status, overtaken = conflict.status, conflict.steps
    return _workbench(plan, heading, form, overtaken), status


def _act(plan: ActionPlan, form: MergeForm) -> str:
    """Do what the pressed button says; returns the sentence that says it was done."""
    actor, seen = current_actor(), form.seen_step
    items, links = form.items.data or [], form.links.data or []
    taken, target = _posted("take"), _posted("to")
    if taken is not None or request.form.get("do") == "take":
        back = commands.take_out(actor, plan, links if taken is None else [taken], seen=seen)
        return _n(
            "%(num)s item is removed and can be placed again.",
            "%(num)s items are removed and can be placed again.",
            len(back),
        )
    projects = (form.projects.data or []) if target is None else [target]
    if links and len(projects) == 1:
        commands.move_items(actor, plan, links, projects[0], seen=seen)
    elif links:
        raise Invalid({"projects": _("Choose the one project that the picked items move to.")})
    if items or not links:
        commands.link_items(
            actor,
            plan,
            items,
            projects,
            amount_satang=form.amount.data,
            note=form.note.data or "",
            seen=seen,
        )
    if links and not items:
        return _n("%(num)s item is moved.", "%(num)s items are moved.", len(links))
    return _n("%(num)s item is placed.", "%(num)s items are placed.", len(items) + len(links))


def _workbench(
    plan: ActionPlan, heading: queries.Heading, form: MergeForm, overtaken: list[Any] | None = None
) -> str:
    filters = _filters()
    community = filters.get("community", "")
    side = filters.get("side", "")
    chosen = workbench.Chosen(
        show=filters.get("show", ""),
        side=Side(side) if side in set(Side) else None,
        community=whole(community),
        q=filters.get("q", ""),
        p=filters.get("p", ""),
    )
    steps = workbench.steps(plan.id)
    form.seen.data = str(steps[0].id if steps else 0)
    right, links = workbench.projects(plan, chosen.p, filters.get("projects-after"))
    return page(
        "actionplan/merge.html",
        plan=plan,
        heading=heading,
        form=form,
        left=workbench.items(plan, chosen, filters.get("after")),
        right=right,
        links=links,
        tally=workbench.tally(plan),
        steps=steps,
        edition=queries.newest_edition_line(plan.id) if plan.published_at else None,
        overtaken=overtaken or [],
        filters=filters,
        may_edit=policy.can_edit(current_actor(), plan),
        undo=PortalForm(formdata=None),
        SIDES=SIDES,
        words=wording,
    )


@blueprint.post("/<int:plan_id>/merge/steps/<int:step_id>/undo")
@requires(Permission.ACTION_PLAN_EDIT)
def undo(plan_id: int, step_id: int) -> Response:
    """Take a step of the workbench back."""
    actor = current_actor()
    plan, _heading = editor_plan(plan_id)
    form = PortalForm()
    if form.accepts(lambda: commands.undo_step(actor, plan, step_id)):
        flash.say(_("The step is undone."))
    return see(url_for("actionplan.merge", plan_id=plan.id, **_filters()))


@blueprint.route("/<int:plan_id>/items/<int:item_id>", methods=["GET", "POST"])
@requires(Permission.ACTION_PLAN_EDIT)
def item(plan_id: int, item_id: int) -> Any:
    """One item: how its accepted amount is shared out over projects."""
    actor = current_actor()
    plan, heading = editor_plan(plan_id)
    found = next(iter(workbench.accepted(plan, [item_id])), None)
    if found is None:
        raise NotFound
    projects = merging.standing_projects(plan)
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
            flash.say(_("The item is divided."))
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


@blueprint.route("/<int:plan_id>/not-yet", methods=["GET", "POST"])
@requires(Permission.ACTION_PLAN_EDIT)
def not_yet(plan_id: int) -> Any:
    """Say why one or several items are in no project yet."""
    actor = current_actor()
    plan, heading = writable_plan(plan_id)
    items = workbench.accepted(plan, chosen_items())
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
