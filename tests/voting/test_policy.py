"""Who may do what with a round, state by state: one table, read line by line."""

import datetime as dt

import pytest
import sqlalchemy as sa

from portal.core import clock
from portal.core.actor import ANONYMOUS, SYSTEM, Actor, Grant, Role, Scope
from portal.voting import policy, workflow
from portal.voting.models import Round, RoundState
from tests.factories import rounds

DUSIT, ELSEWHERE = 1002, 1047
STATES = tuple(RoundState)
OFFICERS = {
    "planner": Role.PLANNER,
    "proposer": Role.DIRECTOR,  # may do both, and still not confirm what they proposed
    "round officer": Role.ROUND_OFFICER,
    "director": Role.DIRECTOR,
    "custodian": Role.KEY_CUSTODIAN,
    "registry": Role.REGISTRY,
    "clerk": Role.PAPER_CLERK,
    "certifier": Role.CERTIFIER,
    "auditor": Role.AUDITOR,
    "admin": Role.ADMIN,
}
ACTORS = {
    "visitor": ANONYMOUS,
    "resident": Actor(50, ()),
    **{
        name: Actor(place, (Grant(role, Scope.DISTRICT, DUSIT),))
        for place, (name, role) in enumerate(OFFICERS.items(), 1)
    },
    "planner elsewhere": Actor(60, (Grant(Role.PLANNER, Scope.DISTRICT, ELSEWHERE),)),
    "director elsewhere": Actor(61, (Grant(Role.DIRECTOR, Scope.DISTRICT, ELSEWHERE),)),
    "city": Actor(62, (Grant(Role.STRATEGY, Scope.CITY, None),)),
    "worker": SYSTEM,
}
NONE: dict[str, str] = {}
KEEPS = {"draft": "propose", "published": "close", "closed": "count"}
CONFIRMS = {
    "draft": "cancel",
    "proposed": "cancel publish send_back",
    "published": "cancel",
    "closed": "cancel",
    "counted": "annul",
}
# actor → state → the moves that are open; a state that is not named has none.
MOVES = {
    "visitor": NONE,
    "resident": NONE,
    "planner": KEEPS,
    "proposer": {
        "draft": "cancel",
        "proposed": "cancel take_back",
        "published": "cancel",
        "closed": "cancel",
        "counted": "annul",
    },
    "round officer": KEEPS,
    "director": CONFIRMS,
    "custodian": NONE,
    "registry": NONE,
    "clerk": NONE,
    "certifier": {"closed": "count", "counted": "certify"},
    "auditor": NONE,
    "admin": NONE,
    "planner elsewhere": NONE,
    "director elsewhere": NONE,
    "city": {
        "draft": "cancel propose",
        "proposed": "cancel publish send_back",
        "published": "cancel close",
        "closed": "cancel count",
        "counted": "annul",
    },
    "worker": {"published": "close", "closed": "count"},
}


def round_in(state, district_id=DUSIT):
    return Round(district_id=district_id, state=state, proposed_by=ACTORS["proposer"].id, shows_ballots=False)


@pytest.mark.parametrize("name", ACTORS)
def test_the_moves_of_each_state(name):
    for state in STATES:
        found = {move.name for move in workflow.ROUNDS.open_moves(ACTORS[name], round_in(state))}
        assert found == set(MOVES[name].get(state.value, "").split()), f"{name}, {state}"


@pytest.mark.parametrize(
    ("may", "who"),
    [
        (policy.can_keep, {"planner", "round officer", "city"}),
        (policy.can_confirm, {"director", "city"}),
        (policy.can_keep_roll, {"registry"}),
        (policy.can_enter_paper, {"clerk"}),
        (policy.can_hold_key, {"custodian"}),
        (policy.can_certify, {"certifier"}),
        (policy.can_open_ballots, {"auditor", "admin"}),
        (policy.can_close, {"planner", "round officer", "city", "worker"}),
        (policy.can_count, {"planner", "round officer", "city", "worker", "certifier"}),
    ],
    ids=lambda one: getattr(one, "__name__", ""),
)
def test_each_duty_is_its_officers_own(may, who):
    found = {name for name, actor in ACTORS.items() if may(actor, round_in(RoundState.PROPOSED))}
    assert found - {"worker"} == who - {"worker"}


def test_a_round_of_the_whole_city_is_the_citys():
    whole = round_in(RoundState.PROPOSED, None)
    assert {name for name, actor in ACTORS.items() if policy.can_keep(actor, whole)} - {"worker"} == {"city"}
    assert policy.can_keep_roll(ACTORS["registry"], whole)


def test_who_sees_a_round_in_each_state(db):
    now = clock.now()
    made = rounds.draft()
    desks = {"planner", "proposer", "round officer", "director", "city", "worker"}

    def seers():
        return {
            name
            for name, actor in ACTORS.items()
            if db.scalar(sa.select(Round.id).where(Round.id == made.id, policy.visible_to(actor)))
        }

    assert seers() | {"worker"} == desks
    db.execute(
        sa.update(Round).values(state=RoundState.PROPOSED, proposed_by=made.created_by, proposed_at=now)
    )
    assert seers() | {"worker"} == desks
    published = rounds.published(opens_at=now + dt.timedelta(days=2), closes_at=now + dt.timedelta(days=3))
    made = published
    assert seers() == set(ACTORS)
