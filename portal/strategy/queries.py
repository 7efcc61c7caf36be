"""Trees, branches, and the choice of nodes for screening and projects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.core import db, topics
from portal.core.actor import Actor, Permission
from portal.core.errors import NotFound
from portal.core.i18n import lazy_gettext as _l
from portal.places.models import District
from portal.strategy import policy
from portal.strategy.matching import matching, with_kin
from portal.strategy.models import Indicator, Level, Measure, Node, PolicyTag, Target, Tree, TreeState

MOST_CHOICES = 60


def _published_nodes(actor: Actor) -> sa.Select[Any]:
    statement: sa.Select[Any] = sa.select(Node.topic_id)
    return statement.join(Tree, Tree.id == Node.tree_id).where(
        Tree.state == TreeState.PUBLISHED, Node.topic_id.is_not(None)
    )


KINDS = (
    topics.Kind(
        name="strategy_node",
        visible_to=_published_nodes,
        endpoint="strategy.node",
        param="node_id",
        label=_l("Strategy"),
    ),
)


@dataclass
class Aim:
    """An indicator with its targets (rows fiscal_year, agency, words) and measures (rows as the table)."""

    id: int
    node_id: int
    title: str
    unit: str
    targets: list[Any] = field(default_factory=list)
    measures: list[Any] = field(default_factory=list)


@dataclass
class Branch:
    """A node with what stands below it. ``is_match``: it fits what was searched for."""

    node: Any
    children: list[Branch] = field(default_factory=list)
    aims: list[Aim] = field(default_factory=list)
    is_match: bool = False


@dataclass(frozen=True)
class Choice:
    """A node as offered in a picker. ``above`` are the lines above it, from the root; ``is_past`` when its tree covers
    no longer the year asked for and no newer tree exists."""

    id: int
    tree_id: int
    tree: str
    tree_en: str
    district_id: int | None
    number: str
    title: str
    title_en: str
    depth: int
    above: tuple[Any, ...]
    is_past: bool


def tree(tree_id: int) -> Tree | None:
    """One tree by id, whoever may see it."""
    return db.session().get(Tree, tree_id)


def get_visible(actor: Actor, tree_id: int) -> Tree:
    """A tree this actor may see; raises NotFound."""
    found = tree(tree_id)
    if found is None or not policy.can_see(actor, found):
        raise NotFound
    return found


def node(actor: Actor, node_id: int) -> tuple[Node, Tree]:
    """A node and its tree, if the actor may see the tree; raises NotFound."""
    row = (
        db.session().execute(
            sa.select(Node, Tree).join(Tree, Tree.id == Node.tree_id).where(Node.id == node_id)
        )
    ).first()
    if row is None or not policy.can_see(actor, row.Tree):
        raise NotFound
    return row.Node, row.Tree


def trees(actor: Actor) -> list[Any]:
    """Every tree the actor may see with its district's names and number of lines: the city's first, newest first."""
    lines = sa.select(sa.func.count()).where(Node.tree_id == Tree.id).scalar_subquery()
    newer = aliased(Tree)
    replaced = sa.exists().where(
        newer.slug == Tree.slug,
        newer.version > Tree.version,
        newer.state == TreeState.PUBLISHED,
        newer.first_year <= Tree.first_year,
        newer.last_year >= Tree.last_year,
    )
    return list(
        db.session().execute(
            sa.select(
                Tree.id,
                Tree.slug,
                Tree.version,
                Tree.title,
                Tree.title_en,
                Tree.first_year,
                Tree.last_year,
                Tree.state,
                Tree.source,
                Tree.district_id,
                District.name_th,
                District.name_en,
                lines.label("lines"),
                replaced.label("is_replaced"),
            )
            .outerjoin(District, District.id == Tree.district_id)
            .where(policy.visible_to(actor))
            .order_by(
                District.sort_key.is_not(None),
                District.sort_key,
                Tree.last_year.desc(),
                Tree.first_year.desc(),
                Tree.version.desc(),
                Tree.id.desc(),
            )
        )
    )


def trees_kept(actor: Actor) -> list[Any]:
    """The trees whose keeping is the actor's duty, as :func:`trees`."""
    where = actor.districts_where(Permission.STRATEGY_EDIT)
    return [row for row in trees(actor) if where is None or row.district_id in where]


