"""What the page and the sheet of one project say: its amount in digits and words, its section, the way of its money."""

import re

import pytest

from portal.actionplan import commands
from portal.actionplan.models import ActionPlan, ActionPlanState, BudgetKind, MoneyStep, Project
from portal.core import clock, db
from tests.factories import accounts, actionplan


def test_thai_digits_on_paper(client, enter):
    made = enter(ActionPlanState.PUBLISHED)
    page = client.get(f"/actionplan/projects/{made.ids.project}/sheet?digits=thai", status=200).page
    assert "๕๐๐,๐๐๐" in page.text
    assert "ห้าแสนบาทถ้วน" in page.text


def test_an_english_sheet_has_no_thai_words_for_the_amount_and_names_the_section(client, enter, transaction):
    made = enter(ActionPlanState.PUBLISHED)
    with transaction():
        db.session().get_one(Project, made.ids.project).sections_text = "ฝ่ายปกครอง, ฝ่ายการคลัง"
    address = f"/actionplan/projects/{made.ids.project}/sheet"
    english = client.get(f"/en{address}").page.text
    assert "฿500,000" in english
    assert "บาทถ้วน" not in english
    assert "section (ฝ่ายปกครอง, ฝ่ายการคลัง)" in english
    assert "section" not in client.get(address).page.text


@pytest.mark.parametrize("kind", [BudgetKind.NONE, BudgetKind.ANNUAL_EXPENDITURE])
def test_a_project_without_an_amount_has_no_steps_of_the_money(client, enter, transaction, kind):
    made = enter(ActionPlanState.PUBLISHED)
    with transaction():
        plan = db.session().get_one(ActionPlan, made.ids.plan)
        other = actionplan.project(plan, budget_satang=None, budget_kind=kind).id
    said = "Being in the plan does not mean being funded."
    assert said in client.get(f"/en/actionplan/projects/{made.ids.project}").page.text
    page = client.get(f"/en/actionplan/projects/{other}").page
    assert said not in page.text
    assert "Steps of the money" not in page.text


R, A, N, T = MoneyStep.REQUESTED, MoneyStep.ALLOCATED, MoneyStep.REFUSED, MoneyStep.TRANSFERRED


@pytest.mark.parametrize(
    ("steps", "states", "baht"),
    [
        pytest.param([R, N], ["done", "refused"], [1, 2], id="refused"),
        pytest.param([R, A, N], ["done", "done", "refused"], [1, 2, 3], id="refused after all"),
        pytest.param([R, A, N, N], ["done", "done", "refused"], [1, 2, 4], id="a refusal corrected"),
        pytest.param([R, A, N, R], ["done", "now", "next"], [4], id="asked for again"),
        pytest.param([R, A, N, R, N], ["done", "refused"], [4, 5], id="refused again"),
        pytest.param([R, N, A], ["done", "done", "now"], [1, 3], id="allocated after all"),
        pytest.param([R, A, T], ["done", "done", "done"], [1, 2, 3], id="never refused"),
        pytest.param([R, A, T, T], ["done", "done", "done"], [1, 2, 4], id="two instalments"),
    ],
)
def test_the_line_of_the_money_shows_what_no_refusal_undid(client, enter, transaction, steps, states, baht):
    made = enter(ActionPlanState.PUBLISHED)
    with transaction():
        project = db.session().get_one(Project, made.ids.project)
        planner = accounts.queries.actor_of_person(project.created_by)
        for number, step in enumerate(steps, 1):
            commands.record_money(planner, project, step, number * 100, clock.today(), "งบรวมไว้ที่สำนัก")
    html = client.get(f"/en/actionplan/projects/{made.ids.project}").get_data(as_text=True)
    line = html[html.index('<ol class="line') :].partition("</ol>")[0]
    assert re.findall(r'<li class="(\w+)"', line) == states
    assert [int(one) for one in re.findall(r"฿(\d+)", line)] == baht


def test_whoever_enters_money_is_told_that_it_is_the_sum_so_far(enter, client, transaction):
    made = enter(ActionPlanState.PUBLISHED)
    with transaction():
        project = db.session().get_one(Project, made.ids.project)
        planner = accounts.queries.actor_of_person(project.created_by)
        for number, step in enumerate((R, A, T, T), 1):
            commands.record_money(planner, project, step, number * 100, clock.today(), "")
    said = "Every entry says the sum so far. Of the same step, the last entry counts."
    form = made.browser("planner").get(f"/en/actionplan/projects/{made.ids.project}/money", status=200).page
    assert "The sum so far. When a second instalment arrives" in form.text
    assert said in form.text
    assert said in client.get(f"/en/actionplan/projects/{made.ids.project}", status=200).page.text
