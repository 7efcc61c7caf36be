"""Fifty residents at once for five places."""

import datetime as dt
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

import pytest
import sqlalchemy as sa

from portal.actionplan.models import ActionPlanState
from portal.observation import commands
from portal.observation.models import Signup, SignupState
from portal.procurement.models import StepKind
from tests.factories import accounts, actionplan, cycles, procurement

CROWD, PLACES = 50, 5


def contexts(count):
    """Numbers, each with the clock and the database of this test."""
    return [(number, copy_context()) for number in range(count)]


@pytest.mark.postgres_only
def test_fifty_residents_for_five_places(transaction):
    with transaction():
        plan = actionplan.action_plan(cycles.cycle(), ActionPlanState.PUBLISHED)
        process = procurement.process(actionplan.project(plan))
        step_id = procurement.step_planned(
            process, StepKind.BID_OPENING, dt.date(2026, 12, 15), observer_places=PLACES
        ).id
        people = [accounts.actor_of(accounts.person()) for _ in range(CROWD)]

    def ask(actor):
        with transaction():
            return commands.sign_up(actor, step_id, has_no_interest=True).state

    with ThreadPoolExecutor(10) as pool:
        states = Counter(pool.map(lambda one: one[1].run(ask, people[one[0]]), contexts(CROWD)))
    assert states == {SignupState.ASKED: PLACES, SignupState.WAITING: CROWD - PLACES}

    def give_up(number):
        with transaction() as session:
            signup = session.scalars(sa.select(Signup).where(Signup.person_id == people[number].id)).one()
            commands.cancel_signup(people[number], signup)

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda one: one[1].run(give_up, one[0]), contexts(20)))
    with transaction() as session:
        left = dict(session.execute(sa.select(Signup.state, sa.func.count()).group_by(Signup.state)).all())
    assert left == {
        SignupState.CANCELLED: 20,
        SignupState.ASKED: PLACES,
        SignupState.WAITING: CROWD - PLACES - 20,
    }
