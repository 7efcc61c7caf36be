"""Days and times as people write them: the Buddhist Era in Thai, the Common Era in English.

Pages write hundreds of dates, so everything here is a table look-up. Months are named as the Office of the Royal
Society writes them; a year of the Buddhist Era is 543 more than that of the Common Era.
"""

import re
from datetime import date, datetime, time, timedelta, timezone
from typing import Final, Literal

from portal.core.thai.text import arabic_digits

Style = Literal["short", "long", "weekday"]
"""``short`` 21 พ.ย. 2569, ``long`` 21 พฤศจิกายน 2569, ``weekday`` วันเสาร์ที่ 21 พฤศจิกายน 2569."""

BE: Final = 543
"""Years to add to the Common Era for the Buddhist Era."""

BANGKOK: Final = timezone(timedelta(hours=7), "Asia/Bangkok")
"""Bangkok's civil time: seven hours ahead of UTC without change since 1920."""

_EARLIEST_BE = 2400  # a year from here on was typed in the Buddhist Era
_YEARS = range(1900, 2101)  # Common Era years that a person can mean

_TH_LONG = (
    "มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน",
    "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม",
)  # fmt: skip
_TH_SHORT = ("ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.")
_EN_LONG = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_EN_SHORT = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_TH_WEEKDAYS = ("วันจันทร์", "วันอังคาร", "วันพุธ", "วันพฤหัสบดี", "วันศุกร์", "วันเสาร์", "วันอาทิตย์")
_EN_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _spellings(*tables: tuple[str, ...]) -> dict[str, int]:
    """Every way to name a month, without dots and in lower case, with its number."""
    return {
        name.lower().replace(".", ""): number
        for table in tables
        for number, name in enumerate(table, start=1)
    }


_THAI_MONTHS = _spellings(_TH_LONG, _TH_SHORT)
_ENGLISH_MONTHS = _spellings(_EN_LONG, _EN_SHORT) | {"sept": 9}

_ISO = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})")
_NUMBERS = re.compile(
    r"(?P<day>[0-9]{1,2})(?P<mark>[/.-])(?P<month>[0-9]{1,2})(?P=mark)(?P<year>[0-9]{4}|[0-9]{2})"
)
_NAMED = re.compile(
    r"(?P<day>[0-9]{1,2})\s*(?P<month>[^\W\d][^\d\s,]*),?\s*(?:พ\.?ศ\.?|ค\.?ศ\.?)?\s*"
    r"(?P<year>[0-9]{4}|[0-9]{2})"
)
_TIME = re.compile(r"(?P<hour>[0-9]{1,2})[:.](?P<minute>[0-9]{2})(?:\s*น\.?)?")


def day_text(day: date, lang: str = "th", style: Style = "short") -> str:
    """Write a civil day: ``21 พ.ย. 2569`` in Thai, ``21 Nov 2026`` in English; see ``Style``."""
    if lang == "th":
        if style == "short":
            return f"{day.day} {_TH_SHORT[day.month - 1]} {day.year + BE}"
        written = f"{day.day} {_TH_LONG[day.month - 1]} {day.year + BE}"
        return written if style == "long" else f"{_TH_WEEKDAYS[day.weekday()]}ที่ {written}"
    if style == "short":
        return f"{day.day} {_EN_SHORT[day.month - 1]} {day.year}"
    written = f"{day.day} {_EN_LONG[day.month - 1]} {day.year}"
    return written if style == "long" else f"{_EN_WEEKDAYS[day.weekday()]} {written}"


def instant_text(instant: datetime, lang: str = "th", style: Style = "short") -> str:
    """Write an instant in Bangkok time: ``21 พ.ย. 2569 เวลา 16:30 น.``, ``21 Nov 2026, 16:30``.

    Raises ValueError for a naive datetime: nobody could say which moment it is.
    """
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    local = instant.astimezone(BANGKOK)
    day = day_text(local, lang, style)
    clock = f"{local.hour:02}:{local.minute:02}"
    return f"{day} เวลา {clock} น." if lang == "th" else f"{day}, {clock}"


