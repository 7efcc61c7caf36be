"""What the leaders of a community do: see where their items stand, correct, withdraw, appeal."""

from __future__ import annotations

from typing import Any

from portal.core.actor import Permission
from portal.core.i18n import gettext as _
from portal.screening import commands, forms, queries
from portal.screening.models import CaseState
from portal.screening.views.room import LABELS, blueprint
from portal.screening.workflow import CASE
from portal.web import flash
from portal.web.access import requires, signed_in
from portal.web.login import current_actor
from portal.web.redirects import see_other
from portal.web.render import page


@blueprint.get("/ours")
@requires(Permission.PLAN_WRITE)
def ours() -> Any:
    """Where the items of one's own communities stand, and what is asked of their leaders."""
    rows = queries.community_cases(current_actor().communities_where(Permission.PLAN_WRITE))
    return page("screening/ours.html", rows=rows, **LABELS)


@blueprint.route("/<int:case_id>/correction", methods=["GET", "POST"])
@signed_in
def correction(case_id: int) -> Any:
    """Answer what the district asked to be corrected."""
    actor = current_actor()
    docket = queries.of_community(actor, case_id)
    form = forms.AnswerForm()
    if form.accepts(lambda: commands.answer_correction(actor, docket.case, form.answer.data or "")):
        flash.say(_("Your correction has been sent. The district goes on with the item."))
        return see_other("screening.ours")
    asked = [row for row in queries.history_of(case_id) if row.kind == "correction"][:1]
    return page(
        "screening/correction.html",
        docket=docket,
        form=form,
        asked=asked,
        is_open=docket.state is CaseState.NEEDS_CORRECTION,
    ), form.status


@blueprint.route("/<int:case_id>/appeal", methods=["GET", "POST"])
@signed_in
def appeal(case_id: int) -> Any:
    """Appeal against a released decision, once."""
    actor = current_actor()
    docket = queries.of_community(actor, case_id)
    form = forms.AppealForm()
    if form.accepts(lambda: commands.file_appeal(actor, docket.case, form.grounds.data or "")):
        flash.say(_("Your appeal is filed. Someone who took no part will look at it."))
        return see_other("screening.ours")
    card = queries.public_card(docket.case.item_id)
    return page("screening/appeal.html", docket=docket, form=form, card=card), form.status


@blueprint.route("/<int:case_id>/withdraw", methods=["GET", "POST"])
@signed_in
def withdraw(case_id: int) -> Any:
    """Take an item back before the decision is public."""
    actor = current_actor()
    docket = queries.of_community(actor, case_id)
    form = forms.ReasonForm()
    if form.accepts(lambda: commands.withdraw_item(actor, docket.case, form.reason.data or "")):
        flash.say(_("The item is withdrawn."))
        return see_other("screening.ours")
    may = not docket.is_released and CASE.is_open("withdraw", actor, docket)
    return page("screening/withdraw.html", docket=docket, form=form, may=may), form.status
