"""Reads of the action plan room. Drafts are in no answer meant for the public."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from portal.actionplan.models import ActionPlan, ActionPlanState, Project
from portal.actionplan.queries.authors import took_part
from portal.actionplan.queries.concerned import concerned_by
from portal.actionplan.queries.merging import (
    body_for_all,
    body_now,
    changes_since,
    content_sha256,
    hash_of,
    review,
)
from portal.actionplan.queries.plans import (
    Heading,
    change_in_figures,
    desk_plans,
    get_visible,
    heading,
    not_yet,
    not_yet_of_plan,
    plain_plan,
    plan_and_heading,
    plan_of_cycle,
    plans_in_year,
    visible_to,
    years,
)
from portal.actionplan.queries.projects import (
    change_of,
    items_of_project,
    link,
    links_by_project,
    links_of_plan,
    money_of,
    nodes_in_force,
    nodes_of,
    project_and_plan,
    project_visible,
    projects_of_items,
    served_by,
    shown,
)
from portal.actionplan.queries.published import (
    edition,
    editions,
    newest_edition,
    newest_edition_line,
)
from portal.actionplan.queries.sums import (
    Totals,
    communities_of_plan,
    figures,
    shared_figures,
    split_by_side,
    totals,
)
from portal.actionplan.words import told
from portal.comments.models import Purpose
from portal.core import db, topics
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.i18n import lazy_gettext as _l
from portal.cycles.models import Phase, PhaseKind

__all__ = [
    "Heading",
    "Totals",
    "body_for_all",
    "body_now",
    "change_in_figures",
    "change_of",
    "changes_since",
    "communities_of_plan",
    "concerned_by",
    "content_sha256",
    "desk_plans",
    "edition",
    "editions",
    "figures",
    "get_visible",
    "hash_of",
    "heading",
    "items_of_project",
    "link",
    "links_by_project",
    "links_of_plan",
    "money_of",
    "newest_edition",
    "newest_edition_line",
    "nodes_in_force",
    "nodes_of",
    "not_yet",
    "not_yet_of_plan",
    "plain_plan",
    "plan_and_heading",
    "plan_of_cycle",
    "plans_in_year",
    "project_and_plan",
    "project_visible",
    "projects_of_items",
    "purpose_of",
    "review",
    "served_by",
    "shared_figures",
    "split_by_side",
    "took_part",
    "totals",
    "visible_to",
    "years",
]


def _plan_topics(actor: Actor) -> sa.Select[Any]:
    return sa.select(ActionPlan.topic_id).where(visible_to(actor))


def _project_topics(actor: Actor) -> sa.Select[Any]:
    return (
        sa.select(Project.topic_id)
        .join(ActionPlan, ActionPlan.id == Project.action_plan_id)
        .where(shown(actor))
    )


def _standing() -> sa.Select[*tuple[Any, ...]]:
    """The state of a plan, and whether the days of its hearing last."""
    in_days = sa.exists().where(
        Phase.cycle_id == ActionPlan.cycle_id,
        Phase.kind == PhaseKind.HEARING,
        Phase.edition_id.is_not(None),
        Phase.starts_at <= db.NOW,
        Phase.ends_at > db.NOW,
    )
    return sa.select(ActionPlan.state, in_days.label("in_days"))


@db.prepared
def _standing_of_plan(*, plan_id: Any) -> Any:
    return _standing().where(ActionPlan.id == plan_id)


@db.prepared
def _standing_of_project(*, project_id: Any) -> Any:
    return (
        _standing()
        .join(Project, Project.action_plan_id == ActionPlan.id)
        .where(Project.id == project_id, Project.withdrawn_at.is_(None))
    )


def purpose_of(state: ActionPlanState, is_in_days: bool) -> Purpose | None:
    """What may be said now about a plan or a project that stands in it: at the hearing, while its days last, what must
    be answered; before it nothing; at any other time ordinary remarks."""
    if state is ActionPlanState.DRAFT:
        return None
    if state is ActionPlanState.HEARING and is_in_days:
        return Purpose.HEARING
    return Purpose.DISCUSSION


def _purpose(row: Any) -> Purpose | None:
    return None if row is None else purpose_of(row.state, row.in_days)


def _plan_purpose(plan_id: int) -> str | None:
    """Of a plan as a whole only the hearing is held: after it, people speak of projects."""
    now = _purpose(_standing_of_plan(plan_id=plan_id).first())
    return now if now == Purpose.HEARING else None


def _project_purpose(project_id: int) -> str | None:
    return _purpose(_standing_of_project(project_id=project_id).first())


def _may_read_files(actor: Actor, project_id: int, _sha256: str) -> bool:
    try:
        project_visible(actor, project_id)
    except NotFound:
        return False
    return True


KINDS = (
    topics.Kind(
        "action_plan",
        _plan_topics,
        "actionplan.show",
        "plan_id",
        _l("Annual action plan"),
        _plan_purpose,
        told=told,
    ),
    topics.Kind(
        "project",
        _project_topics,
        "actionplan.project",
        "project_id",
        _l("Project of the annual plan"),
        _project_purpose,
    ),
)


FILE_GUARDS = {"project": _may_read_files}
NEWS = {
    "actionplan.hearing_opened": _l("The hearing on “%(title)s” is open: say what you think of it."),
    "actionplan.placed": _l("“%(item)s” is in the annual plan: project “%(title)s”."),
    "actionplan.not_yet": _l("“%(item)s” is not in the annual plan yet. Reason: %(reason)s"),
    "actionplan.published": _l("“%(title)s” is published."),
    "actionplan.changed": _l("A new edition of “%(title)s” is published. Reason: %(reason)s"),
    "actionplan.withdrawn": _l("Project “%(title)s” was removed from the annual plan. Reason: %(reason)s"),
    "actionplan.money_allocated": _l("Project “%(title)s” has been allocated %(amount)s."),
    "actionplan.money_refused": _l("Project “%(title)s” gets no money. Reason: %(reason)s"),
    "actionplan.money_transferred": _l("In all, %(amount)s has been transferred for project “%(title)s”."),
}
