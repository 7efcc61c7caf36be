"""What stands beside the writing: which colleagues write here too, and which line of a strategy an item may serve."""

from __future__ import annotations

from typing import Any

from flask import jsonify, request

from portal.core.errors import NotAllowed
from portal.core.i18n import gettext as _
from portal.plans import commands, forms, policy, queries
from portal.plans.views.room import blueprint
from portal.strategy import queries as strategy
from portal.web import flash
from portal.web.access import signed_in
from portal.web.login import current_actor
from portal.web.redirects import see_other
from portal.web.render import page


@blueprint.post("/<int:plan_id>/writers")
@signed_in
def writers(plan_id: int) -> Any:
    """Note that the actor has a place of the plan open, and say which colleagues have it open too."""
    actor = current_actor()
    plan = queries.get_visible(actor, plan_id)
    place = request.form.get("place", "")
    commands.note_writer(actor, plan, place)
    names = queries.writers_at(plan_id, place, except_person=actor.id)
    said = _("%(names)s is also writing here.", names=", ".join(names)) if names else ""
    return jsonify(said=said)


@blueprint.route("/items/<int:item_id>/strategy", methods=["GET", "POST"])
@signed_in
def hint(item_id: int) -> Any:
    """Choose the line of the city's or the district's strategy that the item may serve."""
    actor = current_actor()
    row = queries.placed_item(actor, item_id)
    if not policy.can_write(actor, row.Plan):
        raise NotAllowed(_("Only the committee of this community can change its plan."))
    q = request.args.get("q", "").strip()[:100]
    lines = strategy.node_choices(row.Plan.district_id, row.fiscal_year, q)
    form = forms.HintForm(data={"node_id": row.Item.node_id})
    form.offer(lines)
    chosen = None if "none" in request.form else form.node_id.data
    if form.accepts(lambda: commands.hint_strategy(actor, row.Item, chosen)):
        flash.say(_("The strategy line is saved."))
        return see_other("plans.edit_item", item_id=item_id)
    return page(
        "plans/hint.html", form=form, row=row, plan=row.Plan, item=row.Item, q=q, lines=lines
    ), form.status
