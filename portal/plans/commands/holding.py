"""What every writer of a plan shares: hold the plan against other writers, keep its state true to its signatures,
keep what was handed in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from portal.accounts import queries as accounts
from portal.core import clock, db, hashing, ledger, topics
from portal.core.actor import Actor
from portal.core.errors import NotAllowed, NotFound, WrongState
from portal.core.i18n import lazy_gettext as _l
from portal.notifications import commands as notifications
from portal.plans import content as science
from portal.plans import policy, queries
from portal.plans.content import Content
from portal.plans.models import BudgetLine, Item, Plan, PlanEdition, PlanReturn, PlanState
from portal.plans.workflow import EDITABLE, PLAN

_TABLE: Any = Plan.__table__
_ITEMS: Any = Item.__table__


def hold_plan(actor: Actor, plan: Plan) -> Plan:
    """The plan as it is now, held until the transaction ends. NotFound when this actor may not see it."""
    held = db.get_for_update(Plan, plan.id)
    if held is None or not policy.can_see(actor, held):
        raise NotFound
    return held


def hold_to_write(actor: Actor, plan: Plan) -> Plan:
    """The held plan, if its community may change it now. NotAllowed for others, WrongState (409) after handing in."""
    held = hold_plan(actor, plan)
    if not policy.can_write(actor, held):
        raise NotAllowed(_l("Only the committee of this community can change its plan."))
    if held.state not in EDITABLE:
        raise WrongState(
            _l("The plan has been submitted or withdrawn, so it cannot be changed now."),
            way_on=("plans.show", {"plan_id": held.id}, _l("See the plan")),
        )
    return held


def hold_item(actor: Actor, item: Item) -> tuple[Plan, Item]:
    """The held plan and one of its items, if the community may change that item now: in a plan that can be changed,
    or one item opened for correction until its due day. Withdrawn items stay as they are."""
    plan = db.get_for_update(Plan, item.plan_id)
    if plan is None or not policy.can_see(actor, plan):
        raise NotFound
    held = db.get_for_update(Item, item.id)
    if held is None:
        raise NotFound
    if plan.state is not PlanState.ACCEPTED_FOR_SCREENING or not is_open_for_correction(actor, held):
        plan = hold_to_write(actor, plan)
    elif not policy.can_write(actor, plan):
        raise NotAllowed(_l("Only the committee of this community can change its plan."))
    if held.withdrawn_at is not None:
        raise WrongState(_l("This item has been withdrawn."))
    return plan, held


def is_open_for_correction(actor: Actor, item: Item) -> bool:
    """Whether screening has asked for a correction of this item and its last day has not passed."""
    asked = queries.open_return(item.id)
    return asked is not None and clock.today() <= asked.due_on


def settle_content(
    actor: Actor,
    plan: Plan,
    event: str,
    *,
    item: Item | None = None,
    changes: dict[str, Any] | None = None,
    note: str = "",
) -> None:
    """After any change of what a plan says: write ``event`` about the plan, or about one item of it, into the ledger,
    and let the state follow the signatures, which bind to the content."""
    db.session().flush()
    kind, subject = ("plan", plan.id) if item is None else ("item", item.id)
    ledger.record(event, actor, kind, subject, district_id=plan.district_id, changes=changes, note=note)
    # Core, so that the version people hold in their open forms does not move with somebody else's item.
    db.session().execute(sa.update(_TABLE).where(_TABLE.c.id == plan.id).values(changed_at=clock.now()))
    if plan.state not in (PlanState.DRAFT, PlanState.ENDORSED):
        return
    said = queries.content_of(plan)
    standing = queries.standing(plan, said)
    if plan.state is PlanState.ENDORSED and not standing.is_complete:
        PLAN.advance(plan, "change", actor)
        ledger.record("plan.reopened", actor, "plan", plan.id, district_id=plan.district_id)
        tell_leaders(actor, plan, "plan.reopened", standing.sha256)
    elif plan.state is PlanState.DRAFT and standing.is_complete and not blocking_checks(actor, plan, said):
        mark_endorsed(actor, plan, standing)


def mark_endorsed(actor: Actor, plan: Plan, standing: queries.Standing) -> None:
    """More than half have signed: the plan is endorsed."""
    PLAN.advance(plan, "endorse", actor)
    ledger.record(
        "plan.endorsed",
        actor,
        "plan",
        plan.id,
        district_id=plan.district_id,
        changes={
            "content_sha256": standing.sha256,
            "signed": standing.signed,
            "members": len(standing.seats),
        },
    )
    tell_leaders(actor, plan, "plan.endorsed", standing.sha256)


def blocking_checks(actor: Actor, plan: Plan, said: Content) -> list[Any]:
    """The lines of the check-list that stop the plan."""
    return [check for check in queries.checks_of(plan, said) if check.blocks]


def tell_leaders(actor: Actor, plan: Plan, event: str, key: str, **params: Any) -> None:
    """News for the committee of the community."""
    notifications.tell(
        event,
        topic_id=plan.topic_id,
        person_ids=accounts.leaders_of(plan.community_id),
        params=params,
        dedupe_key=f"{event}:{plan.id}:{key}",
        except_person=actor.id,
    )


def keep_edition(
    actor: Actor, plan: Plan, said: Content, standing: queries.Standing, note: str = ""
) -> PlanEdition:
    """Keep what the plan says now as its next edition: canonical JSON and its SHA-256, for good. Lists and search read
    of its items what the edition says."""
    session = db.session()
    number = 1 + (
        session.scalar(sa.select(sa.func.max(PlanEdition.number)).where(PlanEdition.plan_id == plan.id)) or 0
    )
    place = queries.place_of(plan)
    now = clock.now()
    text = hashing.canonical_json(
        {
            "plan_id": plan.id,
            "number": number,
            "community": {"id": plan.community_id, "name": place.community},
            "district": {"code": place.district_code, "name": place.district_th},
            "fiscal_year": place.fiscal_year,
            "submitted_at": now.isoformat(timespec="seconds"),
            "late_reason": plan.late_reason,
            "note": note,
            "endorsement": {
                "content_sha256": standing.sha256,
                "members": len(standing.seats),
                "needed": standing.needed,
                "chair_is_enough": standing.chair_is_enough,
                "signed": sorted(seat.post.value for seat in standing.seats if seat.has_signed),
            },
            "content": said,
        }
    )
    kept = PlanEdition(
        plan_id=plan.id,
        number=number,
        body=text,
        sha256=hashing.sha256_hex(text),
        submitted_by=actor.id,
        submitted_at=now,
    )
    with db.refusing_duplicates(WrongState(_l("The plan has just been submitted."))):
        session.add(kept)
    _show_items(actor, plan)
    return kept


def _show_items(actor: Actor, plan: Plan) -> None:
    """From now on everybody reads and finds the plan's items as they are written now."""
    session = db.session()
    live = (_ITEMS.c.plan_id == plan.id, _ITEMS.c.withdrawn_at.is_(None))
    for row in session.execute(sa.select(_ITEMS).where(*live, _ITEMS.c.kept_title.is_not(None))):
        topics.retitle(row.topic_id, row.title, text=f"{row.problem} {row.proposal}")
    # Core, so that no version moves; the session's rows are read anew.
    session.execute(
        sa.update(_ITEMS)
        .where(*live)
        .values(kept_title=_ITEMS.c.title, kept_side=_ITEMS.c.side, kept_satang=_ITEMS.c.budget_satang)
    )
    for item in session.identity_map.values():
        if isinstance(item, Item) and item.plan_id == plan.id:
            session.expire(item, ["kept_title", "kept_side", "kept_satang"])


def settle_returns(actor: Actor, plan: Plan, item_id: int | None = None) -> None:
    """What was asked back is answered: all of a plan, or what concerned one item."""
    statement = (
        sa.update(PlanReturn)
        .where(PlanReturn.plan_id == plan.id, PlanReturn.settled_at.is_(None))
        .values(settled_at=clock.now())
    )
    if item_id is not None:
        statement = statement.where(PlanReturn.item_id == item_id)
    db.session().execute(statement)


def replace_lines(actor: Actor, item: Item, lines: Iterable[science.LineData]) -> None:
    """Write an item's budget lines anew and keep its sum in step."""
    session = db.session()
    session.execute(sa.delete(BudgetLine).where(BudgetLine.item_id == item.id))
    total = 0
    for position, line in enumerate(lines, 1):
        session.add(
            BudgetLine(
                item_id=item.id,
                position=position,
                what=line.what,
                unit=line.unit,
                quantity_thousandths=line.quantity_thousandths,
                unit_price_satang=line.unit_price_satang,
                amount_satang=line.amount_satang,
            )
        )
        total += line.amount_satang
    item.budget_satang = total
