"""Pages of places."""

from __future__ import annotations

from flask import Blueprint, request, url_for

from portal.core.i18n import gettext as _
from portal.core.i18n import language
from portal.core.i18n import ngettext as _n
from portal.places import atlas, queries
from portal.web.access import public
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
            "group": row.group_th,
            "column": row.tile_column,
            "row": row.tile_row,
            "count": counts.get(row.id, 0),
            "href": url_for("dossier.district", code=row.id),
            "stage": next(shade for least, shade in SHADES if counts.get(row.id, 0) >= least),
            "stage_label": _("Communities"),
            "count_text": _n("%(num)s community", "%(num)s communities", counts.get(row.id, 0)),
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
        legend=_legend(),
    )


def _legend() -> list[tuple[str, str]]:
    return [
        ("forums", _n("%(low)s–%(high)s community", "%(low)s–%(high)s communities", 19, low=1, high=19)),
        ("plans", "20–44"),
        ("screening", "45–69"),
        ("published", _("70 and more")),
    ]
