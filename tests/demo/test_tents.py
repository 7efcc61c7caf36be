"""The pooled tents lot, a real notice, stands in the demonstration and can be found from where people begin."""

import pytest
import sqlalchemy as sa

from portal.actionplan.models import ProjectItem
from portal.core import db as core_db
from portal.core.jobs import Job
from portal.demo import cast
from portal.places.models import Community
from portal.plans.models import Item, Plan
from portal.procurement.commands.notices import COMPARE
from portal.procurement.models import Process, ProcessProject
from portal.procurement.queries import contracts_of, instalments_of

NUMBER = "69089283521"


@pytest.fixture
def lot(demo_url):
    with core_db.transaction("read") as session:
        return session.scalars(sa.select(Process).where(Process.egp_number == NUMBER)).one()


@pytest.fixture
def walked(demo_url):
    with core_db.transaction("read") as session:
        return session.scalars(sa.select(Community).where(Community.name == cast.WALKED)).one().id


def items_of(session, lot):
    """(item, community) of everything the lot buys."""
    return session.execute(
        sa.select(Item.id, Plan.community_id)
        .join(Plan, Plan.id == Item.plan_id)
        .join(ProjectItem, ProjectItem.item_id == Item.id)
        .join(ProcessProject, ProcessProject.project_id == ProjectItem.project_id)
        .where(ProcessProject.process_id == lot.id)
    ).all()


def test_it_has_the_notices_own_figures(lot):
    assert lot.budget_satang == 8_600_000_00
    assert lot.median_price_satang == 279_800_00


def test_it_is_tied_to_an_item_of_each_of_the_43_communities(lot):
    with core_db.transaction("read") as session:
        assert len({community for _item, community in items_of(session, lot)}) == 43


def test_what_is_left_is_due_on_the_day_the_contract_was_put_off_to(lot):
    with core_db.transaction("read"):
        (contract,) = contracts_of(lot.id)
        assert instalments_of(lot.id)[-1].due_on == contract.ends_on


def test_its_page_says_so(lot, demo_visit):
    page = demo_visit("").get(f"/procurement/{lot.id}", status=200).page
    for said in (NUMBER, "8,600,000", "279,800"):
        assert said in page.text


@pytest.mark.parametrize("typed", [NUMBER, "เต็นท์", "เต้นท์"])
def test_it_is_found_by_searching(lot, demo_visit, typed):
    page = demo_visit("").get("/search", query_string={"q": typed}, status=200).page
    assert f"/procurement/{lot.id}" in page.links


def test_it_is_found_from_the_communitys_page(lot, walked, demo_visit):
    client = demo_visit("")
    with core_db.transaction("read") as session:
        item = next(item for item, community in items_of(session, lot) if community == walked)
    assert f"/dossier/{item}" in client.get(f"/dossier/communities/{walked}", status=200).page.links
    page = client.get(f"/dossier/{item}", status=200).page
    assert any(link.partition("#")[0] == f"/procurement/{lot.id}" for link in page.links)


def test_the_list_of_notices_was_read_on_the_day_it_was_sent(demo_url):
    with core_db.transaction("read") as session:
        job = session.scalars(sa.select(Job).where(Job.kind == COMPARE)).one()
        assert (job.result["counts"]["new"], job.result["counts"]["wrong"]) == (1, 1)
