"""Lists of sheets: everybody's, and those of an officer's desk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.accounts.models import Person
from portal.actionplan.models import ActionPlan, BudgetKind, Project, ProjectItem
from portal.actionplan.policy import is_in_force
from portal.core import clock, db, paging
from portal.core.actor import Actor
from portal.core.afterwards import Turn
from portal.cycles.models import Cycle
from portal.places.models import District
from portal.procurement import policy as procurement_policy
from portal.procurement.models import Process, ProcessProject, ProcessState
from portal.progress import months, policy, words
from portal.progress.models import WHOLE, DraftState, ProgressReport, ProgressSheet, ReportDraft
from portal.rulebook import queries as rulebook

PAGE = 20


class Standing(StrEnum):
    """How a sheet stands today."""

    LATE = "late"
    STALLED = "stalled"
    OFF_PLAN = "off_plan"
    RUNNING = "running"
    FINISHED = "finished"


def rules() -> tuple[int, int]:
    """The due day of the month, and after how many months without growth work counts as stalled."""
    found = rulebook.laws([months.DUE_DAY, months.STALLED_MONTHS])
    return found[months.DUE_DAY].value, found[months.STALLED_MONTHS].value


def standings(sheet: Any, due_day: int, stalled_months: int) -> list[Standing]:
    """Every mark of a sheet, the gravest first; just ``running`` if there is nothing to say."""
    if sheet.done >= WHOLE:
        return [Standing.FINISHED]
    found = []
    if months.is_late(sheet, clock.today(), due_day):
        found.append(Standing.LATE)
    if months.is_stalled(sheet, stalled_months):
        found.append(Standing.STALLED)
    if sheet.reports and not (sheet.is_on_plan and sheet.is_on_target):
        found.append(Standing.OFF_PLAN)
    return found or [Standing.RUNNING]


def _is(standing: Standing, due_day: int, stalled_months: int) -> Any:
    """The same as a filter."""
    late = ProgressSheet.next_month <= months.late_until(clock.today(), due_day)
    return {
        Standing.LATE: sa.and_(ProgressSheet.done < WHOLE, late),
        Standing.STALLED: sa.and_(ProgressSheet.done < WHOLE, ProgressSheet.stuck_months >= stalled_months),
        Standing.OFF_PLAN: sa.and_(
            ProgressSheet.done < WHOLE,
            ProgressSheet.reports > 0,
            sa.not_(sa.and_(ProgressSheet.is_on_plan, ProgressSheet.is_on_target)),
        ),
        Standing.RUNNING: ProgressSheet.done < WHOLE,
        Standing.FINISHED: ProgressSheet.done >= WHOLE,
    }[standing]


def _sheets() -> Any:
    return (
        sa.select(
            ProgressSheet.id,
            ProgressSheet.project_id,
            ProgressSheet.done,
            ProgressSheet.spent_satang,
            ProgressSheet.reports,
            ProgressSheet.first_month,
            ProgressSheet.next_month,
            ProgressSheet.last_month,
            ProgressSheet.stuck_months,
            ProgressSheet.is_on_plan,
            ProgressSheet.is_on_target,
            ProgressSheet.agency,
            sa.func.coalesce(Project.name, ProgressSheet.name).label("name"),
            sa.func.coalesce(Project.code, ProgressSheet.code).label("code"),
            sa.func.coalesce(Cycle.fiscal_year, ProgressSheet.fiscal_year).label("fiscal_year"),
            Project.budget_satang,
            District.name_th,
            District.name_en,
        )
        .select_from(ProgressSheet)
        .outerjoin(Project, Project.id == ProgressSheet.project_id)
        .outerjoin(ActionPlan, ActionPlan.id == Project.action_plan_id)
        .outerjoin(Cycle, Cycle.id == ActionPlan.cycle_id)
        .outerjoin(District, District.id == ProgressSheet.district_id)
    )


def _paid(actor: Actor) -> Any:
    """What procurement paid for the project alone; lots that buy for several cannot be told apart."""
    other = aliased(ProcessProject)
    return (
        sa.select(sa.func.sum(Process.paid_satang))
        .join(ProcessProject, ProcessProject.process_id == Process.id)
        .where(
            ProcessProject.project_id == ProgressSheet.project_id,
            Process.state != ProcessState.CANCELLED,
            procurement_policy.visible_to(actor),
            ~sa.exists().where(other.process_id == Process.id, other.project_id != ProcessProject.project_id),
        )
        .correlate(ProgressSheet)
        .scalar_subquery()
    )


def sheets(
    actor: Actor,
    *,
    district_id: int | None = None,
    standing: Standing | None = None,
    rules: tuple[int, int],
    cursor: str | None = None,
) -> paging.Slice:
    """A page of sheets, newest first. Rows: id, project_id, name, code, fiscal_year, budget_satang, agency, name_th,
    name_en, what a sheet keeps of its reports, and paid_satang, as procurement knows it."""
    statement = _sheets().add_columns(_paid(actor).label("paid_satang")).where(policy.visible_to(actor))
    if district_id is not None:
        statement = statement.where(ProgressSheet.district_id == district_id)
    if standing is not None:
        statement = statement.where(_is(standing, *rules))
    return paging.keyset(statement, [(ProgressSheet.id, "desc")], cursor=cursor, size=PAGE)


def counts(actor: Actor, district_id: int | None, rules: tuple[int, int]) -> Mapping[Standing, int]:
    """How many sheets stand how, everything counted once per mark."""
    statement = sa.select(
        *(sa.func.count().filter(_is(standing, *rules)).label(standing.name) for standing in Standing)
    ).where(policy.visible_to(actor))
    if district_id is not None:
        statement = statement.where(ProgressSheet.district_id == district_id)
    row = db.session().execute(statement).one()
    return {standing: getattr(row, standing.name) for standing in Standing}


# -- the desk ---------------------------------------------------------------------------------------------------------


def desk(actor: Actor, view: str, rules: tuple[int, int], cursor: str | None = None) -> paging.Slice:
    """A page of an officer's sheets: ``due`` (a report for this month or an earlier one is still to come), ``late``,
    ``stalled``, ``certify`` (sent by somebody else), ``all``. Rows as :func:`sheets`, with draft_state, draft_writers,
    draft_writer, draft_month."""
    statement = (
        _sheets()
        .add_columns(
            ReportDraft.state.label("draft_state"),
            ReportDraft.writers.label("draft_writers"),
            ReportDraft.for_month.label("draft_month"),
            Person.display_name.label("draft_writer"),
        )
        .outerjoin(ReportDraft, ReportDraft.sheet_id == ProgressSheet.id)
        .outerjoin(Person, Person.id == ReportDraft.written_by)
        .where(policy.visible_to_desk(actor, ProgressSheet.district_id))
    )
    if view == "certify":
        statement = statement.where(ReportDraft.state == DraftState.SENT)
    elif view == "late":
        statement = statement.where(_is(Standing.LATE, *rules))
    elif view == "stalled":
        statement = statement.where(_is(Standing.STALLED, *rules))
    elif view == "due":
        statement = statement.where(
            ProgressSheet.done < WHOLE, ProgressSheet.next_month <= months.month_of(clock.today())
        )
    return paging.keyset(statement, [(ProgressSheet.id, "desc")], cursor=cursor, size=PAGE)


def desk_counts(actor: Actor, rules: tuple[int, int]) -> Mapping[str, int]:
    """How many sheets each view of the desk has."""
    row = (
        db.session()
        .execute(
            sa.select(
                sa.func.count()
                .filter(
                    ProgressSheet.done < WHOLE, ProgressSheet.next_month <= months.month_of(clock.today())
                )
                .label("due"),
                sa.func.count().filter(_is(Standing.LATE, *rules)).label("late"),
                sa.func.count().filter(_is(Standing.STALLED, *rules)).label("stalled"),
                sa.func.count().filter(ReportDraft.state == DraftState.SENT).label("certify"),
                sa.func.count().label("all"),
            )
            .select_from(ProgressSheet)
            .outerjoin(ReportDraft, ReportDraft.sheet_id == ProgressSheet.id)
            .where(policy.visible_to_desk(actor, ProgressSheet.district_id))
        )
        .one()
    )
    return dict(row._mapping)


def unopened(actor: Actor, cursor: str | None = None) -> paging.Slice:
    """A page of projects with money that nobody follows yet, on the actor's desk: published, not withdrawn, without a
    sheet. Rows: id, name, code, fiscal_year, budget_satang, starts_on, ends_on, items."""
    items = (
        sa.select(sa.func.count())
        .where(ProjectItem.project_id == Project.id)
        .correlate(Project)
        .scalar_subquery()
    )
    statement = (
        sa.select(
            Project.id,
            Project.name,
            Project.code,
            Cycle.fiscal_year,
            Project.budget_satang,
            Project.starts_on,
            Project.ends_on,
            items.label("items"),
        )
        .join(ActionPlan, ActionPlan.id == Project.action_plan_id)
        .join(Cycle, Cycle.id == ActionPlan.cycle_id)
        .outerjoin(ProgressSheet, ProgressSheet.project_id == Project.id)
        .where(
            ProgressSheet.id.is_(None),
            Project.withdrawn_at.is_(None),
            is_in_force(),
            Project.budget_kind == BudgetKind.AMOUNT,
            ActionPlan.state.in_(policy.PUBLISHED),
            policy.visible_to_desk(actor, Project.district_id),
        )
    )
    return paging.keyset(statement, [(Project.id, "desc")], cursor=cursor, size=PAGE)


# -- what other rooms show -----------------------------------------------------------------------------------------


def turns_of_projects(project_ids: Sequence[int]) -> Mapping[int, Sequence[Turn]]:
    """How far the work on projects is, for the rooms before this one."""
    newest = (
        sa.select(ProgressReport.text)
        .where(ProgressReport.sheet_id == ProgressSheet.id)
        .order_by(ProgressReport.for_month.desc(), ProgressReport.number.desc())
        .limit(1)
        .correlate(ProgressSheet)
        .scalar_subquery()
    )
    rows = db.session().execute(
        sa.select(
            ProgressSheet.id,
            ProgressSheet.project_id,
            ProgressSheet.done,
            ProgressSheet.reports,
            ProgressSheet.is_on_plan,
            ProgressSheet.is_on_target,
            newest.label("text"),
        ).where(ProgressSheet.project_id.in_(project_ids))
    )
    return {
        row.project_id: [
            Turn(words.turn(row), words.tone(row), row.text or "", "progress.show", "sheet_id", row.id)
        ]
        for row in rows
    }
