"""One's own pages."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, g, request

from portal.accounts import browsers, commands, forms, passwords, queries, words
from portal.accounts.views.room import blueprint
from portal.core import clock
from portal.core.errors import NotFound
from portal.core.i18n import lazy_gettext as _l
from portal.places import queries as places
from portal.web import flash, login, redirects
from portal.web.access import signed_in
from portal.web.login import current_actor
from portal.web.redirects import see_other
from portal.web.render import page


def _myself() -> tuple[Any, Any]:
    actor = current_actor()
    person = queries.person(actor.id) if actor.id is not None else None
    if person is None:
        raise NotFound
    return actor, person


def _chosen_district() -> Any:
    """The district in the address, if there is one."""
    code = request.args.get("district", "")
    return places.district(int(code)) if code.isascii() and code.isdigit() and len(code) == 4 else None


@blueprint.get("/me")
@signed_in
def me() -> Any:
    """My page: duties, residence, what I follow and said, settings."""
    _actor, person = _myself()
    grants, seats = queries.duties_of(person.id)
    return page(
        "accounts/me.html",
        person=person,
        grants=grants,
        seats=seats,
        residence=queries.residence_of(person.id),
        counts=queries.counts_of(person.id, "follows", "comments"),
        sessions=len(queries.sessions_of(person.id)),
        words=words,
        one_day=forms.A_DAY,
    )


@blueprint.route("/me/settings", methods=["GET", "POST"])
@signed_in
def settings() -> Any:
    """Names, language, mail."""
    actor, person = _myself()
    form = forms.NamesForm(
        title=person.title,
        given=person.given_name,
        family=person.family_name,
        language=person.language,
        wants_mail=person.wants_mail,
    )

    def act() -> None:
        commands.write_person(actor, form.names, language=form.language.data, wants_mail=form.wants_mail.data)

    if form.accepts(act):
        flash.say(_l("Saved."))
        return see_other("accounts.me")
    return page("accounts/settings.html", form=form), form.status


@blueprint.route("/me/password", methods=["GET", "POST"])
@signed_in
def password() -> Any:
    """A new password; other browsers are signed out."""
    actor, _person = _myself()
    form = forms.ChangePasswordForm()
    if form.accepts(lambda: commands.change_password(actor, form.current.data, form.password.data)):
        flash.say(_l("The new password is set. All other browsers are signed out."))
        return see_other("accounts.me")
    g.keeps_refusal = bool(form.errors)
    return page("accounts/password.html", form=form, shortest=passwords.SHORTEST), form.status


@blueprint.get("/me/sessions")
@signed_in
def sessions() -> Any:
    """Where one is signed in."""
    actor, person = _myself()
    rows = [
        {"login": row, "name": browsers.name_of(row.browser), "is_here": row.id == actor.session_id}
        for row in queries.sessions_of(person.id)
    ]
    return page("accounts/sessions.html", rows=rows, form=forms.ButtonForm())


@blueprint.post("/me/sessions/<int:session_id>/end")
@signed_in
def end_session(session_id: int) -> Any:
    """Sign one browser out."""
    commands.end_session(current_actor(), session_id)
    flash.say(_l("That browser is signed out."))
    return see_other("accounts.sessions")


@blueprint.post("/me/sessions/end")
@signed_in
def end_other_sessions() -> Any:
    """Sign out everywhere but here."""
    commands.end_other_sessions(current_actor())
    flash.say(_l("All other browsers are signed out."))
    return see_other("accounts.sessions")


@blueprint.get("/me/data.json")
@signed_in
def data() -> Any:
    """Everything kept about the person, as JSON."""
    _actor, person = _myself()
    text = json.dumps(queries.everything_about(person.id), ensure_ascii=False, indent=2, default=str)
    return Response(
        text,
        mimetype="application/json",
        headers={"Content-Disposition": f'attachment; filename="ruamngop-{clock.today()}.json"'},
    )


@blueprint.route("/me/close", methods=["GET", "POST"])
@signed_in
def close() -> Any:
    """Close the account for good."""
    actor, _person = _myself()
    form = forms.CloseForm()
    if form.accepts(lambda: commands.close_account(actor, form.password.data)):
        login.sign_out()
        flash.say_left(_l("Your account is closed."))
        return redirects.see(request.script_root + "/")
    g.keeps_refusal = bool(form.errors)
    return page("accounts/close.html", form=form), form.status


@blueprint.route("/me/residence", methods=["GET", "POST"])
@signed_in
def residence() -> Any:
    """Say where one lives: the district first, then the community."""
    actor, person = _myself()
    district = _chosen_district()
    form = forms.ResidenceForm()
    if district is not None:
        form.community.offer_communities(district.id, _l("I live in no community, or do not know which"))

    def act() -> None:
        if district is None:
            raise NotFound
        commands.ask_residence(actor, district.id, form.community.data)

    if form.accepts(act):
        flash.say(_l("Your request went to the registry of the district."))
        return see_other("accounts.me")
    return page(
        "accounts/residence.html",
        form=form,
        district=district,
        districts=places.districts() if district is None else (),
        residence=queries.residence_of(person.id),
        words=words,
        one_day=forms.A_DAY,
    ), form.status


@blueprint.post("/me/residence/end")
@signed_in
def end_residence() -> Any:
    """Take the request or the residence back."""
    commands.end_residence(current_actor())
    flash.say(_l("Your residence is removed from your account."))
    return see_other("accounts.me")


@blueprint.route("/me/interests", methods=["GET", "POST"])
@signed_in
def interests() -> Any:
    """Declare that one has an interest in a community, and see what one declared."""
    actor, person = _myself()
    district = _chosen_district()
    form = forms.InterestForm()
    if district is not None:
        form.community.offer_communities(district.id, _l("Choose a community"))
    if form.accepts(lambda: commands.declare_interest(actor, form.community.data, form.description.data)):
        flash.say(
            _l("Your declaration is on record. You step aside when decisions about that community are made.")
        )
        return see_other("accounts.interests")
    return page(
        "accounts/interests.html",
        form=form,
        district=district,
        districts=places.districts() if district is None else (),
        rows=queries.interests_of(person.id),
        button=forms.ButtonForm(),
    ), form.status


@blueprint.post("/me/interests/<int:declaration_id>/end")
@signed_in
def end_interest(declaration_id: int) -> Any:
    """The interest is over."""
    declaration = queries.interest(declaration_id)
    if declaration is None:
        raise NotFound
    commands.end_interest(current_actor(), declaration)
    flash.say(_l("Saved."))
    return see_other("accounts.interests")
