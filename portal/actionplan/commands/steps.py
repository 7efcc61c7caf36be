"""Steps of the merge workbench: what each act found and left is kept, so that it can be taken back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from portal.actionplan.models import ActionPlan, MergeAct, MergeStep, Project
from portal.actionplan.queries import workbench
from portal.actionplan.queries.shares import State, state_of
from portal.core import clock, db
from portal.core.actor import Actor
from portal.core.errors import Conflict, NotAllowed
from portal.core.i18n import lazy_gettext as _l
from portal.places.models import Community
from portal.plans.models import Item, Plan


class Overtaken(Conflict):
    """Somebody else worked on the same items or projects since the page was opened; ``steps`` is what they did."""

    def __init__(self, steps: list[Any]) -> None:
        super().__init__(
            _l(
                "Someone else worked on the same items or projects since you opened this page. Look, then go on."
            )
        )
        self.steps = steps


@contextmanager
def recorded(
    actor: Actor, plan: ActionPlan, act: MergeAct, item_ids: Sequence[int], *, undoes: MergeStep | None = None
) -> Iterator[None]:
    """Keep what the block changes in the shares and reasons of these items; nothing is kept when nothing changed. The
    caller holds the plan's row."""
    if actor.id is None:
        raise NotAllowed(_l("You may not do this here."))
    before = state_of(plan, item_ids)
    yield
    db.session().flush()
    after = state_of(plan, item_ids)
    changes = _difference(before, after)
    if changes:
        db.session().add(
            MergeStep(
                action_plan_id=plan.id,
                act=act,
                changes=changes,
                undoes_id=undoes.id if undoes else None,
                done_by=actor.id,
                done_at=clock.now(),
            )
        )
        db.session().flush()


def _difference(before: State, after: State) -> list[dict[str, Any]]:
    changed = [key for key in dict.fromkeys([*before, *after]) if before.get(key) != after.get(key)]
    session = db.session()
    items = {
        row.id: row
        for row in session.execute(
            sa.select(Item.id, Item.title, Community.name.label("community"))
            .join(Plan, Plan.id == Item.plan_id)
            .join(Community, Community.id == Plan.community_id)
            .where(Item.id.in_({item for _project, item in changed}))
        )
    }
    names = dict(
        session.execute(
            sa.select(Project.id, Project.name).where(Project.id.in_({one for one, _item in changed if one}))
        ).all()
    )
    return [
        {
            "project": project,
            "name": names.get(project) if project else None,
            "item": item,
            "title": items[item].title,
            "community": items[item].community,
            "before": before.get((project, item)),
            "after": after.get((project, item)),
        }
        for project, item in changed
    ]


def refuse_overtaken(
    actor: Actor, plan: ActionPlan, seen: int | None, item_ids: Sequence[int], project_ids: Sequence[int]
) -> None:
    """Raises Overtaken when somebody else touched one of the items or projects after step ``seen``, the newest that the
    page knew of; None asks nothing."""
    if seen is None:
        return
    items, projects = set(item_ids), set(project_ids)
    overtaken = [
        step
        for step in workbench.steps_since(plan.id, seen)
        if step.done_by != actor.id
        and any(one["item"] in items or one["project"] in projects for one in step.changes)
    ]
    if overtaken:
        raise Overtaken(overtaken)
