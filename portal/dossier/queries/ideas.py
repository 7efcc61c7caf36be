"""The story of one item: its head, what its community said, its way through projects and procurement."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.accounts.models import Person
from portal.actionplan.models import ActionPlan, Project, ProjectItem
from portal.actionplan.policy import is_tied
from portal.core import db
from portal.core.errors import NotFound
from portal.core.reads import never_changes
from portal.cycles.models import Cycle, RulesEdition
from portal.dossier.queries.links import open_plan, post_or_name
from portal.dossier.story import TEXTS
from portal.forums.models import Forum, Issue
from portal.places.models import Community, District
from portal.plans.models import Item, Plan, PlanEdition
from portal.plans.policy import is_handed_in, is_taken_back
from portal.procurement.models import Process, ProcessProject, Step
from portal.screening import queries as screening
from portal.screening.models import Appeal, Case, Decision
from portal.strategy.models import Node

# What a plan without an edition says of an item.
STANDING = (*TEXTS, "side", "way", "latitude", "longitude")


@db.prepared
def _head(*, item_id: Any) -> Any:
    area, city, target, handed = aliased(Node), aliased(Node), aliased(Item), aliased(PlanEdition)
    proposer, confirmer = aliased(Person), aliased(Person)
    newest = (
        sa.select(handed.id)
        .where(
            handed.plan_id == Plan.id,
            sa.or_(Item.withdrawn_at.is_(None), handed.submitted_at < Item.withdrawn_at),
        )
        .order_by(handed.number.desc())
        .limit(1)
        .correlate(Plan, Item)
        .scalar_subquery()
    )
    return (
        sa.select(
            Item.id,
            Item.plan_id,
            Item.topic_id,
            Item.withdrawn_at,
            Item.withdrawn_reason,
            is_taken_back().label("is_withdrawn"),
            Plan.cycle_id,
            Plan.submitted_at,
            Plan.is_sample,
            PlanEdition.id.label("edition_id"),
            PlanEdition.sha256.label("edition_sha256"),
            Cycle.fiscal_year,
            Community.id.label("community_id"),
            Community.name.label("community"),
            District.id.label("district_id"),
            District.name_th.label("district_th"),
            District.name_en.label("district_en"),
            Issue.problem.label("issue_problem"),
            Issue.raised_by.label("issue_raised_by"),
            Issue.votes.label("issue_votes"),
            Forum.id.label("forum_id"),
            Forum.title.label("forum_title"),
            Forum.starts_at.label("forum_at"),
            Case.id.label("case_id"),
            Case.opened_at,
            Case.appeals_until,
            Decision.outcome,
            Decision.reason,
            Decision.changes,
            Decision.accepted_satang,
            Decision.agency,
            Decision.agency_reply,
            Decision.defer_to_year,
            screening.told_at().label("released_at"),
            screening.final().label("is_final"),
            target.id.label("target_id"),
            target.kept_title.label("target_title"),
            area.id.label("area_id"),
            area.number.label("area_number"),
            area.title.label("area_title"),
            area.title_en.label("area_title_en"),
            city.id.label("city_id"),
            city.number.label("city_number"),
            city.title.label("city_title"),
            city.title_en.label("city_title_en"),
            post_or_name(proposer).label("proposer"),
            post_or_name(confirmer).label("confirmer"),
            RulesEdition.id.label("rules_id"),
            RulesEdition.number.label("rules_number"),
            RulesEdition.sha256.label("rules_sha256"),
        )
        .join(Plan, Plan.id == Item.plan_id)
        .outerjoin(PlanEdition, PlanEdition.id == newest)
        .join(Cycle, Cycle.id == Plan.cycle_id)
        .join(Community, Community.id == Plan.community_id)
        .join(District, District.id == Plan.district_id)
        .outerjoin(Issue, Issue.id == Item.issue_id)
        .outerjoin(Forum, Forum.id == Issue.forum_id)
        .outerjoin(Case, Case.item_id == Item.id)
        .outerjoin(RulesEdition, RulesEdition.id == Case.edition_id)
        .outerjoin(Appeal, Appeal.case_id == Case.id)
        .outerjoin(Decision, Decision.id == screening.in_force())
        .outerjoin(proposer, proposer.id == Decision.proposed_by)
        .outerjoin(confirmer, confirmer.id == Decision.confirmed_by)
        .outerjoin(target, target.id == Decision.merge_into_item_id)
        .outerjoin(area, sa.and_(area.id == Case.area_node_id, Decision.id.is_not(None)))
        .outerjoin(city, sa.and_(city.id == Case.city_node_id, Decision.id.is_not(None)))
        .where(Item.id == item_id, is_handed_in())
    )


def head(item_id: int) -> Any:
    """The item's place in its plan, cycle and district, its forum issue, its released decision (with who proposed and
    confirmed it), and what names the edition its words stand in. Raises NotFound for what is not public."""
    row = _head(item_id=item_id).first()
    if row is None:
        raise NotFound
    return row


@db.prepared
def _as_it_stands(*, item_id: Any) -> Any:
    return sa.select(*(getattr(Item, name) for name in STANDING)).where(Item.id == item_id)


def said(head: Any) -> Any:
    """The item as its community handed it in last, from the edition named in its head: what is being changed since is
    not public, and an item that was withdrawn is read as it was handed in before. Without an edition it is read as it
    stands."""
    return _words_of(head)[0] or _as_it_stands(item_id=head.id).one()


def criteria(head: Any) -> list[dict[str, Any]]:
    """The criteria that the item is screened by, in their order: key, text_th, text_en."""
    return _words_of(head)[1]


def _words_of(head: Any) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
    named = head.edition_id or 0, head.edition_sha256, head.rules_id or 0, head.rules_sha256
    return _words(head.id, *named) if head.edition_id or head.rules_id else (None, [])


@never_changes
def _words(
    item_id: int, edition_id: int, _edition_sha256: str | None, rules_id: int, _rules_sha256: str | None
) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
    """The item in an edition of its plan, and the criteria of an edition of rules: both asked at once."""
    edition, rules = _bodies(edition_id=edition_id, rules_id=rules_id).one()
    items = json.loads(edition or "{}").get("content", {}).get("items", [])
    return (
        next((one for one in items if one["id"] == item_id), None),
        json.loads(rules)["criteria"] if rules else [],
    )


@db.prepared
def _bodies(*, edition_id: Any, rules_id: Any) -> Any:
    return sa.select(
        sa.select(PlanEdition.body).where(PlanEdition.id == edition_id).scalar_subquery(),
        sa.select(RulesEdition.body).where(RulesEdition.id == rules_id).scalar_subquery(),
    )


@db.prepared
def _way(*, item_id: Any) -> Any:
    return (
        sa.select(
            Project.id.label("project_id"),
            Project.name.label("project"),
            Project.code.label("project_code"),
            Project.budget_satang.label("project_satang"),
            ProjectItem.amount_satang.label("link_satang"),
            ProjectItem.note.label("link_note"),
            ProjectItem.linked_at,
            ActionPlan.id.label("action_plan_id"),
            ActionPlan.state.label("action_plan_state"),
            ActionPlan.hearing_opened_at,
            ActionPlan.published_at,
            Process.id.label("process_id"),
            Process.title.label("process"),
            Process.state.label("process_state"),
            Process.budget_satang.label("process_satang"),
            Process.contract_satang,
            Process.supplier,
            Process.paid_satang,
            Step.kind.label("step"),
            Step.planned_on,
            Step.actual_on,
            Step.ends_on,
            Step.is_skipped,
        )
        .select_from(ProjectItem)
        .join(Project, Project.id == ProjectItem.project_id)
        .join(ActionPlan, ActionPlan.id == Project.action_plan_id)
        .outerjoin(ProcessProject, ProcessProject.project_id == Project.id)
        .outerjoin(Process, Process.id == ProcessProject.process_id)
        .outerjoin(Step, Step.process_id == Process.id)
        .where(ProjectItem.item_id == item_id, open_plan(), is_tied())
        .order_by(Project.position, Project.id, Process.id, Step.position)
        .limit(500)
    )


def way(item_id: int) -> Sequence[Any]:
    """The public projects an item feeds, with their contracting processes and steps: one row per step (or per process
    or project without one), in order."""
    return _way(item_id=item_id).all()


@db.prepared
def _years(*, item_id: Any) -> Any:
    earlier = sa.select(Item.continues_id).where(Item.id == item_id).scalar_subquery()
    return (
        sa.select(Item.id, Item.kept_title.label("title"), Cycle.fiscal_year)
        .join(Plan, Plan.id == Item.plan_id)
        .join(Cycle, Cycle.id == Plan.cycle_id)
        .where(
            sa.or_(Item.id == earlier, Item.continues_id == item_id),
            is_handed_in(),
            ~is_taken_back(),
        )
        .order_by(Cycle.fiscal_year, Item.id)
    )


def years(item_id: int) -> tuple[Any, ...]:
    """The same idea in the plan of the year before and of the year after, where the community carried it on: (id,
    title, fiscal_year). Public ones only."""
    return tuple(_years(item_id=item_id).all())
