"""The yearly review: each item of the earlier plan is kept, changed, done or dropped, with a reason. What goes on stands
at once in the new plan; taking the mark off takes it out again, and what was written there comes back with a new mark."""

from __future__ import annotations

import sqlalchemy as sa

from portal.core import db, ledger
from portal.core.actor import Actor
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.i18n import lazy_gettext as _l
from portal.plans import queries
from portal.plans.commands import holding, writing
from portal.plans.models import Item, Plan, Review, ReviewMark


def review_item(
    actor: Actor, plan: Plan, item_id: int, mark: ReviewMark, reason: str, *, expected_version: int
) -> Review:
    """Mark one item of the earlier plan, with a reason. ``expected_version`` is the mark's version the page showed, 0 for
    none: Conflict when a colleague has marked it since. NotFound for an item that is not of the earlier plan."""
    held = holding.hold_to_write(actor, plan)
    earlier = _earlier_item(held, item_id)
    review = _review_of(held.id, item_id, expected_version)
    if not reason.strip():
        raise Invalid({"reason": _l("Give a reason.")})
    if review is None:
        review = Review(plan_id=held.id, item_id=item_id)
    elif (review.mark, review.reason) == (mark, reason.strip()):
        return review
    writing.set_mark(actor, review, mark, reason)
    ledger.record(
        "plan.item_reviewed",
        actor,
        "item",
        item_id,
        district_id=held.district_id,
        changes={"plan_id": held.id, "mark": mark.value},
        note=review.reason,
    )
    if mark.carries_on:
        _carry(actor, held, earlier)
    else:
        _leave(actor, held, earlier, review.reason)
    holding.settle_content(actor, held, "plan.reviewed", changes={"item_id": item_id, "mark": mark.value})
    return review


def undo_review(actor: Actor, plan: Plan, item_id: int, *, expected_version: int) -> None:
    """Take the mark off again, and what it carried on out of the plan. Conflict when a colleague has marked it anew."""
    held = holding.hold_to_write(actor, plan)
    earlier = _earlier_item(held, item_id)
    review = _review_of(held.id, item_id, expected_version)
    if review is None:
        return
    reason = review.reason
    db.session().delete(review)
    db.session().flush()
    _leave(actor, held, earlier, reason)
    holding.settle_content(actor, held, "plan.review_undone", changes={"item_id": item_id})


def _earlier_item(plan: Plan, item_id: int) -> Item:
    if item_id not in {row.item_id for row in queries.items_to_review(plan)}:
        raise NotFound
    return db.session().get_one(Item, item_id)


def _review_of(plan_id: int, item_id: int, expected_version: int) -> Review | None:
    review = db.session().scalar(
        sa.select(Review).where(Review.plan_id == plan_id, Review.item_id == item_id)
    )
    if (review.version_id if review is not None else 0) != expected_version:
        raise Conflict(_l("A colleague has marked this item since you opened the page."))
    return review


def _successor(plan_id: int, item_id: int) -> Item | None:
    return db.session().scalar(
        sa.select(Item).where(Item.plan_id == plan_id, Item.continues_id == item_id).with_for_update()
    )


def _carry(actor: Actor, plan: Plan, earlier: Item) -> None:
    successor = _successor(plan.id, earlier.id)
    if successor is None:
        writing.place_item(actor, plan, queries.item_data(earlier), continues_id=earlier.id)
    elif successor.withdrawn_at is not None:
        writing.restore_item(actor, plan, successor)


def _leave(actor: Actor, plan: Plan, earlier: Item, reason: str) -> None:
    successor = _successor(plan.id, earlier.id)
    if successor is not None and successor.withdrawn_at is None:
        writing.set_withdrawn(actor, successor, reason)
        writing.close_ranks(actor, plan.id)
