"""Shares of items in projects, one at a time: what every act of the merge workbench is made of."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from portal.actionplan.models import ActionPlan, NotYet, Project, ProjectItem
from portal.core import clock, db, ledger
from portal.core.actor import Actor
from portal.core.errors import NotAllowed
from portal.core.i18n import lazy_gettext as _l


def set_share(
    actor: Actor,
    plan: ActionPlan,
    item_id: int,
    project: Project | None,
    link: ProjectItem | None,
    amount: int | None,
    note: str,
) -> None:
    """Make the share of an item in a project this amount; None takes it out."""
    if amount is None:
        if link is not None:
            remove(actor, plan, link)
    elif link is None and project is not None:
        add(actor, plan, item_id, project, amount, note)
    elif link is not None and link.amount_satang != amount:
        change(actor, plan, link, amount)


def remove(actor: Actor, plan: ActionPlan, link: ProjectItem) -> None:
    """Take a share out of its project."""
    db.session().delete(link)
    ledger.record(
        "project.item_removed",
        actor,
        "project",
        link.project_id,
        district_id=plan.district_id,
        changes={"item_id": link.item_id, "amount_satang": link.amount_satang},
    )
    db.session().flush()


def add(
    actor: Actor, plan: ActionPlan, item_id: int, project: Project, amount_satang: int, note: str
) -> ProjectItem:
    """Put a share into a project; a share of the same item there becomes greater."""
    link = db.session().scalar(
        sa.select(ProjectItem).where(ProjectItem.project_id == project.id, ProjectItem.item_id == item_id)
    )
    if link is not None:
        change(actor, plan, link, link.amount_satang + amount_satang)
        link.note = note.strip()[:500] or link.note
        return link
    if actor.id is None:
        raise NotAllowed(_l("You may not do this here."))
    link = ProjectItem(
        project_id=project.id,
        item_id=item_id,
        amount_satang=amount_satang,
        note=note.strip()[:500],
        linked_by=actor.id,
        linked_at=clock.now(),
    )
    db.session().add(link)
    ledger.record(
        "project.item_added",
        actor,
        "project",
        project.id,
        district_id=plan.district_id,
        changes={"item_id": item_id, "amount_satang": amount_satang},
        note=note,
    )
    return link


def change(actor: Actor, plan: ActionPlan, link: ProjectItem, amount_satang: int) -> None:
    """Write another amount."""
    ledger.record(
        "project.item_changed",
        actor,
        "project",
        link.project_id,
        district_id=plan.district_id,
        changes={"item_id": link.item_id, "amount_satang": [link.amount_satang, amount_satang]},
    )
    link.amount_satang = amount_satang
    if actor.id is not None:
        link.linked_by, link.linked_at = actor.id, clock.now()


def give_reason(actor: Actor, plan: ActionPlan, item_id: int, why: str) -> None:
    """Say why an item is in no project; an earlier reason gives way."""
    if actor.id is None:
        raise NotAllowed(_l("You may not do this here."))
    given = db.session().scalar(
        sa.select(NotYet).where(NotYet.action_plan_id == plan.id, NotYet.item_id == item_id)
    )
    if given is None:
        given = NotYet(action_plan_id=plan.id, item_id=item_id)
        db.session().add(given)
    given.reason, given.given_by, given.given_at = why, actor.id, clock.now()
    ledger.record(
        "item.not_yet",
        actor,
        "item",
        item_id,
        district_id=plan.district_id,
        changes={"plan_id": plan.id},
        note=why,
    )


def drop_reasons(actor: Actor, plan: ActionPlan, item_ids: Sequence[int]) -> None:
    """Reasons fall away: the items are in a project."""
    for given in db.session().scalars(
        sa.select(NotYet).where(NotYet.action_plan_id == plan.id, NotYet.item_id.in_(item_ids))
    ):
        db.session().delete(given)
        ledger.record(
            "item.not_yet_dropped",
            actor,
            "item",
            given.item_id,
            district_id=plan.district_id,
            changes={"plan_id": plan.id, "reason": given.reason},
        )
