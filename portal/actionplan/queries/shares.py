"""Reading what an act of the merge workbench picks up; what cannot be picked is refused in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from portal.actionplan.models import ActionPlan, NotYet, Project, ProjectItem
from portal.actionplan.queries import workbench
from portal.actionplan.queries.merging import Accepted
from portal.core import db, money
from portal.core.errors import Invalid
from portal.core.i18n import lazy_gettext as _l

Share = dict[str, Any] | None
State = dict[tuple[int | None, int], Share | str]


def state_of(plan: ActionPlan, item_ids: Sequence[int]) -> State:
    """How items are shared out now: by (project id, item id) the amount and note, in projects that stand; by (None,
    item id) the reason why an item is in none."""
    session = db.session()
    shares = session.execute(
        sa.select(ProjectItem.project_id, ProjectItem.item_id, ProjectItem.amount_satang, ProjectItem.note)
        .join(Project, Project.id == ProjectItem.project_id)
        .where(
            ProjectItem.item_id.in_(item_ids),
            Project.action_plan_id == plan.id,
            Project.withdrawn_at.is_(None),
        )
    )
    found: State = {
        (row.project_id, row.item_id): {"amount_satang": row.amount_satang, "note": row.note}
        for row in shares
    }
    reasons = session.execute(
        sa.select(NotYet.item_id, NotYet.reason).where(
            NotYet.action_plan_id == plan.id, NotYet.item_id.in_(item_ids)
        )
    )
    return found | {(None, row.item_id): row.reason for row in reasons}


def accepted(plan: ActionPlan, item_ids: Sequence[int]) -> list[Accepted]:
    """Items whose acceptance is final, in the order asked for; Invalid (items) for others and for none."""
    chosen = list(dict.fromkeys(item_ids))
    if not chosen:
        raise Invalid({"items": _l("Choose at least one community item.")})
    known = {item.item_id: item for item in workbench.accepted(plan, chosen)}
    if len(known) != len(chosen):
        raise Invalid({"items": _l("Only items whose acceptance is final can be placed.")})
    return [known[item_id] for item_id in chosen]


def links_in_plan(plan: ActionPlan, link_ids: Sequence[int]) -> list[ProjectItem]:
    """Shares in projects of the plan that stand; Invalid (links) when one is gone."""
    chosen = list(dict.fromkeys(link_ids))
    found = list(
        db.session().scalars(
            sa.select(ProjectItem)
            .join(Project, Project.id == ProjectItem.project_id)
            .where(
                ProjectItem.id.in_(chosen), Project.action_plan_id == plan.id, Project.withdrawn_at.is_(None)
            )
            .order_by(ProjectItem.id)
        )
    )
    if not chosen or len(found) != len(chosen):
        raise Invalid({"links": _l("Someone else has removed this item from the project or moved it.")})
    return found


def standing(plan: ActionPlan, project_ids: Sequence[int]) -> list[Project]:
    """Projects of the plan that stand; Invalid (projects) for others and for none."""
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


def too_much(item: Accepted) -> object:
    """What is said when more is asked of an item than is left of it."""
    return _l(
        "“%(title)s” was accepted with %(accepted)s; %(rest)s is left.",
        title=item.title,
        accepted=money.baht(item.accepted_satang),
        rest=money.baht(max(item.rest_satang, 0)),
    )
