"""Reading one sheet: its head, its reports, the report being written, its money."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.accounts.models import Person
from portal.actionplan.models import ActionPlan, MoneyStep, Project, ProjectMoney
from portal.actionplan.policy import is_in_force
from portal.core import db
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.storage import StoredFile
from portal.core.topics import Topic
from portal.cycles.models import Cycle
from portal.notifications.models import Follow
from portal.places.models import District
from portal.procurement import policy as procurement_policy
from portal.procurement.models import Process, ProcessProject
from portal.progress import policy
from portal.progress.models import Moment, ProgressReport, ProgressSheet, ReportDraft


@dataclass(frozen=True)
class Head:
    """A sheet with what its form prints, taken from the action plan where the project stands in one. Amounts in satang;
    ``budget_satang`` is None where the plan prints words in place of an amount or a bureau names none; ``received_satang``
    is what the newest transfer says, the sum of all instalments so far. ``received_on`` is its day."""

    sheet: ProgressSheet
    project_id: int | None
    plan_id: int | None
    name: str
    code: str
    fiscal_year: int
    starts_on: dt.date
    ends_on: dt.date
    budget_satang: int | None
    received_satang: int
    received_on: dt.date | None
    rationale: str
    objectives: str
    targets: str
    district_th: str
    district_en: str
    is_withdrawn: bool
    is_followed: bool


def transferred(column: Any) -> Any:
    """The newest transfer of the project (a correlated SELECT): its amount, which is the sum so far, or its day."""
    return (
        sa.select(column)
        .where(ProjectMoney.project_id == Project.id, ProjectMoney.step == MoneyStep.TRANSFERRED)
        .order_by(ProjectMoney.id.desc())
        .limit(1)
        .correlate(Project)
        .scalar_subquery()
    )


def head(actor: Actor, sheet_id: int) -> Head:
    """The head of a sheet the actor may see, in one query; raises NotFound."""
    row = (
        db.session()
        .execute(
            sa.select(
                ProgressSheet,
                Project,
                ActionPlan.id.label("plan_id"),
                Cycle.fiscal_year,
                District.name_th,
                District.name_en,
                transferred(ProjectMoney.amount_satang).label("received"),
                transferred(ProjectMoney.on).label("received_on"),
                sa.exists()
                .where(Follow.topic_id == ProgressSheet.topic_id, Follow.person_id == (actor.id or 0))
                .label("followed"),
            )
            .outerjoin(Project, Project.id == ProgressSheet.project_id)
            .outerjoin(ActionPlan, ActionPlan.id == Project.action_plan_id)
            .outerjoin(Cycle, Cycle.id == ActionPlan.cycle_id)
            .outerjoin(District, District.id == ProgressSheet.district_id)
            .where(ProgressSheet.id == sheet_id, policy.visible_to(actor))
        )
        .first()
    )
    if row is None:
        raise NotFound
    sheet, project = row.ProgressSheet, row.Project
    words: Any = project or sheet
    return Head(
        sheet=sheet,
        project_id=sheet.project_id,
        plan_id=row.plan_id,
        name=words.name,
        code=words.code or "",
        fiscal_year=row.fiscal_year or sheet.fiscal_year,
        starts_on=words.starts_on,
        ends_on=words.ends_on,
        budget_satang=project.budget_satang if project else sheet.received_satang,
        received_satang=(row.received or 0) if project else sheet.received_satang,
        received_on=row.received_on,
        rationale=words.rationale,
        objectives=words.objectives,
        targets=project.outputs if project else sheet.targets,
        district_th=row.name_th or "",
        district_en=row.name_en or "",
        is_withdrawn=project is not None and project.withdrawn_at is not None,
        is_followed=bool(row.followed),
    )


@dataclass(frozen=True)
class Told:
    """A certified report with the posts of its two people. ``corrected_by`` is the number of the report that replaced it
    (None while it counts), ``corrects`` the number of the one it replaced."""

    report: ProgressReport
    writer: str
    certifier: str
    corrects: int | None
    corrected_by: int | None


def _post(person: Any) -> Any:
    return sa.case((person.position == "", person.display_name), else_=person.position)


def reports_of(sheet_id: int) -> list[Told]:
    """Every certified report of a sheet, by number; one query."""
    writer, certifier = aliased(Person), aliased(Person)
    old, newer = aliased(ProgressReport), aliased(ProgressReport)
    rows = db.session().execute(
        sa.select(
            ProgressReport,
            _post(writer),
            _post(certifier),
            old.number.label("corrects"),
            newer.number.label("corrected_by"),
        )
        .join(writer, writer.id == ProgressReport.written_by)
        .join(certifier, certifier.id == ProgressReport.certified_by)
        .outerjoin(old, old.id == ProgressReport.corrects_id)
        .outerjoin(newer, newer.corrects_id == ProgressReport.id)
        .where(ProgressReport.sheet_id == sheet_id)
        .order_by(ProgressReport.number)
    )
    return [Told(*row) for row in rows]


def counting(sheet_id: int) -> Sequence[ProgressReport]:
    """The reports that count: one for a month, in the order of the months."""
    newer = aliased(ProgressReport)
    return (
        db.session()
        .scalars(
            sa.select(ProgressReport)
            .where(
                ProgressReport.sheet_id == sheet_id,
                ~sa.exists().where(newer.corrects_id == ProgressReport.id),
            )
            .order_by(ProgressReport.for_month)
        )
        .all()
    )


def report_numbered(sheet_id: int, number: int) -> Told:
    """One certified report; raises NotFound. Whether it may be seen is asked of its sheet."""
    for told in reports_of(sheet_id):
        if told.report.number == number:
            return told
    raise NotFound


def draft_of(sheet_id: int) -> ReportDraft | None:
    """The report of a sheet that is on its way. For the desk alone."""
    return db.session().scalar(sa.select(ReportDraft).where(ReportDraft.sheet_id == sheet_id))


def writer_of(draft: ReportDraft) -> str:
    """The name of who wrote a draft."""
    return db.session().scalar(sa.select(Person.display_name).where(Person.id == draft.written_by)) or ""


def corrected_number(draft: ReportDraft) -> int | None:
    """The number of the report a draft is to replace."""
    if draft.corrects_id is None:
        return None
    return db.session().scalar(sa.select(ProgressReport.number).where(ProgressReport.id == draft.corrects_id))


def purchases_of(actor: Actor, project_id: int) -> Sequence[Any]:
    """The contracting processes of a project that the actor may see, oldest first: id, title, state, budget_satang,
    contract_satang, paid_satang, supplier, contract_number, shared (how many projects it buys for)."""
    every = aliased(ProcessProject)
    shared = (
        sa.select(sa.func.count()).where(every.process_id == Process.id).correlate(Process).scalar_subquery()
    )
    return (
        db.session()
        .execute(
            sa.select(
                Process.id,
                Process.title,
                Process.state,
                Process.budget_satang,
                Process.contract_satang,
                Process.paid_satang,
                Process.supplier,
                Process.contract_number,
                shared.label("shared"),
            )
            .join(ProcessProject, ProcessProject.process_id == Process.id)
            .where(ProcessProject.project_id == project_id, procurement_policy.visible_to(actor))
            .order_by(Process.id)
        )
        .all()
    )


@dataclass(frozen=True)
class Picture:
    """A photograph of a report."""

    file_id: int
    moment: Moment
    caption: str
    width: int
    height: int


def pictures(photos: Sequence[dict[str, Any]]) -> list[Picture]:
    """The photographs of reports, before, during and after; in the order they were handed in."""
    files = (
        {
            row.id: row
            for row in db.session().execute(
                sa.select(StoredFile.id, StoredFile.width, StoredFile.height).where(
                    StoredFile.id.in_([photo["file"] for photo in photos])
                )
            )
        }
        if photos
        else {}
    )
    order = list(Moment)
    found = [
        Picture(
            photo["file"],
            Moment(photo["moment"]),
            photo["caption"],
            files[photo["file"]].width or 0,
            files[photo["file"]].height or 0,
        )
        for photo in photos
        if photo["file"] in files
    ]
    return sorted(found, key=lambda one: order.index(one.moment))


def project_to_open(actor: Actor, project_id: int) -> Any:
    """A project that may be followed, for an officer who may open its sheet: (Project, fiscal_year, name_th, name_en,
    sheet_id); raises NotFound for others and for plans that are not published."""
    row = (
        db.session()
        .execute(
            sa.select(
                Project,
                Cycle.fiscal_year,
                District.name_th,
                District.name_en,
                ProgressSheet.id.label("sheet_id"),
            )
            .join(ActionPlan, ActionPlan.id == Project.action_plan_id)
            .join(Cycle, Cycle.id == ActionPlan.cycle_id)
            .join(District, District.id == Project.district_id)
            .outerjoin(ProgressSheet, ProgressSheet.project_id == Project.id)
            .where(
                Project.id == project_id,
                Project.withdrawn_at.is_(None),
                is_in_force(),
                ActionPlan.state.in_(policy.PUBLISHED),
            )
        )
        .first()
    )
    if row is None or not policy.can_open(actor, row.Project.district_id):
        raise NotFound
    return row


def title_of(sheet: ProgressSheet) -> str:
    """The name of what the sheet follows."""
    return db.session().scalar(sa.select(Topic.title).where(Topic.id == sheet.topic_id)) or ""


def received_satang(sheet: ProgressSheet) -> int:
    """The budget received: the sum the newest transfer for the project says, or what a bureau's sheet says."""
    if sheet.project_id is None:
        return sheet.received_satang or 0
    return (
        db.session().scalar(
            sa.select(transferred(ProjectMoney.amount_satang)).where(Project.id == sheet.project_id)
        )
        or 0
    )


def situation(sheet: ProgressSheet, draft: ReportDraft | None) -> tuple[dt.date, list[ProgressReport], int]:
    """What a report is held against: its month, the reports of other months that count, the money received."""
    corrects = draft.corrects_id if draft else None
    others = [one for one in counting(sheet.id) if one.id != corrects]
    return (draft.for_month if draft else sheet.next_month), others, received_satang(sheet)


def is_withdrawn(sheet: ProgressSheet) -> bool:
    """Whether the project was taken out of its plan."""
    at = sa.select(Project.withdrawn_at).where(Project.id == sheet.project_id)
    return sheet.project_id is not None and db.session().scalar(at) is not None


def hashes_of(photos: Sequence[dict[str, Any]]) -> dict[int, str]:
    """The SHA-256 of photographs by file."""
    rows = db.session().execute(
        sa.select(StoredFile.id, StoredFile.sha256).where(
            StoredFile.id.in_([photo["file"] for photo in photos])
        )
    )
    return {row.id: row.sha256 for row in rows}
