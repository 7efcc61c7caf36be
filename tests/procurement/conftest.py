"""Something to buy for."""

import pytest

from portal.actionplan.models import ActionPlanState
from portal.core import topics
from portal.core.actor import Role
from portal.procurement import queries
from tests.factories import accounts, actionplan, cycles, places


@pytest.fixture
def project(db):
    """A project of Dusit's published plan."""
    return actionplan.project(actionplan.action_plan(cycles.cycle(), ActionPlanState.PUBLISHED))


@pytest.fixture
def officer(db):
    """A procurement officer of Dusit."""
    return accounts.officer(Role.PROCUREMENT, places.district())


@pytest.fixture(autouse=True)
def known_to_the_house():
    """Processes can be commented on and followed, as the portal arranges at its start."""
    for kind in queries.KINDS:
        topics.register(kind)
