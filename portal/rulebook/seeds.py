"""Figures the portal starts with. ``is_verified`` is False where nobody has yet held the figure against the text of
the law; officers correct it on the desk, without a developer."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class Law:
    """One figure: a whole number in ``unit`` (satang, working_days, days, months, day_of_month, count, licence), in force from ``valid_from``.
    Nothing below ``least`` can be counted with."""

    value: int
    unit: str
    valid_from: dt.date
    source: str
    is_verified: bool = False
    least: int = 0


MOST = {"working_days": 1_000, "days": 3_660, "months": 120, "day_of_month": 31}
"""The most by unit: what lies further ahead than ten years no deadline can mean, and far enough no calendar holds."""

_ACT = "พ.ร.บ. การจัดซื้อจัดจ้างและการบริหารพัสดุภาครัฐ พ.ศ. 2560"
_REGULATION = "ระเบียบกระทรวงการคลังว่าด้วยการจัดซื้อจัดจ้างและการบริหารพัสดุภาครัฐ พ.ศ. 2560"
_MINISTERIAL = "กฎกระทรวงกำหนดวงเงินการจัดซื้อจัดจ้างพัสดุโดยวิธีเฉพาะเจาะจง พ.ศ. 2560"
COMMITTEES = "ระเบียบกรุงเทพมหานครว่าด้วยชุมชนและกรรมการชุมชน พ.ศ. 2555 (ต่อมามีระเบียบ พ.ศ. 2564 ซึ่งยังไม่ได้ตรวจเทียบ)"
_INFORMATION = "พ.ร.บ. ข้อมูลข่าวสารของราชการ พ.ศ. 2540 มาตรา 7 และมาตรา 9 ประกอบแนวปฏิบัติการเปิดเผยการจัดหาพัสดุ"
OURS = "ข้อกำหนดของพอร์ทัลร่วมงบ ไม่ใช่ตัวบทกฎหมาย"

_PROCUREMENT = dt.date(2017, 8, 23)  # the day the act of 2560 came into force
_COMMITTEE = dt.date(2012, 1, 1)
_START = dt.date(2026, 10, 1)

LAW: dict[str, Law] = {
    "procurement.direct_limit_satang": Law(500_000_00, "satang", _PROCUREMENT, _MINISTERIAL),
    "procurement.draft_tor_days": Law(3, "working_days", _PROCUREMENT, _REGULATION),
    "procurement.draft_tor_must_above_satang": Law(5_000_000_00, "satang", _PROCUREMENT, _REGULATION),
    "procurement.draft_tor_may_from_satang": Law(500_000_00, "satang", _PROCUREMENT, _REGULATION),
    "procurement.invitation_days_to_5m": Law(5, "working_days", _PROCUREMENT, _REGULATION),
    "procurement.invitation_days_to_10m": Law(10, "working_days", _PROCUREMENT, _REGULATION),
    "procurement.invitation_days_to_50m": Law(12, "working_days", _PROCUREMENT, _REGULATION),
    "procurement.invitation_days_above": Law(20, "working_days", _PROCUREMENT, _REGULATION),
    "procurement.committee_members": Law(3, "count", _PROCUREMENT, _REGULATION),
    "procurement.appeal_days": Law(7, "working_days", _PROCUREMENT, _ACT),
    "committee.min": Law(7, "count", _COMMITTEE, COMMITTEES),
    "committee.max": Law(15, "count", _COMMITTEE, COMMITTEES),
    "committee.houses_base": Law(100, "count", _COMMITTEE, COMMITTEES),
    "committee.houses_step": Law(50, "count", _COMMITTEE, COMMITTEES, least=1),
    "committee.remainder": Law(25, "count", _COMMITTEE, COMMITTEES),
    "observer.answer_days": Law(15, "working_days", _START, OURS, is_verified=True),
    "information.display_days": Law(365, "days", _PROCUREMENT, _INFORMATION),
    "progress.due_day": Law(25, "day_of_month", _START, OURS, is_verified=True, least=1),
    "progress.stalled_months": Law(2, "months", _START, OURS, is_verified=True, least=1),
    "opendata.licence": Law(1, "licence", _START, OURS, is_verified=True),
    "screening.days": Law(30, "working_days", _START, OURS, is_verified=True),
}

HOLIDAY_YEARS = range(2020, 2030)
"""Common Era years whose holidays are entered at the start: B.E. 2563 to 2572."""

HOLIDAY_SOURCE = "ชุดข้อมูลวันหยุดราชการ ตรวจกับประกาศคณะรัฐมนตรีก่อนใช้"
