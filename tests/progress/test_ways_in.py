"""From a community's page to the contract of its idea and to how far the work is, by links alone."""

import datetime as dt

import pytest

from portal.actionplan.models import ActionPlanState
from portal.core.actor import Role
from portal.plans.models import PlanState
from tests.factories import accounts, actionplan, cycles, places, plans, procurement, progress
from tests.information.conftest import contract


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_visitor_finds_the_contract_of_a_communitys_tents_in_three_clicks(client, transaction, prefix):
    with transaction():
        cycle = cycles.cycle(fiscal_year=2570)
        community = places.community(places.district())
        item = plans.item(plans.plan(community, cycle, PlanState.ACCEPTED_FOR_SCREENING), title="เต็นท์สนาม")
        project = actionplan.project(actionplan.action_plan(cycle, ActionPlanState.PUBLISHED))
        actionplan.link(project, item)
        process = procurement.process(project)
        contract(process, dt.date(2026, 10, 12), "ตย. 9/2570")
        procurement.document(process, procurement.StepKind.CONTRACT, "สัญญาเลขที่ ตย. 9/2570")
        sheet = progress.sheet(accounts.officer(Role.PLANNER, places.district()), project)
    idea = f"{prefix}/dossier/{item.id}"
    assert idea in client.get(f"{prefix}/dossier/communities/{community.id}", status=200).page.links
    bought = f"{prefix}/procurement/{process.id}"
    assert bought in client.get(idea, status=200).page.links
    page = client.get(bought, status=200).page
    assert any("/procurement/documents/" in link for link in page.links)
    planned = client.get(f"{prefix}/actionplan/projects/{project.id}", status=200).page
    assert f"{prefix}/progress/{sheet.id}" in planned.links
