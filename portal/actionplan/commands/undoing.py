"""Taking a step of the merge workbench back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from portal.actionplan.commands import shares
from portal.actionplan.commands.holding import hold_editable
from portal.actionplan.commands.steps import recorded
from portal.actionplan.models import ActionPlan, ActionPlanEdition, MergeAct, MergeStep, Project
from portal.actionplan.queries import merging as reading
from portal.actionplan.queries import shares as picked
from portal.actionplan.queries import workbench
from portal.actionplan.queries.shares import State, state_of
from portal.core import db, ledger
from portal.core.actor import Actor
from portal.core.errors import Invalid, NotFound, WrongState
from portal.core.i18n import lazy_gettext as _l


def undo_step(actor: Actor, plan: ActionPlan, step_id: int) -> MergeStep:
    """Take one step back: everything it changed becomes what it was before. Undoing an undo does the act again.

    NotFound for a step of another plan; WrongState, which says why, when it was taken back already, when it stands in a
    published edition, or when later work rests on it: what it left is not what stands there now.
    """
    held = hold_editable(actor, plan.id)
    step = db.session().get(MergeStep, step_id)
    if step is None or step.action_plan_id != held.id:
        raise NotFound
    way_on = ("actionplan.merge", {"plan_id": held.id}, _l("Merge workbench"))
    if db.session().scalar(sa.select(MergeStep.id).where(MergeStep.undoes_id == step.id)):
        raise WrongState(_l("This step has already been undone."), way_on=way_on)
    newest = db.session().scalar(
        sa.select(sa.func.max(ActionPlanEdition.published_at)).where(
            ActionPlanEdition.action_plan_id == held.id
        )
    )
    if newest is not None and step.done_at <= newest:
        raise WrongState(
            _l("This step is part of a published edition. Change it with a new step."), way_on=way_on
        )
    item_ids = sorted({one["item"] for one in step.changes})
    now = state_of(held, item_ids)
    for one in step.changes:
        if now.get((one["project"], one["item"])) != one["after"]:
            raise WrongState(
                _l("Later work depends on this step: “%(title)s” has changed since.", title=one["title"]),
                way_on=way_on,
            )
    wanted: State = {(one["project"], one["item"]): one["before"] for one in step.changes}
    growing = sorted({one["item"] for one in step.changes if _amount(one["before"]) > _amount(one["after"])})
    _refuse_impossible(held, growing, now | wanted, way_on)
    act = MergeAct.REDO if step.act is MergeAct.UNDO else MergeAct.UNDO
    with recorded(actor, held, act, item_ids, undoes=step):
        _restore(actor, held, wanted)
    ledger.record(
        "action_plan.step_undone",
        actor,
        "action_plan",
        held.id,
        district_id=held.district_id,
        changes={"step": step.id, "act": step.act, "items": item_ids},
    )
    return step


def _amount(share: Any) -> int:
    return int(share["amount_satang"]) if isinstance(share, dict) else -1


def _refuse_impossible(
    plan: ActionPlan, item_ids: Sequence[int], state: State, way_on: tuple[str, dict[str, int], object]
) -> None:
    """Nothing that was true when a step was done need be so now: an item may have lost its acceptance, a project may be
    withdrawn, a reason may not stand beside a share."""
    known = {item.item_id: item for item in workbench.accepted(plan, item_ids)}
    for item_id in item_ids:
        stands = {
            project: share
            for (project, item), share in state.items()
            if item == item_id and project and share
        }
        amount = sum(share["amount_satang"] for share in stands.values() if isinstance(share, dict))
        item = known.get(item_id)
        if stands and (item is None or amount > item.accepted_satang):
            raise WrongState(_l("The item's acceptance has changed since."), way_on=way_on)
        if stands and state.get((None, item_id)):
            raise WrongState(_l("Later work depends on this step."), way_on=way_on)
        if stands:
            try:
                picked.standing(plan, list(stands))
            except Invalid as withdrawn:
                raise WrongState(withdrawn.message, way_on=way_on) from withdrawn


def _restore(actor: Actor, plan: ActionPlan, wanted: State) -> None:
    for (project_id, item_id), what in wanted.items():
        if project_id is None:
            if isinstance(what, str):
                shares.give_reason(actor, plan, item_id, what)
            else:
                shares.drop_reasons(actor, plan, [item_id])
            continue
        link = reading.shares_of_item(plan, item_id).get(project_id)
        project = db.session().get(Project, project_id)
        amount, note = (what["amount_satang"], what["note"]) if isinstance(what, dict) else (None, "")
        shares.set_share(actor, plan, item_id, project, link, amount, note)
        if link is not None and amount is not None:
            link.note = note
    db.session().flush()