def deadline_text(instant: datetime, lang: str = "th", style: Style = "short") -> str:
    """Write the moment before which something must be done. One at midnight in Bangkok is the day before, whole:
    ``15 ก.พ. 2570`` and not ``16 ก.พ. 2570 เวลา 00:00 น.``, which is read as a day more. Others as ``instant_text``.
    """
    local = instant.astimezone(BANGKOK)
    if (local.hour, local.minute) == (0, 0):
        return day_text(local - timedelta(days=1), lang, style)
    return instant_text(instant, lang, style)


def span_text(start: date, end: date, lang: str = "th", style: Style = "short") -> str:
    """Write the days from ``start`` to ``end``, both included, without saying a month or year twice.

    ``1–15 พ.ย. 2569``, ``28 ก.พ. – 3 มี.ค. 2570``, ``30 ธ.ค. 2569 – 2 ม.ค. 2570``; one day is written once. With
    weekdays both ends are written in full. Raises ValueError when ``end`` is before ``start``.
    """
    if end < start:
        raise ValueError("a span ends before it starts")
    last = day_text(end, lang, style)
    if start == end:
        return last
    if style != "weekday" and start.year == end.year:
        if start.month == end.month:
            return f"{start.day}–{last}"
        return f"{day_text(start, lang, style).rpartition(' ')[0]} – {last}"
    return f"{day_text(start, lang, style)} – {last}"


def month_text(day: date, lang: str = "th", style: Style = "long") -> str:
    """Write the month of a day with its year: ``พฤศจิกายน 2569``, ``November 2026``."""
    return day_text(day, lang, "short" if style == "short" else "long").partition(" ")[2]


def fiscal_year_text(fiscal_year: int, lang: str = "th", style: str = "long") -> str:
    """Write a fiscal year given in the Buddhist Era: ``ปีงบประมาณ 2570``, ``FY2570 (2026/27)``.

    ``short`` stands under a heading that already says what it is: ``2570``.
    """
    if lang == "th":
        return str(fiscal_year) if style == "short" else f"ปีงบประมาณ {fiscal_year}"
    ends = fiscal_year - BE
    return f"FY{fiscal_year} ({ends - 1}/{ends % 100:02})"


def parse_day(text: str) -> date:
    """Read a day that a person typed: 21/11/2569, 21-11-2026, 21 พ.ย. 69, 21 November 2026, 2026-11-21.

    Thai digits count. A year from 2400 on is of the Buddhist Era. Two digits are read as 25.. of the Buddhist Era
    and only from 50 to 99; below that, and beside an English month, one cannot tell the era. Raises ValueError for
    days that do not exist or cannot be told.
    """
    typed = " ".join(arabic_digits(text).split())
    found = _ISO.fullmatch(typed) or _NUMBERS.fullmatch(typed)
    if found:
        return date(_year(found["year"]), int(found["month"]), int(found["day"]))
    named = _NAMED.fullmatch(typed)
    if named:
        name = named["month"].lower().replace(".", "")
        if name in _THAI_MONTHS:
            return date(_year(named["year"]), _THAI_MONTHS[name], int(named["day"]))
        if name in _ENGLISH_MONTHS and len(named["year"]) == 4:
            return date(_year(named["year"]), _ENGLISH_MONTHS[name], int(named["day"]))
    raise ValueError("not a day")


def parse_time(text: str) -> time:
    """Read a time of day that a person typed: 16:30, 16.30, 9.05 น., Thai digits too.

    Raises ValueError for anything else.
    """
    found = _TIME.fullmatch(arabic_digits(text).strip())
    if not found:
        raise ValueError("not a time of day")
    return time(int(found["hour"]), int(found["minute"]))


def _year(digits: str) -> int:
    year = int(digits)
    if len(digits) == 2:
        if year < 50:
            raise ValueError("the era of a year below 50 cannot be told")
        year += 2500
    if year >= _EARLIEST_BE:
        year -= BE
    if year not in _YEARS:
        raise ValueError("year out of range")
    return year
