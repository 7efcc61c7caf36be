"""The participation audit: draw recorded voters, ask them, publish what they said."""

from __future__ import annotations

import math
from typing import Any

from flask import Response

from portal.core import sheets
from portal.core.actor import Permission
from portal.core.errors import NotAllowed
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.voting import forms, letterlist, policy
from portal.voting.commands import auditing, closing
from portal.voting.models import Round, RoundState
from portal.voting.queries import auditing as queries
from portal.voting.views.board import published
from portal.voting.views.results import CLOSERS
from portal.voting.views.room import blueprint
from portal.web import flash
from portal.web.access import requires
from portal.web.login import current_actor
from portal.web.redirects import see_other
from portal.web.render import page

ANSWERS = (59, 149, 299)


def bound(answers: int) -> str:
    """Without a denial, the share of fakes (per cent, rounded up) that is excluded with a certainty of 95 in 100."""
    return f"{math.ceil((1 - 0.05 ** (1 / answers)) * 1000) / 10:.1f}".removesuffix(".0")


@blueprint.route("/<int:round_id>/audit", methods=["GET", "POST"])
@requires(*CLOSERS, Permission.ROUND_CONFIRM)
def audit(round_id: int) -> Any:
    """Two people draw who is to be asked; the second gets a spreadsheet that is kept nowhere."""
    actor, round_ = current_actor(), _of_closers(round_id)
    form = forms.SampleForm()
    if form.accepts(
        lambda: auditing.draw_sample(actor, round_id, form.size.data or 0, form.seed.data or "", form.people)
    ):
        if form.result is not None:
            return _sheet(round_, form.result)
        flash.say(
            _(
                "It is noted. Another certifier, or someone who confirms rounds, now enters the same and gets the list."
            )
        )
        return see_other("voting.audit", round_id=round_id)
    return _page(round_, form, forms.ParticipationForm())


@blueprint.post("/<int:round_id>/participation")
@requires(Permission.RESULT_CERTIFY)
def participation(round_id: int) -> Any:
    """Publish what asking recorded voters found."""
    actor, round_ = current_actor(), _of_closers(round_id)
    form = forms.ParticipationForm()
    if form.accepts(
        lambda: closing.record_participation(
            actor, round_id, form.asked.data or 0, form.denied.data or 0, form.about.data or ""
        )
    ):
        flash.say(_("It is published with the result."))
        return see_other("voting.close", round_id=round_id)
    return _page(round_, forms.SampleForm(formdata=None), form)


def _of_closers(round_id: int) -> Round:
    actor, round_ = current_actor(), published(round_id)
    if not any(may(actor, round_) for may in (policy.can_keep, policy.can_hold_key, policy.can_draw)):
        raise NotAllowed(_l("You may not do this here."))
    return round_


def _page(round_: Round, form: forms.SampleForm, participation_form: forms.ParticipationForm) -> Any:
    actor = current_actor()
    return page(
        "voting/audit.html",
        round=round_,
        form=form,
        participation_form=participation_form,
        may_draw=policy.can_draw(actor, round_) and round_.state is RoundState.COUNTED,
        may_publish=policy.can_certify(actor, round_),
        draw=queries.draw_of(round_.id),
        asked=queries.participation_of(round_.id),
        bounds=[(answers, bound(answers)) for answers in ANSWERS],
    ), max(form.status, participation_form.status)


def _sheet(round_: Round, drawn: auditing.Sample) -> Response:
    columns = (
        sheets.Column("name", _("Name"), width=28),
        sheets.Column("address", _("Address"), width=44),
        sheets.Column("answer", _("Did you vote in this vote?"), width=20, choices=(_("Yes"), _("No"))),
    )
    lead = [
        round_.title,
        _(
            "Drawn: %(found)s people; not in the list: %(unknown)s.",
            found=len(drawn.people),
            unknown=drawn.unknown,
        ),
    ]
    content = sheets.workbook(
        [
            sheets.Sheet(
                letterlist.SHEET, columns, [[one.name, one.address, ""] for one in drawn.people], lead=lead
            )
        ],
        title=round_.title,
    )
    return Response(
        content,
        mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        headers={
            "Content-Disposition": f'attachment; filename="ask-{round_.id}.xlsx"',
            "Cache-Control": "no-store",
        },
    )
