"""One search over everything that has a topic, in one read: of each kind the newest that this person may see. It does not
grow with the data."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.core import db, thai, topics
from portal.core.actor import Actor
from portal.core.topics import Topic
from portal.places.models import Community, District
from portal.plans.models import Item, Plan

# Places first, then what people propose, then what becomes of it.
ORDER = (
    "district",
    "community",
    "item",
    "plan",
    "project",
    "action_plan",
    "process",
    "forum",
    "strategy_node",
)
_EDGES = re.compile(r"(\W*)(\w.*?)([^\w\u0e31-\u0e4e]*)", re.DOTALL)
FEW = 5
PAGE = 20
AMONG = 1000
"""In the months of writing the newest matches may be drafts that nobody may see: so far back it is looked, for each kind."""


@dataclass(frozen=True)
class Group:
    """What was found of one kind; ``has_more`` when more may follow, after the topic ``last_id``."""

    kind: topics.Kind
    rows: list[Any]
    has_more: bool
    last_id: int | None


def kinds() -> list[topics.Kind]:
    """Registered kinds in the order they are shown."""
    known = topics.kinds()
    names = [name for name in ORDER if name in known] + [name for name in known if name not in ORDER]
    return [known[name] for name in names]


def find(actor: Actor, typed: str, kind: str | None = None, before: int | None = None) -> list[Group]:
    """Groups of (topic_id, kind, ref_id, title, community, district_th, district_en) whose words begin with what was typed; a few
    of each kind, or a page of one. Empty when nothing was typed that is a word."""
    terms = thai.query_terms(typed)
    chosen = [one for one in kinds() if kind is None or one.name == kind]
    if not terms or not chosen:
        return []
    size = FEW if kind is None else PAGE
    found = _found(actor, terms, tuple(one.name for one in chosen), size + 1, before)
    groups = []
    for one in chosen:
        rows = found.get(one.name, [])
        if rows:
            has_more = len(rows) > size
            groups.append(Group(one, rows[:size], has_more, rows[size - 1].topic_id if has_more else None))
    return groups


@lru_cache(maxsize=256)
def _statement(actor: Actor, names: tuple[str, ...], most: int, goes_on: bool) -> Any:
    before: Any = sa.bindparam("before") if goes_on else None
    parts = (
        topics.visible_matches(actor, sa.bindparam(name), kind=name, limit=most, among=AMONG, before=before)
        for name in names
    )
    # Worked out first and as a whole, then told what they are.
    found = sa.union_all(*(sa.select(part.subquery()) for part in parts)).cte("found")
    found = found.prefix_with("MATERIALIZED")
    around = aliased(Plan)
    community_id = sa.func.coalesce(around.community_id, Plan.community_id)
    return (
        sa.select(
            Topic.id.label("topic_id"),
            Topic.kind,
            Topic.ref_id,
            Topic.title,
            Community.name.label("community"),
            District.name_th.label("district_th"),
            District.name_en.label("district_en"),
        )
        .join(found, found.c.topic_id == Topic.id)
        .outerjoin(District, District.id == Topic.district_id)
        .outerjoin(Item, Item.topic_id == Topic.id)
        .outerjoin(around, around.id == Item.plan_id)
        .outerjoin(Plan, Plan.topic_id == Topic.id)
        .outerjoin(Community, Community.id == community_id)
        .where(Topic.ref_id.is_not(None))
        .order_by(Topic.id.desc())
    )


def _found(
    actor: Actor, terms: Sequence[str], names: tuple[str, ...], most: int, before: int | None
) -> dict[str, list[Any]]:
    """The newest topics of each kind whose words match and that are seen, ``most`` of each."""
    values: dict[str, Any] = {name: topics.words_query(terms, name) for name in names}
    if before is not None:
        values["before"] = before
    found: dict[str, list[Any]] = {}
    for row in db.plain_rows(
        _statement(topics.anybody_like(actor), names, most, before is not None), values
    ).all():
        found.setdefault(row.kind, []).append(row)
    return found


@lru_cache(maxsize=2048)
def marked(title: str, typed: str) -> tuple[tuple[str, bool], ...]:
    """The title in pieces, each with whether it holds a word that was searched for; joined they are the title."""
    terms = thai.query_terms(typed)
    pieces: list[tuple[str, bool]] = []
    for phrase in thai.phrases(title):
        is_hit = any(word.startswith(term) for word in thai.tokens(phrase).split() for term in terms)
        # brackets and spaces around a word are not part of it
        edge = _EDGES.fullmatch(phrase) if is_hit else None
        if edge is None:
            pieces.append((phrase, is_hit))
        else:
            pieces += [(text, place == 1) for place, text in enumerate(edge.groups()) if text]
    return tuple(pieces)
