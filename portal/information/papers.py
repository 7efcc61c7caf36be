"""The monthly summary as a paper (the form สขร.1) and as a spreadsheet. No session.

The form is a Thai paper of a Thai office: its heads stay Thai in every language.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from portal.core import money, sheets, thai, typeset
from portal.core.sheets import Column
from portal.information import summary
from portal.information.summary import Body

TEMPLATE = "information/summary.typ"
HEADS = (
    "ลำดับที่",
    "งานที่จัดซื้อหรือจัดจ้าง",
    "วงเงินที่จะซื้อหรือจ้าง",
    "ราคากลาง",
    "วิธีซื้อหรือจ้าง",
    "รายชื่อผู้เสนอราคาและราคาที่เสนอ",
    "ผู้ได้รับการคัดเลือกและราคาที่ตกลง",
    "เหตุผลที่คัดเลือกโดยสรุป",
    "เลขที่และวันที่ของสัญญาหรือข้อตกลง",
)
LOWEST = "เสนอราคาต่ำสุด"


def title(district: str, month: dt.date) -> str:
    """What stands above the form."""
    return f"สรุปผลการดำเนินการจัดซื้อจัดจ้างในรอบเดือน{thai.month_text(month)} สำนักงาน{district}"


def reason_of(one: Body) -> str:
    """Why the winner was chosen: what the office wrote, or that it offered least."""
    return one["reason"] or (LOWEST if one["is_lowest"] else "–")


def offers_of(one: Body) -> list[dict[str, Any]]:
    """Who offered how much: name and satang. Where nobody is named, as with the specific method, it is who was chosen."""
    return one["offers"] or [{"name": one["supplier"], "satang": one["award_satang"]}]


def pdf(
    body: Body,
    *,
    district: str,
    month: dt.date,
    number: int,
    sha256: str,
    published_at: dt.datetime,
    reason: str,
    is_thai_digits: bool = False,
) -> bytes:
    """A published summary in the form's columns."""
    data = {
        "form": "แบบ สขร. 1",
        "title": title(district, month),
        "standing": f"เผยแพร่ครั้งที่ {number} เมื่อ {thai.instant_text(published_at)}"
        + (f" แก้ไขเพราะ: {reason}" if reason else ""),
        "heads": HEADS,
        "rows": [_cells(place, one) for place, one in enumerate(body["contracts"], 1)],
        "none": "ในรอบเดือนนี้ไม่มีการจัดซื้อจัดจ้างที่ลงนามในสัญญาหรือข้อตกลง",
        "total": f"รวม {len(body['contracts'])} สัญญา {money.baht(summary.total(body))} ({money.baht_words(summary.total(body))})",
        "foot": f"SHA-256 {sha256}",
    }
    return typeset.pdf(TEMPLATE, data, title=title(district, month), lang="th", is_thai_digits=is_thai_digits)


def _cells(place: int, one: Body) -> list[str]:
    offers = "\n".join(f"{offer['name']} {_baht(offer['satang'])}".strip() for offer in offers_of(one))
    return [
        str(place),
        one["what"] + (f"\ne-GP {one['egp']}" if one["egp"] else ""),
        _baht(one["budget_satang"]),
        _baht(one["median_satang"]),
        one["method"],
        offers,
        f"{one['supplier']}\n{_baht(one['award_satang'])}",
        reason_of(one),
        f"{one['contract']}\n{thai.day_text(dt.date.fromisoformat(one['signed_on']))}\n{_baht(one['contract_satang'])}",
    ]


def _baht(satang: int | None) -> str:
    return "–" if satang is None else money.baht(satang)


COLUMNS = (
    Column("place", HEADS[0], "integer", 8),
    Column("what", HEADS[1], width=48),
    Column("egp", "เลขที่โครงการ e-GP", width=16),
    Column("budget", HEADS[2], "baht"),
    Column("median", HEADS[3], "baht"),
    Column("method", HEADS[4], width=28),
    Column("offers", HEADS[5], width=40),
    Column("supplier", "ผู้ได้รับการคัดเลือก", width=32),
    Column("award", "ราคาที่ตกลง", "baht"),
    Column("reason", HEADS[7], width=28),
    Column("contract", "เลขที่สัญญา", width=16),
    Column("signed_on", "วันที่ของสัญญา", width=16),
    Column("amount", "วงเงินตามสัญญา", "baht"),
)


def workbook(body: Body, *, district: str, month: dt.date, number: int, sha256: str) -> bytes:
    """The same as a spreadsheet."""
    heading = title(district, month)
    rows: list[list[Any]] = [
        [
            place,
            one["what"],
            one["egp"] or "",
            one["budget_satang"],
            one["median_satang"],
            one["method"],
            "; ".join(f"{offer['name']} {_baht(offer['satang'])}" for offer in offers_of(one)),
            one["supplier"],
            one["award_satang"],
            reason_of(one),
            one["contract"],
            thai.day_text(dt.date.fromisoformat(one["signed_on"])),
            one["contract_satang"],
        ]
        for place, one in enumerate(body["contracts"], 1)
    ]
    lead = (heading, f"แบบ สขร. 1 เผยแพร่ครั้งที่ {number}", f"SHA-256 {sha256}")
    return sheets.workbook([sheets.Sheet("สขร.1", COLUMNS, rows, lead=lead)], title=heading)
