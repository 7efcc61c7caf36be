"""Merging: accepted items of communities into projects of the plan, to the satang. Every act is one step, which can be
taken back as long as nothing later rests on it."""

from __future__ import annotations

from collections.abc import Sequence

from portal.actionplan.commands import shares
from portal.actionplan.commands.holding import hold_editable
from portal.actionplan.commands.steps import recorded, refuse_overtaken
from portal.actionplan.models import ActionPlan, MergeAct, ProjectItem
from portal.actionplan.queries import merging as reading
from portal.actionplan.queries import shares as picked
from portal.core import money
from portal.core.actor import Actor
from portal.core.errors import Conflict, Invalid
from portal.core.i18n import lazy_gettext as _l


def link_items(
    actor: Actor,
    plan: ActionPlan,
    item_ids: Sequence[int],
    project_ids: Sequence[int],
    *,
    amount_satang: int | None = None,
    note: str = "",
    seen: int | None = None,
) -> list[ProjectItem]:
    """Put several items into one project, or one item into several projects.

    Each item goes with what is left of its accepted amount; for a single item ``amount_satang`` may be given. Over
    several projects the amount is split evenly, exactly to the satang. An item that is in the project already gets more
    there. A not-yet reason falls away. ``seen`` is the newest step the page knew of: Overtaken when somebody else
    touched one of these items or projects since. Raises Invalid (items, projects, amount) for items that are not finally
    accepted in this cycle, for projects that are not in the plan, and for more than is left; WrongState and NotAllowed
    when the plan may not be changed (by this actor).
    """
    held = hold_editable(actor, plan.id)
    refuse_overtaken(actor, held, seen, item_ids, project_ids)
    items = picked.accepted(held, item_ids)
    projects = picked.standing(held, project_ids)
    if len(items) > 1 and len(projects) > 1:
        raise Invalid({"projects": _l("Put several items into one project, or one item into several.")})
    if len(items) > 1 and amount_satang is not None:
        raise Invalid(
            {"amount": _l("For several items, leave the amount empty: each goes in with what is left of it.")}
        )
    made = []
    chosen = [item.item_id for item in items]
    with recorded(actor, held, MergeAct.PUT, chosen):
        for item in items:
            amount = item.rest_satang if amount_satang is None else amount_satang
            if amount > item.rest_satang:
                raise Invalid({"amount": picked.too_much(item)})
            if amount == 0 and item.links:
                raise Invalid({"items": _l("Nothing is left of “%(title)s”.", title=item.title)})
            parts = money.split(amount, [1] * len(projects))
            for project, part in zip(projects, parts, strict=True):
                made.append(shares.add(actor, held, item.item_id, project, part, note))
        shares.drop_reasons(actor, held, chosen)
    return made


def move_items(
    actor: Actor, plan: ActionPlan, link_ids: Sequence[int], project_id: int, *, seen: int | None = None
) -> None:
    """Move shares, with their whole amounts, into another project; what is there of the same item already gets more.
    Raises as :func:`link_items`; Invalid (links) for shares that are gone."""
    held = hold_editable(actor, plan.id)
    links = picked.links_in_plan(held, link_ids)
    item_ids = sorted({link.item_id for link in links})
    refuse_overtaken(actor, held, seen, item_ids, [project_id, *(link.project_id for link in links)])
    (project,) = picked.standing(held, [project_id])
    with recorded(actor, held, MergeAct.MOVE, item_ids):
        for link in links:
            if link.project_id != project.id:
                amount, note = link.amount_satang, link.note
                shares.remove(actor, held, link)
                shares.add(actor, held, link.item_id, project, amount, note)


def take_out(
    actor: Actor, plan: ActionPlan, link_ids: Sequence[int], *, seen: int | None = None
) -> list[int]:
    """Take shares out of their projects; their items stand among those left to place again. Returns the items' ids.
    Raises as :func:`move_items`."""
    held = hold_editable(actor, plan.id)
    links = picked.links_in_plan(held, link_ids)
    item_ids = sorted({link.item_id for link in links})
    refuse_overtaken(actor, held, seen, item_ids, [link.project_id for link in links])
    with recorded(actor, held, MergeAct.TAKE_OUT, item_ids):
        for link in links:
            shares.remove(actor, held, link)
    return item_ids


def write_item_links(
    actor: Actor, plan: ActionPlan, item_id: int, seen: dict[int, int], wanted: dict[int, int | None]
) -> None:
    """Set how one item is shared out: satang by project id, None takes it out of the project.

    ``seen`` is how it was shared when the page was opened: Conflict when somebody changed it since. Invalid
    (amount_<project id>, or the whole) for more than its accepted amount.
    """
    held = hold_editable(actor, plan.id)
    (item,) = picked.accepted(held, [item_id])
    before = reading.shares_of_item(held, item_id)
    if {project_id: link.amount_satang for project_id, link in before.items()} != seen:
        raise Conflict(_l("Someone else divided this item differently while you were writing."))
    after = {project_id: amount for project_id, amount in wanted.items() if amount is not None}
    untouched = sum(link.amount_satang for id_, link in before.items() if id_ not in wanted)
    if untouched + sum(after.values()) > item.accepted_satang:
        raise Invalid(picked.too_much(item))
    projects = {project.id: project for project in picked.standing(held, list(after))} if after else {}
    with recorded(actor, held, MergeAct.SHARE, [item_id]):
        for project_id, amount in wanted.items():
            shares.set_share(
                actor, held, item_id, projects.get(project_id), before.get(project_id), amount, ""
            )
        if after:
            shares.drop_reasons(actor, held, [item_id])


def give_not_yet(
    actor: Actor, plan: ActionPlan, item_ids: Sequence[int], reason: str, *, seen: int | None = None
) -> None:
    """Say why accepted items are in no project yet; everyone reads it when the plan is public. Invalid without a
    reason, for items in a project, and for items that are not finally accepted in this cycle; ``seen`` as for
    :func:`link_items`."""
    held = hold_editable(actor, plan.id)
    why = reason.strip()
    if not why:
        raise Invalid({"reason": _l("Say why, in words the community understands.")})
    refuse_overtaken(actor, held, seen, item_ids, [])
    items = picked.accepted(held, item_ids)
    placed = [item for item in items if item.links]
    if placed:
        raise Invalid({"items": _l("“%(title)s” is in a project.", title=placed[0].title)})
    with recorded(actor, held, MergeAct.NOT_YET, [item.item_id for item in items]):
        for item in items:
            shares.give_reason(actor, held, item.item_id, why)
