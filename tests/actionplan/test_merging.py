"""Merging keeps every satang, and an item never gives more than it was accepted with."""

from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.actionplan import commands, queries
from portal.actionplan.models import ActionPlanState, MergeAct, ProjectItem
from portal.actionplan.queries import merging, workbench
from portal.core import money
from portal.core.actor import Role
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from portal.forums.models import Side
from portal.plans import queries as plan_queries
from tests.actionplan.conftest import accepted, season
from tests.factories import accounts, actionplan, cycles, places, plans, screening


def shares(world, item):
    return {id_: link.amount_satang for id_, link in merging.shares_of_item(world.plan, item.id).items()}


def left(world, **chosen):
    return [one.item_id for one in workbench.items(world.plan, workbench.Chosen(**chosen), None).rows]


def test_several_items_go_into_one_project_with_all_they_have(world):
    project = actionplan.project(world.plan)
    commands.link_items(world.planner, world.plan, [item.id for item in world.items], [project.id])
    rows = queries.items_of_project(world.planner, project.id)
    assert sorted(row.amount_satang for row in rows) == [30_000_00, 50_000_01, 100_000_00]
    assert left(world) == []


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
        lambda: commands.take_out(world.planner, world.plan, [link.id]),
        lambda: commands.move_items(world.planner, world.plan, [link.id], project.id),
        lambda: commands.undo_step(world.planner, world.plan, 1),
        lambda: commands.give_not_yet(world.planner, world.plan, [world.items[1].id], "ยังไม่มีงบ"),
        lambda: commands.withdraw_project(world.planner, project, project.version_id, "ยกเลิก"),
    ):
        with pytest.raises(WrongState):
            act()


def test_an_item_taken_out_is_left_to_place_again(world):
    project = actionplan.project(world.plan)
    (link,) = commands.link_items(world.planner, world.plan, [world.items[0].id], [project.id])
    commands.take_out(world.planner, world.plan, [link.id])
    assert world.items[0].id in left(world)


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


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["put", "take", "share", "move", "not yet", "undo"]),
        st.integers(0, 2),
        st.integers(0, 2),
        st.integers(0, 120_000_00),
    ),
    max_size=14,
)


def act(world, projects, what, which, where, amount):
    """One thing a merger might try."""
    planner, plan, item, project = world.planner, world.plan, world.items[which], projects[where]
    links = [link.id for link in merging.shares_of_item(plan, item.id).values()]
    if what == "put":
        commands.link_items(planner, plan, [item.id], [project.id], amount_satang=amount)
    elif what == "take":
        commands.take_out(planner, plan, links[:1])
    elif what == "share":
        commands.write_item_links(planner, plan, item.id, shares(world, item), {project.id: amount})
    elif what == "move":
        commands.move_items(planner, plan, links, project.id)
    elif what == "not yet":
        commands.give_not_yet(planner, plan, [item.id], "ยังไม่มีงบประมาณ")
    else:
        done = workbench.steps(plan.id, 100)
        commands.undo_step(planner, plan, done[amount % len(done)].id if done else 0)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_whatever_is_done_no_satang_is_gained_or_lost(world, db, acts):
    projects = [actionplan.project(world.plan) for _ in range(3)]
    with db.begin_nested() as nested:
        for one in acts:
            before = {item.id: shares(world, item) for item in world.items}
            try:
                act(world, projects, *one)
            except (Invalid, WrongState, NotFound):
                assert {item.id: shares(world, item) for item in world.items} == before
            for item in merging.accepted_items(world.plan):
                assert item.placed_satang == sum(shares(world, SimpleNamespace(id=item.item_id)).values())
                assert 0 <= item.placed_satang <= item.accepted_satang
                assert not (item.links and item.reason), "what is in a project needs no reason"
            assert workbench.accepted(
                world.plan, [item.id for item in world.items]
            ) == merging.accepted_items(world.plan)
        # Everything that was done can be taken back, newest first, and then nothing has happened.
        for step in workbench.steps(world.plan.id, 100):
            if step.act is not MergeAct.UNDO and step.undone_by is None:
                commands.undo_step(world.planner, world.plan, step.id)
        assert all(shares(world, item) == {} for item in world.items)
        assert queries.not_yet_of_plan(world.plan.id) == []
        nested.rollback()


