"""A community with a plan and people to look at it, for the tests of pages."""

import pytest

from portal.accounts.models import Person
from portal.core.actor import Role
from portal.cycles import queries as cycles_queries
from portal.cycles.models import PhaseKind
from portal.forums.models import ForumPurpose
from portal.places.models import District
from portal.plans import queries
from portal.plans.models import PlanState
from tests.factories import accounts, cycles, forums, places, plans

S = PlanState


class World:
    """One community with a plan in some state, and people to look at it."""

    def __init__(self, session, state=S.DRAFT, phase=PhaseKind.SUBMISSION, **values):
        self.community = places.community()
        district = session.get_one(District, self.community.district_id)
        self.cycle = cycles_queries.cycle_of(district.id, 2571) or cycles.cycle(district, open=phase)
        seats = accounts.committee(self.community)
        for purpose in (ForumPurpose.PLAN_1, ForumPurpose.PLAN_2):
            self.forum = forums.forum(self.community, self.cycle, purpose=purpose)
        self.issue_id = forums.issue(self.forum).id
        plan = plans.plan(self.community, self.cycle, state=state, **values)
        self.id, self.community_id, self.cycle_id = plan.id, self.community.id, self.cycle.id
        self.items = [item.id for item in queries.items_of(plan.id)]
        people = {f"member{number}": seat.person_id for number, seat in enumerate(seats)}
        self.email = {name: session.get_one(Person, number).email for name, number in people.items()}
        for name, role in (
            ("planner", Role.PLANNER),
            ("director", Role.DIRECTOR),
            ("desk", Role.COMMUNITY_DESK),
        ):
            self.email[name] = session.get_one(Person, accounts.officer(role, district).id).email
        places.district("1001")
        self.email["stranger"] = accounts.person().email


@pytest.fixture
def world(transaction):
    def make(**values):
        with transaction() as session:
            return World(session, **values)

    return make


@pytest.fixture
def as_person(new_client):
    def sign_in(world, name):
        browser = new_client()
        if name != "visitor":
            browser.sign_in(world.email[name], accounts.PASSWORD)
        return browser

    return sign_in
