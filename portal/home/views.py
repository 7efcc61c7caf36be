"""The front page, the search, and the pages about the portal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from flask import Blueprint, Response, request, url_for

from portal.core import clock
from portal.core.i18n import gettext as _
from portal.core.i18n import language
from portal.cycles import queries as cycles
from portal.cycles import words as cycle_words
from portal.home import stages
from portal.home.queries import city
from portal.home.queries import search as finding
from portal.screening import words as screening_words
from portal.web import headers
from portal.web.access import public
from portal.web.login import current_actor
from portal.web.render import page

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@public("district")
def index() -> str:
    """What goes on in the city now, and in one's own district."""
    now = clock.now()
    standings = city.standings()
    districts = {row.id: row for row in _in_order(city.districts())}
    figures = city.figures(tuple(sorted(one.cycle_id for one in standings.values())))
    mine = _own_district(districts, figures)
    headers.fresh_until(stages.boundary(list(standings.values()), now))
    return page(
        "home/index.html",
        figures=figures,
        year=max((one.fiscal_year for one in standings.values()), default=None),
        rows=_tiles(districts, standings, figures),
        legend=_legend(standings),
        districts=districts,
        mine=districts.get(mine) if mine else None,
        is_chosen=mine is not None and mine in (_asked(), current_actor().home_district_id),
        standing=standings.get(mine) if mine else None,
        line=cycles.line_of(standings[mine].phases) if mine in standings else [],
        openings=[(one, one.at is not None and one.at <= now) for one in city.open_now()],
        decisions=city.latest_decisions(),
        own=city.own_communities(current_actor()),
        words=screening_words,
    )


def _in_order(districts: Sequence[Any]) -> Sequence[Any]:
    return districts if language() == "th" else sorted(districts, key=lambda row: row.name_en)


def _asked() -> int | None:
    typed = request.args.get("district", "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) == 4 else None


def _own_district(districts: dict[int, Any], figures: city.Figures) -> int | None:
    """The district asked for, else the one a person lives in, else the one with the most proposals as an example."""
    for wanted in (_asked(), current_actor().home_district_id):
        if wanted in districts:
            return wanted
    counts = figures.items_by_district
    return max(counts, key=lambda id_: (counts[id_], -id_)) if counts else None


class Tile(NamedTuple):
    """One district on the map (``components/tiles.html``)."""

    code: int
    name: str
    column: int
    row: int
    stage: str
    stage_label: str
    number: int
    href: str
    count_text: str = ""


def _tiles(
    districts: dict[int, Any], standings: dict[int, stages.Standing], figures: city.Figures
) -> list[Tile]:
    """Fifty tiles: what is the same for all of them is worked out once."""
    now, is_thai = clock.now(), language() == "th"
    address = url_for("dossier.district", code=0).removesuffix("0")
    labels = {phase: str(label) for phase, label in cycle_words.PHASES.items()}
    idle = _("No cycle opened yet")
    tiles = []
    for row in districts.values():
        stage, phase = stages.stage_of(standings.get(row.id), now)
        tiles.append(
            Tile(
                row.id,
                row.name_th if is_thai else row.name_en,
                row.tile_column,
                row.tile_row,
                stage,
                labels[phase] if phase else idle,
                figures.items_by_district.get(row.id, 0),
                f"{address}{row.id}",
            )
        )
    return tiles


def _legend(standings: dict[int, stages.Standing]) -> list[tuple[str, object]]:
    """Only the colours that are on the map."""
    shown = {stages.stage_of(one, clock.now())[0] for one in standings.values()}
    if len(standings) < len(city.districts()):
        shown.add("idle")
    return [(stage, str(label)) for stage, label in stages.LEGEND if stage in shown]


@blueprint.get("/search")
@public("q", "kind", "before")
def search() -> str:
    """Everything that holds the words: a few of each kind, or one kind page by page."""
    typed = request.args.get("q", "").strip()[:200]
    kind = request.args.get("kind") or None
    before = request.args.get("before", "")
    cursor = int(before) if before.isascii() and before.isdecimal() and len(before) < 16 else None
    known = finding.kinds()
    if kind not in {one.name for one in known}:
        kind, cursor = None, None
    groups = finding.find(current_actor(), typed, kind, cursor)
    return page(
        "home/search.html",
        typed=typed,
        kind=kind,
        kinds=known,
        groups=groups,
        before=cursor,
        marked=finding.marked,
    )


@blueprint.get("/help")
@public()
def help() -> str:  # noqa: A001 - the page is called help
    """How to take part, in plain words."""
    return page("home/help.html")


@blueprint.get("/accessibility")
@public()
def accessibility() -> str:
    """What the portal does for everyone to be able to use it, and where it falls short."""
    return page("home/accessibility.html")


@blueprint.get("/privacy")
@public()
def privacy() -> str:
    """What is kept about people, why, and for how long."""
    return page("home/privacy.html")


@blueprint.get("/terms")
@public()
def terms() -> str:
    """The rules of the house."""
    return page("home/terms.html")


@blueprint.get("/robots.txt")
@public()
def robots() -> Response:
    """Machines may read the pages, not walk through searches and sign-in."""
    lines = [
        "User-agent: *",
        "Disallow: /search",
        "Disallow: /en/search",
        "Disallow: /accounts/",
        "Disallow: /en/accounts/",
    ]
    return Response("\n".join(lines) + "\n", mimetype="text/plain")
