"""A merger whose process is killed in the middle leaves all of an act or nothing of it, and a clear way on."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
import sqlalchemy as sa

from portal.actionplan import commands
from portal.actionplan.models import ActionPlan, MergeStep, ProjectItem
from portal.core import db
from portal.core.ledger import LedgerEntry
from tests.actionplan.conftest import season
from tests.factories import actionplan

MERGER = """
    import os, signal, sys
    from portal.accounts import queries as accounts
    from portal.actionplan import commands
    from portal.actionplan.models import ActionPlan
    from portal.app import import_models
    from portal.core import db

    url, person, plan, project, when, *items = sys.argv[1:]
    import_models()
    db.bind(url)

    def die():
        os.kill(os.getpid(), signal.SIGKILL)

    with db.transaction() as session:
        actor = accounts.actor_of_person(int(person))
        held = session.get_one(ActionPlan, int(plan))
        if when == "between":
            commands.link_items(actor, held, [int(items[0])], [int(project)])
            session.flush()
            die()
        commands.link_items(actor, held, [int(one) for one in items], [int(project)])
    die()
"""


@pytest.mark.parametrize(("when", "placed"), [("between", 0), ("after", 3)])
def test_a_killed_merger_leaves_all_or_nothing(built_app, transaction, database_url, when, placed):
    with transaction():
        world = season()
        project = actionplan.project(world.plan)
        ids = [world.planner.id, world.plan.id, project.id]
        items = [item.id for item in world.items]
    before = _count(transaction, LedgerEntry)
    arguments = [database_url, *map(str, ids), when, *map(str, items)]
    ended = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(MERGER), *arguments],
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
        check=False,
        timeout=120,
    )
    assert ended.returncode == -signal.SIGKILL
    assert _count(transaction, ProjectItem) == placed
    assert _count(transaction, MergeStep) == (1 if placed else 0)
    assert _count(transaction, LedgerEntry) == before + placed
    with transaction():
        plan = db.session().get_one(ActionPlan, world.plan.id)
        if placed:
            step = db.session().scalars(sa.select(MergeStep.id)).one()
            commands.undo_step(world.planner, plan, step)
        else:
            commands.link_items(world.planner, plan, items, [project.id])
    assert _count(transaction, ProjectItem) == 3 - placed


def _count(transaction, model):
    with transaction() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(model))
