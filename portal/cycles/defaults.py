"""Sensible first rules of a cycle: the city's own figures where its documents give them, ours where they do not.

200,000 baht per district for holding forums and 100,000 for making and reviewing plans stand in the city's budget
documents; 200,000 baht per community and year, at least two forums and two of the five sides follow the community
programme since FY2566 (public pages, to be checked). That last year's plan is reviewed first stands in the city's
documents as work of the year; that it stops a plan is ours. So are the day counts.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from portal.core import calendar, clock
from portal.cycles import body
from portal.cycles.models import PhaseKind

CRITERIA = (
    body.Criterion(
        "complete",
        "formal",
        "ข้อเสนอมีรายละเอียดครบถ้วนตามแบบ",
        "The item is complete",
        True,
    ),
    body.Criterion(
        "forum_held",
        "formal",
        "ผ่านเวทีประชาคมที่มีบันทึกผู้เข้าร่วมและรายงานการประชุม",
        "A recorded community forum has discussed it",
        True,
    ),
    body.Criterion(
        "endorsed",
        "formal",
        "คณะกรรมการชุมชนเกินกึ่งหนึ่งลงนามรับรองแผน",
        "More than half of the community committee has endorsed the plan",
        True,
    ),
    body.Criterion(
        "in_district",
        "formal",
        "สถานที่ดำเนินการอยู่ในพื้นที่เขต",
        "The place is in this district",
        False,
    ),
    body.Criterion(
        "within_ceiling",
        "formal",
        "วงเงินไม่เกินเพดานต่อชุมชนของรอบนี้",
        "The budget is within the ceiling for one community",
        True,
    ),
    body.Criterion(
        "mission",
        "merit",
        "อยู่ในภารกิจและอำนาจหน้าที่ของสำนักงานเขต",
        "It is within the mission and powers of the district",
        False,
    ),
    body.Criterion(
        "area_strategy",
        "merit",
        "สอดคล้องกับยุทธศาสตร์การพัฒนาของพื้นที่ (ระบุหัวข้อ)",
        "It fits the area strategy (name the line)",
        False,
    ),
    body.Criterion(
        "bma_strategy",
        "merit",
        "สอดคล้องกับแผนพัฒนากรุงเทพมหานคร (ระบุหัวข้อ)",
        "It fits the strategy of Bangkok (name the line)",
        False,
    ),
    body.Criterion(
        "not_duplicate",
        "merit",
        "ไม่ซ้ำกับโครงการในแผนหรือในสัญญาที่มีอยู่แล้ว",
        "It is not already in a plan or under contract",
        False,
    ),
    body.Criterion(
        "land",
        "merit",
        "มีสิทธิใช้ที่ดินและได้รับอนุญาตแล้ว",
        "The land may be used and permission is given",
        True,
    ),
    body.Criterion(
        "cost",
        "merit",
        "ราคาสมเหตุผลเมื่อเทียบกับราคาอ้างอิง",
        "The cost is realistic against reference prices",
        True,
    ),
    body.Criterion(
        "upkeep",
        "merit",
        "มีผู้ดูแลรักษาเมื่อแล้วเสร็จ (ระบุผู้รับผิดชอบ)",
        "Somebody named will maintain it",
        True,
    ),
    body.Criterion(
        "safety_law",
        "merit",
        "ปลอดภัยและไม่ขัดต่อกฎหมาย",
        "It is safe and lawful",
        False,
    ),
)


def default_phases(fiscal_year: int) -> dict[PhaseKind, body.Window]:
    """Windows as the year usually runs: forums from November, the plan published before the fiscal year, works in it."""
    first, last = calendar.fiscal_year_span(fiscal_year)
    planning = first.year - 1

    def days(start: dt.date, end: dt.date) -> body.Window:
        return clock.at(start), clock.at(end + dt.timedelta(days=1))

    def day(month: int, number: int) -> dt.date:
        return dt.date(planning if month >= 10 else first.year, month, number)

    return {
        PhaseKind.FORUMS: days(day(11, 1), day(1, 31)),
        PhaseKind.SUBMISSION: days(day(2, 1), day(2, 28)),
        PhaseKind.SCREENING: days(day(3, 1), day(4, 30)),
        PhaseKind.APPEALS: days(day(3, 15), day(5, 15)),
        PhaseKind.HEARING: days(day(6, 1), day(6, 30)),
        PhaseKind.PUBLICATION: days(day(7, 1), day(9, 30)),
        PhaseKind.IMPLEMENTATION: days(first, last),
        PhaseKind.CLOSING: days(last + dt.timedelta(days=1), dt.date(last.year, 12, 31)),
    }


def default_rules(fiscal_year: int, phases: body.Phases, **changed: Any) -> body.Body:
    """A whole body with the given windows. ``changed`` replaces facts by name (``appeal_days=7``), money in satang."""
    known: dict[str, Any] = {
        "community_ceiling_satang": 200_000_00,
        "envelope_satang": 0,
        "forum_budget_satang": 200_000_00,
        "plan_budget_satang": 100_000_00,
        "min_forums": 2,
        "min_sides": 2,
        "requires_review": True,
        "screening_working_days": 30,
        "correction_days": 7,
        "appeal_days": 15,
        "release": "single",
        "voting_rule": None,
        "criteria": CRITERIA,
    }
    unknown = changed.keys() - known.keys()
    if unknown:
        raise TypeError(f"no such rule: {', '.join(sorted(unknown))}")
    known |= changed
    return {
        "format": body.FORMAT,
        "fiscal_year": fiscal_year,
        "phases": body.phase_entries(phases),
        "money": {name: known[name] for name in body.MONEY},
        "minimum": {
            "forums": known["min_forums"],
            "sides": known["min_sides"],
            "review": known["requires_review"],
        },
        "criteria": [vars(criterion) for criterion in known["criteria"]],
        "deadlines": {name: known[name] for name in body.DEADLINES},
        "release": known["release"],
        "voting_rule": known["voting_rule"],
    }
