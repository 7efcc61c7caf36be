"""What somebody saw before writing, as a hash that travels with the form: of two writers the second is told."""

from __future__ import annotations

from typing import Any

from portal.core import hashing
from portal.strategy import queries
from portal.strategy.models import Tree


def of_line(line: Any) -> str:
    """The hash of a line as it stands."""
    return _hash([line.number, line.title, line.title_en, line.note, line.continues_id])


def of_aim(aim: Any) -> str:
    """The hash of an indicator with its targets and measures."""
    targets = [[one.fiscal_year, one.agency, one.words] for one in aim.targets]
    measures = [
        [one.title, one.agency, one.fiscal_year, one.budget_satang, one.budget_words, one.is_flagship]
        for one in aim.measures
    ]
    return _hash([aim.title, aim.unit, targets, measures])


def of_branch(line: Any) -> str:
    """The hash of a line with every line below it and all their indicators: what goes when it is removed."""
    lines = [row for row in queries.nodes_of([line.tree_id]) if row.path.startswith(line.path)]
    aims = queries.aims([row.id for row in lines])
    return _hash([[[row.id, of_line(row)] for row in lines], [[aim.id, of_aim(aim)] for aim in aims]])


def of_tree(
    tree: Tree, levels: dict[int, Any] | None = None, roots: list[queries.Branch] | None = None
) -> str:
    """The hash of a whole draft, what is said of it and every line in its order: what is published or discarded. Who
    shows it hands in what was read for it."""
    names = queries.levels(tree.id) if levels is None else levels
    below = queries.branches(tree.id)[0] if roots is None else roots
    facts = [tree.title, tree.title_en, tree.first_year, tree.last_year, tree.source]
    said = [[depth, name.name_th, name.name_en] for depth, name in names.items()]
    return _hash([facts, said, _lines(below)])


def _lines(branches: list[queries.Branch]) -> list[Any]:
    return [
        [one.node.id, of_line(one.node), [[aim.id, of_aim(aim)] for aim in one.aims], _lines(one.children)]
        for one in branches
    ]


def _hash(content: list[Any]) -> str:
    return hashing.sha256_hex(hashing.canonical_json(content))