def test_a_step_is_taken_back_and_done_again(world):
    one, two = actionplan.project(world.plan), actionplan.project(world.plan)
    item = world.items[0]
    commands.give_not_yet(world.planner, world.plan, [item.id], "งบประมาณไม่พอ")
    commands.link_items(
        world.planner, world.plan, [item.id], [one.id], amount_satang=60_000_01, note="ระยะแรก"
    )
    commands.move_items(world.planner, world.plan, links(world, item), two.id)
    assert shares(world, item) == {two.id: 60_000_01}
    move, put, reason = workbench.steps(world.plan.id)
    with pytest.raises(WrongState):
        commands.undo_step(world.planner, world.plan, put.id)
    commands.undo_step(world.planner, world.plan, move.id)
    commands.undo_step(world.planner, world.plan, put.id)
    assert shares(world, item) == {}
    assert [row.reason for row in queries.not_yet_of_plan(world.plan.id)] == ["งบประมาณไม่พอ"]
    with pytest.raises(WrongState):
        commands.undo_step(world.planner, world.plan, put.id)
    undone = workbench.steps(world.plan.id)[0]
    assert undone.undoes_id == put.id
    commands.undo_step(world.planner, world.plan, undone.id)
    assert shares(world, item) == {one.id: 60_000_01}
    (row,) = queries.items_of_project(world.planner, one.id)
    assert row.note == "ระยะแรก"
    assert {one["community"] for step in (move, put, reason) for one in step.changes} == {row.community}


def links(world, item):
    return [link.id for link in merging.shares_of_item(world.plan, item.id).values()]


def test_what_was_withdrawn_or_published_is_not_taken_back(built_app, db):
    world = season(ActionPlanState.REOPENED)
    project = actionplan.project(world.plan)
    commands.link_items(world.planner, world.plan, [world.items[0].id], [project.id])
    commands.take_out(world.planner, world.plan, links(world, world.items[0]))
    commands.withdraw_project(world.planner, project, project.version_id, "ยกเลิก")
    (out, put) = workbench.steps(world.plan.id)
    for step in (out, put):
        with pytest.raises(WrongState):
            commands.undo_step(world.planner, world.plan, step.id)
    other = actionplan.project(world.plan)
    commands.link_items(world.planner, world.plan, [world.items[1].id], [other.id])
    actionplan.edition(world.plan, 2, "เพิ่มโครงการ")
    with pytest.raises(WrongState):
        commands.undo_step(world.planner, world.plan, workbench.steps(world.plan.id)[0].id)


def test_the_second_merger_sees_what_the_first_did(world):
    second = accounts.officer(Role.PLANNER, world.district)
    project, other = actionplan.project(world.plan), actionplan.project(world.plan)
    commands.link_items(world.planner, world.plan, [world.items[0].id], [project.id], seen=0)
    for items, projects in (([world.items[0].id], [other.id]), ([world.items[1].id], [project.id])):
        with pytest.raises(commands.Overtaken) as overtaken:
            commands.link_items(second, world.plan, items, projects, seen=0)
        assert [step.done_by for step in overtaken.value.steps] == [world.planner.id]
    newest = workbench.steps(world.plan.id)[0].id
    commands.link_items(second, world.plan, [world.items[1].id], [project.id], seen=newest)
    commands.link_items(second, world.plan, [world.items[2].id], [other.id], seen=0)
    assert len(queries.items_of_project(world.planner, project.id)) == 2


def test_the_workbench_finds_and_pages(world, monkeypatch):
    project = actionplan.project(world.plan, "จัดหาเต็นท์สนาม")
    first, second, third = (item.id for item in world.items)
    commands.link_items(world.planner, world.plan, [first], [project.id], amount_satang=1_00)
    assert left(world) == [second, third, first], "what is in no project stands first"
    commands.give_not_yet(world.planner, world.plan, [second], "ยังไม่พร้อม")
    assert left(world) == [third, first]
    assert left(world, show="not_yet") == [second]
    assert left(world, show="placed") == [first]
    assert left(world, show="all", side=Side.HEALTH) == [third]
    assert left(world, show="all", q="ไม่มีคำนี้") == []
    tally = workbench.tally(world.plan)
    assert (tally.items, tally.settled, tally.placed_satang) == (3, 2, 1_00)
    assert [one.name for one in workbench.projects(world.plan, "เต้นท์", None)[0].rows] == [project.name]
    monkeypatch.setattr(workbench, "ITEMS", 1)
    found, cursor = [], None
    while True:
        page = workbench.items(world.plan, workbench.Chosen(show="all"), cursor)
        found += [one.item_id for one in page.rows]
        if (cursor := page.next_cursor) is None:
            break
    assert found == [third, first, second]
