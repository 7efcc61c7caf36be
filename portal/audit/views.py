"""The ledger's pages."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, request, url_for

from portal.accounts import queries as accounts
from portal.audit import forms, queries
from portal.core import ledger, topics
from portal.core.actor import Permission
from portal.places import queries as places
from portal.web.access import public, requires
from portal.web.render import page

blueprint = Blueprint("audit", __name__, url_prefix="/audit")


@blueprint.get("")
@requires(Permission.LEDGER_READ)
def index() -> Any:
    """Entries, newest first; by event, district, person or thing."""
    wanted = queries.Filter(
        **{
            name: request.args.get(name, "").strip()
            for name in ("event", "district", "person", "kind", "number")
        }
    )
    found = queries.entries(wanted, request.args.get("cursor"))
    older = url_for("audit.index", **wanted.values, cursor=found.next_cursor) if found.next_cursor else ""
    return page(
        "audit/index.html",
        rows=[(row, queries.facts_of(row.payload), _address(row)) for row in found.rows],
        names=accounts.names_of(row.actor_id for row in found.rows),
        wanted=wanted,
        events=queries.events(),
        districts=places.districts(),
        head=queries.head(),
        older=older,
        newest=url_for("audit.index", **wanted.values) if request.args.get("cursor") else "",
    )


def _address(row: Any) -> str:
    """The page of the thing an entry speaks of, where its room registered one."""
    kind = topics.kinds().get(row.subject_kind)
    if kind is None or kind.endpoint not in current_app.view_functions:
        return ""
    return url_for(kind.endpoint, **{kind.param: row.subject_id})


@blueprint.route("/check", methods=["GET", "POST"])
@requires(Permission.LEDGER_READ)
def check() -> Any:
    """Compute the whole chain again, and compare it with a head kept outside if there is one."""
    form = forms.CheckForm()

    def act() -> ledger.Check:
        number, digest = form.number.data, form.hash.data
        return ledger.verify({number: digest.lower()} if digest and number is not None else None)

    form.accepts(act)
    return page("audit/check.html", form=form, result=form.result, head=queries.head()), form.status


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
