"""Somewhere in the demonstration every state of every life cycle can be seen."""

import sqlalchemy as sa

from portal.core import db as core_db
from portal.core.db import Base

LIFE = {"state", "outcome", "step"}
# jobs and outbox_messages: only the worker brings these about, while the portal runs.
# communities: they are real, and their state is not made up.
ELSEWHERE = {"jobs", "outbox_messages", "communities"}


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
