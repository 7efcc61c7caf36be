"""What the people of the browser journeys read and press is a word of the portal: told here in seconds, not after the journeys."""

import ast

from portal.core import i18n
from tests.house.source import ROOT


def words():
    """(file, line, text) of every text that a journey hands to a verb that takes a message of the portal."""
    trees = {
        path: ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted((ROOT / "tests/journeys").glob("*.py"))
    }
    nodes = [(path, node) for path, tree in trees.items() for node in ast.walk(tree)]
    takes: dict[bool, set[str]] = {True: set(), False: set()}
    for _, node in nodes:
        if isinstance(node, ast.FunctionDef):
            takes[[one.arg for one in node.args.args[:2]] == ["self", "message"]].add(node.name)
    verbs = takes[True] - takes[False]
    for path, node in nodes:
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in verbs
            and node.args
        ):
            said = node.args[0]
            if isinstance(said, ast.Constant) and isinstance(said.value, str):
                yield path.name, node.lineno, said.value


def test_the_journeys_speak_the_words_of_the_portal():
    known = i18n.catalogue("th")._catalog
    said = list(words())
    assert len(said) > 300
    assert [f"{name}:{line}: “{text}”" for name, line, text in said if text not in known] == []
