"""The plan to take along: paper, workbook and data say what the page says, and are there when the page is."""

import io
import json
from pathlib import Path

import openpyxl
import pytest

from portal.actionplan import books, papers, queries
from portal.actionplan.commands import printing
from portal.actionplan.models import ActionPlanState
from portal.actionplan.queries import contents
from portal.core import i18n, jobs, sheets, typeset
from tests.actionplan.conftest import season
from tests.factories import actionplan


@pytest.fixture
def filled(world):
    return fill(world)


def fill(world):
    """A project with items and a formula for a name, another with words for a budget, a reason."""
    project = actionplan.project(world.plan, "=HYPERLINK(1)", budget_satang=150_000_01)
    actionplan.link(project, world.items[0], 100_000_00)
    actionplan.link(project, world.items[1], 50_000_01, "ครึ่งหนึ่ง")
    actionplan.project(world.plan, "ประชุมประจำเดือน", budget_satang=None)
    actionplan.not_yet(world.plan, world.items[2])
    return world


def content(world):
    return contents.content(world.plan, queries.heading(world.plan))


def test_totals_add_up_to_the_plan(filled):
    totals = queries.totals(filled.plan.id)
    found = content(filled)
    for sums in (papers.by_side(found), papers.by_community(found)):
        assert sum(one.satang for one in sums) == totals.community_satang
        assert sum(one.items for one in sums) == totals.items
    assert sum(one.satang for one in papers.by_section(found)) == totals.budget_satang
    assert sum(one.projects for one in papers.by_section(found)) == totals.projects


@pytest.mark.parametrize("language", ["th", "en"])
def test_the_workbook_has_projects_items_and_totals(filled, language):
    with i18n.speaking(language):
        book = openpyxl.load_workbook(io.BytesIO(books.workbook(content(filled))))
    projects, items, totals = (list(page.values) for page in book.worksheets)
    assert len(projects) == 3
    assert projects[1][3] == "=HYPERLINK(1)"
    assert book.worksheets[0]["D2"].data_type == "s", "a name never becomes a formula"
    assert 150_000.01 in projects[1]
    assert [row[0] for row in items[1:]] == [item.id for item in filled.items]
    assert sum(row[4] for row in totals[1:]) == pytest.approx(3 * 150_000.01)


def test_the_data_has_its_documented_fields(filled):
    body = queries.body_now(filled.plan)
    assert set(body) == {"format", "edition", "district", "fiscal_year", "projects", "not_yet"}
    text = (Path(__file__).parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")
    named = {*body, *body["projects"][0], *body["projects"][0]["items"][0], *body["not_yet"][0]}
    assert {name for name in named if f"`{name}`" not in text} == set()
    assert body["format"] in text


def test_an_edition_becomes_paper_once(built_app, db, monkeypatch):
    filled = fill(season(ActionPlanState.PUBLISHED))
    monkeypatch.setattr(jobs, "report", lambda *_: None)
    edition = actionplan.edition(filled.plan, 2)
    printing._print(printing.print_edition(filled.director, edition))
    monkeypatch.setattr(typeset, "pdf", None)
    with i18n.speaking("th"):
        found = contents.content(filled.plan, queries.heading(filled.plan), edition)
        made = {papers.kept_pdf(found, is_thai_digits=digits).read_bytes() for digits in (False, True)}
    assert len(made) == 2
    assert all(paper.startswith(b"%PDF-") for paper in made)


@pytest.mark.parametrize("language", ["th", "en"])
def test_a_paper_has_the_ten_heads_of_every_project(filled, language):
    with i18n.speaking(language):
        said = papers.paper(content(filled))
    first, second = said["sheets"]
    assert [len(one["heads"]) for one in said["sheets"]] == [10, 10]
    assert "150,000.01" in first["heads"][7][1]
    assert [row[2] for row in first["items"]["rows"]] == ["฿100,000", "฿50,000.01"]
    assert second["items"]["rows"] == []
    assert [row[0] for row in said["reasons"]["rows"]] == [filled.items[2].title]


@pytest.mark.parametrize("state", [ActionPlanState.DRAFT, ActionPlanState.PUBLISHED])
def test_what_a_draft_says_is_in_no_file(client, enter, state):
    made = enter(state)
    public = state is not ActionPlanState.DRAFT
    for name in (
        "plan.xlsx",
        "plan.pdf",
        "plan.json",
        "projects.csv",
        "editions/1.xlsx",
        "editions/1.json",
        "editions/1.pdf",
    ):
        with client.get(f"/actionplan/{made.ids.plan}/{name}", check=False) as answer:
            assert answer.status_code == (200 if public else 404), name
    if public:
        with client.get(f"/actionplan/{made.ids.plan}/plan.xlsx", check=False) as answer:
            assert answer.mimetype == sheets.MEDIA_TYPE
        with client.get(f"/actionplan/{made.ids.plan}/plan.json", check=False) as answer:
            assert json.loads(answer.get_data())["state"] == "published"
