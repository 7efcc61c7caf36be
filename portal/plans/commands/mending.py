"""What screening opens and closes while a plan is being screened: one item at a time (rulings, "Screening states").

These are effects that the screening room pulls; it has asked its own policy before.
"""

from __future__ import annotations

import datetime as dt

from portal.core import clock, db, ledger
from portal.core.actor import Actor
from portal.core.errors import Invalid, NotAllowed, NotFound, WrongState
from portal.core.i18n import lazy_gettext as _l
from portal.plans import policy, queries
from portal.plans.commands import holding, reminding, writing
from portal.plans.models import Item, Plan, PlanReturn, PlanState


def reopen_item_for_correction(actor: Actor, item: Item, reason: str, due_on: dt.date) -> PlanReturn:
    """Open one item of a plan under screening to its community until the end of ``due_on``, with what is asked."""
    plan = _screened(actor, item)
    if not reason.strip():
        raise Invalid({"reason": _l("Give a reason.")})
    if queries.open_return(item.id) is not None:
        raise WrongState(_l("A correction of this item is already asked for."))
    asked = PlanReturn(
        plan_id=plan.id,
        item_id=item.id,
        reason=reason.strip(),
        due_on=due_on,
        returned_by=actor.id,
        returned_at=clock.now(),
    )
    db.session().add(asked)
    db.session().flush()
    ledger.record(
        "plan.item_reopened",
        actor,
        "item",
        item.id,
        district_id=plan.district_id,
        changes={"due_on": due_on.isoformat()},
        note=reason,
    )
    reminding.remind_before(actor, plan, due_on, item.id)
    holding.tell_leaders(
        actor,
        plan,
        "plan.item_reopened",
        str(asked.id),
        title=item.title,
        due=due_on.isoformat(),
    )
    return asked


def close_correction(actor: Actor, item: Item) -> None:
    """The item is closed again, answered or overdue. If it was changed, the plan gets its next edition."""
    plan = _screened(actor, item)
    asked = queries.open_return(item.id)
    if asked is None:
        return
    holding.settle_returns(actor, plan, item.id)
    if item.changed_at >= asked.returned_at:
        _next_edition(actor, plan)
        ledger.record("plan.item_corrected", actor, "item", item.id, district_id=plan.district_id)


def withdraw_screened_item(actor: Actor, item: Item, reason: str) -> Item:
    """The community takes an item back while it is being screened; the screening room says until when."""
    plan = _screened(actor, item)
    if not policy.can_write(actor, plan):
        raise NotAllowed(_l("Only the committee of this community can change its plan."))
    held = db.get_for_update(Item, item.id)
    if held is None:
        raise NotFound
    writing.mark_withdrawn(actor, held, reason)
    holding.settle_returns(actor, plan, held.id)
    ledger.record("plan.item_withdrawn", actor, "item", held.id, district_id=plan.district_id, note=reason)
    _next_edition(actor, plan)
    return held


def _screened(actor: Actor, item: Item) -> Plan:
    plan = db.get_for_update(Plan, item.plan_id)
    if plan is None or plan.state is not PlanState.ACCEPTED_FOR_SCREENING:
        raise WrongState(_l("The plan of this item is not being screened."))
    return plan


def _next_edition(actor: Actor, plan: Plan) -> None:
    said = queries.content_of(plan)
    edition = holding.keep_edition(actor, plan, said, queries.standing(plan, said))
    plan.submitted_at = edition.submitted_at
    ledger.record(
        "plan.edition_made",
        actor,
        "plan",
        plan.id,
        district_id=plan.district_id,
        changes={"number": edition.number, "sha256": edition.sha256},
    )
