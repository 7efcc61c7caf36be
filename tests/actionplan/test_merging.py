"""Merging keeps every satang, and an item never gives more than it was accepted with."""

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.actionplan import commands, queries
from portal.actionplan.models import ActionPlanState, ProjectItem
from portal.actionplan.queries import merging
from portal.core import money
from portal.core.actor import Role
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from portal.plans import queries as plan_queries
from tests.actionplan.conftest import accepted, season
from tests.factories import accounts, actionplan, cycles, places, plans, screening


def shares(world, item):
    return {id_: link.amount_satang for id_, link in merging.shares_of_item(world.plan, item.id).items()}


def test_several_items_go_into_one_project_with_all_they_have(world):
    project = actionplan.project(world.plan)
    commands.link_items(world.planner, world.plan, [item.id for item in world.items], [project.id])
    rows = queries.items_of_project(world.planner, project.id)
    assert sorted(row.amount_satang for row in rows) == [30_000_00, 50_000_01, 100_000_00]
    assert not merging.sift(merging.accepted_items(world.plan))


def test_one_item_over_several_projects_is_split_to_the_satang(world):
    item = world.items[1]
    projects = [actionplan.project(world.plan).id for _ in range(3)]
    commands.link_items(world.planner, world.plan, [item.id], projects)
    assert sum(shares(world, item).values()) == 50_000_01
    assert max(shares(world, item).values()) - min(shares(world, item).values()) <= 1


def test_the_way_goes_both_ways(world):
    project = actionplan.project(world.plan)
    commands.link_items(world.planner, world.plan, [world.items[0].id], [project.id])
    there = queries.projects_of_items(world.planner, [item.id for item in world.items])
    assert [row.project_id for row in there[world.items[0].id]] == [project.id]
    assert world.items[1].id not in there
    (back,) = queries.items_of_project(world.planner, project.id)
    assert (back.item_id, back.amount_satang) == (world.items[0].id, 100_000_00)
    assert queries.projects_of_items(world.resident, [world.items[0].id]) == {}


def test_more_than_was_accepted_is_refused(world):
    one, two = actionplan.project(world.plan), actionplan.project(world.plan)
    item = world.items[0]
    with pytest.raises(Invalid) as refused:
        commands.link_items(world.planner, world.plan, [item.id], [one.id], amount_satang=100_000_01)
    assert "amount" in refused.value.fields
    commands.link_items(world.planner, world.plan, [item.id], [one.id], amount_satang=60_000_00)
    commands.link_items(world.planner, world.plan, [item.id], [two.id])
    assert shares(world, item) == {one.id: 60_000_00, two.id: 40_000_00}
    with pytest.raises(Invalid):
        commands.link_items(world.planner, world.plan, [item.id], [one.id])
    seen = shares(world, item)
    with pytest.raises(Invalid):
        commands.write_item_links(world.planner, world.plan, item.id, seen, {one.id: 60_000_01})
    assert shares(world, item) == seen


def test_only_finally_accepted_items_of_the_cycle_are_placed(world):
    project = actionplan.project(world.plan)
    plan = plans.plan(places.community(), world.cycle, items=3)
    waiting, appealable, refused = plan_queries.items_of(plan.id)
    screening.decided(appealable, final=False)
    screening.decided(refused, screening.Outcome.REJECT)
    elsewhere = accepted(cycles.cycle(places.district("1001")), [10_00])
    for item in (waiting, appealable, refused, *elsewhere):
        with pytest.raises(Invalid) as error:
            commands.link_items(world.planner, world.plan, [item.id], [project.id])
        assert "items" in error.value.fields


def test_several_items_and_several_projects_at_once_are_refused(world):
    projects = [actionplan.project(world.plan).id for _ in range(2)]
    with pytest.raises(Invalid) as error:
        commands.link_items(world.planner, world.plan, [item.id for item in world.items], projects)
    assert "projects" in error.value.fields


def test_nobody_else_merges(world):
    project = actionplan.project(world.plan)
    elsewhere = accounts.officer(Role.PLANNER, places.district("1001"))
    for actor in (world.resident, elsewhere):
        with pytest.raises(NotFound):  # a draft is not even there for them
            commands.link_items(actor, world.plan, [world.items[0].id], [project.id])
    with pytest.raises(NotAllowed):
        commands.link_items(world.director, world.plan, [world.items[0].id], [project.id])


