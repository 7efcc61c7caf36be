"""What only a server with many writers can show: the same money cannot be placed twice, one step is taken once."""

import threading

import pytest
import sqlalchemy as sa

from portal.actionplan import commands
from portal.actionplan.models import ActionPlan, ActionPlanEdition, ActionPlanState, MergeStep, ProjectItem
from portal.actionplan.queries import workbench
from portal.core import db
from portal.core.actor import Role
from portal.core.errors import PortalError
from tests.actionplan.conftest import accepted, season
from tests.factories import accounts, actionplan, cycles, places

pytestmark = pytest.mark.postgres_only
WRITERS = 8


def all_at_once(act):
    """Run ``act(number)`` in its own transaction from many threads; returns how many went through."""
    gate, done = threading.Barrier(WRITERS), []

    def one(number):
        gate.wait()
        try:
            with db.transaction():
                act(number)
            done.append(number)
        except PortalError:
            return

    threads = [threading.Thread(target=one, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(done)


def test_many_mergers_never_place_more_than_was_accepted(built_app, transaction):
    with transaction():
        world = season()
        projects = [actionplan.project(world.plan).id for _ in range(WRITERS)]
        planner, plan_id, item = world.planner, world.plan.id, world.items[0].id

    def act(number):
        plan = db.session().get_one(ActionPlan, plan_id)
        commands.link_items(planner, plan, [item], [projects[number]], amount_satang=30_000_00)

    assert all_at_once(act) == 3
    with transaction() as session:
        total = session.scalar(
            sa.select(sa.func.sum(ProjectItem.amount_satang)).where(ProjectItem.item_id == item)
        )
    assert total == 90_000_00


def test_many_mergers_on_one_project_lose_nothing(built_app, transaction):
    with transaction():
        world = season()
        project = actionplan.project(world.plan).id
        items = [item.id for item in accepted(world.cycle, [1_00 + number for number in range(WRITERS)])]
        planner, plan_id = world.planner, world.plan.id

    def act(number):
        plan = db.session().get_one(ActionPlan, plan_id)
        commands.link_items(planner, plan, [items[number]], [project])

    assert all_at_once(act) == WRITERS
    with transaction() as session:
        amounts = session.scalars(sa.select(ProjectItem.amount_satang).order_by(ProjectItem.item_id))
        assert list(amounts) == [1_00 + number for number in range(WRITERS)]
        assert session.scalar(sa.select(sa.func.count()).select_from(MergeStep)) == WRITERS


def test_a_step_is_taken_back_once(built_app, transaction):
    with transaction():
        world = season()
        project = actionplan.project(world.plan)
        commands.link_items(world.planner, world.plan, [world.items[0].id], [project.id])
        planner, plan_id, step = world.planner, world.plan.id, workbench.steps(world.plan.id)[0].id

    def act(number):
        commands.undo_step(planner, db.session().get_one(ActionPlan, plan_id), step)

    assert all_at_once(act) == 1
    with transaction() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(ProjectItem)) == 0


def test_a_plan_is_published_once(built_app, transaction):
    with transaction():
        world = season(ActionPlanState.APPROVED)
        actionplan.project(world.plan)
        director, plan_id = world.director, world.plan.id

    def act(number):
        commands.publish_plan(director, db.session().get_one(ActionPlan, plan_id))

    assert all_at_once(act) == 1
    with transaction() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(ActionPlanEdition)) == 1


def test_a_year_is_begun_once(built_app, transaction):
    with transaction():
        cycle_id = cycles.cycle().id
        planner = accounts.officer(Role.PLANNER, places.district())

    assert all_at_once(lambda number: commands.begin_plan(planner, cycle_id)) == 1
