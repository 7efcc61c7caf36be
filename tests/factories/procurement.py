"""Contracting processes at any point of their way. Use inside an open transaction."""

import datetime as dt
import hashlib
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from portal.actionplan.models import Project
from portal.core import clock, db, topics
from portal.core.actor import SYSTEM
from portal.procurement import queries, words
from portal.procurement.commands import settling
from portal.procurement.models import (
    Award,
    Category,
    Contract,
    DraftTerms,
    Method,
    Process,
    ProcessProject,
    ProcessState,
    RuleOverride,
    Step,
    StepDocument,
    StepKind,
)
from portal.procurement.steps import LEFT_OUT
from tests.factories import accounts

WAY_OF = {Method.OPEN: "e-bidding", Method.LIMITED: "limited", Method.DIRECT: "direct"}


def process(projects: Project | Iterable[Project], method: Method = Method.OPEN, **given: Any) -> Process:
    """A running process of 900,000 baht for one or several projects, with its sixteen steps, none done."""
    bought = [projects] if isinstance(projects, Project) else list(projects)
    session = db.session()
    title = str(given.pop("title", "จัดซื้อเต็นท์สนามพร้อมโครงสำหรับชุมชน"))
    district_id = bought[0].district_id
    topic = topics.create("process", title, district_id=district_id)
    values: dict[str, Any] = {
        "district_id": district_id,
        "ocid": f"ocds-test-{district_id}-{topic.id}",
        "title": title,
        "method": method,
        "method_details": words.WAYS[WAY_OF[method]].details,
        "category": Category.GOODS,
        "budget_satang": 900_000_00 if method is not Method.DIRECT else 90_000_00,
        "created_by": given.pop("created_by", None) or accounts.person(name="เจ้าหน้าที่ พัสดุ").id,
        "created_at": clock.now(),
        "topic_id": topic.id,
    }
    if given.get("state", ProcessState.RUNNING) is not ProcessState.RUNNING:
        values["ended_on"] = clock.today()
    made = Process(**{**values, **given})
    session.add(made)
    session.flush()
    topics.tie(topic.id, made.id)
    session.add_all(ProcessProject(process_id=made.id, project_id=one.id) for one in bought)
    for place, kind in enumerate(StepKind, 1):
        is_skipped = kind in LEFT_OUT[method]
        session.add(
            Step(
                process_id=made.id,
                kind=kind,
                position=place,
                is_skipped=is_skipped,
                note=words.BY_METHOD if is_skipped else "",
            )
        )
    session.flush()
    return made


def step(of: Process, kind: StepKind) -> Step:
    """One step of a process."""
    return db.session().scalars(sa.select(Step).where(Step.process_id == of.id, Step.kind == kind)).one()


def step_done(of: Process, kind: StepKind, on: dt.date | None = None, **given: Any) -> Step:
    """The step, done on a day (today); ``ends_on`` closes its window."""
    made = step(of, kind)
    made.actual_on = on or clock.today()
    made.done_by, made.done_at = of.created_by, clock.now()
    for name, value in given.items():
        setattr(made, name, value)
    db.session().flush()
    return made


def done_until(of: Process, kind: StepKind, on: dt.date | None = None) -> None:
    """Every step before ``kind`` that the method has, done on one day (today)."""
    for made in db.session().scalars(sa.select(Step).where(Step.process_id == of.id).order_by(Step.position)):
        if made.kind is kind:
            break
        if not made.is_skipped and made.actual_on is None:
            step_done(of, made.kind, on)


def step_planned(of: Process, kind: StepKind, on: dt.date, **given: Any) -> Step:
    """The step with its planned day; ``meets_at``, ``place``, ``observer_places`` as keywords."""
    made = step(of, kind)
    made.planned_on = on
    for name, value in given.items():
        setattr(made, name, value)
    db.session().flush()
    return made


def award(of: Process, supplier: str = "ร้านตัวอย่าง", satang: int = 800_000_00, **given: Any) -> Award:
    """A lot that somebody won; the process sums it up."""
    made = Award(
        **{
            "process_id": of.id,
            "position": len(queries.awards_of(of.id)) + 1,
            "supplier": supplier,
            "amount_satang": satang,
            "announced_on": clock.today(),
            **given,
        }
    )
    db.session().add(made)
    settling.sum_up(SYSTEM, of)
    return made


def contract(of: Process, number: str = "1/2570", satang: int = 800_000_00, **given: Any) -> Contract:
    """A contract with one instalment, signed today with the winner of the newest lot."""
    won = (queries.awards_of(of.id) or [award(of, satang=satang)])[-1]
    made = settling.add_contract(
        SYSTEM,
        of,
        won,
        number,
        given.pop("signed_on", clock.today()),
        satang,
        given.pop("starts_on", None),
        given.pop("ends_on", None),
    )
    for name, value in given.items():
        setattr(made, name, value)
    settling.sum_up(SYSTEM, of)
    return made


def document(
    of: Process, kind: StepKind, title: str = "เอกสารประกอบขั้นตอน", text: str = "ข้อความของเอกสาร", **given: Any
) -> StepDocument:
    """A document published with a step."""
    made = StepDocument(
        **{
            "step_id": step(of, kind).id,
            "title": title,
            "document_type": "other",
            "text": text,
            "published_at": clock.now(),
            "published_by": of.created_by,
            **given,
        }
    )
    db.session().add(made)
    db.session().flush()
    return made


def draft(of: Process, text: str = "1. เต็นท์กันน้ำ", number: int = 1, **given: Any) -> DraftTerms:
    """A wording of the draft terms, shown today."""
    of.draft_tor = text
    shown = document(of, StepKind.DRAFT_TOR, words.DRAFT_TITLE, text, document_type="hearingNotice")
    made = DraftTerms(
        **{
            "process_id": of.id,
            "number": number,
            "document_id": shown.id,
            "sha256": hashlib.sha256(text.encode()).hexdigest(),
            "changes": "" if number == 1 else "แก้ไขตามความเห็น",
            "ends_on": clock.today(),
            "published_by": of.created_by,
            "published_at": clock.now(),
            **given,
        }
    )
    db.session().add(made)
    db.session().flush()
    return made


def override(of: Process, kind: StepKind, rule: str, warning: str = "{}", **given: Any) -> RuleOverride:
    """A warning that an officer went past."""
    made = RuleOverride(
        **{
            "step_id": step(of, kind).id,
            "rule": rule,
            "warning": warning,
            "reason": "มีความจำเป็นเร่งด่วนก่อนฤดูฝน",
            "signer": "ผู้อำนวยการเขต",
            "entered_by": of.created_by,
            "entered_at": clock.now(),
            **given,
        }
    )
    db.session().add(made)
    db.session().flush()
    return made
