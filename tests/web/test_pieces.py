"""Pieces are written anew when what they show changes, and only then; the macros that are kept know nothing else."""

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple

import pytest
from jinja2 import DictLoader, nodes

from portal.web.pieces import kept
from tests.house.source import TEMPLATES

# What a kept macro may use besides its arguments: it says the same for everybody.
ALLOWED = {
    "kept",
    "url_for",
    "asset",
    "lang",
    "plan_words",
    "actionplan_words",
    "_",
    "gettext",
    "ngettext",
    "pgettext",
}
ALL = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))


class Row(NamedTuple):
    name: str
    on: dt.date


@dataclass
class Box:
    rows: list[Row]
    by: dict[str, list[int]]


@pytest.fixture
def macro(built_app):
    environment = built_app.jinja_env.overlay(loader=DictLoader({}))
    source = "{% macro shown(box) %}{% for row in box.rows %}{{ row.name }} {{ row.on }};{% endfor %}{{ box.by }}{% endmacro %}"
    with built_app.test_request_context("/"):
        return environment.from_string(source).module.shown


def _box(name="ก", day=1, number=1):
    return Box([Row(name, dt.date(2026, 1, day))], {"a": [number]})


def test_equal_rows_are_written_once(macro):
    assert kept(macro, _box()) is kept(macro, _box())


@pytest.mark.parametrize("change", [{"name": "ข"}, {"day": 2}, {"number": 2}])
def test_a_changed_row_is_written_anew(macro, change):
    before, after = kept(macro, _box()), kept(macro, _box(**change))
    assert before != after
    assert after == macro(_box(**change))


def test_what_cannot_be_compared_is_refused(macro):
    with pytest.raises(TypeError):
        kept(macro, {1, 2})


@pytest.mark.parametrize("name", ALL)
def test_kept_macros_see_nothing_of_the_page(built_app, name):
    environment = built_app.jinja_env

    def parsed(one):
        return environment.parse((TEMPLATES / one).read_text(encoding="utf-8"))

    tree = parsed(name)
    sources = {}
    for one in tree.find_all(nodes.FromImport):
        for imported in one.names:
            sources[imported[1] if isinstance(imported, tuple) else imported] = (one, one.template.as_const())
    own = {one.name for one in tree.find_all(nodes.Macro)}
    for call in tree.find_all(nodes.Call):
        if not (isinstance(call.node, nodes.Name) and call.node.name == "kept"):
            continue
        macro = call.args[0].name
        if macro in own:
            assert not {"extends"} & {type(one).__name__.lower() for one in tree.body}, (
                f"{macro} belongs to a page"
            )
            used_in = name
        else:
            imported, used_in = sources[macro]
            assert not imported.with_context, f"{macro} is imported with context"
        names = list(parsed(used_in).find_all(nodes.Name))
        own_names = {one.name for one in names if one.ctx != "load"}
        assert {one.name for one in names} - own_names <= ALLOWED | {"namespace"} | _macros(parsed(used_in))


def _macros(tree):
    imported = {
        one[1] if isinstance(one, tuple) else one
        for each in tree.find_all(nodes.FromImport)
        for one in each.names
    }
    return imported | {one.name for one in tree.find_all(nodes.Macro)} | {"loop", "caller"}
