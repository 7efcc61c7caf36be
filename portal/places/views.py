"""Pages of places."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request, url_for

from portal.core.actor import Permission
from portal.core.errors import Conflict, NotAllowed, NotFound
from portal.core.i18n import gettext as _
from portal.core.i18n import language
from portal.core.i18n import ngettext as _n
from portal.places import atlas, commands, forms, policy, queries, words
from portal.places.models import NameQuality
from portal.web import flash
from portal.web.access import public, requires
from portal.web.login import current_actor
from portal.web.redirects import see_other
from portal.web.render import page

blueprint = Blueprint("places", __name__, url_prefix="/places")

# From how many communities on a district has which shade (a stage of the tile map).
SHADES = ((70, "published"), (45, "screening"), (20, "plans"), (1, "forums"), (0, "idle"))


@blueprint.get("")
@public("q")
def index() -> str:
    """The 50 districts: as a map by number of communities, and as a list that can be searched by district or
    sub-district in either language."""
    typed = request.args.get("q", "").strip()[:100]
    counts = queries.community_counts()
    found = atlas.districts_named(typed)
    rows = [
        {
            "code": row.id,
            "name": row.name_th if language() == "th" else row.name_en,
            "group": words.GROUPS.get(row.group_th, row.group_th),
            "column": row.tile_column,
            "row": row.tile_row,
            "number": counts.get(row.id, 0),
            "href": url_for("dossier.district", code=row.id),
            "stage": next(shade for least, shade in SHADES if counts.get(row.id, 0) >= least),
            "stage_label": _("Communities"),
            "count_text": _n("%(num)s community", "%(num)s communities", counts[row.id])
            if counts.get(row.id)
            else _("not entered yet"),
            "through": found.get(row.code, ()),
        }
        for row in queries.districts()
    ]
    return page(
        "places/index.html",
        typed=typed,
        rows=rows,
        found=[row for row in rows if str(row["code"]) in found],
        communities=sum(counts.values()),
        entered=len(counts),
        legend=_legend(),
    )


def _legend() -> list[tuple[str, str]]:
    return [
        ("idle", _("not entered yet")),
        ("forums", _n("%(low)s–%(high)s community", "%(low)s–%(high)s communities", 19, low=1, high=19)),
        ("plans", "20–44"),
        ("screening", "45–69"),
        ("published", _("70 and more")),
    ]


@blueprint.get("/names")
@requires(Permission.PLACE_EDIT)
def names() -> str:
    """Names the community desk should proof; with ``all`` those that are sound as well."""
    actor = current_actor()
    typed = request.args.get("q", "").strip()[:100]
    is_flagged = "all" not in request.args
    kept: dict[str, Any] = {"q": typed or None, "all": None if is_flagged else 1}
    found = queries.names_to_proof(
        actor, typed=typed, is_flagged=is_flagged, cursor=request.args.get("cursor")
    )
    return page(
        "places/names.html",
        rows=found.rows,
        waiting=queries.names_waiting(actor),
        typed=typed,
        is_flagged=is_flagged,
        next=url_for("places.names", **kept, cursor=found.next_cursor) if found.next_cursor else "",
        first=url_for("places.names", **kept) if request.args.get("cursor") else "",
    )


@blueprint.route("/communities/<int:community_id>/name", methods=["GET", "POST"])
@requires(Permission.PLACE_EDIT)
def correct(community_id: int) -> Any:
    """Correct a community's name; when somebody was first, both versions stand on the page."""
    actor = current_actor()
    community = queries.community(community_id)
    if community is None:
        raise NotFound
    if not policy.can_correct_name(actor, community):
        raise NotAllowed(_("Only the community desk of the district corrects names."))
    was_flagged = community.name_quality is NameQuality.CHECK
    history = queries.corrections_of(community_id)
    suggestion = queries.suggested_name(community.name) if was_flagged else None
    form = forms.NameForm(data={"seen": str(len(history)), "name": suggestion or community.name})
    conflict = None
    try:
        if form.accepts(
            lambda: commands.correct_name(
                actor, community, form.name.data, source=form.source.data, seen_number=form.seen_number
            )
        ):
            flash.say(_("The name is now %(name)s.", name=form.name.data))
            return see_other("places.names", **({} if was_flagged else {"all": 1}))
    except Conflict as refused:
        conflict = refused.message
        form.renew(len(history))
    shown = page(
        "places/correct.html",
        form=form,
        community=community,
        district=queries.district(community.district_id),
        suggestion=suggestion,
        history=history,
        conflict=conflict,
    )
    return shown, 409 if conflict else form.status
