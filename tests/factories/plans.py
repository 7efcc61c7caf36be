"""Community plans in any state, with items that are complete. Use inside an open transaction."""

import datetime as dt
from itertools import count
from typing import Any

import sqlalchemy as sa

from portal.accounts import queries as accounts_queries
from portal.accounts.models import CommitteeMember
from portal.core import clock, db, topics
from portal.core.actor import Actor, Role
from portal.cycles.models import Cycle
from portal.forums.models import Side
from portal.places.models import Community, District
from portal.plans import queries, words
from portal.plans.commands import holding
from portal.plans.content import LineData
from portal.plans.models import (
    BudgetLine,
    Endorsement,
    Item,
    Plan,
    PlanReturn,
    PlanState,
    Way,
)
from tests.factories import accounts, cycles, places

_numbers = count(1)
HANDED_IN = {PlanState.SUBMITTED, PlanState.RETURNED, PlanState.ACCEPTED_FOR_SCREENING}


def plan(
    community: Community | None = None,
    cycle: Cycle | None = None,
    state: PlanState = PlanState.DRAFT,
    items: int = 2,
    **values: Any,
) -> Plan:
    """A plan with ``items`` complete items on alternating sides, signed by more than half of the committee from
    ENDORSED on (a committee of seven is made where there is none), with its edition from SUBMITTED on."""
    community = community or places.community()
    district = db.session().get_one(District, community.district_id)
    cycle = cycle or cycles.cycle(district)
    chair = _chair_of(community)
    topic = topics.create(
        "plan",
        words.TITLE.compose(community=community.name.removeprefix("ชุมชน"), year=cycle.fiscal_year),
        district_id=community.district_id,
    )
    now = clock.now()
    made = Plan(
        **{
            "cycle_id": cycle.id,
            "district_id": community.district_id,
            "community_id": community.id,
            "vision": "ชุมชนน่าอยู่ ปลอดภัย ทุกวัยดูแลกัน",
            "profile": "ชุมชนริมคลอง ส่วนใหญ่ค้าขายและรับจ้าง",
            "analysis": "ทางเดินชำรุดและน้ำท่วมขังในฤดูฝน",
            "created_by": chair.id,
            "created_at": now - dt.timedelta(days=20),
            "changed_at": now - dt.timedelta(days=10),
            "topic_id": topic.id,
            **values,
        }
    )
    db.session().add(made)
    db.session().flush()
    topics.tie(topic.id, made.id)
    for number in range(items):
        item(made, side=list(Side)[number % len(Side)])
    if state is PlanState.ENDORSED or state in HANDED_IN:
        sign(made)
    if state in HANDED_IN:
        hand_in(made, chair)
    _move(made, state)
    return made


def _chair_of(community: Community) -> Actor:
    if not accounts_queries.committee_in_office(community.id):
        accounts.committee(community)
    return accounts.leader(community)


def _move(made: Plan, state: PlanState) -> None:
    now = clock.now()
    if state is PlanState.RETURNED:
        made.due_on = clock.today() + dt.timedelta(days=14)
        planner = accounts.officer(Role.PLANNER, db.session().get_one(District, made.district_id))
        db.session().add(
            PlanReturn(
                plan_id=made.id,
                reason="ขอให้ระบุจำนวนผู้ได้รับประโยชน์ให้ชัดเจน",
                due_on=made.due_on,
                returned_by=planner.id,
                returned_at=now,
            )
        )
    elif state is PlanState.ACCEPTED_FOR_SCREENING:
        planner = accounts.officer(Role.PLANNER, db.session().get_one(District, made.district_id))
        made.accepted_by, made.accepted_at = planner.id, now
    made.state = state
    db.session().flush()


def item(plan: Plan, *, lines: int = 2, **values: Any) -> Item:
    """A complete item at the end of the plan; ``lines`` budget lines of 12,500 baht each."""
    last = db.session().scalar(sa.select(sa.func.max(Item.rank)).where(Item.plan_id == plan.id)) or 0
    number = next(_numbers)
    title = str(values.pop("title", f"ปรับปรุงทางเดินในชุมชน ช่วงที่ {number}"))
    topic = topics.create("item", title, district_id=plan.district_id)
    created_at = (plan.submitted_at or clock.now()) - dt.timedelta(days=15)
    made = Item(
        **{
            "plan_id": plan.id,
            "rank": last + 1,
            "title": title,
            "side": Side.PHYSICAL,
            "problem": "ทางเดินแตกร้าว ผู้สูงอายุหกล้มบ่อย",
            "cause": "ใช้งานมานานและน้ำกัดเซาะ",
            "proposal": "รื้อผิวเดิมและเทคอนกรีตใหม่พร้อมราวจับ",
            "objective": "ให้ทุกคนเดินได้อย่างปลอดภัย",
            "indicator": "ไม่มีผู้หกล้มภายในหนึ่งปี",
            "place": "ซอยกลางชุมชน",
            "beneficiaries": 320,
            "beneficiary_groups": "ผู้สูงอายุ เด็ก และผู้พิการ",
            "way": Way.SUPPORT,
            "created_by": plan.created_by,
            "created_at": created_at,
            "changed_at": created_at,
            "topic_id": topic.id,
            **values,
        }
    )
    db.session().add(made)
    db.session().flush()
    topics.tie(topic.id, made.id)
    if lines:
        made.budget_satang = lines * 12_500_00
        for position in range(1, lines + 1):
            line = LineData(f"วัสดุรายการที่ {position}", "ชุด", 2_500, 5_000_00)
            db.session().add(
                BudgetLine(
                    item_id=made.id,
                    position=position,
                    what=line.what,
                    unit=line.unit,
                    quantity_thousandths=line.quantity_thousandths,
                    unit_price_satang=line.unit_price_satang,
                    amount_satang=line.amount_satang,
                )
            )
    if plan.submitted_at is not None and made.created_at <= plan.submitted_at:
        made.kept_title, made.kept_side, made.kept_satang = made.title, made.side, made.budget_satang
    db.session().flush()
    return made


def sign(plan: Plan, *, members: int | None = None) -> list[CommitteeMember]:
    """Signatures of the first ``members`` of the committee (more than half) under the plan as it reads now."""
    said = queries.content_of(plan)
    standing = queries.standing(plan, said)
    committee = accounts_queries.committee_in_office(plan.community_id)
    signers = committee[: standing.needed if members is None else members]
    db.session().add_all(
        Endorsement(
            plan_id=plan.id,
            member_id=member.id,
            content_sha256=standing.sha256,
            signed_by=member.person_id,
            signed_at=clock.now(),
        )
        for member in signers
    )
    db.session().flush()
    return signers


def hand_in(plan: Plan, leader: Actor) -> None:
    """The next edition of the plan, without asking about windows or check-lists."""
    said = queries.content_of(plan)
    edition = holding.keep_edition(leader, plan, said, queries.standing(plan, said))
    plan.submitted_at, plan.state = edition.submitted_at, PlanState.SUBMITTED
    db.session().flush()
