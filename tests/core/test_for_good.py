"""What was published or recorded for good takes no UPDATE and no DELETE, whoever asks the database: every such table of
the demonstration is tried by plain SQL, on both engines."""

import pytest
import sqlalchemy as sa

from portal.core import db
from portal.core.db import Base
from portal.core.promises import EXTRA_DDL

FOR_GOOD = sorted(
    table
    for (table, dialect), statements in EXTRA_DDL.items()
    if dialect == "sqlite" and any("append-only" in statement for statement in statements)
)


def refused(statement):
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), db.transaction() as session:
        session.execute(statement)


def test_every_edition_is_for_good():
    named = {name for name in Base.metadata.tables if name.endswith("_editions")}
    assert named <= set(FOR_GOOD)
    assert {"plan_editions", "action_plan_editions", "rules_editions"} <= named


def test_no_row_of_them_can_be_changed_or_taken_away(demo_url):
    tried = set()
    for name in FOR_GOOD:
        table = Base.metadata.tables[name]
        key = next(iter(table.primary_key))
        with db.transaction("read") as session:
            row = session.execute(sa.select(key).limit(1)).first()
        if row is None:
            continue
        tried.add(name)
        refused(sa.update(table).where(key == row[0]).values({key.name: row[0]}))
        refused(sa.delete(table).where(key == row[0]))
        with db.transaction("read") as session:
            assert session.execute(sa.select(key).where(key == row[0])).first() == row
    assert {name for name in FOR_GOOD if name.endswith("_editions")} <= tried
