"""Read the project's own source: which rooms there are, and what stands in their files."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PORTAL = ROOT / "portal"
TEMPLATES = ROOT / "templates"
ROOMS = sorted(
    path.parent.name for path in PORTAL.glob("*/__init__.py") if path.parent.name not in {"core", "web"}
)
MARKS = frozenset({"public", "signed_in", "requires"})
METHODS = frozenset({"get", "post", "put", "patch", "delete"})
# What a file with a route cannot do without.
A_ROUTE = re.compile(rf"@\w+\.(?:{'|'.join(sorted(METHODS))}|route)\(")

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def python_files(folder: Path = PORTAL) -> list[Path]:
    return sorted(folder.rglob("*.py"))


def files_of(role: str) -> Iterator[tuple[str, Path]]:
    """Every room's file for one role ("commands"), or the files of the package it has become."""
    for room in ROOMS:
        single = PORTAL / room / f"{role}.py"
        if single.exists():
            yield room, single
        for path in sorted((PORTAL / room / role).glob("*.py")):
            yield room, path


def short(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(path: Path) -> Iterator[Function]:
    """The public functions of a module."""
    for node in tree(path).body:
        if isinstance(node, Function) and not node.name.startswith("_"):
            yield node


def called(node: ast.AST) -> str:
    """The last word of what a call or a decorator names: ``get`` for ``@room.get("/x")``."""
    if isinstance(node, ast.Call):
        return called(node.func)
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def first_text(call: ast.Call) -> str | None:
    """The first argument, when it is written out as text."""
    if call.args and isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str):
        return call.args[0].value
    return None


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    return next((word.value for word in call.keywords if word.arg == name), None)


def is_route(decorator: ast.expr) -> bool:
    """``@room.get("/…")``, ``@room.post("/…")``, ``@room.route("/…")``."""
    return (
        isinstance(decorator, ast.Call)
        and isinstance(decorator.func, ast.Attribute)
        and decorator.func.attr in METHODS | {"route"}
        and (first_text(decorator) or "").startswith("/")
    )


def methods(route: ast.Call) -> set[str]:
    """The HTTP methods a route decorator names."""
    name = called(route)
    if name in METHODS:
        return {name.upper()}
    given = keyword(route, "methods")
    return set(ast.literal_eval(given)) if given is not None else {"GET"}


def views() -> Iterator[tuple[str, Path, Function]]:
    """Every function with a route: its room ("" for the house's own), its file and itself."""
    for path in python_files():
        if not A_ROUTE.search(path.read_text(encoding="utf-8")):
            continue  # every process reads the source when it collects the tests
        place = path.relative_to(PORTAL).parts
        room = place[0] if place[0] in ROOMS else ""
        for node in ast.walk(tree(path)):
            if isinstance(node, Function) and any(map(is_route, node.decorator_list)):
                yield room, path, node


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Every module a file imports, and the line."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((name.name, node.lineno) for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, node.lineno
            yield from ((f"{node.module}.{name.name}", node.lineno) for name in node.names)
