"""Public services: what they ask for, their steps, how long they take."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from portal.actionplan.words import SECTIONS
from portal.core.actor import Permission
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.information import commands, forms, policy, queries
from portal.information.views.room import asked_number, blueprint, district_or_404, name_of, own_district
from portal.web import flash
from portal.web.access import public, requires
from portal.web.login import current_actor
from portal.web.redirects import see_other
from portal.web.render import page


@blueprint.get("/services")
@public("district")
def services() -> Any:
    """The services, by district and section."""
    code = asked_number("district")
    rows = queries.services(code)
    groups = []
    for (_district_id, section), found in groupby(
        rows, key=lambda row: (row.Service.district_id, row.ServiceEdition.section)
    ):
        group = list(found)
        groups.append((name_of(group[0]), SECTIONS[section], [row.ServiceEdition for row in group]))
    return page("information/services.html", groups=groups, district=district_or_404(code) if code else None)


@blueprint.get("/services/<int:service_id>")
@public("edition")
def service(service_id: int) -> Any:
    """One service: what to bring, step by step, how long, what it costs, where."""
    row = queries.service(service_id)
    editions = queries.service_editions(service_id)
    number = asked_number("edition")
    shown = next((one for one in editions if number in (None, one.number)), None)
    if shown is None:
        raise NotFound
    return page(
        "information/service.html",
        service=row.Service,
        place=name_of(row),
        shown=shown,
        editions=editions,
        sections=SECTIONS,
        may_keep=policy.can_keep(current_actor(), row.Service.district_id),
    )


@blueprint.route("/districts/<int:code>/services/new", methods=["GET", "POST"])
@requires(Permission.INFORMATION_KEEP)
def new_service(code: int) -> Any:
    """Describe a service."""
    district = own_district(code)
    form = forms.ServiceForm()
    if form.accepts(lambda: commands.add_service(current_actor(), code, form.service)):
        flash.say(_("The page of the service is public."))
        return see_other("information.service", service_id=form.result.id)
    return page("information/new_service.html", form=form, place=name_of(district)), form.status


@blueprint.route("/services/<int:service_id>/edit", methods=["GET", "POST"])
@requires(Permission.INFORMATION_KEEP)
def edit_service(service_id: int) -> Any:
    """Publish the next edition of a service's page."""
    row = queries.service(service_id)
    own_district(row.Service.district_id)
    newest = queries.service_editions(service_id)[0]
    form = forms.RevisionForm(
        data={
            "expected": str(newest.number),
            "name": newest.name,
            "section": newest.section,
            "what": newest.what,
            "papers": "\n".join(newest.papers),
            "steps": forms.typed_steps(newest.steps),
            "duration": newest.duration,
            "fee": newest.fee,
            "place": newest.place,
        }
    )
    if form.accepts(
        lambda: commands.revise_service(
            current_actor(), service_id, form.shown_number, form.service, form.reason.data or ""
        )
    ):
        flash.say(_("The page of the service is public."))
        return see_other("information.service", service_id=service_id)
    return (
        page(
            "information/edit_service.html", form=form, service=row.Service, shown=newest, place=name_of(row)
        ),
        form.status,
    )
