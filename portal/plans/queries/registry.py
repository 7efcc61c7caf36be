"""What this room tells the house: its kinds of topics, its news, who may read its files."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from portal.core import db, topics
from portal.core.actor import Actor
from portal.core.i18n import lazy_gettext as _l
from portal.plans import policy, words
from portal.plans.models import (
    Item,
    Plan,
)
from portal.plans.queries.reading import visible_to

DISCUSSION = "discussion"


def _visible_plans(actor: Actor) -> sa.Select[Any]:
    return sa.select(Plan.topic_id).where(visible_to(actor))


def _visible_items(actor: Actor) -> sa.Select[Any]:
    return (
        sa.select(Item.topic_id).join(Plan, Plan.id == Item.plan_id).where(policy.visible_to_as_item(actor))
    )


@db.prepared
def _standing_plan(*, plan_id: Any) -> Any:
    return sa.select(Plan.id).where(Plan.id == plan_id, policy.is_standing())


@db.prepared
def _standing_item(*, item_id: Any) -> Any:
    return (
        sa.select(Item.id)
        .join(Plan, Plan.id == Item.plan_id)
        .where(Item.id == item_id, policy.is_handed_in(), ~policy.is_taken_back())
    )


def _plan_purpose(plan_id: int) -> str | None:
    return DISCUSSION if _standing_plan(plan_id=plan_id).first() else None


def _item_purpose(item_id: int) -> str | None:
    return DISCUSSION if _standing_item(item_id=item_id).first() else None


KINDS = (
    topics.Kind(
        *("plan", _visible_plans, "plans.show", "plan_id", _l("Community plan"), _plan_purpose),
        told=words.TITLE.told,
    ),
    topics.Kind("item", _visible_items, "dossier.show", "item_id", _l("Item of a plan"), _item_purpose),
)

NEWS = {
    "plan.begun": _l("Work on “%(title)s” has begun"),
    "plan.endorsed": _l("“%(title)s” is endorsed and can be submitted"),
    "plan.reopened": _l("“%(title)s” was changed and needs new signatures"),
    "plan.submitted": _l("“%(title)s” was submitted"),
    "plan.issues_taken_up": _l("Issues of the forum “%(forum)s” became ideas of “%(title)s”"),
    "plan.returned": _l("“%(title)s” was returned, to be corrected by %(due)s"),
    "plan.accepted_for_screening": _l("“%(title)s” was accepted for screening"),
    "plan.withdrawn": _l("“%(title)s” was withdrawn by the community"),
    "plan.late_permitted": _l("“%(title)s” may be submitted late"),
    "plan.item_reopened": _l("“%(title)s” is to be corrected by %(due)s"),
    "plan.due": _l("The corrections of “%(title)s” are due by %(due)s"),
    "plan.item_due": _l("The correction of “%(title)s” is due by %(due)s"),
    "plan.item_corrected": _l("“%(title)s” was corrected"),
}


def _may_read_attachment(actor: Actor, item_id: int, _sha256: str) -> bool:
    """What is attached to the working text is no part of what was handed in, and may carry names."""
    item = db.session().get(Item, item_id)
    return item is not None and _may_read_signed_paper(actor, item.plan_id, "")


def _may_read_signed_paper(actor: Actor, plan_id: int, _sha256: str) -> bool:
    """Papers that carry names: for the community's leaders and the district's officers."""
    plan = db.session().get(Plan, plan_id)
    return plan is not None and policy.can_see_draft(actor, plan)


FILE_GUARDS = {"plan_item": _may_read_attachment, "plan_signature": _may_read_signed_paper}
