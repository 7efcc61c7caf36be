"""Read from the source what the ledger can be told: every name that reaches ``ledger.record``, also through functions that
hand it on."""

import ast
from collections import deque
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tests.house.source import PORTAL, ROOT, Function, python_files, short, tree

RECORD = ("portal.core.ledger", "record")

Named = tuple[str, str]  # a module, and a name in it


class Told(NamedTuple):
    """Names that reach one parameter of ``ledger.record``, and the places where the source does not say which."""

    names: set[str]
    unsaid: list[str]


class Call(NamedTuple):
    path: Path
    node: ast.Call
    around: tuple[Function, ...]  # the functions it stands in, the innermost first


@cache
def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@cache
def paths() -> dict[str, Path]:
    return {module_of(path): path for path in python_files()}


@cache
def borrowed(path: Path) -> dict[str, Named]:
    """What a file imports from the house: here called so, there called so."""
    return {
        one.asname or one.name: (node.module or "", one.name)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom)
        for one in node.names
    }


@cache
def made(path: Path) -> dict[str, ast.AST]:
    """Functions of a file, also those inside others, and its names for values."""
    found: dict[str, ast.AST] = {}
    for node in ast.walk(tree(path)):
        if isinstance(node, Function):
            found.setdefault(node.name, node)
    for node in tree(path).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found[node.targets[0].id] = node.value
    return found


def home(module: str, name: str) -> Named | None:
    """Where a name that a module knows is really made."""
    path = paths().get(module)
    if path is None:
        return None
    if name in made(path):
        return module, name
    return home(*borrowed(path)[name]) if name in borrowed(path) else None


def meant(path: Path, node: ast.expr) -> Named | None:
    """What ``name`` or ``module.name`` in a file stands for."""
    if isinstance(node, ast.Name):
        return home(module_of(path), node.id)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        owner = borrowed(path).get(node.value.id)
        return home(".".join(owner), node.attr) if owner else None
    return None


@cache
def calls() -> dict[Named, list[Call]]:
    """Every call of a function of the house, by the function."""
    found: dict[Named, list[Call]] = {}

    def walk(path: Path, node: ast.AST, around: tuple[Function, ...]) -> None:
        if isinstance(node, ast.Call) and (of := meant(path, node.func)) is not None:
            found.setdefault(of, []).append(Call(path, node, around))
        inside = (node, *around) if isinstance(node, Function) else around
        for child in ast.iter_child_nodes(node):
            walk(path, child, inside)

    for path in python_files(PORTAL):
        walk(path, tree(path), ())
    return found


def parameters(function: Function) -> list[str]:
    return [one.arg for one in (*function.args.args, *function.args.kwonlyargs)]


def given(call: ast.Call, function: Function, name: str) -> ast.expr | None:
    """What a call gives for a parameter, or the parameter's default."""
    for word in call.keywords:
        if word.arg == name:
            return word.value
    ordered, defaults = [one.arg for one in function.args.args], function.args.defaults
    if name in ordered:
        place = ordered.index(name)
        if place < len(call.args):
            return call.args[place]
        from_end = len(ordered) - place
        return defaults[-from_end] if from_end <= len(defaults) else None
    place = [one.arg for one in function.args.kwonlyargs].index(name)
    return function.args.kw_defaults[place]


def told(parameter: str) -> Told:
    """Every name that the code can give to ``ledger.record`` for ``event`` or for ``kind``."""
    names, unsaid = set[str](), []
    seen, waiting = set(), deque([(RECORD, parameter)])
    while waiting:
        sink = waiting.popleft()
        if sink in seen:
            continue
        seen.add(sink)
        (module, function_name), wanted = sink
        function = made(paths()[module])[function_name]
        assert isinstance(function, Function)
        if (module, function_name) not in calls():
            unsaid.append(f"{module}.{function_name} hands {wanted} on, and nobody is seen calling it")
        for call in calls().get((module, function_name), []):
            handed = given(call.node, function, wanted)
            for one in said(call, handed) if handed is not None else [None]:
                if isinstance(one, str):
                    names.add(one)
                elif one is not None:
                    waiting.append(one)
                else:
                    unsaid.append(f"{short(call.path)}:{call.node.lineno} {ast.unparse(call.node)[:80]}")
    return Told(names, unsaid)


def said(call: Call, node: ast.expr) -> Iterator[str | tuple[Named, str] | None]:
    """What an expression can be: names as they are written out, the parameter of a function it comes from, or None where
    the source does not say."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=one, orelse=other):
            yield from said(call, one)
            yield from said(call, other)
        case ast.Subscript(value=ast.Dict(values=values)):
            for value in values:
                yield from said(call, value)
        case ast.Subscript(value=ast.Name() | ast.Attribute() as table) if of := meant(call.path, table):
            kept = made(paths()[of[0]])[of[1]]
            yield from said(call, ast.Subscript(kept)) if isinstance(kept, ast.Dict) else [None]
        case ast.Name(id=name) if (local := _local(call, name)) is not None:
            yield from local
        case ast.Name() | ast.Attribute() if of := meant(call.path, node):
            value = made(paths()[of[0]])[of[1]]
            yield value.value if isinstance(value, ast.Constant) else None
        case _:
            yield None


def _local(call: Call, name: str) -> list[str | tuple[Named, str] | None] | None:
    """A name of the functions around a call: a parameter, or what was put under it there."""
    for function in call.around:
        if name in parameters(function):
            return [((module_of(call.path), function.name), name)]
        found: list[str | tuple[Named, str] | None] = []
        for node in ast.walk(function):
            if isinstance(node, ast.Assign):
                for value in _put(node.targets[0], node.value, name):
                    found += said(call, value)
        if found:
            return found
    return None


def _put(target: ast.expr, value: ast.expr, name: str) -> Iterator[ast.expr]:
    """What an assignment puts under a name, also as one of several."""
    if isinstance(target, ast.Name) and target.id == name:
        yield value
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.IfExp):
        yield from _put(target, value.body, name)
        yield from _put(target, value.orelse, name)
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for one, part in zip(target.elts, value.elts, strict=True):
            yield from _put(one, part, name)
