"""Somewhere in the demonstration every state of every life cycle can be seen."""

import sqlalchemy as sa

from portal.actionplan.models import Project
from portal.core import calendar as days
from portal.core import db as core_db
from portal.core.db import Base
from portal.demo import calendar
from portal.procurement.models import Contract, Process, ProcessProject
from portal.voting.models import RollEntry, Round, RoundState, Stage

LIFE = {"state", "outcome", "step"}
# jobs and outbox_messages: only the worker brings these about, while the portal runs.
# communities: they are real, and their state is not made up.
# cancel_requests and cancel_answers: their state is that of the round when one asked.
ELSEWHERE = {"jobs", "outbox_messages", "communities", "cancel_requests", "cancel_answers"}


def life_cycles():
    """Every column that says where something stands, or what was decided of it."""
    return [
        column
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, sa.Enum) and column.name in LIFE and table.name not in ELSEWHERE
    ]


def test_every_state_of_every_life_cycle_is_there(demo_url):
    with core_db.transaction("read") as session:
        seen = {column: set(session.scalars(sa.select(column).distinct())) for column in life_cycles()}
    missing = [
        f"{column.table.name}.{column.name}: {state}"
        for column, states in seen.items()
        for state in column.type.enums
        if state not in states
    ]
    assert not missing, "\n".join(missing)


def test_a_cancelled_vote_has_one_in_its_place(demo_url):
    with core_db.transaction("read") as session:
        new = session.scalars(sa.select(Round).where(Round.replaces_id.is_not(None))).one()
        old = session.get_one(Round, new.replaces_id)
        assert (old.state, new.stage(calendar.NOW)) == (RoundState.CANCELLED, Stage.PLANNED)
        assert new.envelope_satang > old.envelope_satang


def test_no_purchase_costs_more_than_the_plan_gives_its_projects(demo_url):
    given = (
        sa.select(sa.func.sum(Project.budget_satang))
        .join(ProcessProject, ProcessProject.project_id == Project.id)
        .where(ProcessProject.process_id == Process.id)
        .scalar_subquery()
    )
    with core_db.transaction("read") as session:
        assert session.scalars(sa.select(Process.title).where(Process.budget_satang > given)).all() == []


def test_a_contract_is_numbered_in_the_fiscal_year_it_was_signed_in(demo_url):
    with core_db.transaction("read") as session:
        signed = session.execute(sa.select(Contract.number, Contract.signed_on)).all()
    assert signed
    assert [one for one in signed if not one.number.endswith(f"/{days.fiscal_year(one.signed_on)}")] == []


def test_a_vote_of_the_whole_city_waits_for_its_roll_to_be_locked(demo_url):
    with core_db.transaction("read") as session:
        city = session.scalars(sa.select(Round).where(Round.district_id.is_(None))).one()
        assert (city.stage(calendar.NOW), city.roll_locked_at) == (Stage.PLANNED, None)
        assert city.cutoff_day < calendar.NOW.date()
        listed = sa.select(RollEntry.district_id).where(RollEntry.round_id == city.id)
        assert len(set(session.scalars(listed))) == 2
