"""Fifty people at once: one move, and no place given twice."""

import datetime as dt
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

import pytest
import sqlalchemy as sa

from portal.actionplan.models import ActionPlanState
from portal.core.actor import Role
from portal.core.errors import WrongState
from portal.core.ledger import LedgerEntry
from portal.procurement import commands, queries
from portal.procurement.commands import Outcome
from portal.procurement.models import Instalment, Process, Step, StepKind
from tests.factories import accounts, actionplan, cycles, places, procurement

CROWD = 50


def contexts(count):
    """Numbers, each with the clock and the database of this test."""
    return [(number, copy_context()) for number in range(count)]


@pytest.mark.postgres_only
def test_fifty_posts_of_one_step_make_one_move(transaction, clock):
    clock.travel("2026-11-25 09:00")
    with transaction():
        plan = actionplan.action_plan(cycles.cycle(), ActionPlanState.PUBLISHED)
        process = procurement.process(actionplan.project(plan))
        step_id = procurement.step(process, StepKind.PROCUREMENT_PLAN).id
        officers = [accounts.officer(Role.PROCUREMENT, places.district()) for _ in range(5)]

    def post(number):
        try:
            with transaction() as session:
                step = session.get_one(Step, step_id)
                commands.do_step(officers[number % 5], step, dt.date(2026, 11, 25), Outcome())
        except WrongState:
            return "late"
        return "done"

    with ThreadPoolExecutor(10) as pool:
        answers = Counter(pool.map(lambda one: one[1].run(post, one[0]), contexts(CROWD)))
    assert answers == {"done": 1, "late": CROWD - 1}
    with transaction() as session:
        entries = session.scalar(sa.select(sa.func.count()).where(LedgerEntry.event == "process.step_done"))
    assert entries == 1


@pytest.mark.postgres_only
def test_fifty_posts_of_one_payment_pay_once_and_sum_up(transaction, clock):
    """Two instalments, accepted; fifty posts for the first, each of another officer: one pays, the sum is kept."""
    clock.travel("2026-11-25 09:00")
    with transaction():
        plan = actionplan.action_plan(cycles.cycle(), ActionPlanState.PUBLISHED)
        process = procurement.process(actionplan.project(plan))
        contract = procurement.contract(process)
        officers = [accounts.officer(Role.PROCUREMENT, places.district()) for _ in range(5)]
        parts = [commands.Part("งวดแรก", 500_000_00), commands.Part("งวดสอง", 300_000_00)]
        commands.divide_contract(officers[0], contract, contract.version_id, parts)
        for part in queries.instalments_of(process.id):
            part.delivered_on = part.accepted_on = dt.date(2026, 11, 25)
            part.committee_size = 3
        first = queries.instalments_of(process.id)[0].id

    def post(number):
        try:
            with transaction() as session:
                part = session.get_one(Instalment, first)
                commands.settle_instalment(
                    officers[number % 5], part, dt.date(2026, 11, 25), paid_satang=500_000_00 - number
                )
        except WrongState:
            return "late"
        return "paid"

    with ThreadPoolExecutor(10) as pool:
        answers = Counter(pool.map(lambda one: one[1].run(post, one[0]), contexts(CROWD)))
    assert answers == {"paid": 1, "late": CROWD - 1}
    with transaction() as session:
        paid = session.get_one(Instalment, first).paid_satang
        assert (
            session.get_one(Process, process.id).paid_satang
            == paid
            == queries.sums_of(process.id)["paid_satang"]
        )
