"""Merging: accepted items of communities into projects of the plan, to the satang."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from portal.actionplan.commands.holding import hold_editable
from portal.actionplan.models import ActionPlan, NotYet, Project, ProjectItem
from portal.actionplan.queries import merging as reading
from portal.core import clock, db, ledger, money
from portal.core.actor import Actor
from portal.core.errors import Conflict, Invalid, NotAllowed
from portal.core.i18n import lazy_gettext as _l


def link_items(
    actor: Actor,
    plan: ActionPlan,
    item_ids: Sequence[int],
    project_ids: Sequence[int],
    *,
    amount_satang: int | None = None,
    note: str = "",
) -> list[ProjectItem]:
    """Put several items into one project, or one item into several projects.

    Each item goes with what is left of its accepted amount; for a single item ``amount_satang`` may be given. Over
    several projects the amount is split evenly, exactly to the satang. An item that is in the project already gets more
    there. A not-yet reason falls away. Raises Invalid (items, projects, amount) for items that are not finally accepted
    in this cycle, for projects that are not in the plan, and for more than is left; WrongState and NotAllowed when the
    plan may not be changed (by this actor).
    """
    held = hold_editable(actor, plan.id)
    items = _accepted(held, item_ids)
    projects = _standing(held, project_ids)
    if len(items) > 1 and len(projects) > 1:
        raise Invalid({"projects": _l("Put several items into one project, or one item into several.")})
    if len(items) > 1 and amount_satang is not None:
        raise Invalid(
            {"amount": _l("Leave the amount empty for several items: each goes with what is left of it.")}
        )
    made = []
    for item in items:
        amount = item.rest_satang if amount_satang is None else amount_satang
        if amount > item.rest_satang:
            raise Invalid({"amount": _too_much(item)})
        if amount == 0 and item.links:
            raise Invalid({"items": _l("Nothing is left of “%(title)s”.", title=item.title)})
        shares = money.split(amount, [1] * len(projects))
        for project, share in zip(projects, shares, strict=True):
            made.append(_add(actor, held, item.item_id, project, share, note))
    _drop_reasons(actor, held, [item.item_id for item in items])
    db.session().flush()
    return made


def write_item_links(
    actor: Actor, plan: ActionPlan, item_id: int, seen: dict[int, int], wanted: dict[int, int | None]
) -> None:
    """Set how one item is shared out: satang by project id, None takes it out of the project.

    ``seen`` is how it was shared when the page was opened: Conflict when somebody changed it since. Invalid
    (amount_<project id>, or the whole) for more than its accepted amount.
    """
    held = hold_editable(actor, plan.id)
    (item,) = _accepted(held, [item_id])
    before = reading.shares_of_item(held, item_id)
    if {project_id: link.amount_satang for project_id, link in before.items()} != seen:
        raise Conflict(_l("Somebody else shared this item out differently while you were writing."))
    after = {project_id: amount for project_id, amount in wanted.items() if amount is not None}
    untouched = sum(link.amount_satang for id_, link in before.items() if id_ not in wanted)
    if untouched + sum(after.values()) > item.accepted_satang:
        raise Invalid(_too_much(item))
    projects = {project.id: project for project in _standing(held, list(after))} if after else {}
    for project_id, amount in wanted.items():
        link = before.get(project_id)
        if amount is None and link is not None:
            unlink_item(actor, link)
        elif amount is not None and link is None:
            _add(actor, held, item_id, projects[project_id], amount, "")
        elif amount is not None and link is not None and link.amount_satang != amount:
            _change(actor, held, link, amount)
    if after:
        _drop_reasons(actor, held, [item_id])
    db.session().flush()


def unlink_item(actor: Actor, link: ProjectItem) -> None:
    """Take an item out of a project; it stands among those left to place again."""
    project = db.session().get_one(Project, link.project_id)
    held = hold_editable(actor, project.action_plan_id)
    db.session().delete(link)
    ledger.record(
        "project.item_removed",
        actor,
        "project",
        project.id,
        district_id=held.district_id,
        changes={"item_id": link.item_id, "amount_satang": link.amount_satang},
    )
    db.session().flush()


def give_not_yet(actor: Actor, plan: ActionPlan, item_ids: Sequence[int], reason: str) -> None:
    """Say why accepted items are in no project yet; everyone reads it when the plan is public. Invalid without a
    reason, for items in a project, and for items that are not finally accepted in this cycle."""
    held = hold_editable(actor, plan.id)
    why = reason.strip()
    if not why:
        raise Invalid({"reason": _l("Say why, in words their community understands.")})
    if actor.id is None:
        raise NotAllowed(_l("You may not do this here."))
    items = _accepted(held, item_ids)
    placed = [item for item in items if item.links]
    if placed:
        raise Invalid({"items": _l("“%(title)s” is in a project.", title=placed[0].title)})
    for item in items:
        given = db.session().scalar(
            sa.select(NotYet).where(NotYet.action_plan_id == held.id, NotYet.item_id == item.item_id)
        )
        if given is None:
            given = NotYet(action_plan_id=held.id, item_id=item.item_id)
            db.session().add(given)
        given.reason, given.given_by, given.given_at = why, actor.id, clock.now()
        ledger.record(
            "item.not_yet",
            actor,
            "item",
            item.item_id,
            district_id=held.district_id,
            changes={"plan_id": held.id},
            note=why,
        )
    db.session().flush()


def _accepted(plan: ActionPlan, item_ids: Sequence[int]) -> list[reading.Accepted]:
    known = {item.item_id: item for item in reading.accepted_items(plan)}
    chosen = list(dict.fromkeys(item_ids))
    if not chosen:
        raise Invalid({"items": _l("Choose at least one item of a community.")})
    if any(item_id not in known for item_id in chosen):
        raise Invalid({"items": _l("Only items whose acceptance is final can be placed.")})
    return [known[item_id] for item_id in chosen]


def _standing(plan: ActionPlan, project_ids: Sequence[int]) -> list[Project]:
    chosen = list(dict.fromkeys(project_ids))
    if not chosen:
        raise Invalid({"projects": _l("Choose a project.")})
    found = {
        project.id: project
        for project in db.session().scalars(
            sa.select(Project).where(
                Project.id.in_(chosen), Project.action_plan_id == plan.id, Project.withdrawn_at.is_(None)
            )
        )
    }
    if len(found) != len(chosen):
        raise Invalid({"projects": _l("One of these projects has been withdrawn. Choose again.")})
    return [found[project_id] for project_id in chosen]


def _too_much(item: reading.Accepted) -> object:
    return _l(
        "“%(title)s” was accepted with %(accepted)s; %(rest)s is left.",
        title=item.title,
        accepted=money.baht(item.accepted_satang),
        rest=money.baht(max(item.rest_satang, 0)),
    )


def _add(
    actor: Actor, plan: ActionPlan, item_id: int, project: Project, amount_satang: int, note: str
) -> ProjectItem:
    link = db.session().scalar(
        sa.select(ProjectItem).where(ProjectItem.project_id == project.id, ProjectItem.item_id == item_id)
    )
    if link is not None:
        _change(actor, plan, link, link.amount_satang + amount_satang)
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


def _change(actor: Actor, plan: ActionPlan, link: ProjectItem, amount_satang: int) -> None:
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


def _drop_reasons(actor: Actor, plan: ActionPlan, item_ids: Sequence[int]) -> None:
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
