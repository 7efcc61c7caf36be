"""Trees as a whole: begun, begun anew as a version, thrown away, published."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from portal.core import clock, db, hashing, ledger, topics
from portal.core.actor import Actor
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from portal.core.i18n import lazy_gettext as _l
from portal.strategy import policy, queries, seen
from portal.strategy.commands.drafts import MEANWHILE, Draft, Facts, Goal, Line, Step
from portal.strategy.models import Node, Tree, TreeState


def begin_tree(actor: Actor, district_id: int | None, facts: Facts) -> Tree:
    """A new draft of a plan that has no tree yet. NotAllowed for others than its keepers, Invalid for bad facts."""
    if not policy.can_keep(actor, district_id):
        raise NotAllowed(_l("This tree is managed by another office."))
    Draft.check_facts(facts)
    owner = f"district-{district_id}" if district_id else "city"
    tree = Tree(slug=f"{owner}-{clock.now():%Y%m%d%H%M%S%f}", version=1, district_id=district_id, source="")
    draft = Draft(tree)
    draft.write_facts(facts)
    db.session().add(tree)
    db.session().flush()
    draft.name_levels(facts.levels)
    ledger.record("strategy.tree_begun", actor, "strategy_tree", tree, district_id=district_id)
    return tree


def begin_version(actor: Actor, tree_id: int) -> Tree:
    """A draft that copies a published tree line by line, each line continuing the old one. NotFound for an unknown
    tree, NotAllowed for others than its keepers, WrongState while another draft of it is open."""
    old = db.get_for_update(Tree, tree_id)
    if old is None:
        raise NotFound
    if not policy.can_keep(actor, old.district_id):
        raise NotAllowed(_l("This tree is managed by another office."))
    newest = db.session().scalar(sa.select(sa.func.max(Tree.version)).where(Tree.slug == old.slug)) or 0
    is_open = db.session().scalar(
        sa.select(Tree.id).where(Tree.slug == old.slug, Tree.state == TreeState.DRAFT)
    )
    taken = WrongState(
        _l("There is already a draft of a new version."), way_on=("strategy.desk", {}, _l("Strategy trees"))
    )
    if old.state is not TreeState.PUBLISHED or is_open is not None:
        raise taken
    tree = Tree(
        slug=old.slug,
        version=newest + 1,
        title=old.title,
        title_en=old.title_en,
        district_id=old.district_id,
        first_year=old.first_year,
        last_year=old.last_year,
        source=old.source,
        continues_id=old.id,
    )
    with db.refusing_duplicates(taken):
        db.session().add(tree)
    _copy_lines(old, tree)
    ledger.record(
        "strategy.version_begun",
        actor,
        "strategy_tree",
        tree,
        district_id=tree.district_id,
        changes={"from": old.id, "version": tree.version},
    )
    return tree


def _copy_lines(old: Tree, tree: Tree) -> None:
    draft, new = Draft(tree), dict[int, Node]()
    draft.name_levels([(level.name_th, level.name_en) for level in queries.levels(old.id).values()])
    for row in queries.nodes_of([old.id]):
        parent = new[row.parent_id] if row.parent_id else None
        line = Line(row.title, row.number, row.title_en, row.note, continues_id=row.id)
        new[row.id] = draft.insert(parent, line, row.position)
    for aim in queries.aims(list(new)):
        targets = [Goal(one.fiscal_year, one.words, one.agency) for one in aim.targets]
        measures = [
            Step(one.title, one.fiscal_year, one.agency, one.budget_satang, one.budget_words, one.is_flagship)
            for one in aim.measures
        ]
        draft.insert_indicator(new[aim.node_id].id, aim.title, aim.unit, targets, measures)


def write_tree(actor: Actor, tree_id: int, expected_version: int, facts: Facts) -> Tree:
    """Change what is said of a draft as a whole. WrongState when somebody else wrote since ``expected_version``."""
    draft = Draft.of(actor, tree_id)
    tree = draft.tree
    if tree.version_id != expected_version:
        raise WrongState(
            _l("Someone else changed this at the same moment. Look at it as it stands now."),
            way_on=("strategy.edit", {"tree_id": tree_id}, _l("See it as it stands now")),
        )
    draft.check_facts(facts)
    deepest = db.session().scalar(sa.select(sa.func.max(Node.depth)).where(Node.tree_id == tree_id)) or 0
    if len(facts.levels) < deepest:
        raise Invalid({"levels": _l("The tree has lines on a level that would lose its name.")})
    draft.write_facts(facts)
    draft.name_levels(facts.levels)
    ledger.record("strategy.tree_written", actor, "strategy_tree", tree_id, district_id=tree.district_id)
    return tree


def remove_tree(actor: Actor, tree_id: int, *, seen_hash: str) -> None:
    """Throw a draft away with all its lines; WrongState while something refers to one, Conflict when somebody has
    written any of it since it was ``seen_hash``."""
    draft = Draft.of(actor, tree_id)
    tree = draft.tree
    if seen_hash != seen.of_tree(tree):
        raise Conflict(MEANWHILE)
    ledger.record(
        "strategy.tree_removed",
        actor,
        "strategy_tree",
        tree_id,
        district_id=tree.district_id,
        changes={"title": tree.title, "version": tree.version},
    )
    with db.refusing_duplicates(draft.refusal_to_lose_a_line()):
        db.session().delete(tree)


def publish_tree(actor: Actor, tree_id: int, *, seen_hash: str) -> Tree:
    """Publish a draft for good. Its lines become searchable; the ledger keeps the hash of its content.

    WrongState for what is not a draft, Invalid for a tree without lines, Conflict when somebody has written any of it
    since it was ``seen_hash``.
    """
    tree = Draft.of(actor, tree_id).tree
    if seen_hash != seen.of_tree(tree):
        raise Conflict(MEANWHILE)
    rows = queries.nodes_of([tree_id])
    if not rows:
        raise Invalid(_l("A tree without lines cannot be published."))
    for row in rows:
        topic = topics.create(
            "strategy_node",
            f"{row.number} {row.title}".strip(),
            text=f"{row.title_en} {tree.title}",
            district_id=tree.district_id,
        )
        topics.tie(topic.id, row.id)
        db.session().execute(sa.update(Node).where(Node.id == row.id).values(topic_id=topic.id))
    tree.state, tree.published_at, tree.published_by = TreeState.PUBLISHED, clock.now(), actor.id
    db.session().flush()
    ledger.record(
        "strategy.tree_published",
        actor,
        "strategy_tree",
        tree_id,
        district_id=tree.district_id,
        changes={"title": tree.title, "version": tree.version, "sha256": _content_hash(tree, rows)},
    )
    return tree


def _content_hash(tree: Tree, rows: list[Any]) -> str:
    lines = [[row.path, row.number, row.title, row.title_en, row.continues_id] for row in rows]
    goals = [
        [
            aim.node_id,
            aim.title,
            aim.unit,
            [[one.fiscal_year, one.agency, one.words] for one in aim.targets],
            [[one.fiscal_year, one.title, one.budget_satang, one.budget_words] for one in aim.measures],
        ]
        for aim in queries.aims([row.id for row in rows])
    ]
    whole = [tree.title, tree.first_year, tree.last_year, lines, goals]
    return hashing.sha256_hex(hashing.canonical_json(whole))
