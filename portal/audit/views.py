"""The ledger's pages."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, request, url_for

from portal.accounts import queries as accounts
from portal.audit import commands, forms, policy, queries
from portal.core import ledger, ledger_words, topics
from portal.core.actor import Permission
from portal.core.i18n import gettext as _
from portal.core.ledger import LedgerEntry
from portal.places import queries as places
from portal.web import flash
from portal.web.access import public, requires
from portal.web.login import current_actor
from portal.web.redirects import see_other
from portal.web.render import page

blueprint = Blueprint("audit", __name__, url_prefix="/audit")


@blueprint.get("")
@requires(Permission.LEDGER_READ)
def index() -> Any:
    """Entries, newest first; by event, district, person or thing."""
    actor = current_actor()
    wanted = queries.Filter(
        **{
            name: request.args.get(name, "").strip()
            for name in ("event", "district", "person", "kind", "number")
        }
    )
    found = queries.entries(wanted, request.args.get("cursor"))
    waiting = queries.waiting_requests() if actor.may(Permission.LEDGER_BLANK) else []
    older = url_for("audit.index", **wanted.values, cursor=found.next_cursor) if found.next_cursor else ""
    return page(
        "audit/index.html",
        rows=[(row, queries.facts_of(row.payload), _address(row)) for row in found.rows],
        names=accounts.names_of({*(row.actor_id for row in found.rows), *(one.asked_by for one in waiting)}),
        waiting=waiting,
        can_blank=lambda row: row.payload is not None and policy.can_blank(actor, row),
        wanted=wanted,
        words=ledger_words,
        events=ledger_words.groups("events", {*queries.events(), wanted.event} - {""}),
        kinds=ledger_words.groups("things", {*ledger_words.kinds(), wanted.kind} - {""}),
        districts=places.districts(),
        head=queries.head(),
        older=older,
        newest=url_for("audit.index", **wanted.values) if request.args.get("cursor") else "",
    )


def _address(row: Any) -> str:
    """The page of the thing an entry speaks of, where its room registered one; number 0 is all of a kind."""
    kind = topics.kinds().get(row.subject_kind)
    if not row.subject_id or kind is None or kind.endpoint not in current_app.view_functions:
        return ""
    return url_for(kind.endpoint, **{kind.param: row.subject_id})


@blueprint.route("/check", methods=["GET", "POST"])
@requires(Permission.LEDGER_READ)
def check() -> Any:
    """Have the whole chain computed again, compared with a head kept outside if there is one; the last result."""
    form = forms.CheckForm()
    if form.accepts(
        lambda: commands.start_check(current_actor(), number=form.number.data, digest=form.hash.data or "")
    ):
        flash.say(_("The check has been requested. Its result will appear here."))
        return see_other("audit.check")
    running, last = queries.running_check(), queries.last_check()
    shown = page(
        "audit/check.html",
        form=form,
        running=running,
        last=last,
        names=accounts.names_of([last.person_id] if last else []),
        head=queries.head(),
    )
    return shown, form.status


@blueprint.route("/entries/<int:number>/blank", methods=["GET", "POST"])
@requires(Permission.LEDGER_BLANK)
def blank(number: int) -> Any:
    """What of an entry would go and what stays; take it out, as another person asked for."""
    entry, form = queries.entry(number), forms.BlankForm()
    if form.accepts(lambda: commands.blank_entry(current_actor(), entry, reason=form.reason.data)):
        flash.say(_("It has been removed. The chain is as intact as before."))
        return see_other("audit.index", kind="ledger_entry", number=number)
    return _blank_page(entry, form)


@blueprint.post("/entries/<int:number>/blank/ask")
@requires(Permission.LEDGER_BLANK)
def ask_to_blank(number: int) -> Any:
    """Ask another person to take out what an entry says."""
    entry, form = queries.entry(number), forms.BlankForm()
    if form.accepts(lambda: commands.ask_to_blank(current_actor(), entry, reason=form.reason.data)):
        flash.say(_("Noted. Another auditor or administrator removes it, or rejects the request."))
        return see_other("audit.blank", number=number)
    return _blank_page(entry, form)


@blueprint.post("/entries/<int:number>/blank/decline")
@requires(Permission.LEDGER_BLANK)
def decline_to_blank(number: int) -> Any:
    """Turn a request down, or take one's own back."""
    entry, form = queries.entry(number), forms.BlankForm()
    if form.accepts(lambda: commands.decline_to_blank(current_actor(), entry, reason=form.reason.data)):
        flash.say(_("Rejected. The entry stays as it is."))
        return see_other("audit.index", kind="ledger_entry", number=number)
    return _blank_page(entry, form)


def _blank_page(entry: LedgerEntry, form: forms.BlankForm) -> Any:
    asked = queries.blank_request(entry.id)
    return page(
        "audit/blank.html",
        form=form,
        entry=entry,
        words=ledger_words,
        asked=asked,
        facts=queries.facts_of(entry.payload),
        names=accounts.names_of([entry.actor_id, asked.asked_by if asked else None]),
        may=policy.can_blank(current_actor(), entry),
        is_seal=policy.is_seal(entry),
    ), form.status


@blueprint.get("/head")
@public()
def head() -> Any:
    """The newest head, for everyone to keep."""
    return page("audit/head.html", head=queries.head())


@blueprint.get("/head.txt")
@public()
def head_text() -> Response:
    """The same for machines: number, hash and instant in one line, as ``flask ledger verify --head`` takes them."""
    newest = queries.head()
    line = f"{newest.id}:{newest.hash} {newest.at.isoformat()}" if newest else f"0:{ledger.GENESIS}"
    return Response(line + "\n", mimetype="text/plain")
