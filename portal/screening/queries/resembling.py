"""What is like an item: items of the years around, decided or not, and projects of the district's annual plans."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.core import db, thai, topics
from portal.core.actor import Actor
from portal.core.topics import Topic
from portal.cycles.models import Cycle
from portal.places.models import Community
from portal.plans.models import Item, Plan
from portal.plans.policy import is_being_changed, is_handed_in, is_taken_back
from portal.screening import likeness
from portal.screening.models import Case, Decision
from portal.screening.policy import Docket
from portal.screening.queries.workbench import Bench

NEIGHBOURING_YEARS = 2
LEAST_ALIKE = 25  # per cent; below it, texts share words that say little
PROJECT = "project"  # the kind of a later room's topics; without it there are none
PLACES_COMPARED = 20


@dataclass(frozen=True)
class Similar:
    """Something like an item. ``row``: topic_id, kind, ref_id, title and, of items, item_id, community, fiscal_year, side,
    asked_satang, is_being_changed, place, problem, proposal, beneficiaries, case_id, state, outcome, accepted_satang; all
    as handed in, the texts None while the item is being changed. ``percent`` says how alike, ``words`` and the two flags
    why."""

    row: Any
    percent: int
    words: tuple[str, ...]
    is_same_side: bool
    is_same_place: bool

    @property
    def is_project(self) -> bool:
        """A project of an annual plan, not an item."""
        return bool(self.row.kind == PROJECT)


def similar_items(
    docket: Docket, found: Bench, *, actor: Actor | None = None, most: int = 8
) -> list[Similar]:
    """Items of the same district and neighbouring years like this one, and projects ``actor`` may see, the closest
    first. One query.

    For the district's officers: states and outcomes are shown whether released or not."""
    own = likeness.words_of(found.tokens)
    if not own:
        return []
    rows = _candidates(docket, found, own, actor)
    scored = sorted(
        ((likeness.share(own, likeness.words_of(row.tokens)), row) for row in rows),
        key=lambda one: (-one[0], -one[1].topic_id),
    )
    place = likeness.words_of(thai.tokens(found.item.place))
    closest = [_similar(share, row, own, found, place) for share, row in scored[:PLACES_COMPARED]]
    closest.sort(key=lambda one: (-one.percent, -one.row.topic_id))
    return [one for one in closest if one.percent >= LEAST_ALIKE][:most]


def _similar(share: float, row: Any, own: frozenset[str], found: Bench, place: frozenset[str]) -> Similar:
    is_project = row.kind == PROJECT
    same_side = not is_project and row.side is found.item.side
    same_place = bool(place) and likeness.share(place, likeness.words_of(thai.tokens(row.place or ""))) >= 0.5
    alike = share * (1.0 if same_side or is_project else 0.85) + (0.1 if same_place else 0.0)
    return Similar(row, min(100, round(100 * alike)), _shared(row.title, own), same_side, same_place)


def _shared(title: str, own: frozenset[str]) -> tuple[str, ...]:
    """The words of a title that are in ``own`` too, as they are spelt (tokens are folded for the search, "สูน" for
    "ศูนย์"). Words side by side stay together: the dictionary cuts "โซลาร์เซลล์" into three."""
    runs = [""]
    for word in thai.words(title):
        if thai.tokens(word) not in own:
            runs.append("")
        elif runs[-1] and runs[-1] + word not in title:
            runs.append(word)
        else:
            runs[-1] += word
    return tuple(dict.fromkeys(run for run in runs if run))[:6]


def _candidates(docket: Docket, found: Bench, own: frozenset[str], actor: Actor | None) -> list[Any]:
    terms = list(dict.fromkeys(word for word in found.tokens.split() if word in own))
    project = topics.kinds().get(PROJECT) if actor is not None else None
    kinds = ("item",) if project is None else ("item", PROJECT)
    near = topics.resembling(terms, kinds=kinds, district_id=docket.case.district_id).subquery()
    years = (found.fiscal_year - NEIGHBOURING_YEARS, found.fiscal_year + NEIGHBOURING_YEARS)
    shown = sa.and_(
        is_handed_in(),
        Item.id != docket.case.item_id,
        ~is_taken_back(),
        Cycle.fiscal_year.between(*years),
    )
    changing = is_being_changed()
    texts = (Item.place, Item.problem, Item.proposal, Item.beneficiaries)
    if project is not None and actor is not None:
        seen = project.visible_to(actor).subquery()
        shown = sa.or_(shown, sa.and_(Topic.kind == PROJECT, Topic.id.in_(sa.select(seen.c[0]))))
    return list(
        db.session().execute(
            sa.select(
                Topic.id.label("topic_id"),
                Topic.kind,
                Topic.ref_id,
                Topic.tokens,
                Topic.title,
                Item.id.label("item_id"),
                Item.kept_side.label("side"),
                Item.kept_satang.label("asked_satang"),
                changing.label("is_being_changed"),
                *(sa.case((~changing, text)).label(text.key) for text in texts),
                Community.name.label("community"),
                Cycle.fiscal_year,
                Case.id.label("case_id"),
                Case.state,
                Decision.outcome,
                Decision.accepted_satang,
            )
            .join(near, near.c.topic_id == Topic.id)
            .outerjoin(Item, Item.topic_id == Topic.id)
            .outerjoin(Plan, Plan.id == Item.plan_id)
            .outerjoin(Community, Community.id == Plan.community_id)
            .outerjoin(Cycle, Cycle.id == Plan.cycle_id)
            .outerjoin(Case, Case.item_id == Item.id)
            .outerjoin(Decision, Decision.id == Case.decision_id)
            .where(shown)
        )
    )


def merge_targets(docket: Docket, found: Bench) -> list[Similar]:
    """Items another may be merged into: like this one, of the same cycle."""
    same_year = (
        one for one in similar_items(docket, found, most=30) if one.row.fiscal_year == found.fiscal_year
    )
    return list(same_year)[:12]
