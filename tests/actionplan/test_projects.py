"""Writing projects: the sheet, its code, versions, strategy, the money's way."""

import datetime as dt
from dataclasses import replace
from itertools import product

import pytest
import sqlalchemy as sa

from portal.actionplan import commands, queries, sheet
from portal.actionplan.models import ActionPlanState, BudgetKind, MoneyStep, ProjectKind, Section
from portal.actionplan.queries import browsing
from portal.core import clock
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from portal.notifications import commands as notifications
from portal.notifications.models import Notice
from portal.strategy import queries as strategies
from portal.strategy.models import Node
from tests.actionplan.conftest import season
from tests.factories import actionplan, places, strategy

WRITTEN = sheet.Sheet(
    kind=ProjectKind.ACTIVITY,
    name="รณรงค์คัดแยกขยะ",
    starts_on=dt.date(2027, 10, 1),
    ends_on=dt.date(2028, 9, 30),
    budget_kind=BudgetKind.NONE,
    budget_satang=None,
    section=Section.ENVIRONMENT_SANITATION,
)


def test_a_new_project_takes_the_next_code_of_the_district(world):
    agency = world.district.agency_code
    one = commands.add_project(world.planner, world.plan, WRITTEN)
    two = commands.add_project(world.planner, world.plan, replace(WRITTEN, code=f"{agency}-0040"))
    three = commands.add_project(world.planner, world.plan, WRITTEN)
    assert [one.code, two.code, three.code] == [f"{agency}-0001", f"{agency}-0040", f"{agency}-0041"]
    assert [one.position, two.position, three.position] == [1, 2, 3]


def test_what_cannot_be_is_refused_at_its_field(world):
    for change, field in (
        ({"name": "  "}, "name"),
        ({"ends_on": dt.date(2027, 9, 30)}, "ends_on"),
        ({"budget_kind": BudgetKind.AMOUNT}, "budget_satang"),
        ({"quarters": ""}, "quarters"),
        ({"quarters": "15"}, "quarters"),
        ({"code": "5007-0001"}, "code"),
        ({"code": "21000000-3230"}, "code"),
    ):
        with pytest.raises(Invalid) as refused:
            commands.add_project(world.planner, world.plan, replace(WRITTEN, **change))
        assert field in refused.value.fields


def test_a_code_is_used_once(world):
    first = commands.add_project(world.planner, world.plan, WRITTEN)
    second = commands.add_project(world.planner, world.plan, WRITTEN)
    with pytest.raises(Invalid):
        commands.write_project(world.planner, second, second.version_id, replace(WRITTEN, code=first.code))


def test_a_new_project_made_of_items_takes_them_in(world):
    ids = tuple(item.id for item in world.items[:2])
    made = commands.add_project(world.planner, world.plan, WRITTEN, ids)
    assert sorted(row.item_id for row in queries.items_of_project(world.planner, made.id)) == sorted(ids)


def test_the_second_writer_gets_a_conflict(world):
    project = actionplan.project(world.plan)
    before = project.version_id
    written = replace(WRITTEN, code=project.code)
    commands.write_project(world.planner, project, before, written)
    assert project.name == WRITTEN.name
    with pytest.raises(Conflict):
        commands.write_project(world.planner, project, before, replace(written, name="อื่น"))
    assert project.name == WRITTEN.name


def test_words_in_place_of_an_amount_hold_no_amount(world):
    project = actionplan.project(world.plan, budget_satang=100)
    commands.write_project(
        world.planner, project, project.version_id, replace(WRITTEN, budget_satang=100, code=project.code)
    )
    assert (project.budget_kind, project.budget_satang) == (BudgetKind.NONE, None)


def test_a_project_withdrawn_in_the_draft_was_never_public(built_app, db):
    world = season(ActionPlanState.DRAFT)
    early, late = actionplan.project(world.plan), actionplan.project(world.plan)
    actionplan.project(world.plan)
    with pytest.raises(Invalid):
        commands.withdraw_project(world.planner, early, early.version_id, "")
    with clock.travel(clock.now() - dt.timedelta(hours=1)):
        commands.withdraw_project(world.planner, early, early.version_id, "ซ้ำซ้อน")
    commands.open_hearing(world.planner, world.plan)
    with clock.travel(clock.now() + dt.timedelta(hours=1)):
        commands.withdraw_project(world.planner, late, late.version_id, "ประชาชนไม่เห็นด้วย")
    with pytest.raises(NotFound):
        queries.project_visible(world.resident, early.id)
    assert queries.project_visible(world.resident, late.id).withdrawn_reason == "ประชาชนไม่เห็นด้วย"
    with pytest.raises(WrongState):
        commands.write_project(world.planner, late, late.version_id, WRITTEN)
    shown = [row.id for row in browsing.projects_in_plan(world.plan, browsing.Chosen(), None).rows]
    assert early.id not in shown
    assert late.id not in shown


