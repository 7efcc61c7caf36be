"""A district in its hearing phase, with accepted items of two communities and the people of its plan."""

from types import SimpleNamespace
from typing import Any

import pytest

from portal.actionplan.models import ActionPlanState
from portal.core import db as core_db
from portal.core.actor import Role
from portal.cycles.models import Cycle, PhaseKind
from portal.forums.models import Side
from portal.plans.models import Item, PlanState
from tests.factories import accounts, actionplan, cycles, places, plans, screening


def accepted(cycle: Cycle, amounts: list[int], side: Side = Side.SOCIAL, **values: Any) -> list[Item]:
    """Items of a new community, finally accepted with these amounts in satang."""
    community = places.community(core_db.session().get_one(places.District, cycle.district_id))
    plan = plans.plan(community, cycle, PlanState.ACCEPTED_FOR_SCREENING, items=0)
    items = []
    for amount in amounts:
        item = plans.item(plan, side=side, **values)
        screening.decided(item, accepted_satang=amount)
        items.append(item)
    return items


def season(state: ActionPlanState = ActionPlanState.DRAFT, open: PhaseKind = PhaseKind.HEARING, **rules: Any):  # noqa: A002 - the word of the factories
    """Dusit's cycle, its plan in ``state``, its people, and three accepted items of two communities."""
    cycle = cycles.cycle(open=open, **rules)
    district = places.district()
    planner = accounts.officer(Role.PLANNER, district, email="planner@example.org")
    plan = actionplan.action_plan(cycle, state, created_by=planner.id)
    return SimpleNamespace(
        cycle=cycle,
        district=district,
        plan=plan,
        planner=planner,
        director=accounts.officer(Role.DIRECTOR, district, email="director@example.org"),
        resident=accounts.actor_of(accounts.person("resident@example.org")),
        items=[
            *accepted(cycle, [100_000_00, 50_000_01]),
            *accepted(cycle, [30_000_00], Side.HEALTH),
        ],
    )


@pytest.fixture
def world(built_app, db):
    """:func:`season` with a draft, inside the test's open transaction."""
    return season()


@pytest.fixture
def enter(new_client, transaction):
    """``enter(ActionPlanState.DRAFT)``: a committed world, and browsers by role in ``world.browser(role)``."""

    def build(state=ActionPlanState.DRAFT, open=PhaseKind.HEARING, **rules):  # noqa: A002 - the word of the factories
        with transaction():
            world = season(state, open, **rules)
            project = actionplan.project(world.plan, "จัดหาเต็นท์สนาม", created_at=world.plan.created_at)
            actionplan.link(project, world.items[0], 100_000_00)
            ids = SimpleNamespace(
                plan=world.plan.id,
                cycle=world.cycle.id,
                project=project.id,
                version=project.version_id,
                code=project.code,
                items=[item.id for item in world.items],
                topics=(world.plan.topic_id, project.topic_id),
            )

        def browser(role):
            made = new_client()
            made.sign_in(f"{role}@example.org", accounts.PASSWORD)
            return made

        return SimpleNamespace(world=world, ids=ids, browser=browser)

    return build