def trees_for(district_id: int, fiscal_year: int) -> list[Any]:
    """The published trees to plan by in a district and fiscal year (BE): the city's, then the district's own.

    Of each plan the newest version whose years hold the fiscal year. Where an owner has none, the one that ended last
    before it still counts and is marked ``is_past``. Rows: id, title, title_en, district_id, first_year, last_year.
    """
    rows = (
        db.session()
        .execute(
            sa.select(
                Tree.id,
                Tree.slug,
                Tree.title,
                Tree.title_en,
                Tree.district_id,
                Tree.first_year,
                Tree.last_year,
                (Tree.last_year < fiscal_year).label("is_past"),
            )
            .where(
                Tree.state == TreeState.PUBLISHED,
                sa.or_(Tree.district_id.is_(None), Tree.district_id == district_id),
                Tree.first_year <= fiscal_year,
            )
            .order_by(Tree.district_id.is_not(None), Tree.last_year.desc(), Tree.version.desc())
        )
        .all()
    )
    chosen: dict[tuple[int | None, str], Any] = {}
    for owner in (None, district_id):
        own = [row for row in rows if row.district_id == owner]
        in_force = [row for row in own if not row.is_past]
        if not in_force and own:
            in_force = [row for row in own if row.last_year == own[0].last_year]
        for row in in_force:
            chosen.setdefault((owner, row.slug), row)
    return list(chosen.values())


def is_line_of(node_id: int, *owners: int | None) -> bool:
    """Whether a node is a line of a published tree of one of these owners: a district, None for the city."""
    tree = db.session().scalar(
        sa.select(Tree)
        .join(Node, Node.tree_id == Tree.id)
        .where(Node.id == node_id, Tree.state == TreeState.PUBLISHED)
    )
    return tree is not None and tree.district_id in owners


def levels(tree_id: int) -> dict[int, Any]:
    """The names of a tree's depths: {1: row(name_th, name_en), …}."""
    rows = db.session().execute(
        sa.select(Level.depth, Level.name_th, Level.name_en)
        .where(Level.tree_id == tree_id)
        .order_by(Level.depth)
    )
    return {row.depth: row for row in rows}


_COLUMNS = (
    Node.id,
    Node.tree_id,
    Node.parent_id,
    Node.depth,
    Node.position,
    Node.path,
    Node.number,
    Node.title,
    Node.title_en,
    Node.note,
    Node.continues_id,
)


def nodes_of(tree_ids: Sequence[int]) -> list[Any]:
    """The lines of trees, in the order of print."""
    if not tree_ids:
        return []
    return list(
        db.session().execute(
            sa.select(*_COLUMNS).where(Node.tree_id.in_(list(tree_ids))).order_by(Node.tree_id, Node.path)
        )
    )


def branches(tree_id: int, q: str = "") -> tuple[list[Branch], int]:
    """A tree from its roots, and how many lines fit ``q``. With ``q`` only fitting lines, those above and those below
    them are kept. Four queries: lines, indicators, targets, measures."""
    rows = nodes_of([tree_id])
    found = matching(rows, q)
    kept = with_kin(rows, found) if q.strip() else None
    by_id: dict[int, Branch] = {}
    roots: list[Branch] = []
    for row in rows:
        if kept is not None and row.id not in kept:
            continue
        by_id[row.id] = Branch(row, is_match=bool(q.strip()) and row.id in found)
        (by_id[row.parent_id].children if row.parent_id else roots).append(by_id[row.id])
    for aim in aims(sa.select(Node.id).where(Node.tree_id == tree_id)):
        if aim.node_id in by_id:
            by_id[aim.node_id].aims.append(aim)
    return roots, len(found)


def search_nodes(tree_id: int, q: str) -> list[Any]:
    """The lines of a tree that fit ``q`` (Thai or English words, or a number), in the order of print."""
    rows = nodes_of([tree_id])
    found = matching(rows, q)
    return [row for row in rows if row.id in found]


