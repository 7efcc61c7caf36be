"""Reading a list of public procurement notices (CSV): what each line says, and what is wrong with it. No database here.

Columns read: ``egp_project_no, title_th, agency_th, budget_baht, method_th`` (needed) and ``unit_th, median_price_baht,
type_th, tor_published, median_price_published, draft_bidding_doc_published, invitation_published, status_th, source,
district_code``. Lists from other systems stamp a Bangkok day as 17:00Z of the day before: an instant is read as the
Bangkok day it falls on.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from portal.core import clock, thai
from portal.core.money import parse_baht
from portal.procurement.models import Category, Method, StepKind

NEEDED = ("egp_project_no", "title_th", "agency_th", "budget_baht", "method_th")
DAYS: Mapping[str, StepKind] = {
    "tor_published": StepKind.DRAFT_TOR,
    "median_price_published": StepKind.MEDIAN_PRICE,
    "draft_bidding_doc_published": StepKind.PURCHASE_REQUEST,
    "invitation_published": StepKind.INVITATION,
}
COLUMNS = (
    *NEEDED,
    "unit_th",
    "median_price_baht",
    "type_th",
    *DAYS,
    "status_th",
    "source",
    "district_code",
)
WAYS: Mapping[str, tuple[Method, str]] = {
    "e-bidding": (Method.OPEN, "ประกาศเชิญชวนทั่วไป ด้วยวิธีประกวดราคาอิเล็กทรอนิกส์ (e-bidding)"),
    "e-market": (Method.OPEN, "ประกาศเชิญชวนทั่วไป ด้วยวิธีตลาดอิเล็กทรอนิกส์ (e-market)"),
    "ประกาศเชิญชวนทั่วไป": (Method.OPEN, "ประกาศเชิญชวนทั่วไป"),
    "คัดเลือก": (Method.LIMITED, "วิธีคัดเลือก"),
    "เฉพาะเจาะจง": (Method.DIRECT, "วิธีเฉพาะเจาะจง"),
}
KINDS: Mapping[str, Category] = {
    "ซื้อ": Category.GOODS,
    "จ้าง": Category.SERVICES,
    "เช่า": Category.SERVICES,
    "ก่อสร้าง": Category.WORKS,
}
MOST_LINES = 20_000
_NUMBER = re.compile(r"\d{6,20}")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT.+")


class Fault(StrEnum):
    """What keeps a line out."""

    MISSING = "missing"
    NUMBER = "number"
    TWICE = "twice"
    AMOUNT = "amount"
    DAY = "day"
    LATER = "later"
    METHOD = "method"
    KIND = "kind"
    DISTRICT = "district"
    FOREIGN = "foreign"
    TOO_LONG = "too_long"


class BrokenList(Exception):
    """The file is no list of notices at all; the message says why."""


@dataclass(frozen=True)
class Trouble:
    """A fault, where it stands and what was written there."""

    fault: Fault
    column: str
    given: str = ""


@dataclass
class Notice:
    """One line. ``number`` is the line of the file, the heading being line 1; amounts in satang; days are Bangkok days."""

    number: int
    egp_number: str = ""
    title: str = ""
    agency: str = ""
    unit: str = ""
    district_code: str = ""
    budget_satang: int = 0
    median_price_satang: int | None = None
    method: Method = Method.OPEN
    method_details: str = ""
    category: Category = Category.GOODS
    days: dict[StepKind, dt.date] = field(default_factory=dict)
    status: str = ""
    source: str = ""
    troubles: list[Trouble] = field(default_factory=list)


def read(content: bytes) -> list[Notice]:
    """The lines of a list, each with its troubles. Raises BrokenList when it is none."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise BrokenList(f"the file is not UTF-8 (byte {problem.start})") from problem
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        missing = [name for name in NEEDED if name not in (reader.fieldnames or ())]
        if missing:
            raise BrokenList(f"columns are missing: {', '.join(missing)}")
        found: list[Notice] = []
        for row in reader:
            if len(found) >= MOST_LINES:
                raise BrokenList(f"more than {MOST_LINES} lines")
            cells = {name: thai.normalise(value).strip() for name, value in row.items() if name and value}
            found.append(_notice(reader.line_num, cells))
    except csv.Error as problem:
        raise BrokenList(f"line {reader.line_num}: {problem}") from problem
    seen: set[str] = set()
    for one in found:
        if one.egp_number and one.egp_number in seen:
            one.troubles.append(Trouble(Fault.TWICE, "egp_project_no", one.egp_number))
        seen.add(one.egp_number)
    return found


def _notice(number: int, cells: Mapping[str, str]) -> Notice:
    made = Notice(number)
    made.troubles += [Trouble(Fault.MISSING, name) for name in NEEDED if not cells.get(name)]
    made.egp_number = thai.arabic_digits(cells.get("egp_project_no", ""))
    if made.egp_number and not _NUMBER.fullmatch(made.egp_number):
        made.troubles.append(Trouble(Fault.NUMBER, "egp_project_no", made.egp_number[:40]))
    made.title, made.agency = cells.get("title_th", ""), cells.get("agency_th", "")
    made.unit, made.status = cells.get("unit_th", ""), cells.get("status_th", "")
    made.source, made.district_code = cells.get("source", ""), cells.get("district_code", "")
    for column in ("title_th", "agency_th", "unit_th", "status_th", "source"):
        if len(cells.get(column, "")) > 500:
            made.troubles.append(Trouble(Fault.TOO_LONG, column))
    made.budget_satang = _amount(made, cells, "budget_baht") or 0
    made.median_price_satang = _amount(made, cells, "median_price_baht")
    way = WAYS.get(cells.get("method_th", "").removeprefix("วิธี").lower())
    if way is not None:
        made.method, made.method_details = way
    elif cells.get("method_th"):
        made.troubles.append(Trouble(Fault.METHOD, "method_th", cells["method_th"][:60]))
    kind = cells.get("type_th", "")
    if kind and kind not in KINDS:
        made.troubles.append(Trouble(Fault.KIND, "type_th", kind[:60]))
    made.category = KINDS.get(kind, Category.GOODS)
    for column, step in DAYS.items():
        day = _day(made, cells, column)
        if day is not None:
            made.days[step] = day
    return made


def _amount(made: Notice, cells: Mapping[str, str], column: str) -> int | None:
    given = cells.get(column, "")
    if not given:
        return None
    try:
        satang = parse_baht(given)
    except ValueError:
        satang = -1
    if satang < 0:
        made.troubles.append(Trouble(Fault.AMOUNT, column, given[:40]))
        return None
    return satang


def _day(made: Notice, cells: Mapping[str, str], column: str) -> dt.date | None:
    given = cells.get(column, "")
    if not given:
        return None
    try:
        day = day_of(given)
    except ValueError:
        made.troubles.append(Trouble(Fault.DAY, column, given[:40]))
        return None
    if day > clock.today():
        made.troubles.append(Trouble(Fault.LATER, column, given[:40]))
        return None
    return day


def day_of(given: str) -> dt.date:
    """The Bangkok day somebody wrote: a day, or the instant it began somewhere. Raises ValueError."""
    if _INSTANT.fullmatch(given):
        instant = dt.datetime.fromisoformat(given)
        return clock.day_of(instant) if instant.tzinfo is not None else instant.date()
    return thai.parse_day(given)
