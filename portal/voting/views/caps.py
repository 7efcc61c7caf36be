"""The most money for one side or one community, while a round is a draft."""

from __future__ import annotations

from typing import Any

from portal.core.actor import Permission
from portal.core.i18n import gettext as _
from portal.voting import forms, queries
from portal.voting.commands import projects as ballot_projects
from portal.voting.views.room import blueprint
from portal.voting.views.rounds import own, prepare_page
from portal.web import flash
from portal.web.access import requires
from portal.web.login import current_actor
from portal.web.redirects import see_other


@blueprint.post("/<int:round_id>/caps")
@requires(Permission.ROUND_KEEP)
def set_cap(round_id: int) -> Any:
    """Set the most money for one side or one community."""
    own(round_id)
    form, actor = forms.CapForm(), current_actor()
    form.offer(queries.candidates(round_id))
    if form.accepts(
        lambda: ballot_projects.set_cap(actor, round_id, *form.chosen, form.most_satang.data or 0)
    ):
        flash.say(_("The cap is noted."))
        return see_other("voting.prepare", round_id=round_id)
    return prepare_page(round_id, cap_form=form)


@blueprint.post("/caps/<int:cap_id>/remove")
@requires(Permission.ROUND_KEEP)
def drop_cap(cap_id: int) -> Any:
    """No cap for this group after all."""
    round_id = ballot_projects.drop_cap(current_actor(), cap_id)
    return see_other("voting.prepare", round_id=round_id)
