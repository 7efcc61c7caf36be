"""Names: a room's files, and how long they may grow."""

import ast

import pytest

from tests.house.source import (
    PORTAL,
    ROOMS,
    ROOT,
    TEMPLATES,
    files_of,
    functions,
    imports,
    python_files,
    short,
    tree,
)

ROLES = {"models", "policy", "workflow", "queries", "commands", "forms", "views"}
NOBODY_KNOWS_WHAT = {
    "utils",
    "util",
    "helpers",
    "helper",
    "services",
    "service",
    "common",
    "misc",
    "lib",
    "tools",
}
LONGEST = 400
# People download it and run it alone: it stays one file, whatever it has to check.
ONE_FILE = {"portal/voting/verify_result.py": 500}
HOUSE_TEMPLATES = {"layouts", "components", "errors", "mail"}
HOUSE_TESTS = {"core", "web", "house", "factories", "journeys", "migrations"}
WEB_AND_SESSION = ("flask", "flask_login", "flask_wtf", "wtforms", "portal.web", "portal.core.db")


def test_no_file_is_a_drawer_for_anything():
    places = [
        path for folder in ("portal", "tests", "migrations", "bench") for path in python_files(ROOT / folder)
    ]
    wrong = [
        short(path) for path in places if {path.stem, *path.relative_to(ROOT).parts[:-1]} & NOBODY_KNOWS_WHAT
    ]
    assert not wrong, wrong


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_says_what_it_is_for_and_nothing_else(room):
    module = tree(PORTAL / room / "__init__.py")
    assert ast.get_docstring(module), (
        f"portal/{room}/__init__.py needs a docstring: purpose, words, neighbours"
    )
    assert len(module.body) == 1, f"portal/{room}/__init__.py holds a docstring only"


@pytest.mark.parametrize("room", ROOMS)
def test_a_rooms_own_science_is_pure(room):
    folder = PORTAL / room
    extra = [
        path
        for path in python_files(folder)
        if path.relative_to(folder).parts[0].removesuffix(".py") not in ROLES | {"__init__"}
    ]
    # The demonstration's extra modules are no science: they play its people's commands, each in its transaction.
    kept_out = tuple(name for name in WEB_AND_SESSION if room != "demo" or name != "portal.core.db")
    wrong = [
        f"{short(path)}:{line} imports {module}"
        for path in extra
        for module, line in imports(path)
        if module.startswith(kept_out)
    ]
    assert not wrong, "\n".join(wrong)


def test_no_file_is_too_long_to_read():
    files = [*python_files(PORTAL), *python_files(ROOT / "tests"), *TEMPLATES.rglob("*.html")]
    lengths = {short(path): len(path.read_text(encoding="utf-8").splitlines()) for path in files}
    long = {name: lines for name, lines in lengths.items() if lines > ONE_FILE.get(name, LONGEST)}
    assert not long, f"above {LONGEST} lines a file becomes a package of the same name: {long}"


def test_templates_and_tests_stand_in_their_rooms():
    templates = {path.name for path in TEMPLATES.iterdir() if path.is_dir()}
    tests = {
        path.name for path in (ROOT / "tests").iterdir() if path.is_dir() and not path.name.startswith("_")
    }
    assert templates <= {*ROOMS, *HOUSE_TEMPLATES}
    assert tests <= {*ROOMS, *HOUSE_TESTS}


def test_what_a_room_offers_is_explained():
    files = [path for role in ("policy", "queries", "commands") for _, path in files_of(role)]
    files += python_files(PORTAL / "core")
    bare = [
        f"{short(path)}:{function.lineno} {function.name}"
        for path in files
        for function in functions(path)
        if not ast.get_docstring(function)
    ]
    assert not bare, "no docstring:\n" + "\n".join(bare)
