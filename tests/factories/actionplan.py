"""Action plans in any state, their projects and links. Use inside an open transaction."""

import datetime as dt
from itertools import count
from typing import Any

import sqlalchemy as sa

from portal.actionplan import queries
from portal.actionplan.models import (
    ActionPlan,
    ActionPlanEdition,
    ActionPlanState,
    BudgetKind,
    NotYet,
    Project,
    ProjectItem,
    ProjectKind,
    Section,
)
from portal.core import calendar, clock, db, hashing, topics
from portal.cycles.models import Cycle
from portal.places.models import District
from portal.plans.models import Item
from tests.factories import accounts

_numbers = count(1)
_ORDER = list(ActionPlanState)


def action_plan(cycle: Cycle, state: ActionPlanState = ActionPlanState.DRAFT, **given: Any) -> ActionPlan:
    """The plan of a cycle with all the facts its state rests on, its first edition included."""
    session, now = db.session(), clock.now()
    district = session.get_one(District, cycle.district_id)
    title = f"แผนปฏิบัติราชการประจำปี {cycle.fiscal_year} {district.name_th}"
    topic = topics.create("action_plan", title, district_id=district.id)
    values: dict[str, Any] = {
        "cycle_id": cycle.id,
        "district_id": district.id,
        "state": state,
        "created_by": given.pop("created_by", None) or accounts.person(name="ผู้ร่าง แผน").id,
        "created_at": now - dt.timedelta(days=60),
        "topic_id": topic.id,
    }
    reached = _ORDER.index(state)
    if reached >= _ORDER.index(ActionPlanState.HEARING):
        values["hearing_opened_at"] = now - dt.timedelta(days=9)
    if reached >= _ORDER.index(ActionPlanState.ANSWERED):
        values["answered_at"] = now - dt.timedelta(days=5)
    if reached >= _ORDER.index(ActionPlanState.APPROVED):
        values |= {
            "approved_by": accounts.person(name="ผู้อำนวยการ เขต").id,
            "approved_at": now - dt.timedelta(days=4),
        }
    if reached >= _ORDER.index(ActionPlanState.PUBLISHED):
        values["published_at"] = now - dt.timedelta(days=3)
    if state is ActionPlanState.REOPENED:
        values |= {
            "reopened_by": accounts.person().id,
            "reopened_at": now - dt.timedelta(days=1),
            "reopened_reason": "งบประมาณที่ได้รับจัดสรรเปลี่ยนไป",
        }
    made = ActionPlan(**{**values, **given})
    session.add(made)
    session.flush()
    topics.tie(topic.id, made.id)
    if reached >= _ORDER.index(ActionPlanState.PUBLISHED):
        edition(made)
    return made


def edition(plan: ActionPlan, number: int = 1, reason: str = "") -> ActionPlanEdition:
    """The plan as it reads now, published under this number."""
    text = hashing.canonical_json(queries.body_now(plan, number))
    made = ActionPlanEdition(
        action_plan_id=plan.id,
        number=number,
        body=text,
        sha256=hashing.sha256_hex(text),
        reason=reason,
        published_by=plan.approved_by,
        published_at=clock.now(),
    )
    db.session().add(made)
    db.session().flush()
    return made


def project(plan: ActionPlan, name: str = "จัดหาเต็นท์สนามสำหรับชุมชน", **given: Any) -> Project:
    """A complete project of 500,000 baht over the whole fiscal year; ``budget_satang=None`` gives the words of the
    annual expenditure unless ``budget_kind`` says otherwise."""
    session, now = db.session(), clock.now()
    cycle = session.get_one(Cycle, plan.cycle_id)
    district = session.get_one(District, plan.district_id)
    first, last = calendar.fiscal_year_span(cycle.fiscal_year)
    place = (
        session.scalar(sa.select(sa.func.max(Project.position)).where(Project.action_plan_id == plan.id)) or 0
    )
    topic = topics.create("project", name, district_id=plan.district_id)
    budget = given.pop("budget_satang", 500_000_00)
    values: dict[str, Any] = {
        "action_plan_id": plan.id,
        "district_id": plan.district_id,
        "position": place + 1,
        "kind": ProjectKind.PROJECT,
        "code": f"{district.agency_code}-{next(_numbers):04}",
        "name": name,
        "rationale": "ชุมชนไม่มีอุปกรณ์เป็นของตนเองและต้องเช่าทุกครั้ง",
        "objectives": "ให้ชุมชนมีอุปกรณ์ใช้ในงานส่วนรวม",
        "outputs": "อุปกรณ์ครบตามจำนวนที่ขอ",
        "area": "ชุมชนในพื้นที่เขต",
        "method": "จัดซื้อตามระเบียบและส่งมอบให้ชุมชนดูแล",
        "starts_on": first,
        "ends_on": last,
        "budget_kind": BudgetKind.ANNUAL_EXPENDITURE if budget is None else BudgetKind.AMOUNT,
        "budget_satang": budget,
        "section": Section.COMMUNITY_WELFARE,
        "indicators": "จำนวนชุมชนที่ได้รับอุปกรณ์",
        "created_by": plan.created_by,
        "created_at": now,
        "changed_by": plan.created_by,
        "changed_at": now,
        "topic_id": topic.id,
    }
    made = Project(**{**values, **given})
    session.add(made)
    session.flush()
    topics.tie(topic.id, made.id)
    return made


def link(project: Project, item: Item, amount: int = 100_000_00, note: str = "") -> ProjectItem:
    """The item feeds the project with ``amount`` satang."""
    made = ProjectItem(
        project_id=project.id,
        item_id=item.id,
        amount_satang=amount,
        note=note,
        linked_by=project.created_by,
        linked_at=clock.now(),
    )
    db.session().add(made)
    db.session().flush()
    return made


def not_yet(plan: ActionPlan, item: Item, reason: str = "งบประมาณของปีนี้ไม่พอ จะเสนอในปีถัดไป") -> NotYet:
    """The item is in no project of the plan, for this reason."""
    made = NotYet(
        action_plan_id=plan.id, item_id=item.id, reason=reason, given_by=plan.created_by, given_at=clock.now()
    )
    db.session().add(made)
    db.session().flush()
    return made
