"""A project of a published plan with its money, an officer who writes and one who certifies."""

import pytest

from portal.actionplan.models import ActionPlanState
from portal.core import topics
from portal.core.actor import Role
from portal.progress import queries
from tests.factories import accounts, actionplan, cycles, places, progress


@pytest.fixture(autouse=True)
def late_in_november(clock):
    clock.travel("2026-11-20 09:00")


@pytest.fixture(autouse=True)
def known_to_the_house():
    for kind in queries.KINDS:
        topics.register(kind)


@pytest.fixture
def project(db):
    """500,000 baht, all of it received."""
    made = actionplan.project(
        actionplan.action_plan(cycles.cycle(fiscal_year=2570), ActionPlanState.PUBLISHED)
    )
    progress.transfer(made, 500_000_00)
    return made


@pytest.fixture
def writer(db):
    return accounts.officer(Role.PLANNER, places.district())


@pytest.fixture
def second(db):
    return accounts.officer(Role.DIRECTOR, places.district())


@pytest.fixture
def sheet(project, writer):
    return progress.sheet(writer, project)
