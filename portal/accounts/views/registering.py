"""Getting an account and getting back into it. Every answer is the same whether the address is known or not."""

from __future__ import annotations

from typing import Any

from flask import request

from portal.accounts import commands, forms, passwords, queries
from portal.accounts.models import MailTokenPurpose
from portal.accounts.views.room import blueprint
from portal.accounts.views.signing import begin, landing, this_browser
from portal.core import i18n
from portal.core.errors import NotFound
from portal.core.i18n import lazy_gettext as _l
from portal.web import flash
from portal.web.access import public
from portal.web.login import current_actor
from portal.web.redirects import is_local, see, see_other
from portal.web.render import page


@blueprint.route("/register", methods=["GET", "POST"])
@public("next", cached=False)
def register() -> Any:
    """Ask for the link that makes an account and leads back to where one came from."""
    form = forms.AddressForm()
    if request.method == "GET":
        form.next.data = request.args.get("next", "")
    wanted = form.next.data or ""

    def act() -> None:
        commands.ask_account(
            current_actor(), form.email.data, this_browser(), wanted if is_local(wanted) else ""
        )

    if form.accepts(act):
        return see_other("accounts.check_mail")
    return page("accounts/register.html", form=form), form.status


@blueprint.route("/forgot", methods=["GET", "POST"])
@public(cached=False)
def forgot() -> Any:
    """Ask for the link that sets a new password."""
    form = forms.AddressForm()
    if form.accepts(lambda: commands.ask_reset(current_actor(), form.email.data, this_browser())):
        return see_other("accounts.check_mail")
    return page("accounts/forgot.html", form=form), form.status


@blueprint.get("/check-mail")
@public(cached=False)
def check_mail() -> Any:
    """A mail is on its way."""
    return page("accounts/check_mail.html")


@blueprint.route("/finish/<string:token>", methods=["GET", "POST"])
@public("next", cached=False)
def finish(token: str) -> Any:
    """Names and a password: the account is there, and one is signed in, back where one came from."""
    link = queries.open_link(token, MailTokenPurpose.REGISTER)
    if link is None:
        raise _spent("accounts.register")
    form = forms.FinishForm(language=i18n.language())
    if request.method == "GET":
        form.next.data = request.args.get("next", "")

    def act() -> Any:
        return commands.finish_account(
            current_actor(),
            token,
            form.names,
            form.password.data,
            language=form.language.data,
            wants_mail=form.wants_mail.data,
        )

    if form.accepts(act):
        actor = begin(commands.begin_session(current_actor(), form.result, this_browser()))
        flash.say(_l("Your account is ready."))
        return see(landing(actor, form.next.data or ""))
    return page(
        "accounts/finish.html", form=form, token=token, email=link.email, shortest=passwords.SHORTEST
    ), form.status


@blueprint.route("/reset/<string:token>", methods=["GET", "POST"])
@public(cached=False)
def reset(token: str) -> Any:
    """Set a new password; every browser is signed out but this one."""
    link = queries.open_link(token, MailTokenPurpose.RESET)
    if link is None:
        raise _spent("accounts.forgot")
    form = forms.NewPasswordForm()
    if form.accepts(lambda: commands.reset_password(current_actor(), token, form.password.data)):
        begin(commands.begin_session(current_actor(), form.result, this_browser()))
        flash.say(_l("The new password is set. All other browsers are signed out."))
        return see_other("accounts.me")
    return page(
        "accounts/reset.html", form=form, token=token, email=link.email, shortest=passwords.SHORTEST
    ), form.status


def _spent(again: str) -> NotFound:
    return NotFound(
        _l("This link was used already, or it is too old."), way_on=(again, {}, _l("Ask for a new link"))
    )
