"""What is on record about one item: everything public, in one read and one shape."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.accounts.models import Person
from portal.actionplan.models import ActionPlan, NotYet, ProjectMoney
from portal.core import db
from portal.core.db import UtcInstant
from portal.core.ledger import LedgerEntry
from portal.dossier.queries.links import open_plan, post_or_name
from portal.observation import policy as observation_policy
from portal.observation.models import Report, ReportAnswer, Signup
from portal.plans.models import PlanEdition
from portal.procurement.models import Process, Step
from portal.progress.models import ProgressReport, ProgressSheet
from portal.screening.models import Appeal, CardAnswer, Correction


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
    return source.outerjoin(Person, Person.id == by).with_only_columns(
        sa.literal(kind).label("kind"), *selected, post_or_name(Person).label("who")
    )


@db.prepared
def _records(
    is_answered: bool,
    has_projects: bool,
    is_bought: bool,
    *,
    item_id: Any,
    plan_id: Any,
    case_id: Any,
    projects: Any,
    purchases: Any,
) -> Any:
    parts = [
        _record(
            "edition",
            sa.select(PlanEdition).where(PlanEdition.plan_id == plan_id),
            at=PlanEdition.submitted_at,
            number=PlanEdition.number,
            code=PlanEdition.sha256,
        ),
        _record(
            "withdrawal",
            sa.select(LedgerEntry).where(
                LedgerEntry.subject_kind == "plan",
                LedgerEntry.subject_id == plan_id,
                LedgerEntry.event == "plan.withdrawn",
            ),
            at=LedgerEntry.at,
            text=LedgerEntry.payload,
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
    ]
    parts += _of_case(case_id) if is_answered else []
    parts += _of_projects(projects) if has_projects else []
    parts += _of_purchases(purchases) if is_bought else []
    return sa.union_all(*parts)  # put in order by who asks: SQLite sorts each part by itself


def _of_case(case_id: Any) -> list[Any]:
    return [
        _record(
            "answer",
            sa.select(CardAnswer).where(CardAnswer.case_id == case_id),
            by=CardAnswer.answered_by,
            at=CardAnswer.answered_at,
            code=CardAnswer.criterion,
            text=CardAnswer.reason,
            more=sa.cast(CardAnswer.answer, sa.Text()),
        ),
        _record(
            "correction",
            sa.select(Correction).where(Correction.case_id == case_id),
            at=Correction.asked_at,
            on=Correction.due_on,
            text=Correction.request,
            more=Correction.answer,
        ),
        _record(
            "appeal",
            sa.select(Appeal).where(Appeal.case_id == case_id),
            at=Appeal.filed_at,
            text=Appeal.grounds,
        ),
        _record(
            "appeal_decided",
            sa.select(Appeal).where(Appeal.case_id == case_id, Appeal.released_at <= db.NOW),
            at=Appeal.released_at,
            code=Appeal.outcome,
        ),
    ]


def _of_projects(projects: Any) -> list[Any]:
    newer = aliased(ProgressReport)
    return [
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
    ]


def _of_purchases(purchases: Any) -> list[Any]:
    watched = (
        sa.select(Report)
        .join(Signup, Signup.id == Report.signup_id)
        .join(Step, Step.id == Signup.step_id)
        .join(Process, Process.id == Step.process_id)
        .where(observation_policy.is_open_to_all(), Step.process_id.in_(purchases))
    )
    return [
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
    ]


def of(head: Any, way: Sequence[Any]) -> Sequence[Any]:
    """Everything on record about an item that is public, in one read and one shape: kind, at (UTC), on (day), number,
    code, text, more, satang, who (an officer's post, else name). ``head`` and ``way`` say where to look: a card and
    its corrections are read only once a decision is released, money and reports only of public projects.

    Kinds: ``edition`` (the plan handed in), ``withdrawal`` (the plan taken back), ``answer`` (of the card), ``correction``, ``appeal``,
    ``appeal_decided``, ``not_yet``, ``money`` (of its projects), ``report`` (of an observer of its purchases),
    ``report_answer`` (the office's to it), ``progress`` (a monthly report that counts: number is its sheet, satang
    hundredths of a percent).
    """
    projects = sorted({row.project_id for row in way})
    purchases = sorted({row.process_id for row in way if row.process_id is not None})
    found = _records(
        head.outcome is not None,
        bool(projects),
        bool(purchases),
        item_id=head.id,
        plan_id=head.plan_id,
        case_id=head.case_id,
        projects=projects,
        purchases=purchases,
    )
    return sorted(found, key=lambda record: (record.at, record.on or dt.date.min))
