"""Many at once: proposing one decision for ticked items, confirming proposals looked at on one page, calling a set
release off."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import request

from portal.core.actor import Permission
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.i18n import ngettext as _n
from portal.cycles import queries as cycles
from portal.screening import commands, forms, queries
from portal.screening.views.desk import cycle_of, district_of
from portal.screening.views.room import LABELS, blueprint
from portal.web import flash
from portal.web.access import requires
from portal.web.links import whole
from portal.web.login import current_actor
from portal.web.redirects import see_other
from portal.web.render import page


@blueprint.post("/propose/ticked")
@requires(Permission.SCREEN)
def ticked() -> Any:
    """On from the ticks of the inbox to the page where one decision is written for them."""
    form = forms.AssignForm()
    place = {name: request.args[name] for name in ("district", "cycle") if name in request.args}
    if not form.case_ids.data:
        flash.say(_("Select the items first, then press again."))
        return see_other("screening.inbox", **request.args.to_dict())
    return see_other("screening.propose_many", cases=".".join(map(str, form.case_ids.data)), **place)


@blueprint.route("/propose", methods=["GET", "POST"])
@requires(Permission.SCREEN)
def propose_many() -> Any:
    """One decision and its reason for several items, each with its own card."""
    actor = current_actor()
    district = district_of(actor)
    cycle_id = cycle_of(district.id, cycles.cycles_of(district.id))
    place = {"district": district.id, "cycle": cycle_id}
    ids = [one for part in request.args.get("cases", "").split(".") if (one := whole(part))]
    form = forms.ProposeManyForm()
    form.share(commands.SHARED)
    in_the_way: dict[int, str] = {}

    def act() -> int:
        try:
            return commands.propose_decisions(actor, form.versions(), form.decision())
        except commands.Stopped as stopped:
            in_the_way.update(stopped.rows)
            raise

    if form.accepts(act):
        flash.say(
            _n(
                "%(num)s proposal is on its way to someone else to confirm.",
                "%(num)s proposals are on their way to someone else to confirm.",
                form.result,
            )
        )
        return see_other("screening.inbox", **place)
    rows = queries.chosen(actor, district.id, cycle_id, ids) if cycle_id and ids else []
    asked = form.versions() if request.method == "POST" else {row.case_id: 0 for row in rows}
    return page(
        "screening/propose_many.html",
        form=form,
        rows=rows,
        ticked=asked,
        in_the_way=in_the_way,
        cases=".".join(map(str, ids)),
        place=place,
        **LABELS,
    ), form.status


@blueprint.route("/confirm", methods=["GET", "POST"])
@requires(Permission.SCREEN_CONFIRM)
def confirm_many() -> Any:
    """Proposals of others, one below the other, to confirm together."""
    actor = current_actor()
    district = district_of(actor)
    cycle_id = cycle_of(district.id, cycles.cycles_of(district.id))
    place = {"district": district.id, "cycle": cycle_id}
    form = forms.ConfirmManyForm()
    if form.accepts(lambda: commands.confirm_decisions(actor, form.versions())):
        flash.say(
            _n(
                "%(num)s decision is confirmed. Nobody outside sees it before its release.",
                "%(num)s decisions are confirmed. Nobody outside sees them before their release.",
                form.result,
            )
        )
        return see_other("screening.confirm_many", **place)
    return page(
        "screening/confirm_many.html",
        form=form,
        district=district,
        rows=queries.proposals(actor, district.id, cycle_id) if cycle_id else [],
        may=actor.may(Permission.SCREEN_CONFIRM, district_id=district.id),
        place=place,
        **LABELS,
    ), form.status


@blueprint.route("/release/call-off", methods=["GET", "POST"])
@requires(Permission.SCREEN_CONFIRM)
def call_off() -> Any:
    """Call off every release set for one instant."""
    actor = current_actor()
    district = district_of(actor)
    cycle_id = cycle_of(district.id, cycles.cycles_of(district.id))
    place = {"district": district.id, "cycle": cycle_id}
    at = _instant(request.args.get("at"))
    if cycle_id is None:
        raise NotFound
    form = forms.ReasonForm()
    if form.accepts(lambda: commands.call_off_release(actor, cycle_id, at, form.reason.data or "")):
        told = _n(
            "The release of %(num)s decision is called off.",
            "The release of %(num)s decisions is called off.",
            len(form.result),
        )
        flash.say(told)
        return see_other("screening.release", **place)
    rows = [row for row in queries.set_releases(cycle_id) if row.at == at]
    return page("screening/call_off.html", form=form, at=at, rows=rows, place=place), form.status


def _instant(text: str | None) -> dt.datetime:
    """An instant of an address; for a damaged one an instant long past, when no release was set."""
    long_past = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    try:
        found = dt.datetime.fromisoformat(text or "")
    except ValueError:
        return long_past
    return found if found.tzinfo is not None else long_past
