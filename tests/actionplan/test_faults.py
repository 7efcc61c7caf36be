"""A merger whose process is killed in the middle leaves all of an act or nothing of it, and a clear way on."""

import pytest
import sqlalchemy as sa

from portal.accounts.models import Person
from portal.actionplan import commands
from portal.actionplan.models import ActionPlan, MergeStep, ProjectItem
from portal.core import db, ledger
from portal.core.ledger import LedgerEntry
from tests.actionplan.conftest import season
from tests.factories import accounts, actionplan
from tests.killed import killed

AFTER_THE_COMMIT = 99


@pytest.mark.parametrize(("after", "placed"), [(2, 0), (AFTER_THE_COMMIT, 3)])
def test_a_killed_merger_leaves_all_or_nothing(
    built_app, transaction, database_url, new_client, after, placed
):
    with transaction() as session:
        world = season()
        project = actionplan.project(world.plan)
        token = accounts.token_of(session.get_one(Person, world.planner.id))
        items = [item.id for item in world.items]
    before = _count(transaction, LedgerEntry)
    killed(database_url, "merge", after, world.planner.id, world.plan.id, project.id, *items)
    assert _count(transaction, ProjectItem) == placed
    assert _count(transaction, MergeStep) == (1 if placed else 0)
    assert _count(transaction, LedgerEntry) == before + placed
    client = new_client()
    with client.session_transaction() as browser:
        browser["_user_id"] = token
    client.signed_in = True
    page = client.get(f"/actionplan/{world.plan.id}/merge", status=200).page
    offered = {box["value"] for box in page.all("input") if box["name"] == "items"}
    undo = [form["action"] for form in page.forms if form["action"].endswith("/undo")]
    with transaction():
        assert ledger.verify().fault is None
        plan = db.session().get_one(ActionPlan, world.plan.id)
        if placed:
            assert (offered, len(undo)) == (set(), 1), "the page tells of the act and offers to take it back"
            step = db.session().scalars(sa.select(MergeStep.id)).one()
            commands.undo_step(world.planner, plan, step)
        else:
            assert (offered, undo) == (set(map(str, items)), []), "the page offers the same items again"
            commands.link_items(world.planner, plan, items, [project.id])
    assert _count(transaction, ProjectItem) == 3 - placed


def _count(transaction, model):
    with transaction() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(model))
