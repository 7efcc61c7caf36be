"""The story of one item in three reads: its head, its records, its way through projects and procurement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.accounts.models import Person
from portal.actionplan.models import ActionPlan, NotYet, Project, ProjectItem, ProjectMoney
from portal.core import db
from portal.core.db import UtcInstant
from portal.core.errors import NotFound
from portal.cycles.models import Cycle, RulesEdition
from portal.dossier.queries.links import handed_in, open_plan
from portal.forums.models import Forum, Issue
from portal.observation import policy as observation_policy
from portal.observation.models import Report, ReportAnswer, Signup
from portal.places.models import Community, District
from portal.plans.models import Item, Plan, PlanEdition
from portal.procurement.models import Process, ProcessProject, Step
from portal.progress.models import ProgressReport, ProgressSheet
from portal.screening.models import Appeal, CardAnswer, Case, Correction, Decision
from portal.screening.queries import shown_decisions
from portal.strategy.models import Node


@db.prepared
def _head(*, item_id: Any) -> Any:
    shown = shown_decisions().where(Case.item_id == item_id).subquery()
    area, city, target = aliased(Node), aliased(Node), aliased(Item)
    proposer, confirmer = aliased(Person), aliased(Person)
    newest = (
        sa.select(PlanEdition.body)
        .where(PlanEdition.plan_id == Plan.id)
        .order_by(PlanEdition.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    return (
        sa.select(
            *Item.__table__.columns,
            Plan.state.label("plan_state"),
            Plan.submitted_at,
            Plan.accepted_at,
            Plan.is_sample,
            newest.label("edition"),
            Cycle.fiscal_year,
            Community.id.label("community_id"),
            Community.name.label("community"),
            District.id.label("district_id"),
            District.name_th.label("district_th"),
            District.name_en.label("district_en"),
            Issue.problem.label("issue_problem"),
            Issue.proposal.label("issue_proposal"),
            Issue.raised_by.label("issue_raised_by"),
            Issue.votes.label("issue_votes"),
            Forum.id.label("forum_id"),
            Forum.title.label("forum_title"),
            Forum.starts_at.label("forum_at"),
            Case.id.label("case_id"),
            Case.opened_at,
            Case.appeals_until,
            shown.c.outcome,
            shown.c.reason,
            shown.c.changes,
            shown.c.accepted_satang,
            shown.c.agency,
            shown.c.agency_reply,
            shown.c.defer_to_year,
            shown.c.released_at,
            shown.c.is_final,
            target.id.label("target_id"),
            target.title.label("target_title"),
            area.id.label("area_id"),
            area.number.label("area_number"),
            area.title.label("area_title"),
            city.id.label("city_id"),
            city.number.label("city_number"),
            city.title.label("city_title"),
            proposer.display_name.label("proposer"),
            proposer.position.label("proposer_post"),
            confirmer.display_name.label("confirmer"),
            confirmer.position.label("confirmer_post"),
            Decision.confirmed_at,
            RulesEdition.number.label("rules_number"),
            RulesEdition.sha256.label("rules_sha256"),
            sa.case((shown.c.outcome.is_not(None), RulesEdition.body)).label("rules_body"),
            Plan.cycle_id,
        )
        .join(Plan, Plan.id == Item.plan_id)
        .join(Cycle, Cycle.id == Plan.cycle_id)
        .join(Community, Community.id == Plan.community_id)
        .join(District, District.id == Plan.district_id)
        .outerjoin(Issue, Issue.id == Item.issue_id)
        .outerjoin(Forum, Forum.id == Issue.forum_id)
        .outerjoin(Case, Case.item_id == Item.id)
        .outerjoin(RulesEdition, RulesEdition.id == Case.edition_id)
        .outerjoin(shown, shown.c.item_id == Item.id)
        .outerjoin(Decision, Decision.id == shown.c.decision_id)
        .outerjoin(proposer, proposer.id == Decision.proposed_by)
        .outerjoin(confirmer, confirmer.id == Decision.confirmed_by)
        .outerjoin(target, target.id == shown.c.merge_into_item_id)
        .outerjoin(area, sa.and_(area.id == Case.area_node_id, shown.c.outcome.is_not(None)))
        .outerjoin(city, sa.and_(city.id == Case.city_node_id, shown.c.outcome.is_not(None)))
        .where(Item.id == item_id, handed_in())
    )


def head(item_id: int) -> Any:
    """The item's columns with its plan, place, forum issue, released decision (with who proposed and confirmed it) and the text
    as handed in (``edition``, canonical JSON or None). Raises NotFound for what is not public."""
    row = _head(item_id=item_id).first()
    if row is None:
        raise NotFound
    return row


def _record(kind: str, source: Any, *, by: Any = None, **values: Any) -> Any:
    """One SELECT of the union: the same columns for every kind of record."""
    columns: tuple[tuple[str, Any], ...] = (
        ("at", UtcInstant()),
        ("on", sa.Date()),
        ("number", sa.BigInteger()),
        ("code", sa.String()),
        ("text", sa.Text()),
        ("more", sa.Text()),
        ("satang", sa.BigInteger()),
    )
    selected = [
        sa.cast(values.get(name, sa.null()), type_).label(name)
        if type_.__class__ is sa.String or name not in values
        else values[name].label(name)
        for name, type_ in columns
    ]
    if by is None:
        return source.with_only_columns(
            sa.literal(kind).label("kind"), *selected, sa.cast(sa.null(), sa.String()).label("who")
        )
    who = sa.case((Person.position == "", Person.display_name), else_=Person.position)
    return source.outerjoin(Person, Person.id == by).with_only_columns(
        sa.literal(kind).label("kind"), *selected, who.label("who")
    )


@db.prepared
def _records(*, item_id: Any) -> Any:
    case = sa.select(Case.id).where(Case.item_id == item_id, Case.released_at <= db.NOW).scalar_subquery()
    projects = (
        sa.select(ProjectItem.project_id)
        .join(Project, Project.id == ProjectItem.project_id)
        .join(ActionPlan, ActionPlan.id == Project.action_plan_id)
        .where(ProjectItem.item_id == item_id, open_plan(), Project.withdrawn_at.is_(None))
    )
    purchases = sa.select(ProcessProject.process_id).where(ProcessProject.project_id.in_(projects))
    plan = sa.select(Item.plan_id).where(Item.id == item_id).scalar_subquery()
    newer = aliased(ProgressReport)
    watched = (
        sa.select(Report)
        .join(Signup, Signup.id == Report.signup_id)
        .join(Step, Step.id == Signup.step_id)
        .join(Process, Process.id == Step.process_id)
        .where(observation_policy.is_open_to_all(), Step.process_id.in_(purchases))
    )
    union = sa.union_all(
        _record(
            "edition",
            sa.select(PlanEdition).where(PlanEdition.plan_id == plan),
            at=PlanEdition.submitted_at,
            number=PlanEdition.number,
            code=PlanEdition.sha256,
        ),
        _record(
            "answer",
            sa.select(CardAnswer).where(CardAnswer.case_id == case),
            by=CardAnswer.answered_by,
            at=CardAnswer.answered_at,
            code=CardAnswer.criterion,
            text=CardAnswer.reason,
            more=sa.cast(CardAnswer.answer, sa.Text()),
        ),
        _record(
            "correction",
            sa.select(Correction).where(Correction.case_id == case),
            at=Correction.asked_at,
            on=Correction.due_on,
            text=Correction.request,
            more=Correction.answer,
        ),
        _record(
            "appeal",
            sa.select(Appeal).where(Appeal.case_id == case),
            at=Appeal.filed_at,
            text=Appeal.grounds,
        ),
        _record(
            "appeal_decided",
            sa.select(Appeal).where(Appeal.case_id == case, Appeal.released_at <= db.NOW),
            at=Appeal.released_at,
            code=Appeal.outcome,
        ),
        _record(
            "not_yet",
            sa.select(NotYet)
            .join(ActionPlan, ActionPlan.id == NotYet.action_plan_id)
            .where(NotYet.item_id == item_id, open_plan()),
            by=NotYet.given_by,
            at=NotYet.given_at,
            text=NotYet.reason,
        ),
        _record(
            "money",
            sa.select(ProjectMoney).where(ProjectMoney.project_id.in_(projects)),
            by=ProjectMoney.entered_by,
            on=ProjectMoney.on,
            number=ProjectMoney.project_id,
            code=ProjectMoney.step,
            text=ProjectMoney.note,
            satang=ProjectMoney.amount_satang,
            at=ProjectMoney.entered_at,
        ),
        _record(
            "report",
            watched,
            at=Report.submitted_at,
            number=Report.id,
            code=Step.kind,
            text=Report.seen,
            more=sa.cast(Report.grade, sa.Text()),
        ),
        _record(
            "report_answer",
            watched.join(ReportAnswer, ReportAnswer.report_id == Report.id),
            by=ReportAnswer.answered_by,
            at=ReportAnswer.answered_at,
            number=Report.id,
            code=Step.kind,
            text=ReportAnswer.body,
            more=sa.cast(Report.grade, sa.Text()),
        ),
        _record(
            "progress",
            sa.select(ProgressReport)
            .join(ProgressSheet, ProgressSheet.id == ProgressReport.sheet_id)
            .where(
                ProgressSheet.project_id.in_(projects),
                ~sa.exists().where(newer.corrects_id == ProgressReport.id),
            ),
            at=ProgressReport.certified_at,
            number=ProgressReport.sheet_id,
            code=sa.case(
                (sa.and_(ProgressReport.is_on_plan, ProgressReport.is_on_target), "on_plan"), else_="off_plan"
            ),
            text=sa.case((ProgressReport.reason != "", ProgressReport.reason), else_=ProgressReport.text),
            satang=ProgressReport.done,
        ),
    ).subquery()
    return sa.select(union).order_by(union.c.at, union.c.on)


def records(item_id: int) -> Sequence[Any]:
    """Everything on record about an item that is public, in one read and one shape: kind, at (UTC), on (day), number,
    code, text, more, satang, who (an officer's post, else name).

    Kinds: ``edition`` (the plan handed in), ``answer`` (of the card), ``correction``, ``appeal``,
    ``appeal_decided``, ``not_yet``, ``money`` (of its projects), ``report`` (of an observer of its purchases), ``report_answer`` (the office's to it), ``progress``
    (a monthly report that counts: number is its sheet, satang hundredths of a percent). Cards and corrections are there only once a decision is released.
    """
    return _records(item_id=item_id).all()


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
            Process.median_price_satang,
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
        .where(ProjectItem.item_id == item_id, open_plan(), Project.withdrawn_at.is_(None))
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
        sa.select(Item.id, Item.title, Cycle.fiscal_year)
        .join(Plan, Plan.id == Item.plan_id)
        .join(Cycle, Cycle.id == Plan.cycle_id)
        .where(
            sa.or_(Item.id == earlier, Item.continues_id == item_id), handed_in(), Item.withdrawn_at.is_(None)
        )
        .order_by(Cycle.fiscal_year, Item.id)
    )


def years(item_id: int) -> tuple[Any, ...]:
    """The same idea in the plan of the year before and of the year after, where the community carried it on: (id,
    title, fiscal_year). Public ones only."""
    return tuple(_years(item_id=item_id).all())
