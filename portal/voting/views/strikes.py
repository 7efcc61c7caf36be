"""Striking from the roll, objecting, and the answer."""

from __future__ import annotations

from typing import Any

from portal.core import clock
from portal.core.actor import Permission
from portal.core.errors import NotAllowed
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.voting import forms, policy, queries
from portal.voting.commands import strikes as commands
from portal.voting.models import Stage
from portal.voting.views.room import blueprint
from portal.web import flash
from portal.web.access import requires, signed_in
from portal.web.login import current_actor
from portal.web.redirects import see_other
from portal.web.render import page


@blueprint.route("/<int:round_id>/roll/strike", methods=["GET", "POST"])
@requires(Permission.ROLL_KEEP)
def strike(round_id: int) -> Any:
    """Strike somebody with a reason; who was struck, and what became of the objections."""
    actor = current_actor()
    round_ = queries.round_visible(actor, round_id)
    if not policy.can_keep_roll(actor, round_):
        raise NotAllowed(_l("The registry of the district keeps the roll."))
    form, now = forms.StrikeForm(), clock.now()
    if form.accepts(lambda: commands.strike(actor, round_id, form.number.data or "", form.reason.data or "")):
        flash.say(_("Removed. The person has been told and may object."))
        return see_other("voting.strike", round_id=round_id)
    return page(
        "voting/strike.html",
        form=form,
        round=round_,
        rows=queries.strikes(actor, round_),
        may_strike=round_.stage(now) in (Stage.PLANNED, Stage.OPEN) and not round_.is_open(now),
    ), form.status


@blueprint.route("/<int:round_id>/object", methods=["GET", "POST"])
@signed_in
def object_to_strike(round_id: int) -> Any:
    """Say why one belongs on the roll."""
    actor = current_actor()
    round_ = queries.round_visible(actor, round_id)
    form = forms.ObjectionForm()
    if form.accepts(lambda: commands.object_to_strike(actor, round_, form.objection.data or "")):
        flash.say(_("Your objection is sent. The answer comes to your inbox."))
        return see_other("voting.eligibility", round_id=round_id)
    if not form.errors and queries.strike_of(actor, round_) is None:
        return see_other("voting.eligibility", round_id=round_id)
    return page(
        "voting/object_to_strike.html", form=form, round=round_, strike=queries.strike_of(actor, round_)
    ), form.status


@blueprint.route("/objections/<int:strike_id>", methods=["GET", "POST"])
@requires(Permission.ROUND_CONFIRM)
def answer_objection(strike_id: int) -> Any:
    """Put the row back on the roll, or say why not."""
    actor = current_actor()
    made, round_ = queries.objection_seen(actor, strike_id)
    form = forms.ObjectionAnswerForm()
    if form.accepts(
        lambda: commands.answer_objection(
            actor, strike_id, form.answer.data or "", restore=form.decision.data == "restore"
        )
    ):
        flash.say(_("Answered. The person has been told."))
        return see_other("voting.desk")
    return page("voting/answer_objection.html", form=form, strike=made, round=round_), form.status
