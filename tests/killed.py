"""A process that dies in the middle of its work, as by ``kill -9``: ``python -m tests.killed URL WHAT AFTER [ID …]``.

It runs a real command and kills itself at the AFTER-th piece of it, with everything before already sent to the
database; nothing is closed, no handler runs. WHAT is ``release`` (pieces: decisions), ``news`` (of one), ``sheet`` (pieces
of the worker's writing of a workbook: rows noted in the ledger) or ``merge`` (pieces: the items of one act at the merge
workbench; with more pieces than items it dies right after the commit).
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

from portal.accounts import queries as people
from portal.actionplan import commands as actionplan
from portal.actionplan.commands import shares
from portal.actionplan.models import ActionPlan
from portal.app import import_models
from portal.core import db, jobs
from portal.screening import commands, queries
from portal.screening.commands import publishing, writing

ROOT = Path(__file__).resolve().parents[1]


def killed(database_url, what, after, *ids):
    """Do it in a process of its own, which must die of the signal."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.killed", database_url, what, str(after), *map(str, ids)],
        cwd=ROOT,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()


def dying(function, after):
    """The function, whose AFTER-th call is the last thing this process does."""
    calls = 0

    def call(*args, **kwargs):
        nonlocal calls
        calls += 1
        result = function(*args, **kwargs)
        if calls == after:
            db.session().flush()
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return call


def main():
    """Do WHAT on the database."""
    url, what, after, *ids = sys.argv[1:]
    import_models()
    db.bind(url)
    WAYS[what](int(after), *map(int, ids))


def release(after, person_id, cycle_id, district_id):
    publishing.write_down = dying(publishing.write_down, after)
    with db.transaction():
        waiting = [row.case_id for row in queries.unreleased(district_id, cycle_id)]
        commands.release_decisions(people.actor_of_person(person_id), cycle_id, waiting)


def news(after):
    publishing.tell_public = dying(publishing.tell_public, after)
    jobs.run_due()


def sheet(after):
    writing._note = dying(writing._note, after)
    jobs.run_due()


def merge(after, person_id, plan_id, project_id, *item_ids):
    shares.add = dying(shares.add, after)
    with db.transaction() as session:
        plan = session.get_one(ActionPlan, plan_id)
        actionplan.link_items(people.actor_of_person(person_id), plan, item_ids, [project_id])
    os.kill(os.getpid(), signal.SIGKILL)


WAYS = {"release": release, "news": news, "sheet": sheet, "merge": merge}

if __name__ == "__main__":
    main()
