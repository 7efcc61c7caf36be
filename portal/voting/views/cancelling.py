"""Calling a round off: who asks and who carries it out."""

from __future__ import annotations

from typing import Any

from portal.accounts import queries as people
from portal.core.actor import Permission
from portal.core.errors import NotAllowed
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.voting import forms, policy, queries, workflow
from portal.voting.commands import cancelling as commands
from portal.voting.models import Round
from portal.voting.views.room import blueprint
from portal.web import flash
from portal.web.access import requires
from portal.web.login import current_actor
from portal.web.redirects import see_other
from portal.web.render import page

CANCELLERS = (Permission.ROUND_CONFIRM, Permission.RESULT_CERTIFY)


@blueprint.route("/<int:round_id>/cancel", methods=["GET", "POST"])
@requires(*CANCELLERS)
def cancel(round_id: int) -> Any:
    """Call a round off; once voting has begun, at the request of another person."""
    actor, round_ = current_actor(), _round(round_id)
    form = forms.ReasonForm()
    if form.accepts(lambda: commands.cancel_round(actor, round_id, form.reason.data or "")):
        flash.say(_("The round is cancelled."))
        return see_other("voting.show", round_id=round_id)
    return _page(round_, form)


@blueprint.post("/<int:round_id>/cancel/ask")
@requires(*CANCELLERS)
def ask_to_cancel(round_id: int) -> Any:
    """Ask another person to call off a round whose voting has begun."""
    actor, round_ = current_actor(), _round(round_id)
    form = forms.ReasonForm()
    if form.accepts(lambda: commands.ask_to_cancel(actor, round_id, form.reason.data or "")):
        flash.say(_("Noted. Another person who can confirm rounds carries it out."))
        return see_other("voting.cancel", round_id=round_id)
    return _page(round_, form)


@blueprint.post("/<int:round_id>/cancel/take-back")
@requires(*CANCELLERS)
def take_back_request(round_id: int) -> Any:
    """Whoever asked to call the round off does not ask any more."""
    _round(round_id)
    commands.take_back_request(current_actor(), round_id)
    flash.say(_("Your request is taken back."))
    return see_other("voting.cancel", round_id=round_id)


@blueprint.post("/<int:round_id>/cancel/turn-down")
@requires(*CANCELLERS)
def turn_down_request(round_id: int) -> Any:
    """Say no to the request, with a reason."""
    actor, round_ = current_actor(), _round(round_id)
    form = forms.ReasonForm()
    if form.accepts(lambda: commands.turn_down_request(actor, round_id, form.reason.data or "")):
        flash.say(_("The request is rejected; the person who asked is told your reason."))
        return see_other("voting.cancel", round_id=round_id)
    return _page(round_, form)


def _round(round_id: int) -> Round:
    """Raises NotFound, NotAllowed."""
    round_ = queries.round_visible(current_actor(), round_id)
    if not policy.can_ask_to_cancel(current_actor(), round_):
        raise NotAllowed(_l("You may not do this here."))
    return round_


def _page(round_: Round, form: forms.ReasonForm) -> Any:
    actor, asked = current_actor(), queries.waiting_request(round_)
    moves = {move.name for move in workflow.ROUNDS.open_moves(actor, round_)}
    return page(
        "voting/cancel.html",
        form=form,
        round=round_,
        by_two=queries.is_cancelled_by_two(round_),
        asked=asked,
        may_carry_out=bool(moves & {workflow.CANCEL, workflow.ANNUL}),
        may_ask=not queries.asks_no_more(round_, actor.id),
        may_turn_down=asked is not None and policy.can_turn_down(actor, round_, asked),
        button=forms.ButtonForm(),
        names=people.names_of([asked.asked_by] if asked else []),
    ), form.status
