"""A process that dies in the middle of its work, as by ``kill -9``: ``python -m tests.killed URL WHAT AFTER [ID …]``.

It runs a real command and kills itself at the AFTER-th piece of it, with everything before already sent to the
database; nothing is closed, no handler runs.
"""

import os
import signal
import sys

from portal.accounts import queries as people
from portal.app import import_models
from portal.core import db, jobs
from portal.screening import commands, queries
from portal.screening.commands import publishing


def dying(function, after):
    """The function, whose AFTER-th call is the last thing this process does."""
    calls = 0

    def call(*args, **kwargs):
        nonlocal calls
        calls += 1
        function(*args, **kwargs)
        if calls == after:
            db.session().flush()
            os.kill(os.getpid(), signal.SIGKILL)

    return call


def main():
    """Do WHAT on the database."""
    url, what, after, *ids = sys.argv[1:]
    import_models()
    db.bind(url)
    if what == "release":
        publishing.write_down = dying(publishing.write_down, int(after))
        person_id, cycle_id, district_id = map(int, ids)
        with db.transaction():
            waiting = [row.case_id for row in queries.unreleased(district_id, cycle_id)]
            commands.release_decisions(people.actor_of_person(person_id), cycle_id, waiting)
    else:
        publishing.tell_public = dying(publishing.tell_public, int(after))
        jobs.run_due()


if __name__ == "__main__":
    main()
