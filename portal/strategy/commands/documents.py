"""The facts of the documents, entered once."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from portal.core import db
from portal.core.actor import Actor
from portal.core.errors import NotAllowed, NotFound
from portal.core.i18n import lazy_gettext as _l
from portal.places.models import District
from portal.strategy import policy, seeds, seen
from portal.strategy.commands.drafts import Draft, Goal, Line, Step
from portal.strategy.commands.trees import publish_tree
from portal.strategy.models import Node, PolicyTag, Tree


def load_seeds(actor: Actor) -> list[Tree]:
    """Enter the trees of :mod:`portal.strategy.seeds` and the policy tags, published in the actor's name.

    Safe to repeat: what is there stays as it is. A district's tree waits until the district is there. Returns the trees
    that were entered now. NotAllowed for others than the city's keepers.
    """
    if actor.id is None or not policy.can_keep(actor, None):
        raise NotAllowed(_l("This tree is managed by another office."))
    session = db.session()
    known = {row.name_th for row in session.execute(sa.select(PolicyTag.name_th))}
    for position, tag in enumerate(seeds.policy_tags(), 1):
        if tag["name_th"] not in known:
            session.add(PolicyTag(position=position, **tag))
    loaded = []
    for data in seeds.trees():
        tree = _load_tree(data)
        if tree is not None:
            loaded.append(publish_tree(actor, tree.id, seen_hash=seen.of_tree(tree)))
    return loaded


def _load_tree(data: dict[str, Any]) -> Tree | None:
    session = db.session()
    there = session.scalar(
        sa.select(Tree.id).where(Tree.slug == data["slug"], Tree.version == data["version"])
    )
    district_id = None
    if "district" in data:
        district_id = session.scalar(sa.select(District.id).where(District.code == data["district"]))
    if there is not None or ("district" in data and district_id is None):
        return None
    tree = Tree(
        **{
            name: data[name]
            for name in ("slug", "version", "title", "title_en", "first_year", "last_year", "source")
        },
        district_id=district_id,
        continues_id=_seeded_tree(data["continues"]) if "continues" in data else None,
    )
    session.add(tree)
    session.flush()
    draft = Draft(tree)
    draft.name_levels([(name_th, name_en) for name_th, name_en in data["levels"]])
    _load_lines(draft, None, data["nodes"])
    return tree


def _load_lines(draft: Draft, parent: Node | None, rows: list[dict[str, Any]]) -> None:
    for position, row in enumerate(rows, 1):
        older = _seeded_node(row["continues"]) if "continues" in row else None
        line = Line(row["title"], row["number"], row.get("title_en", ""), continues_id=older)
        node = draft.insert(parent, line, position)
        for aim in row.get("indicators", ()):
            draft.insert_indicator(
                node.id,
                aim["title"],
                aim.get("unit", ""),
                [Goal(**goal) for goal in aim.get("targets", ())],
                [Step(**step) for step in aim.get("measures", ())],
            )
        _load_lines(draft, node, row.get("children", []))


def _seeded_tree(name: str) -> int:
    slug, _, version = name.partition("/")
    found = db.session().scalar(sa.select(Tree.id).where(Tree.slug == slug, Tree.version == int(version)))
    if found is None:
        raise NotFound(name)
    return found


def _seeded_node(name: str) -> int:
    tree, _, line = name.partition(" ")
    found = db.session().scalars(
        sa.select(Node.id).where(
            Node.tree_id == _seeded_tree(tree), sa.or_(Node.number == line, Node.title == line)
        )
    )
    return found.one()
