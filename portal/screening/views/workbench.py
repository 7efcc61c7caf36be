"""The workbench: the item on the left, its card on the right."""

from __future__ import annotations

from typing import Any

from flask import request

from portal.core import topics
from portal.core.actor import Permission
from portal.core.errors import Conflict
from portal.core.i18n import gettext as _
from portal.plans import queries as plans
from portal.screening import commands, forms, policy, queries
from portal.screening.models import CaseState
from portal.screening.policy import Docket
from portal.screening.views.room import LABELS, SCREENERS, blueprint
from portal.screening.workflow import CASE
from portal.web import flash
from portal.web.access import requires
from portal.web.login import current_actor
from portal.web.redirects import see_other
from portal.web.render import page

BEFORE_MERIT = frozenset({CaseState.WAITING, CaseState.FORMAL_CHECK})


@blueprint.get("/<int:case_id>")
@requires(*SCREENERS)
def show(case_id: int) -> Any:
    """The item beside its card."""
    return _bench(queries.get_visible(current_actor(), case_id))


def _bench(docket: Docket, form: forms.CardForm | None = None, theirs: Any = None) -> str:
    actor, case = current_actor(), docket.case
    found = queries.bench(docket)
    card = queries.card_of(case.id)
    if form is None:
        with_merit = docket.state not in BEFORE_MERIT
        form = forms.card_form(found.rules, card, case.version_id, with_merit=with_merit)
    return page(
        "screening/show.html",
        docket=docket,
        case=case,
        found=found,
        form=form,
        card=card,
        theirs=theirs,
        moves={move.name for move in CASE.open_moves(actor, docket)},
        is_open=docket.state in BEFORE_MERIT or docket.state is CaseState.MERIT_CHECK,
        may_screen=policy.can_screen(actor, docket),
        is_aside=policy.is_aside(actor, docket),
        may_decide=policy.can_decide(actor, docket),
        may_release=policy.can_release(actor, docket),
        history=queries.history_of(case.id),
        merged_into=_merged_into(docket),
        similar=queries.similar_items(docket, found, actor=actor),
        kinds=topics.kinds(),
        prices=queries.reference_prices(docket, found),
        files=plans.attachments_of([found.item.id]).get(found.item.id, []),
        branches=queries.branches([case.area_node_id, case.city_node_id]),
        screeners=queries.appeal_screeners(docket) if docket.state is CaseState.APPEALED else [],
        **LABELS,
    )


def _merged_into(docket: Docket) -> str | None:
    shown = docket.decision or docket.proposal
    return queries.title_of(shown.merge_into_item_id) if shown is not None else None


@blueprint.post("/<int:case_id>/card")
@requires(Permission.SCREEN)
def answer_card(case_id: int) -> Any:
    """Save the card; one button also ends the formal check, others lead on to the strategy."""
    actor = current_actor()
    docket = queries.get_visible(actor, case_id)
    before = queries.card_of(case_id)
    with_merit = docket.state is CaseState.MERIT_CHECK
    form = forms.card_form(
        queries.criteria_of(docket.case.edition_id), before, docket.case.version_id, with_merit=with_merit
    )
    go = request.form.get("go", "")

    def act() -> None:
        commands.answer_card(actor, docket.case, form.answers(), expected_version=form.expected)
        if go == "merit":
            commands.finish_formal(actor, docket.case)

    try:
        if not form.accepts(act):
            return _bench(docket, form), form.status
    except Conflict:
        fresh = queries.docket(actor, case_id)
        form.renew(fresh.case.version_id)
        return _bench(fresh, form, theirs=queries.card_of(case_id)), 409
    if go in ("area", "city"):
        return see_other("screening.strategy", case_id=case_id, which=go)
    flash.say(_("The formal check is passed.") if go == "merit" else _("The card is saved."))
    return see_other("screening.show", case_id=case_id)


@blueprint.route("/<int:case_id>/strategy", methods=["GET", "POST"])
@requires(Permission.SCREEN)
def strategy(case_id: int) -> Any:
    """Choose the line of the area's or the city's strategy that the item serves."""
    actor = current_actor()
    docket = queries.get_visible(actor, case_id)
    which = "city" if request.args.get("which") == "city" else "area"
    text = request.args.get("q", "").strip()[:200]
    chosen = getattr(docket.case, f"{which}_node_id")
    form = forms.NodeForm(data={"node_id": chosen})
    if form.accepts(lambda: commands.choose_node(actor, docket.case, which, form.node_id.data)):
        flash.say(_("The strategy line is saved."))
        return see_other("screening.show", case_id=case_id, _anchor="card")
    lines, is_cut = queries.nodes_to_choose(docket, which, text)
    form.offer(lines)
    return page(
        "screening/strategy.html", docket=docket, form=form, which=which, q=text, lines=lines, is_cut=is_cut
    ), form.status