def test_a_project_shows_its_branch(world, db):
    strategy.seeded()
    project = actionplan.project(world.plan)
    leaf = db.scalars(sa.select(Node).order_by(Node.depth.desc(), Node.id)).first()
    commands.add_node(world.planner, project, leaf.id)
    commands.add_node(world.planner, project, leaf.id)
    (branch,) = browsing.branches_of(project.id)
    assert branch[-1].id == leaf.id
    assert [node.depth for node in branch] == list(range(branch[0].depth, leaf.depth + 1))
    root = browsing.Chosen(node=branch[0].id)
    assert [row.id for row in browsing.projects_in_plan(world.plan, root, None).rows] == [project.id]
    commands.remove_node(world.planner, project, leaf.id)
    assert browsing.branches_of(project.id) == []
    with pytest.raises(Invalid):
        commands.add_node(world.planner, project, 999_999)


def test_a_project_serves_published_lines_of_the_city_and_its_own_district_only(world):
    project = actionplan.project(world.plan)

    def line(district, is_published):
        keeper = strategy.keeper(district)
        tree = strategy.draft(keeper, district and district.id)
        if is_published:
            strategy.publish(keeper, tree)
        return strategies.nodes_of([tree.id])[-1].id

    hidden, far = line(None, is_published=False), line(places.district("1047"), is_published=True)
    for node_id in (hidden, far):
        with pytest.raises(Invalid) as refused:
            commands.add_node(world.planner, project, node_id)
        assert "node" in refused.value.fields
    served = [line(owner, is_published=True) for owner in (None, world.district)]
    for node_id in served:
        commands.add_node(world.planner, project, node_id)
    assert [row.id for row in queries.nodes_of([project.id])[project.id]] == served


STEPS = list(MoneyStep)
AFTER = {
    None: {MoneyStep.REQUESTED},
    MoneyStep.REQUESTED: {MoneyStep.REQUESTED, MoneyStep.ALLOCATED, MoneyStep.REFUSED},
    MoneyStep.ALLOCATED: {MoneyStep.ALLOCATED, MoneyStep.REFUSED, MoneyStep.TRANSFERRED},
    MoneyStep.REFUSED: {MoneyStep.REQUESTED, MoneyStep.REFUSED, MoneyStep.ALLOCATED},
    MoneyStep.TRANSFERRED: {MoneyStep.TRANSFERRED, MoneyStep.ALLOCATED},
}


def pay(world, project, step, **given):
    return commands.record_money(
        world.planner,
        project,
        step,
        given.get("amount", 1_000_00),
        given.get("on", clock.today()),
        given.get("note", "เหตุผล"),
    )


def test_the_money_goes_its_way(world):
    for ways in product(STEPS, repeat=3):
        project = actionplan.project(world.plan)
        for place, step in enumerate(ways):
            follows = step in AFTER[ways[place - 1] if place else None]
            if follows:
                pay(world, project, step)
                continue
            with pytest.raises(Invalid) as refused:
                pay(world, project, step)
            assert "step" in refused.value.fields, ways
            break


def test_money_needs_an_amount_a_day_and_a_refusal_its_reason(world):
    project = actionplan.project(world.plan)
    for given, field in (
        ({"amount": 0}, "amount"),
        ({"on": clock.today() + dt.timedelta(days=1)}, "on"),
    ):
        with pytest.raises(Invalid) as refused:
            pay(world, project, MoneyStep.REQUESTED, **given)
        assert field in refused.value.fields
    pay(world, project, MoneyStep.REQUESTED)
    with pytest.raises(Invalid) as refused:
        pay(world, project, MoneyStep.REFUSED, note=" ")
    assert "note" in refused.value.fields
    with pytest.raises(Invalid):
        pay(world, project, MoneyStep.ALLOCATED, on=clock.today() - dt.timedelta(days=1))
    with pytest.raises(NotAllowed):
        commands.record_money(world.resident, project, MoneyStep.ALLOCATED, 1, clock.today(), "")


def test_followers_hear_of_the_money_once_it_is_public(built_app, db):
    world = season(ActionPlanState.PUBLISHED)
    project = actionplan.project(world.plan)
    notifications.follow_for([world.resident.id], project.topic_id)
    pay(world, project, MoneyStep.REQUESTED)
    pay(world, project, MoneyStep.ALLOCATED)
    events = list(db.scalars(sa.select(Notice.event)))
    assert events == ["actionplan.money_allocated"]
