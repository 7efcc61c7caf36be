"""The officers' desk of the information centre."""

from __future__ import annotations

from typing import Any

from portal.core.actor import Permission
from portal.core.i18n import gettext as _
from portal.core.i18n import ngettext as _n
from portal.information import commands, forms, policy, queries, summary
from portal.information.views.room import blueprint, name_of, own_district
from portal.places import queries as places
from portal.web import flash
from portal.web.access import requires
from portal.web.forms import PortalForm
from portal.web.login import current_actor
from portal.web.redirects import see_other
from portal.web.render import page

MOST_DISTRICTS = 3
SHOWN_MONTHS = 13


@blueprint.get("/desk")
@requires(Permission.INFORMATION_KEEP)
def desk() -> Any:
    """What an officer publishes: months to be summarised, documents, services."""
    actor = current_actor()
    own = [row for row in places.districts() if policy.can_keep(actor, row.id)][:MOST_DISTRICTS]
    months = {row.id: queries.months_of(row.id)[:SHOWN_MONTHS] for row in own}
    return page(
        "information/desk.html",
        districts=[(row, name_of(row)) for row in own],
        due={
            code: [(one, summary.number_of(one.month)) for one in found if one.is_over and not one.number]
            for code, found in months.items()
        },
        form=PortalForm(formdata=None),
    )


@blueprint.post("/gather")
@requires(Permission.INFORMATION_KEEP)
def gather() -> Any:
    """Take in now what other rooms published; the worker does it by itself every few minutes."""
    number = commands.gather(current_actor())
    flash.say(
        _n("%(num)s document is new in the catalogue.", "%(num)s documents are new in the catalogue.", number)
        if number
        else _("The catalogue has everything already.")
    )
    return see_other("information.desk")


@blueprint.route("/districts/<int:code>/new", methods=["GET", "POST"])
@requires(Permission.INFORMATION_KEEP)
def new(code: int) -> Any:
    """Publish a document."""
    district = own_district(code)
    form = forms.DocumentForm()
    if form.accepts(lambda: commands.publish_document(current_actor(), code, form.document)):
        flash.say(_("The document is in the catalogue."))
        return see_other("information.show", entry_id=form.result.id)
    return (
        page("information/new.html", form=form, place=name_of(district), days=queries.display_days()),
        form.status,
    )
