"""The yearly review of the earlier plan, item by item."""

from __future__ import annotations

from typing import Any

from flask import request

from portal.core import afterwards
from portal.core.actor import Actor
from portal.core.errors import Conflict, NotFound
from portal.core.i18n import gettext as _
from portal.plans import commands, forms, queries
from portal.plans.models import ReviewMark
from portal.plans.views.room import blueprint
from portal.plans.views.writing import writable
from portal.web import flash
from portal.web.access import signed_in
from portal.web.login import current_actor
from portal.web.redirects import see_other
from portal.web.render import page


@blueprint.get("/<int:plan_id>/review")
@signed_in
def review(plan_id: int) -> Any:
    """Every item of the earlier plan, what became of it, and what the committee says of it."""
    return _page(current_actor(), writable(current_actor(), plan_id))


def _page(actor: Actor, row: Any, typed: forms.ReviewForm | None = None, item_id: int = 0) -> Any:
    """The whole review; ``typed`` is the form of one item that was refused, as it was sent."""
    rows = queries.items_to_review(row.Plan)
    shown = {
        one.item_id: forms.ReviewForm(
            one.item_id,
            formdata=None,
            data={"mark": one.mark and one.mark.value, "reason": one.reason, "version": one.version},
        )
        for one in rows
    }
    if typed is not None:
        shown[item_id] = typed
    return page(
        "plans/review.html",
        row=row,
        plan=row.Plan,
        rows=rows,
        marked=sum(one.mark is not None for one in rows),
        forms=shown,
        refused=typed,
        refused_id=item_id,
        turns=afterwards.turns_of("item", [one.item_id for one in rows]),
    )


@blueprint.post("/<int:plan_id>/review/<int:item_id>")
@signed_in
def review_item(plan_id: int, item_id: int) -> Any:
    """Mark one item, or take its mark off."""
    actor = current_actor()
    row = writable(actor, plan_id)
    if "undo" in request.form:
        return _undo(actor, row, item_id)
    form = forms.ReviewForm(item_id)
    try:
        if form.accepts(
            lambda: commands.review_item(
                actor,
                row.Plan,
                item_id,
                ReviewMark(form.mark.data),
                form.reason.data,
                expected_version=form.seen_version,
            )
        ):
            flash.say(_("The mark is saved."))
            return see_other("plans.review", plan_id=plan_id, _anchor=_next(row.Plan, item_id))
    except Conflict as refused:
        return _conflict(actor, row, form, item_id, refused), 409
    if item_id not in {one.item_id for one in queries.items_to_review(row.Plan)}:
        raise NotFound
    return _page(actor, row, form, item_id), form.status


def _undo(actor: Actor, row: Any, item_id: int) -> Any:
    form = forms.VersionedForm()
    try:
        if form.accepts(
            lambda: commands.undo_review(actor, row.Plan, item_id, expected_version=form.seen_version)
        ):
            flash.say(_("The mark is removed."))
    except Conflict as refused:
        return _conflict(actor, row, forms.ReviewForm(item_id), item_id, refused), 409
    return see_other("plans.review", plan_id=row.Plan.id, _anchor=f"item-{item_id}")


def _conflict(actor: Actor, row: Any, form: forms.ReviewForm, item_id: int, refused: Conflict) -> Any:
    """What one typed stays in the form, what the colleague saved stands above it; sending it again replaces that."""
    now = next(one for one in queries.items_to_review(row.Plan) if one.item_id == item_id)
    form.renew(now.version)
    form.form_errors.append(str(refused.message))
    return _page(actor, row, form, item_id)


def _next(plan: Any, item_id: int) -> str:
    """Where the page goes on: the next item without a mark, or the end."""
    rows = queries.items_to_review(plan)
    at = next((place for place, one in enumerate(rows) if one.item_id == item_id), 0)
    ahead = next((one for one in (*rows[at + 1 :], *rows[:at]) if one.mark is None), None)
    return f"item-{ahead.item_id}" if ahead else "reviewed"
