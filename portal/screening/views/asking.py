"""Asking others: the community for a correction, another agency for its word."""

from __future__ import annotations

import datetime as dt
from typing import Any

from portal.core import clock
from portal.core.actor import Permission
from portal.core.i18n import gettext as _
from portal.screening import commands, forms, queries
from portal.screening.models import Answer, CaseState
from portal.screening.views.room import blueprint
from portal.web import flash
from portal.web.access import requires
from portal.web.login import current_actor
from portal.web.redirects import see_other
from portal.web.render import page


@blueprint.route("/<int:case_id>/ask-correction", methods=["GET", "POST"])
@requires(Permission.SCREEN)
def ask_correction(case_id: int) -> Any:
    """Ask the community to correct the item."""
    actor = current_actor()
    docket = queries.get_visible(actor, case_id)
    rules = queries.criteria_of(docket.case.edition_id)
    form = forms.CorrectionRequestForm(
        data={"due_on": clock.today() + dt.timedelta(days=rules.correction_days)}
    )
    if form.accepts(lambda: commands.ask_correction(actor, docket.case, form.request.data or "", form.day)):
        flash.say(_("The community has been asked. The clock stops until it answers."))
        return see_other("screening.show", case_id=case_id)
    card = queries.card_of(case_id)
    failed = [
        (one, card[one.key].reason)
        for one in rules.criteria
        if one.key in card and card[one.key].answer is Answer.NOT_MET
    ]
    return page(
        "screening/ask_correction.html",
        docket=docket,
        form=form,
        failed=failed,
        can_ask=any(one.is_correctable for one, _reason in failed),
    ), form.status


@blueprint.route("/<int:case_id>/ask-agency", methods=["GET", "POST"])
@requires(Permission.SCREEN)
def ask_agency(case_id: int) -> Any:
    """Note a question to another agency."""
    actor = current_actor()
    docket = queries.get_visible(actor, case_id)
    form = forms.AgencyForm(data={"due_on": clock.today() + dt.timedelta(days=14)})
    if form.accepts(
        lambda: commands.ask_agency(
            actor, docket.case, form.agency.data or "", form.request.data or "", form.day
        )
    ):
        flash.say(_("The question is noted. The clock stops until the reply is entered."))
        return see_other("screening.show", case_id=case_id)
    return page("screening/ask_agency.html", docket=docket, form=form), form.status


@blueprint.route("/<int:case_id>/reply", methods=["GET", "POST"])
@requires(Permission.SCREEN)
def reply(case_id: int) -> Any:
    """Enter the agency's reply."""
    actor = current_actor()
    docket = queries.get_visible(actor, case_id)
    form = forms.AnswerForm()
    if form.accepts(lambda: commands.note_reply(actor, docket.case, form.answer.data or "")):
        flash.say(_("The reply is entered. The item goes on where it was."))
        return see_other("screening.show", case_id=case_id)
    asked = [row for row in queries.history_of(case_id) if row.kind == "referral"][:1]
    is_open = docket.state is CaseState.AWAITING_AGENCY
    return page("screening/reply.html", docket=docket, form=form, asked=asked, is_open=is_open), form.status
