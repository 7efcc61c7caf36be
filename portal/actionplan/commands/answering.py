"""Answering the hearing: remarks that say the same are put together, and one official reply answers them all."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from portal.actionplan import policy
from portal.actionplan.models import ActionPlan, GroupedRemark, HearingGroup
from portal.actionplan.queries import hearing
from portal.comments import commands as comments
from portal.comments.models import Comment
from portal.core import clock, db, ledger
from portal.core.actor import Actor
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.core.i18n import lazy_gettext as _l


def answer_hearing(actor: Actor, plan: ActionPlan, comment_ids: Sequence[int], text: str, office: str) -> int:
    """Give one official reply to several remarks of the hearing, whatever projects they are about; returns how many.

    Invalid for none chosen, NotFound for remarks that are not of this hearing, NotAllowed for other offices.
    """
    by_topic: dict[int, list[int]] = {}
    for comment_id, topic_id in _chosen(actor, plan, comment_ids):
        by_topic.setdefault(topic_id, []).append(comment_id)
    for topic_id in sorted(by_topic):
        comments.answer(actor, by_topic[topic_id], text, office)
    return sum(map(len, by_topic.values()))


def group_remarks(actor: Actor, plan: ActionPlan, comment_ids: Sequence[int], name: str) -> HearingGroup:
    """Put remarks into the group of this name, which is made if it is not there; a remark leaves its earlier group.
    Raises as :func:`answer_hearing`, and Invalid (group) without a name."""
    chosen = [comment_id for comment_id, _topic in _chosen(actor, plan, comment_ids)]
    called = name.strip()[:200]
    if not called:
        raise Invalid({"group": _l("Give the group a name.")})
    session = db.session()
    group = session.scalar(
        sa.select(HearingGroup).where(HearingGroup.action_plan_id == plan.id, HearingGroup.name == called)
    )
    if group is None:
        group = HearingGroup(action_plan_id=plan.id, name=called, created_by=actor.id, created_at=clock.now())
        with db.refusing_duplicates(
            Conflict(_l("Someone else has just made this group. Send it once more."))
        ):
            session.add(group)
    session.execute(sa.delete(GroupedRemark).where(GroupedRemark.comment_id.in_(chosen)))
    session.add_all(GroupedRemark(comment_id=one, group_id=group.id) for one in chosen)
    ledger.record(
        "action_plan.remarks_grouped",
        actor,
        "action_plan",
        plan.id,
        district_id=plan.district_id,
        changes={"group": called, "comments": chosen},
    )
    session.flush()
    return group


def _chosen(actor: Actor, plan: ActionPlan, comment_ids: Sequence[int]) -> list[tuple[int, int]]:
    """The remarks with their topics; all of this hearing."""
    if actor.id is None or not policy.can_answer(actor, plan):
        raise NotAllowed(_l("You may not do this here."))
    chosen = list(dict.fromkeys(comment_ids))
    if not chosen:
        raise Invalid({"comments": _l("Choose at least one comment.")})
    rows = db.session().execute(
        sa.select(Comment.id, Comment.topic_id).where(
            Comment.id.in_(chosen), Comment.topic_id.in_(hearing.topic_ids(plan))
        )
    )
    found = [(row.id, row.topic_id) for row in rows]
    if len(found) != len(chosen):
        raise NotFound
    return found
