"""The desks: residence requests, committees, roles."""

from __future__ import annotations

from typing import Any

from flask import request

from portal.accounts import commands, forms, policy, queries, words
from portal.accounts.committee_size import committee_size
from portal.accounts.models import CommitteeMember, GrantRow, Residency
from portal.accounts.views.room import blueprint
from portal.core import clock
from portal.core.actor import Actor, Permission
from portal.core.errors import NotAllowed, NotFound
from portal.core.i18n import lazy_gettext as _l
from portal.places import queries as places
from portal.places.models import Community
from portal.web import flash
from portal.web.access import requires
from portal.web.login import current_actor
from portal.web.redirects import see_other
from portal.web.render import page

# -- residence ------------------------------------------------------------------------------------------------------


@blueprint.get("/residencies")
@requires(Permission.RESIDENCY_CONFIRM)
def residencies() -> Any:
    """Requests that wait for the registry, or those it decided."""
    waiting = request.args.get("part") != "decided"
    rows = queries.residencies_of_registry(current_actor(), waiting=waiting)
    return page("accounts/residencies.html", rows=rows, waiting=waiting, words=words, one_day=forms.A_DAY)


def _residency(actor: Actor, residency_id: int) -> tuple[Residency, Any]:
    asked, row = queries.residency(residency_id), queries.residency_seen(actor, residency_id)
    if asked is None or row is None:
        raise NotFound
    return asked, row


@blueprint.route("/residencies/<int:residency_id>", methods=["GET", "POST"])
@requires(Permission.RESIDENCY_CONFIRM)
def residency(residency_id: int) -> Any:
    """One request: confirm it, or refuse it with a reason."""
    actor = current_actor()
    asked, row = _residency(actor, residency_id)
    form = forms.RefusalForm()
    if form.accepts(lambda: commands.refuse_residence(actor, asked, form.reason.data)):
        flash.say(_l("The decision is on record, and the person gets an email."))
        return see_other("accounts.residencies")
    return page(
        "accounts/residency.html",
        form=form,
        row=row,
        button=forms.ButtonForm(),
        may_decide=policy.can_decide_residency(actor, asked),
        words=words,
    ), form.status


@blueprint.post("/residencies/<int:residency_id>/confirm")
@requires(Permission.RESIDENCY_CONFIRM)
def confirm_residency(residency_id: int) -> Any:
    """The registry found the person in its books."""
    actor = current_actor()
    asked, _row = _residency(actor, residency_id)
    commands.confirm_residence(actor, asked)
    flash.say(_l("The decision is on record, and the person gets an email."))
    return see_other("accounts.residencies")


# -- committees -----------------------------------------------------------------------------------------------------


@blueprint.get("/committees")
@requires(Permission.COMMITTEE_KEEP)
def committees() -> Any:
    """The communities of one's district and how complete their committees are."""
    actor = current_actor()
    reach = actor.districts_where(Permission.COMMITTEE_KEEP)
    own = [row for row in places.districts() if reach is None or row.id in reach]
    district = next(
        (row for row in own if str(row.id) == request.args.get("district")), own[0] if own else None
    )
    if district is None:
        raise NotFound
    rule = queries.committee_size_rule()
    rows = [
        (row, committee_size(rule, row.houses)) for row in queries.communities_of_desk(actor, district.id)
    ]
    return page(
        "accounts/committees.html",
        districts=own,
        district=district,
        rows=rows,
        rule=rule,
        one_day=forms.A_DAY,
    )


def _community(actor: Actor, community_id: int) -> Community:
    community = places.community(community_id)
    if community is None:
        raise NotFound
    if not policy.can_keep_committee(actor, community):
        raise NotAllowed(_l("This committee is managed by the office of another district."))
    return community


def _seat(actor: Actor, member_id: int) -> tuple[CommitteeMember, Community]:
    member = queries.seat(member_id)
    if member is None:
        raise NotFound
    return member, _community(actor, member.community_id)


@blueprint.route("/committees/<int:community_id>", methods=["GET", "POST"])
@requires(Permission.COMMITTEE_KEEP)
def committee(community_id: int) -> Any:
    """One committee: who sits, who sat, and a form for the next member."""
    actor = current_actor()
    community = _community(actor, community_id)
    form = forms.SeatForm()
    if form.accepts(lambda: commands.seat_member(actor, community, form.seat)):
        flash.say(_l("The member is added."))
        return see_other("accounts.committee", community_id=community.id)
    seats = queries.seats_of_community(community.id)
    rule = queries.committee_size_rule()
    return page(
        "accounts/committee.html",
        form=form,
        community=community,
        district=places.district(community.district_id),
        sitting=[row for row in seats if row.is_in_office],
        others=[row for row in seats if not row.is_in_office],
        rule=rule,
        size=committee_size(rule, community.houses),
        words=words,
        one_day=forms.A_DAY,
    ), form.status


