"""Papers of an edition are set by a job right after publication: a long plan takes seconds, which no reader waits for."""

from __future__ import annotations

from typing import Any

from portal.actionplan import papers
from portal.actionplan.models import ActionPlan, ActionPlanEdition
from portal.actionplan.queries import contents, plans
from portal.core import db, i18n, jobs
from portal.core.actor import Actor
from portal.core.i18n import lazy_gettext as _l
from portal.core.jobs import Job

PRINT = "actionplan.print"


def print_edition(actor: Actor, edition: ActionPlanEdition) -> Job:
    """Ask for the Thai papers of an edition, with either kind of digits."""
    return jobs.start(actor, PRINT, str(_l("The annual plan as a paper")), {"edition": edition.id})


@jobs.work(PRINT, mode="read")
def _print(job: Job) -> dict[str, Any]:
    edition = db.session().get_one(ActionPlanEdition, job.params["edition"])
    plan = db.session().get_one(ActionPlan, edition.action_plan_id)
    with i18n.speaking("th"):
        content = contents.content(plan, plans.heading(plan), edition)
        for number, is_thai_digits in enumerate((False, True), start=1):
            papers.kept_pdf(content, is_thai_digits=is_thai_digits)
            jobs.report(job.id, number, 2)
    return {"edition": edition.id}
