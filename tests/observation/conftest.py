"""A step somebody can observe."""

import datetime as dt

import pytest

from portal.actionplan.models import ActionPlanState
from portal.core import clock as core_clock
from portal.core import topics
from portal.core.actor import Role
from portal.procurement import queries
from portal.procurement.models import StepKind
from tests.factories import accounts, actionplan, cycles, places, procurement

MEETS = core_clock.at(dt.date(2026, 12, 15), 10)


@pytest.fixture(autouse=True)
def a_wednesday(clock):
    clock.travel("2026-11-25 09:00")


@pytest.fixture(autouse=True)
def known_to_the_house():
    """Processes can be followed, as the portal arranges at its start."""
    for kind in queries.KINDS:
        topics.register(kind)


@pytest.fixture
def process(db):
    """A running process of Dusit."""
    plan = actionplan.action_plan(cycles.cycle(), ActionPlanState.PUBLISHED)
    return procurement.process(actionplan.project(plan))


@pytest.fixture
def step(process):
    """The inspection of what was delivered, on 15 December at ten, with two places."""
    return procurement.step_planned(
        process,
        StepKind.ACCEPTANCE,
        dt.date(2026, 12, 15),
        meets_at=MEETS,
        place="ห้องประชุมชั้น ๒",
        observer_places=2,
    )


@pytest.fixture
def officer(db):
    """A procurement officer of Dusit."""
    return accounts.officer(Role.PROCUREMENT, places.district())


@pytest.fixture
def resident(db):
    """Somebody with an account."""
    return accounts.actor_of(accounts.person())
