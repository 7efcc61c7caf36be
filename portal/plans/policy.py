"""Who may do what with a plan. Whoever writes it is a leader of its community; whoever judges it is not."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from portal.core.actor import Actor, Permission
from portal.plans.models import Item, Plan, PlanState

READERS_FROM_ENDORSEMENT = (Permission.SCREEN, Permission.SCREEN_CONFIRM, Permission.PLAN_LATE)
STANDING = (PlanState.SUBMITTED, PlanState.RETURNED, PlanState.ACCEPTED_FOR_SCREENING)


def _may(actor: Actor, permission: Permission, plan: Plan) -> bool:
    return actor.may(permission, district_id=plan.district_id, community_id=plan.community_id)


def can_write(actor: Actor, plan: Plan) -> bool:
    """Leaders of the plan's own community."""
    return plan.community_id in actor.communities_where(Permission.PLAN_WRITE)


def can_endorse(actor: Actor, plan: Plan) -> bool:
    """Members of the committee sign for themselves; the community desk enters what was signed on paper."""
    return can_write(actor, plan) or can_enter_paper(actor, plan)


def can_enter_paper(actor: Actor, plan: Plan) -> bool:
    """The community desk of the district."""
    return _may(actor, Permission.COMMITTEE_KEEP, plan)


def can_submit(actor: Actor, plan: Plan) -> bool:
    """Leaders of the community."""
    return can_write(actor, plan)


def can_withdraw(actor: Actor, plan: Plan) -> bool:
    """Leaders of the community."""
    return can_write(actor, plan)


def can_permit_late(actor: Actor, plan: Plan) -> bool:
    """The director of the district."""
    return _may(actor, Permission.PLAN_LATE, plan)


def can_screen(actor: Actor, plan: Plan) -> bool:
    """Planners of the district return a plan or accept it for screening; never one of a community they lead."""
    return _may(actor, Permission.SCREEN, plan) and not can_write(actor, plan)


def can_see_draft(actor: Actor, plan: Plan) -> bool:
    """The working text: leaders and the community desk always, the district's planners and director from endorsement
    on. Everybody else reads the newest edition."""
    if can_endorse(actor, plan):
        return True
    is_signed = plan.state is not PlanState.DRAFT and plan.state is not PlanState.WITHDRAWN
    return is_signed and any(_may(actor, permission, plan) for permission in READERS_FROM_ENDORSEMENT)


def can_read_screening(actor: Actor, plan: Plan) -> bool:
    """What screening asks a community to correct, once the plan is accepted: those who see its working text. Everybody
    else reads it in the item's dossier, with the decision (docs/decisions/0007)."""
    return can_see_draft(actor, plan)


def can_see(actor: Actor, plan: Plan) -> bool:
    """Everybody from the first submission on; before it, whoever may see the draft."""
    return plan.submitted_at is not None or can_see_draft(actor, plan)


def _in_districts(districts: frozenset[int] | None) -> sa.ColumnElement[bool]:
    return sa.true() if districts is None else Plan.district_id.in_(districts)


def visible_to(actor: Actor) -> sa.ColumnElement[bool]:
    """The rows of :class:`Plan` for which :func:`can_see` holds."""
    seen: list[sa.ColumnElement[bool]] = [Plan.submitted_at.is_not(None)]
    communities = actor.communities_where(Permission.PLAN_WRITE)
    if communities:
        seen.append(Plan.community_id.in_(communities))
    desks = actor.districts_where(Permission.COMMITTEE_KEEP)
    if desks is None or desks:
        seen.append(_in_districts(desks))
    for permission in READERS_FROM_ENDORSEMENT:
        districts = actor.districts_where(permission)
        if districts is None or districts:
            seen.append(
                sa.and_(Plan.state.not_in([PlanState.DRAFT, PlanState.WITHDRAWN]), _in_districts(districts))
            )
    return sa.or_(*seen)


def is_handed_in() -> sa.ColumnElement[bool]:
    """The rows of :class:`Item` that everybody may see: those that stood in an edition of their plan. What everybody
    reads of them is what the newest of those editions says."""
    return Item.kept_title.is_not(None)


def is_standing() -> sa.ColumnElement[bool]:
    """The rows of :class:`Plan` that are handed in and not taken back. One that was withdrawn and is written anew stands
    again once it is handed in anew."""
    return Plan.state.in_(STANDING)


def is_taken_back() -> sa.ColumnElement[bool]:
    """The rows of :class:`Item` (joined to its :class:`Plan`) that were handed in and are asked for no more: withdrawn
    alone, or with their whole plan."""
    return sa.or_(Item.withdrawn_at.is_not(None), sa.not_(is_standing()))


def is_being_changed() -> sa.ColumnElement[bool]:
    """The rows of :class:`Item` (joined to its :class:`Plan`) that were written anew since the newest edition: only who
    sees the draft reads what they say now. Their ``kept_`` columns still say what was handed in."""
    return Item.changed_at > Plan.submitted_at


def visible_to_as_item(actor: Actor) -> sa.ColumnElement[bool]:
    """The rows of :class:`Item` (joined to its :class:`Plan`) this actor may see: everybody sees what was handed in;
    what was added since is seen by those who see the draft."""
    drafts: list[Any] = []
    communities = actor.communities_where(Permission.PLAN_WRITE)
    if communities:
        drafts.append(Plan.community_id.in_(communities))
    for permission in (Permission.COMMITTEE_KEEP, *READERS_FROM_ENDORSEMENT):
        districts = actor.districts_where(permission)
        if districts is None or districts:
            signed = (
                sa.true()
                if permission is Permission.COMMITTEE_KEEP
                else Plan.state.not_in([PlanState.DRAFT, PlanState.WITHDRAWN])
            )
            drafts.append(sa.and_(signed, _in_districts(districts)))
    return sa.or_(is_handed_in(), *drafts)