@pytest.mark.parametrize("state", [ActionPlanState.APPROVED, ActionPlanState.PUBLISHED])
def test_an_approved_plan_does_not_move(built_app, db, state):
    world = season(state)
    project = actionplan.project(world.plan)
    link = actionplan.link(project, world.items[0], 100)
    for act in (
        lambda: commands.link_items(world.planner, world.plan, [world.items[1].id], [project.id]),
        lambda: commands.unlink_item(world.planner, link),
        lambda: commands.give_not_yet(world.planner, world.plan, [world.items[1].id], "ยังไม่มีงบ"),
        lambda: commands.withdraw_project(world.planner, project, project.version_id, "ยกเลิก"),
    ):
        with pytest.raises(WrongState):
            act()


def test_an_item_taken_out_is_left_to_place_again(world):
    project = actionplan.project(world.plan)
    (link,) = commands.link_items(world.planner, world.plan, [world.items[0].id], [project.id])
    commands.unlink_item(world.planner, link)
    left = [item.item_id for item in merging.sift(merging.accepted_items(world.plan))]
    assert world.items[0].id in left


def test_a_reason_settles_an_item_and_falls_away_when_it_is_placed(world):
    item = world.items[0]
    with pytest.raises(Invalid):
        commands.give_not_yet(world.planner, world.plan, [item.id], "   ")
    commands.give_not_yet(world.planner, world.plan, [item.id], "งบประมาณไม่พอ")
    commands.give_not_yet(world.planner, world.plan, [item.id], "งบประมาณปีนี้ไม่พอ")
    (row,) = queries.not_yet_of_plan(world.plan.id)
    assert row.reason == "งบประมาณปีนี้ไม่พอ"
    assert queries.not_yet([item.id]) == {}, "a draft's reason is not public"
    project = actionplan.project(world.plan)
    commands.link_items(world.planner, world.plan, [item.id], [project.id])
    assert queries.not_yet_of_plan(world.plan.id) == []
    with pytest.raises(Invalid):
        commands.give_not_yet(world.planner, world.plan, [item.id], "ไม่ได้")


def test_a_withdrawn_project_frees_its_items_and_keeps_the_record(world, db):
    project = actionplan.project(world.plan)
    commands.link_items(world.planner, world.plan, [world.items[0].id], [project.id])
    commands.withdraw_project(world.planner, project, project.version_id, "รวมกับโครงการอื่น")
    assert db.scalar(sa.select(sa.func.count()).select_from(ProjectItem)) == 1
    assert queries.projects_of_items(world.planner, [world.items[0].id]) == {}
    other = actionplan.project(world.plan)
    commands.link_items(world.planner, world.plan, [world.items[0].id], [other.id])
    assert shares(world, world.items[0]) == {other.id: 100_000_00}


def test_the_second_to_share_an_item_out_sees_why_not(world):
    item = world.items[0]
    one, two = actionplan.project(world.plan), actionplan.project(world.plan)
    commands.write_item_links(world.planner, world.plan, item.id, {}, {one.id: 70_000_00, two.id: 30_000_00})
    with pytest.raises(Conflict):
        commands.write_item_links(world.planner, world.plan, item.id, {}, {one.id: 100_000_00})
    seen = shares(world, item)
    commands.write_item_links(world.planner, world.plan, item.id, seen, {one.id: 100_000_00, two.id: None})
    assert shares(world, item) == {one.id: 100_000_00}


@given(total=st.integers(0, 10**15), weights=st.lists(st.integers(1, 1000), min_size=1, max_size=40))
def test_a_split_never_gains_or_loses_a_satang(total, weights):
    parts = money.split(total, weights)
    assert sum(parts) == total
    assert all(part >= 0 for part in parts)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    acts=st.lists(
        st.tuples(
            st.sampled_from(["put", "take", "share"]),
            st.integers(0, 2),
            st.integers(0, 2),
            st.integers(0, 120_000_00),
        ),
        max_size=12,
    )
)
def test_whatever_is_done_no_item_gives_more_than_it_has(world, db, acts):
    projects = [actionplan.project(world.plan) for _ in range(3)]
    with db.begin_nested() as nested:
        for act, which, where, amount in acts:
            item, project = world.items[which], projects[where]
            try:
                if act == "put":
                    commands.link_items(
                        world.planner, world.plan, [item.id], [project.id], amount_satang=amount
                    )
                elif act == "take":
                    link = merging.shares_of_item(world.plan, item.id).get(project.id)
                    if link is not None:
                        commands.unlink_item(world.planner, link)
                else:
                    commands.write_item_links(
                        world.planner, world.plan, item.id, shares(world, item), {project.id: amount}
                    )
            except Invalid:
                pass
            for one in merging.accepted_items(world.plan):
                assert 0 <= one.placed_satang <= one.accepted_satang
                assert one.placed_satang + one.rest_satang == one.accepted_satang
        nested.rollback()
