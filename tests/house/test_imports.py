"""The floor plan: who may look at whom."""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

from portal import app as portal_app
from tests.house.source import PORTAL, ROOMS, ROOT, Function, python_files, short, tree
from tests.house.source import imports as imports_of


def test_the_import_contracts_are_kept():
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_app_lists_every_room_in_the_order_of_the_floor_plan():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contract = next(one for one in settings["tool"]["importlinter"]["contracts"] if one["id"] == "rooms")
    layer_of = {
        name.strip("( )"): number
        for number, layer in enumerate(reversed(contract["layers"]))
        for name in layer.split("|")
    }
    assert sorted(portal_app.ROOMS) == ROOMS, "portal.app.ROOMS and the folders of portal/ differ"
    assert set(ROOMS) <= layer_of.keys(), "a room is missing in pyproject.toml"
    order = [layer_of[room] for room in portal_app.ROOMS]
    assert order == sorted(order), "portal.app.ROOMS is not in the order of pyproject.toml"


def test_no_room_looks_at_another_rooms_forms_or_views():
    wrong = []
    for path in python_files():
        place = path.relative_to(PORTAL).parts
        if place[0] == "app.py":
            continue
        for module, line in imports_of(path):
            match module.split("."):
                case ["portal", room, "forms" | "views", *_] if room in ROOMS and room != place[0]:
                    wrong.append(f"{short(path)}:{line} imports {module}")
    assert not wrong, "\n".join(wrong)


def test_no_room_hides_an_import_in_a_function():
    """An order that needs it is the wrong order: change the order, with a note in docs/decisions."""
    wrong = []
    for path in python_files():
        if path.parent == PORTAL:  # the app and the command line put the house together when asked to
            continue
        for function in ast.walk(tree(path)):
            if isinstance(function, Function):
                wrong += [
                    f"{short(path)}:{node.lineno}"
                    for node in ast.walk(function)
                    if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("portal.")
                ]
    assert not wrong, "\n".join(wrong)


def test_a_web_worker_carries_no_library_that_only_long_work_needs():
    heavy = {"numpy", "openpyxl", "xlsxwriter", "typst", "ocdsmerge", "alembic", "jsonschema"}
    done = subprocess.run(
        [sys.executable, "-c", "import sys, wsgi; print(*{one.partition('.')[0] for one in sys.modules})"],
        cwd=ROOT,
        env={"PORTAL_ENV": "development", "PORTAL_SECRET_KEY": "x" * 40},
        capture_output=True,
        text=True,
        check=True,
    )
    assert not heavy & set(done.stdout.split())