def lines_above(row: Any, by_id: dict[int, Any]) -> tuple[Any, ...]:
    """The lines above one, from the root, out of lines already read (:func:`nodes_of`)."""
    above: list[Any] = []
    while row.parent_id is not None:
        row = by_id[row.parent_id]
        above.insert(0, row)
    return tuple(above)


def node_choices(district_id: int, fiscal_year: int, q: str = "") -> list[Choice]:
    """The lines a planner may tie an item or a project to, over :func:`trees_for`; at most 60, in the order of print."""
    offered = {row.id: row for row in trees_for(district_id, fiscal_year)}
    rows = nodes_of(list(offered))
    found = matching(rows, q)
    order = {tree_id: place for place, tree_id in enumerate(offered)}
    by_id = {row.id: row for row in rows}
    choices = []
    for row in sorted(rows, key=lambda one: (order[one.tree_id], one.path)):
        if row.id not in found:
            continue
        source = offered[row.tree_id]
        choices.append(
            Choice(
                row.id,
                row.tree_id,
                source.title,
                source.title_en,
                source.district_id,
                row.number,
                row.title,
                row.title_en,
                row.depth,
                lines_above(row, by_id),
                source.is_past,
            )
        )
    return choices[:MOST_CHOICES]


def branch(node_id: int) -> list[Any]:
    """The lines from the root to a node, the node last; empty for an unknown one. One query."""
    own = aliased(Node)
    return list(
        db.session().execute(
            sa.select(*_COLUMNS)
            .join(own, sa.and_(own.tree_id == Node.tree_id, own.id == node_id))
            .where(Node.path == sa.func.substr(own.path, 1, sa.func.length(Node.path)))
            .order_by(Node.path)
        )
    )


def children(node_id: int) -> list[Any]:
    """The lines directly below a node."""
    return list(
        db.session().execute(sa.select(*_COLUMNS).where(Node.parent_id == node_id).order_by(Node.path))
    )


def kin(of: Node) -> tuple[list[Any], list[Any]]:
    """What a node continues, and the published nodes that continue it: rows id, number, title, title_en, tree,
    tree_en, first_year, last_year."""
    rows = (
        db.session()
        .execute(
            sa.select(
                Node.id,
                Node.number,
                Node.title,
                Node.title_en,
                Tree.title.label("tree"),
                Tree.title_en.label("tree_en"),
                Tree.first_year,
                Tree.last_year,
            )
            .join(Tree, Tree.id == Node.tree_id)
            .where(
                sa.or_(Node.id == of.continues_id, Node.continues_id == of.id),
                Tree.state == TreeState.PUBLISHED,
            )
            .order_by(Tree.first_year, Node.path)
        )
        .all()
    )
    older = [row for row in rows if row.id == of.continues_id]
    return older, [row for row in rows if row.id != of.continues_id]


def aims(node_ids: sa.Select[Any] | Sequence[int]) -> list[Aim]:
    """The indicators under nodes, with targets and measures; three queries, one when there are none."""
    found = {
        row.id: Aim(row.id, row.node_id, row.title, row.unit)
        for row in db.session().execute(
            sa.select(Indicator.id, Indicator.node_id, Indicator.title, Indicator.unit)
            .where(Indicator.node_id.in_(node_ids))
            .order_by(Indicator.node_id, Indicator.position)
        )
    }
    if not found:
        return []
    ids = list(found)
    for row in db.session().execute(
        sa.select(Target.__table__)
        .where(Target.indicator_id.in_(ids))
        .order_by(Target.fiscal_year, Target.id)
    ):
        found[row.indicator_id].targets.append(row)
    for row in db.session().execute(
        sa.select(Measure.__table__)
        .where(Measure.indicator_id.in_(ids))
        .order_by(Measure.fiscal_year, Measure.position)
    ):
        found[row.indicator_id].measures.append(row)
    return list(found.values())


def older_nodes(of: Tree) -> list[Any]:
    """The lines of the tree this one takes over from: what its lines may continue."""
    return nodes_of([of.continues_id]) if of.continues_id else []


def policy_tags() -> list[Any]:
    """The nine policy tags in their order."""
    return list(
        db.session().execute(
            sa.select(PolicyTag.id, PolicyTag.name_th, PolicyTag.name_en).order_by(PolicyTag.position)
        )
    )
