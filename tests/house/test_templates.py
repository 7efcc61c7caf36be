"""Templates: they parse, say their title, use what exists, and keep to the content policy."""

import re

import pytest
from jinja2 import nodes

from tests.house.source import ROOMS, TEMPLATES

ALL = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
PAGES = [
    name
    for name in ALL
    if name.split("/")[0] in {*ROOMS, "errors"} and not name.split("/")[-1].startswith("_")
]
BRAND = {"ร่วมงบ"}  # a name is the same in every language

COMMENT = re.compile(r"{#.*?#}", re.DOTALL)
TRANSLATED = re.compile(r"{%-?\s*trans\b.*?endtrans\s*-?%}", re.DOTALL)
JINJA = re.compile(r"{{.*?}}|{%.*?%}", re.DOTALL)
# A macro without tags, and a block called so, build a class or an id.
NAMES = re.compile(r"{%-?\s*macro _[^<]*?endmacro\s*-?%}|{% block \w+_class %}[^<]*?{% endblock %}")
THAI = re.compile(r"""<(\w+)[^>]*\slang="th"[^>]*>.*?</\1>""", re.DOTALL)  # said to be Thai in both languages
TAG = re.compile(r"<[^>]*>", re.DOTALL)
WORD = re.compile(r"[A-Za-zก-๙]{2,}")
SPOKEN = re.compile(r'\b(?:alt|title|placeholder|aria-label|aria-description)="([^"]*)"')
INLINE = {
    "a style block": re.compile(r"<style\b"),
    "a style attribute": re.compile(r"\sstyle\s*="),
    "an inline script": re.compile(r"<script\b(?![^>]*\bsrc=)(?![^>]*json)"),
    "an inline handler": re.compile(r"<[^>]*\son[a-z]+\s*="),
}


@pytest.fixture(scope="session")
def parsed(demo_app):
    """Every template as Jinja reads it."""
    environment = demo_app.jinja_env
    return {name: environment.parse(source(name), name) for name in ALL}


def source(name):
    return (TEMPLATES / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ALL)
def test_it_compiles(demo_app, name):
    demo_app.jinja_env.get_template(name)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_extends_a_layout_and_has_a_title(parsed, name):
    blocks = set()
    above = name
    while not above.startswith("layouts/"):
        tree = parsed[above]
        blocks |= {block.name for block in tree.find_all(nodes.Block)}
        parents = [one.template.as_const() for one in tree.find_all(nodes.Extends)]
        assert len(parents) == 1, f"{above} extends one layout"
        above = parents[0]
    assert "title" in blocks, "a page has a title block"


@pytest.mark.parametrize("name", ALL)
def test_its_links_lead_somewhere(demo_app, parsed, name):
    wrong = [
        f"line {call.lineno}: {call.args[0].value}"
        for call in parsed[name].find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name == "url_for" and call.args
        if isinstance(call.args[0], nodes.Const) and call.args[0].value not in demo_app.view_functions
    ]
    assert not wrong, wrong


@pytest.mark.parametrize("name", ALL)
def test_it_imports_nothing_it_does_not_use(parsed, name):
    tree = parsed[name]
    used = {node.name for node in tree.find_all(nodes.Name) if node.ctx == "load"}
    brought = {one.target for one in tree.find_all(nodes.Import)}
    for one in tree.find_all(nodes.FromImport):
        brought |= {word if isinstance(word, str) else word[1] for word in one.names}
    assert brought <= used, f"imported and not used: {sorted(brought - used)}"


def test_every_macro_is_used(parsed):
    unused = []
    for name, tree in parsed.items():
        for macro in tree.find_all(nodes.Macro):
            named = [where for where in parsed if macro.name in source(where)]
            if not any(uses(parsed[where], where, name, macro.name) for where in named):
                unused.append(f"{name}: {macro.name}")
    assert not unused, "\n".join(unused)


def uses(tree, where, name, macro):
    """Does the template ``where`` call ``macro`` of the template ``name``?"""
    if where == name:
        return any(
            isinstance(call.node, nodes.Name) and call.node.name == macro
            for call in tree.find_all(nodes.Call)
        )
    for one in tree.find_all(nodes.FromImport):
        if one.template.as_const() == name and macro in {
            word if isinstance(word, str) else word[0] for word in one.names
        }:
            return True
    modules = {one.target for one in tree.find_all(nodes.Import) if one.template.as_const() == name}
    return any(
        node.attr == macro and isinstance(node.node, nodes.Name) and node.node.name in modules
        for node in tree.find_all(nodes.Getattr)
    )


@pytest.mark.parametrize("name", [name for name in ALL if not name.startswith("mail/")])
def test_style_and_script_stand_in_files(name):
    text = COMMENT.sub("", source(name))
    wrong = [what for what, pattern in INLINE.items() if pattern.search(text)]
    assert not wrong, wrong


@pytest.mark.parametrize("name", [name for name in ALL if not name.startswith("components/")])
def test_only_components_trust_html(parsed, name):
    wrong = [node.lineno for node in parsed[name].find_all(nodes.Filter) if node.name == "safe"]
    assert not wrong, f"|safe on lines {wrong}"


@pytest.mark.parametrize("name", ALL)
def test_a_per_cent_sign_is_doubled(parsed, name):
    """Messages in templates are always filled in, so a bare sign would be read as a place for a value."""
    wrong = [
        text.value
        for call in parsed[name].find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in {"_", "gettext", "ngettext", "pgettext"}
        for text in call.args
        if isinstance(text, nodes.Const) and re.search(r"%(?![(%])", str(text.value).replace("%%", ""))
    ]
    assert not wrong, wrong


@pytest.mark.parametrize("name", ALL)
def test_every_word_can_be_translated(name):
    text = source(name)
    for taken_out in (COMMENT, TRANSLATED, NAMES, JINJA, THAI):
        text = taken_out.sub("", text)
    spoken = " ".join(SPOKEN.findall(text))
    words = set(WORD.findall(re.sub(r"&\w+;", " ", TAG.sub(" ", text) + " " + spoken))) - BRAND
    assert not words, f"not inside {{{{ _() }}}} or {{% trans %}}: {sorted(words)}"
