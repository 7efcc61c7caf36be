"""What a leader can make of the issues of a forum, for the forum's own page (portal/core/afterwards.py)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from portal.core import clock, db
from portal.core.actor import Actor, Permission
from portal.core.afterwards import Offer
from portal.core.i18n import gettext as _
from portal.cycles.models import Phase, PhaseKind
from portal.forums.models import Forum, ForumState, Issue
from portal.plans.models import Item, Plan
from portal.plans.workflow import EDITABLE


def offers_of_issues(actor: Actor, issue_ids: Sequence[int]) -> Mapping[int, Offer]:
    """For leaders of the community: take the issue into the plan of the forum's year while that can be written (a plan
    that is not begun begins with it, until handing in is over), or go to the item it has become."""
    communities = actor.communities_where(Permission.PLAN_WRITE)
    if not communities:
        return {}
    rows = db.session().execute(
        sa.select(Issue.id, Plan.state, Item.id.label("item_id"), Phase.ends_at)
        .join(Forum, Forum.id == Issue.forum_id)
        .outerjoin(Plan, sa.and_(Plan.community_id == Forum.community_id, Plan.cycle_id == Forum.cycle_id))
        .outerjoin(
            Item, sa.and_(Item.plan_id == Plan.id, Item.issue_id == Issue.id, Item.withdrawn_at.is_(None))
        )
        .outerjoin(Phase, sa.and_(Phase.cycle_id == Forum.cycle_id, Phase.kind == PhaseKind.SUBMISSION))
        .where(
            Issue.id.in_(issue_ids),
            Forum.state == ForumState.RECORDED,
            Forum.cycle_id.is_not(None),
            Forum.community_id.in_(communities),
        )
    )
    found = {}
    for row in rows:
        can_begin = row.state is None and row.ends_at is not None and clock.now() < row.ends_at
        if row.state in EDITABLE and row.item_id is not None:
            found[row.id] = Offer(_("See the item"), "plans.edit_item", {"item_id": row.item_id})
        elif row.state in EDITABLE or can_begin:
            found[row.id] = Offer(
                _("Add it to the plan"), "plans.take_up_issue", {"issue_id": row.id}, is_act=True
            )
    return found
