"""What is published of processes, and the facts the next release is written from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from portal.actionplan.models import ActionPlan, ActionPlanState, Project
from portal.core import afterwards, db, hashing, witness
from portal.core.actor import ANONYMOUS
from portal.core.i18n import speaking
from portal.core.storage import StoredFile
from portal.cycles.models import Cycle
from portal.places.models import AgencyCodeStatus, District
from portal.procurement import ocds, policy, words
from portal.procurement.models import (
    Amendment,
    Award,
    Contract,
    Instalment,
    Method,
    Process,
    ProcessProject,
    Release,
    RuleOverride,
    Step,
    StepDocument,
    Tenderer,
)


def releases_of(process_id: int) -> Sequence[Any]:
    """The releases of a process in order: text, sha256, number, release_id, published_at."""
    return (
        db.session()
        .execute(
            sa.select(Release.number, Release.release_id, Release.text, Release.sha256, Release.published_at)
            .where(Release.process_id == process_id)
            .order_by(Release.number)
        )
        .all()
    )


def is_public(process_id: int) -> bool:
    """Everybody may see the process."""
    found = sa.select(Process.id).where(Process.id == process_id, policy.visible_to(ANONYMOUS))
    return db.session().scalar(found) is not None


def facts_of_process(process: Process) -> ocds.Facts:
    """Everything public of a process now, as a release is written from it. Text is Thai."""
    steps = (
        db.session()
        .scalars(sa.select(Step).where(Step.process_id == process.id).order_by(Step.position))
        .all()
    )
    with speaking("th"):
        passed = _steps(process, steps)
    awards = _rows(Award, process, Award.position)
    return ocds.Facts(
        process_id=process.id,
        ocid=process.ocid,
        title=process.title,
        description=process.description,
        method=process.method,
        method_details=process.method_details,
        category=process.category,
        budget=process.budget_satang,
        buyer=_buyer(process),
        median_price=process.median_price_satang,
        state=process.state,
        cancel_reason=process.cancel_reason or "",
        egp_number=process.egp_number or "",
        egp_url=process.egp_url or "",
        is_sealed=policy.is_sealed(steps),
        number_of_tenderers=process.number_of_tenderers,
        projects=_projects(process),
        steps=passed,
        papers=_papers(process),
        offers=tuple(
            ocds.Offer(one.id, one.name, one.offer_satang)
            for one in _rows(Tenderer, process, Tenderer.position)
        ),
        awards=tuple(
            ocds.Awarded(one.id, one.supplier, one.amount_satang, one.announced_on, one.lot) for one in awards
        ),
        contracts=_contracts(process),
    )


def _rows(model: Any, process: Process, order: Any) -> Sequence[Any]:
    return db.session().scalars(sa.select(model).where(model.process_id == process.id).order_by(order)).all()


def _buyer(process: Process) -> ocds.Buyer:
    district = db.session().get_one(District, process.district_id)
    is_sure = district.agency_code_status is AgencyCodeStatus.VERIFIED
    return ocds.Buyer(
        district.code, f"สำนักงาน{district.name_th}", district.agency_code if is_sure else "", process.buyer
    )


def _projects(process: Process) -> tuple[ocds.Project, ...]:
    rows = db.session().execute(
        sa.select(Project.id, Project.name, Project.code, Cycle.fiscal_year)
        .join(ProcessProject, ProcessProject.project_id == Project.id)
        .join(ActionPlan, ActionPlan.id == Project.action_plan_id)
        .join(Cycle, Cycle.id == ActionPlan.cycle_id)
        .where(ProcessProject.process_id == process.id, ActionPlan.state != ActionPlanState.DRAFT)
        .order_by(Project.id)
    )
    return tuple(ocds.Project(row.id, row.name, row.code or "", row.fiscal_year) for row in rows)


def _steps(process: Process, steps: Sequence[Step]) -> tuple[ocds.Passed, ...]:
    """The steps the method has."""
    went: dict[int, list[ocds.Went]] = defaultdict(list)
    for one in db.session().scalars(
        sa.select(RuleOverride)
        .join(Step, Step.id == RuleOverride.step_id)
        .where(Step.process_id == process.id)
        .order_by(RuleOverride.id)
    ):
        went[one.step_id].append(ocds.Went(one.id, one.rule, one.reason, one.signer, one.entered_at))
    came = afterwards.counted("step.came", [step.id for step in steps])
    return tuple(
        ocds.Passed(
            step.kind,
            str(words.STEPS[step.kind]),
            planned_on=step.planned_on,
            actual_on=step.actual_on,
            ends_on=step.ends_on,
            meets_at=step.meets_at,
            place=step.place,
            skip_reason=_skip_reason(process.method, step),
            committee_size=step.committee_size,
            observer_places=step.observer_places if step.is_open_to_observers else 0,
            observers_came=came.get(step.id, 0),
            went_on=tuple(went[step.id]),
        )
        for step in steps
        if not (step.is_skipped and step.note == words.BY_METHOD)
    )


def _skip_reason(method: Method, step: Step) -> str:
    return str(words.skip_reason(method, step.note)) if step.is_skipped else ""


def _papers(process: Process) -> tuple[ocds.Paper, ...]:
    rows = db.session().execute(
        sa.select(
            StepDocument.id,
            Step.kind,
            StepDocument.document_type,
            StepDocument.title,
            StepDocument.published_at,
            StoredFile.media_type,
        )
        .join(Step, Step.id == StepDocument.step_id)
        .outerjoin(StoredFile, StoredFile.id == StepDocument.file_id)
        .where(Step.process_id == process.id)
        .order_by(StepDocument.id)
    )
    return tuple(
        ocds.Paper(
            row.id, row.kind, row.document_type, row.title, row.published_at, row.media_type or "text/html"
        )
        for row in rows
    )


def _contracts(process: Process) -> tuple[ocds.Signed, ...]:
    of_process = sa.select(Contract.id).where(Contract.process_id == process.id)
    amendments: dict[int, list[ocds.Amended]] = defaultdict(list)
    for one in db.session().scalars(
        sa.select(Amendment).where(Amendment.contract_id.in_(of_process)).order_by(Amendment.number)
    ):
        amendments[one.contract_id].append(
            ocds.Amended(
                one.number,
                one.signed_on,
                one.reason,
                one.old_satang,
                one.new_satang,
                one.old_ends_on,
                one.new_ends_on,
            )
        )
    parts: dict[int, list[ocds.Instalment]] = defaultdict(list)
    for part in db.session().scalars(
        sa.select(Instalment).where(Instalment.contract_id.in_(of_process)).order_by(Instalment.number)
    ):
        parts[part.contract_id].append(
            ocds.Instalment(
                part.id,
                part.number,
                part.what,
                part.amount_satang,
                part.due_on,
                part.delivered_on,
                part.accepted_on,
                part.committee_size,
                part.paid_on,
                part.paid_satang,
            )
        )
    return tuple(
        ocds.Signed(
            one.id,
            one.award_id,
            one.number,
            one.amount_satang,
            one.signed_on,
            one.starts_on,
            one.ends_on,
            one.cancelled_on,
            one.cancel_reason or "",
            tuple(amendments[one.id]),
            tuple(parts[one.id]),
        )
        for one in _rows(Contract, process, Contract.id)
    )


def _published(after: int, limit: int) -> list[witness.Row]:
    rows = db.session().execute(
        sa.select(
            Release.id,
            Release.release_id,
            Release.process_id,
            Release.text,
            Release.sha256,
            Release.published_at,
        )
        .where(Release.id > after)
        .order_by(Release.id)
        .limit(limit)
    )
    return [
        witness.Row(
            row.id,
            row.release_id,
            row.process_id,
            hashing.sha256_hex(row.text),
            row.sha256,
            row.published_at,
        )
        for row in rows
    ]


RELEASES = witness.Witness("release", ["process.released"], "release", Release.release_id, _published)
"""Published releases, as the ledger knows them."""
