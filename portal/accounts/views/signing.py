"""Signing in and out; in the demo, one button per duty."""

from __future__ import annotations

import ipaddress
import json
from typing import Any

from flask import Flask, current_app, g, request, url_for
from flask.blueprints import BlueprintSetupState

from portal.accounts import commands, forms, queries, words
from portal.accounts.views.room import blueprint
from portal.core.actor import Actor, Role
from portal.core.errors import NotFound
from portal.core.i18n import lazy_gettext as _l
from portal.web import flash, login, redirects, resume
from portal.web.access import public, signed_in
from portal.web.login import current_actor
from portal.web.render import page

DEMO_SIGN_IN = "accounts.demo_sign_in"
DEMO_ROLES = {
    "resident": _l("Resident"),
    "resident2": _l("Another resident"),
    "resident5": _l("A third resident"),
    "leader": words.ROLES[Role.LEADER],
    "leader2": _l("Another community leader"),
    "planner": words.ROLES[Role.PLANNER],
    "planner2": _l("Another district planner"),
    **{
        role.value: words.ROLES[role]
        for role in (
            Role.DIRECTOR,
            Role.PROCUREMENT,
            Role.STRATEGY,
            Role.MODERATOR,
            Role.AUDITOR,
            Role.COMMUNITY_DESK,
            Role.REGISTRY,
            Role.PAPER_CLERK,
        )
    },
    "paper_clerk2": _l("Another paper ballot clerk"),
    "paper_clerk3": _l("A third paper ballot clerk"),
    "certifier": words.ROLES[Role.CERTIFIER],
    "admin": words.ROLES[Role.ADMIN],
}


def this_browser() -> commands.Browser:
    """Network and name of the browser that asks."""
    address = ipaddress.ip_address(request.remote_addr or "127.0.0.1")
    prefix = 64 if address.version == 6 else 32
    network = ipaddress.ip_network((address, prefix), strict=False)
    return commands.Browser(network=str(network), name=request.user_agent.string)


def begin(token: str) -> Actor:
    """Tie this browser to a new session; what the old one held is dropped. Who is signed in now."""
    actor = queries.actor_of_token(token)
    if actor is None:
        raise NotFound
    login.sign_in(actor, token)
    return actor


def landing(actor: Actor, wanted: str) -> str:
    """Where a person goes on after signing in: where they wanted to; from nowhere or the front page to their first
    desk, or to their own page."""
    if wanted and wanted.rstrip("/") != request.script_root:
        return wanted
    for endpoint, _label, duties in current_app.config["DESKS"]:
        if any(actor.may(duty) for duty in duties):
            return url_for(endpoint)
    return url_for("accounts.me")


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public("next", cached=False)
def sign_in() -> Any:
    """Sign in; afterwards on to where one wanted to go, or back to what one was writing."""
    form = forms.SignInForm()
    if request.method == "GET":
        form.next.data = request.args.get("next", "")

    def act() -> str:
        return commands.sign_in(current_actor(), form.email.data, form.password.data, this_browser())

    if form.accepts(act):
        actor = begin(form.result)
        kept = resume.unpack(form.resume.data or "")
        if kept is not None:
            return page("errors/resume.html", **resume.context(*kept))
        return redirects.see(landing(actor, form.next.data or ""))
    # A failed try counts although the answer is a refusal.
    g.keeps_refusal = bool(form.form_errors)
    return page("accounts/sign_in.html", form=form, demo=_demo_buttons()), form.status


@blueprint.post("/sign-out")
@signed_in
def sign_out() -> Any:
    """End this browser's session."""
    commands.sign_out(current_actor())
    login.sign_out()
    flash.say_left(_l("You are signed out."))
    return redirects.see(request.script_root + "/")


# -- the demo -------------------------------------------------------------------------------------------------------


def _demo_accounts(app: Flask) -> dict[str, dict[str, str]]:
    path = app.config["PORTAL"].instance / "demo-accounts.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def _demo_buttons() -> dict[str, Any] | None:
    if not current_app.config["PORTAL"].is_demo:
        return None
    known = _demo_accounts(current_app)
    roles = [(role, label) for role, label in DEMO_ROLES.items() if role in known]
    return {"action": url_for(DEMO_SIGN_IN), "roles": roles}


@public(cached=False)
def demo_sign_in() -> Any:
    """Sign in as one of the demo's people, without a password."""
    account = _demo_accounts(current_app).get(request.form.get("role", ""))
    person = queries.person_by_email(account["email"]) if account else None
    if person is None:
        raise NotFound
    actor = begin(commands.begin_session(current_actor(), person, this_browser()))
    return redirects.see(landing(actor, request.form.get("next", "")))


@blueprint.record
def _only_in_the_demo(state: BlueprintSetupState) -> None:
    if state.app.config["PORTAL"].is_demo:
        state.add_url_rule("/demo-sign-in", "demo_sign_in", demo_sign_in, methods=["POST"])
