"""What the district asked back is said once more before its last day: to the committee, once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from portal.core import clock, db, jobs
from portal.core.actor import SYSTEM, Actor
from portal.core.i18n import lazy_gettext as _l
from portal.plans.commands import holding
from portal.plans.models import Item, Plan, PlanReturn

REMIND = "plans.remind"
DAYS_BEFORE = 3


def remind_before(actor: Actor, plan: Plan, due_on: dt.date, item_id: int | None = None) -> None:
    """Let the committee be reminded at eight in the morning, three days before ``due_on``; not at all when that is
    past."""
    at = clock.at(due_on - dt.timedelta(days=DAYS_BEFORE), 8)
    if at <= clock.now():
        return
    params = {"plan_id": plan.id, "item_id": item_id, "due_on": due_on.isoformat()}
    jobs.start(actor, REMIND, str(_l("Reminder to correct")), params, not_before=at)


@jobs.work(REMIND)
def _remind(job: jobs.Job) -> dict[str, Any]:
    """Tell, unless it was answered, closed or asked anew for another day meanwhile."""
    plan_id, item_id = job.params["plan_id"], job.params["item_id"]
    due_on = dt.date.fromisoformat(job.params["due_on"])
    of_item = PlanReturn.item_id == item_id if item_id is not None else sa.true()
    is_waiting = sa.select(PlanReturn.id).where(
        PlanReturn.plan_id == plan_id, PlanReturn.settled_at.is_(None), PlanReturn.due_on == due_on, of_item
    )
    plan = db.session().get(Plan, plan_id)
    if plan is None or db.session().scalar(is_waiting.limit(1)) is None or clock.today() > due_on:
        return {"told": False}
    item = db.session().get(Item, item_id) if item_id is not None else None
    holding.tell_leaders(
        SYSTEM,
        plan,
        "plan.item_due" if item is not None else "plan.due",
        f"{item_id or ''}:{due_on.isoformat()}",
        due=due_on.isoformat(),
        **({"title": item.title} if item is not None else {}),
    )
    return {"told": True}
