"""Addresses and what answers them."""

import ast
import re

import pytest

from tests.house.source import (
    MARKS,
    ROOMS,
    TEMPLATES,
    called,
    first_text,
    is_route,
    keyword,
    methods,
    python_files,
    short,
    tree,
    views,
)

VIEWS = [pytest.param(room, view, id=f"{room or 'house'}.{view.name}") for room, _, view in views()]
SEGMENT = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)*")
VARIABLE = re.compile(r"<([^>]+)>")
RENDERS = {"page", "render_template"}
ADDRESSES = {"url_for", "see_other", "absolute"}


@pytest.fixture(scope="session")
def rules(demo_app):
    return [rule for rule in demo_app.url_map.iter_rules() if rule.endpoint != "static"]


@pytest.mark.parametrize(("room", "view"), VIEWS)
def test_a_view_has_one_mark_right_under_its_routes(room, view):
    marks = [place for place, one in enumerate(view.decorator_list) if called(one) in MARKS]
    assert len(marks) == 1, "exactly one of @public, @signed_in, @requires(…)"
    routes = [place for place, one in enumerate(view.decorator_list) if is_route(one)]
    assert marks[0] == routes[-1] + 1, "the mark stands directly under the route"


def test_addresses_are_kebab_case(rules):
    wrong = [
        rule.rule
        for rule in rules
        for part in VARIABLE.sub("1", rule.rule).strip("/").split("/")
        if part and not SEGMENT.fullmatch(part)
    ]
    assert not wrong, wrong


def test_every_variable_in_an_address_has_a_type(rules):
    wrong = [rule.rule for rule in rules for name in VARIABLE.findall(rule.rule) if ":" not in name]
    assert not wrong, f"write <int:…>, or <string:…> when any text is meant: {wrong}"
    loose = [
        rule.rule
        for rule in rules
        for name in VARIABLE.findall(rule.rule)
        if name.split(":")[-1].endswith("id") and name.startswith(("string", "path"))
    ]
    assert not loose, f"an id is a number: {loose}"


def test_an_address_begins_with_its_room(rules):
    wrong = [
        f"{rule.endpoint}: {rule.rule}"
        for rule in rules
        if (room := rule.endpoint.partition(".")[0]) in ROOMS and room != "home"
        if rule.rule.split("/")[1].replace("-", "") != room
    ]
    assert not wrong, wrong


@pytest.mark.parametrize(("room", "view"), [one for one in VIEWS if one.values[0]])
def test_a_page_is_called_like_its_endpoint(room, view):
    routes = [one for one in view.decorator_list if is_route(one)]
    if not any("GET" in methods(route) for route in routes):
        return
    shown = {
        text
        for call in ast.walk(view)
        if isinstance(call, ast.Call) and called(call) in RENDERS and (text := first_text(call))
    }
    given = keyword(routes[0], "endpoint")
    name = given.value if isinstance(given, ast.Constant) else view.name
    assert not shown or f"{room}/{name}.html" in shown, f"{room}.{name} shows {sorted(shown)}"


def test_every_page_template_has_an_endpoint(demo_app):
    wrong = [
        f"templates/{room}/{path.name}"
        for room in ROOMS
        for path in (TEMPLATES / room).glob("*.html")
        if not path.name.startswith("_") and f"{room}.{path.stem}" not in demo_app.view_functions
    ]
    assert not wrong, f"a fragment begins with _; a page is called like its endpoint: {wrong}"


def test_every_address_that_is_made_exists(demo_app):
    wrong = [
        f"{short(path)}:{call.lineno} {name}"
        for path in python_files()
        for call in ast.walk(tree(path))
        if isinstance(call, ast.Call) and called(call) in ADDRESSES
        if (name := first_text(call)) and "." in name and "/" not in name
        if name not in demo_app.view_functions
    ]
    assert not wrong, "\n".join(wrong)