@blueprint.route("/committees/seats/<int:member_id>/link", methods=["GET", "POST"])
@requires(Permission.COMMITTEE_KEEP)
def link_seat(member_id: int) -> Any:
    """Tie a seat to the member's account."""
    actor = current_actor()
    member, community = _seat(actor, member_id)
    form = forms.LinkForm()
    if form.accepts(lambda: commands.link_member(actor, member, form.email.data)):
        flash.say(_l("The account is linked to the seat, and the member gets an email."))
        return see_other("accounts.committee", community_id=community.id)
    return page(
        "accounts/link_seat.html", form=form, member=member, community=community, words=words
    ), form.status


@blueprint.route("/committees/seats/<int:member_id>/end", methods=["GET", "POST"])
@requires(Permission.COMMITTEE_KEEP)
def end_seat(member_id: int) -> Any:
    """A member leaves before the term is over."""
    actor = current_actor()
    member, community = _seat(actor, member_id)
    form = forms.LeaveForm(left_on=clock.today())
    if form.accepts(lambda: commands.end_seat(actor, member, form.left_on.data, form.reason.data)):
        flash.say(_l("The seat is ended."))
        return see_other("accounts.committee", community_id=community.id)
    return page(
        "accounts/end_seat.html", form=form, member=member, community=community, words=words
    ), form.status


# -- grants ---------------------------------------------------------------------------------------------------------


@blueprint.get("/grants")
@requires(Permission.GRANT_PROPOSE, Permission.GRANT_CONFIRM)
def grants() -> Any:
    """Roles: waiting for a second person, held, over."""
    actor = current_actor()
    part = request.args.get("part", "waiting")
    part = part if part in ("waiting", "held", "over") else "waiting"
    return page(
        "accounts/grants.html",
        part=part,
        rows=queries.grants_of_desk(actor, part),
        may_propose=actor.may(Permission.GRANT_PROPOSE),
        words=words,
        one_day=forms.A_DAY,
    )


@blueprint.route("/grants/new", methods=["GET", "POST"])
@requires(Permission.GRANT_PROPOSE)
def propose_grant() -> Any:
    """Put a role forward; it waits for a second person."""
    actor = current_actor()
    form = forms.GrantForm()
    if form.accepts(lambda: commands.propose_grant(actor, form.email.data, form.order)):
        flash.say(_l("The role is proposed. It takes effect once a second person confirms it."))
        return see_other("accounts.grants")
    return page("accounts/propose_grant.html", form=form), form.status


def _grant(actor: Actor, grant_id: int) -> tuple[GrantRow, Any]:
    found, row = queries.grant(grant_id), queries.grant_seen(actor, grant_id)
    if found is None or row is None:
        raise NotFound
    return found, row


@blueprint.route("/grants/<int:grant_id>", methods=["GET", "POST"])
@requires(Permission.GRANT_PROPOSE, Permission.GRANT_CONFIRM)
def grant(grant_id: int) -> Any:
    """One role: the order it rests on, who proposed and who confirmed; revoke it or turn it down."""
    actor = current_actor()
    found, row = _grant(actor, grant_id)
    form = forms.RevokeForm()
    if form.accepts(lambda: commands.revoke_grant(actor, found, form.reason.data)):
        flash.say(_l("The role is ended."))
        return see_other("accounts.grants")
    return page(
        "accounts/grant.html",
        form=form,
        row=row,
        may_confirm=policy.can_confirm_grant(actor, found),
        may_revoke=policy.can_revoke_grant(actor, found),
        button=forms.ButtonForm(),
        words=words,
        one_day=forms.A_DAY,
    ), form.status


@blueprint.post("/grants/<int:grant_id>/confirm")
@requires(Permission.GRANT_CONFIRM)
def confirm_grant(grant_id: int) -> Any:
    """The second pair of eyes."""
    actor = current_actor()
    found, _row = _grant(actor, grant_id)
    commands.confirm_grant(actor, found)
    flash.say(_l("The role counts from the date of the order, and the person gets an email."))
    return see_other("accounts.grants")
