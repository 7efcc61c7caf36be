"""Every state × every move, and who may make it."""

import datetime as dt

import pytest

from portal.accounts.queries import person
from portal.core import clock
from portal.core.actor import Role
from portal.core.errors import NotAllowed, WrongState
from portal.cycles.models import PhaseKind
from portal.forums.models import ForumPurpose
from portal.places.models import District
from portal.plans import commands, queries
from portal.plans.models import PlanState
from portal.plans.workflow import PLAN
from tests.factories import accounts, cycles, forums, places, plans

S = PlanState
MOVES = {
    "endorse": {S.DRAFT},
    "change": {S.ENDORSED},
    "submit": {S.ENDORSED, S.RETURNED},
    "return": {S.SUBMITTED},
    "accept": {S.SUBMITTED},
    "withdraw": {S.DRAFT, S.ENDORSED, S.SUBMITTED, S.RETURNED},
    "resume": {S.WITHDRAWN},
}


@pytest.fixture
def place(db):
    """A community with a committee of seven, its cycle open for handing in, two recorded forums."""
    community = places.community()
    cycle = cycles.cycle(db.get_one(District, community.district_id), open=PhaseKind.SUBMISSION)
    accounts.committee(community)
    for purpose in (ForumPurpose.PLAN_1, ForumPurpose.PLAN_2):
        forums.forum(community, cycle, purpose=purpose)
    return community, cycle


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("state", list(S))
def test_a_move_is_open_from_its_states_only(place, state, move):
    plan = plans.plan(*place, state=state)
    district = places.district()
    for actor in (
        accounts.leader(place[0]),
        accounts.officer(Role.PLANNER, district),
        accounts.officer(Role.COMMUNITY_DESK, district),
    ):
        may = PLAN.moves[move].may(actor, plan)
        assert PLAN.is_open(move, actor, plan) == (may and state in MOVES[move])
        if state not in MOVES[move]:
            with pytest.raises(WrongState):
                PLAN.advance(plan, move, actor)
        elif not may:
            with pytest.raises(NotAllowed):
                PLAN.advance(plan, move, actor)


def test_the_whole_way(place):
    community, cycle = place
    chair = accounts.leader(community)
    planner = accounts.officer(Role.PLANNER, places.district())
    plan = commands.begin_plan(chair, community.id, cycle.id)
    plans.item(plan)
    plans.item(plan, side=plans.Side.SOCIAL)
    for seat in queries.standing(plan, queries.content_of(plan)).seats[:4]:
        assert plan.state is S.DRAFT
        commands.endorse_plan(accounts.actor_of(person(seat.person_id)), plan)
    assert plan.state is S.ENDORSED
    first = commands.submit_plan(chair, plan)
    assert (plan.state, first.number) == (S.SUBMITTED, 1)
    commands.return_plan(planner, plan, {None: "ขอรายละเอียดเพิ่ม"}, clock.today() + dt.timedelta(days=7))
    assert plan.state is S.RETURNED
    second = commands.submit_plan(chair, plan)
    assert second.number == 2
    assert queries.returns_of(planner, plan)[0].settled_at is not None
    commands.accept_for_screening(planner, plan)
    assert plan.state is S.ACCEPTED_FOR_SCREENING
