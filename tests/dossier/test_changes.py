"""While a change of a plan is written, districts and ideas are told as the edition in force has them."""

import datetime as dt

import pytest

from portal.actionplan import commands, queries
from portal.actionplan.models import ActionPlanState
from portal.core import clock
from portal.dossier.fate import Fate
from portal.dossier.queries import communities, districts, flow, ideas
from portal.plans.models import Item, Plan
from tests.actionplan.conftest import season
from tests.factories import actionplan

AMOUNTS = (100_000_00, 50_000_01, 30_000_00)
IN_FORCE = ((2, 540_000_00, sum(AMOUNTS)), (1, 500_000_00))


def withdrawn():
    """A published plan of a project with all items and one without, reopened; the planner has withdrawn the first."""
    world, before = season(ActionPlanState.PUBLISHED), clock.now() - dt.timedelta(days=5)
    world.project = actionplan.project(world.plan, created_at=before)
    actionplan.project(world.plan, "งานประจำ", budget_satang=40_000_00, created_at=before)
    for item, amount in zip(world.items, AMOUNTS, strict=True):
        actionplan.link(world.project, item, amount)
    actionplan.edition(world.plan, 2, "เพิ่มโครงการ")
    commands.reopen_plan(world.planner, world.plan, "ได้รับจัดสรรไม่ครบ")
    commands.withdraw_project(world.planner, world.project, world.project.version_id, "ยกเลิก")
    return world


@pytest.fixture
def change(built_app, db):
    return withdrawn()


def figures(change):
    """The district's projects, budget and money of items; the projects its ideas feed, and their budget."""
    plan = districts.action_plan_of(change.cycle.id)
    return (plan.project_count, plan.budget_satang, plan.community_satang), flow.lots(change.cycle.id)[:2]


def told(db, change):
    """By item its fate, what is planned and its projects, where every page of it says the same."""
    found = {}
    for row in flow.every_idea(change.cycle.id):
        lines = {one.project_id: one.link_satang for one in ideas.way(row.item_id)}
        listed = flow.projects_of(change.cycle.id).get(row.item_id, [])
        assert {one.project_id: one.amount_satang for one in listed} == lines
        community = db.get_one(Plan, db.get_one(Item, row.item_id).plan_id).community_id
        (idea,) = [
            one
            for one in communities.gathered(communities.ideas_of_community(community))
            if one["id"] == row.item_id
        ]
        assert idea["fate"] is Fate(row.fate)
        assert sum(lines.values()) == (row.planned or 0)
        found[row.item_id] = (Fate(row.fate), set(lines))
    return found


def publish(change):
    commands.publish_edition(
        change.director, change.plan, queries.content_sha256(change.plan), "ยกเลิกหนึ่งโครงการ"
    )


def test_a_project_stands_until_the_edition_without_it(change, db):
    assert figures(change) == IN_FORCE
    assert set(told(db, change)) == {item.id for item in change.items}
    assert all(said == (Fate.IN_PLAN, {change.project.id}) for said in told(db, change).values())
    commands.give_not_yet(change.planner, change.plan, [item.id for item in change.items], "รองบประมาณปีหน้า")
    assert figures(change) == IN_FORCE
    publish(change)
    assert figures(change) == ((1, 40_000_00, 0), (0, 0))
    assert all(said == (Fate.ACCEPTED, set()) for said in told(db, change).values())


def test_a_project_put_back_counts_once(change, db):
    commands.put_back_project(change.planner, change.project, change.project.version_id)
    assert figures(change) == IN_FORCE
    assert all(said == (Fate.IN_PLAN, {change.project.id}) for said in told(db, change).values())


def test_what_takes_its_place_is_not_counted_beside_it(change, db):
    new = actionplan.project(change.plan, "โครงการสอง", budget_satang=200_000_00)
    commands.link_items(change.planner, change.plan, [change.items[0].id], [new.id])
    assert figures(change)[0] == IN_FORCE[0]
    said = told(db, change)
    assert said[change.items[0].id] == (Fate.IN_PLAN, {new.id})
    assert said[change.items[1].id] == (Fate.IN_PLAN, {change.project.id})
    rest = [item.id for item in change.items[1:]]
    commands.link_items(change.planner, change.plan, rest, [new.id])
    publish(change)
    assert figures(change) == ((2, 240_000_00, sum(AMOUNTS)), (1, 200_000_00))
    assert all(one == (Fate.IN_PLAN, {new.id}) for one in told(db, change).values())


def test_what_was_added_and_taken_out_again_in_a_change_never_stood(change, db):
    new = actionplan.project(change.plan, "โครงการสอง")
    commands.link_items(change.planner, change.plan, [change.items[0].id], [new.id])
    commands.withdraw_project(change.planner, new, new.version_id, "ไม่ทำแล้ว")
    assert figures(change) == IN_FORCE
    assert told(db, change)[change.items[0].id] == (Fate.IN_PLAN, {change.project.id})


def test_the_district_leads_to_the_edition_in_force(client, transaction):
    with transaction():
        change = withdrawn()
        plan, item = change.plan.id, change.items[0].id
    district = client.get("/en/dossier/districts/1002", status=200).page
    assert f"/en/actionplan/{plan}/editions/2" in district.links
    assert "measures2budget฿540,000of this, from community items฿180,000.01" in district.text
    client.get(f"/en/actionplan/{plan}/editions/2", status=200)
    assert (
        f"/en/actionplan/projects/{change.project.id}"
        in client.get(f"/en/dossier/{item}", status=200).page.links
    )
    with transaction():
        commands.put_back_project(change.planner, change.project, change.project.version_id)
        commands.close_change(change.planner, change.plan)
    assert f"/en/actionplan/{plan}" in client.get("/en/dossier/districts/1002", status=200).page.links
