"""Editions and tables: the same facts give the same text, and no cell becomes a formula."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.actionplan import editions, exports, queries, sheet, words
from portal.actionplan.models import ActionPlanState, BudgetKind, MoneyStep, ProjectKind, Section
from portal.core import hashing
from tests.factories import actionplan


def body(*projects, reasons=()):
    return {"projects": list(projects), "not_yet": list(reasons)}


def line(id_, **values):
    return {"id": id_, "name": f"โครงการ {id_}", "budget_satang": 100, "items": [], **values}


def test_a_difference_names_what_was_added_removed_and_changed():
    before, after = body(line(1), line(2), line(3)), body(line(1), line(3, budget_satang=200), line(4))
    found = editions.difference(before, after)
    assert [one["id"] for one in found.added] == [4]
    assert [one["id"] for one in found.removed] == [2]
    assert [(one.after["id"], one.fields) for one in found.changed] == [(3, [("budget_satang", 100, 200)])]
    assert not editions.difference(before, before)


def test_a_changed_text_is_told_word_by_word():
    before = body(line(1, rationale="น้ำท่วมขังในซอย", method="", printed_number=None))
    after = body(line(1, rationale="น้ำท่วมขังในตลาด", method="จ้างเหมา", printed_number="5", budget_satang=9))
    (changed,) = editions.difference(before, after).changed
    assert [(run.kind.value, run.text) for run in changed.passages("rationale")] == [
        ("same", "น้ำท่วมขังใน"),
        ("deleted", "ซอย"),
        ("inserted", "ตลาด"),
    ]
    for name in ("method", "printed_number", "budget_satang"):
        assert changed.passages(name) == ()


@given(st.lists(st.integers(1, 8), unique=True), st.lists(st.integers(1, 8), unique=True))
def test_a_difference_is_empty_only_between_equals(before, after):
    one, two = body(*map(line, sorted(before))), body(*map(line, sorted(after)))
    assert bool(editions.difference(one, two)) is (set(before) != set(after))


@pytest.mark.parametrize("text", ["=1+1", "+66", "-2", "@SUM(A1)", "\t=1", "\r=1", "|calc"])
def test_a_cell_never_becomes_a_formula(text):
    assert exports.plain(text).startswith("'")


def test_the_table_has_one_line_per_project(world):
    actionplan.project(world.plan, '=HYPERLINK("http://example.org")')
    project = actionplan.project(world.plan, 'เต็นท์, โต๊ะ และ "เก้าอี้"')
    actionplan.link(project, world.items[0], 12_345_67)
    text = exports.projects_csv(queries.body_now(world.plan), "en")
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [len(row) for row in rows] == [len(exports.COLUMNS)] * 3
    name, items = exports.COLUMNS.index("name"), exports.COLUMNS.index("items")
    assert rows[1][name] == '\'=HYPERLINK("http://example.org")'
    assert rows[2][name] == 'เต็นท์, โต๊ะ และ "เก้าอี้"'
    assert "12345.67" in rows[2][items]


def test_the_same_plan_has_the_same_hash(world):
    actionplan.project(world.plan)
    assert queries.content_sha256(world.plan) == queries.content_sha256(world.plan)
    assert hashing.canonical_json(queries.body_now(world.plan, 1)) != hashing.canonical_json(
        queries.body_now(world.plan, 2)
    )


@pytest.mark.parametrize(
    ("enum", "texts"),
    [
        (ActionPlanState, words.STATES),
        (ActionPlanState, words.TONES),
        (ProjectKind, words.KINDS),
        (BudgetKind, words.BUDGETS),
        (Section, words.SECTIONS),
        (MoneyStep, words.MONEY),
        (MoneyStep, words.MONEY_TONES),
    ],
)
def test_every_value_has_its_words(enum, texts):
    assert set(enum) == set(texts)


def test_the_sheet_has_ten_heads():
    assert len(words.HEADS) == 10


def test_codes_run_on_from_the_highest():
    assert sheet.next_code("50070000", []) == "50070000-0001"
    assert sheet.next_code("50070000", ["50070000-0007", None, "21000000-3230"]) == "50070000-0008"
