"""Civil days of Bangkok: fiscal years and working days.

A working day is Monday to Friday, not a government holiday, or a day the cabinet has made one. The holidays are
data: officers edit the table, ``thai_government_holidays`` only fills it the first time.
"""

from collections.abc import Iterable
from datetime import date, timedelta

import holidays as holiday_rules

from portal.core.thai import BE

_DAY = timedelta(days=1)
_SATURDAY = 5

# Labour Day closes companies, not government offices; Children's Day is a Saturday that everybody celebrates.
_NOT_GOVERNMENT = frozenset({"วันแรงงานแห่งชาติ", "ชดเชยวันแรงงานแห่งชาติ", "วันเด็กแห่งชาติ"})
# How the cabinet names 5 December since 2560; the package still has the words of a birthday that is kept.
_NAMED_OTHERWISE = ("วันคล้ายวันเฉลิมพระชนมพรรษาพระบาทสมเด็จ", "วันคล้ายวันพระบรมราชสมภพ พระบาทสมเด็จ")
KNOWN_YEARS = range(2000, 2101)


def fiscal_year(day: date) -> int:
    """Return the fiscal year of a day in the Buddhist Era: FY2570 is 1 October 2026 to 30 September 2027.

    Source: Budget Procedures Act B.E. 2561, section 4.
    """
    return day.year + BE + (day.month >= 10)


def fiscal_year_span(year: int) -> tuple[date, date]:
    """Return the first and the last day of a fiscal year given in the Buddhist Era."""
    return date(year - BE - 1, 10, 1), date(year - BE, 9, 30)


class WorkingCalendar:
    """The working days under one set of holidays; the same questions always get the same answers.

    ``holidays`` are days off (a mapping of day to name serves too), ``special_working`` are days that work all the
    same, weekends and holidays included. Periods are counted as in the Civil and Commercial Code, sections 193/3 and
    193/8: the first day does not count, and a period that would end on a holiday ends on the next working day.
    """

    def __init__(self, holidays: Iterable[date] = (), special_working: Iterable[date] = ()) -> None:
        self._off = frozenset(holidays)
        self._special = frozenset(special_working)

    def is_working_day(self, day: date) -> bool:
        """Say whether offices work on ``day``."""
        return day in self._special or (day.weekday() < _SATURDAY and day not in self._off)

    def next_working_day(self, day: date) -> date:
        """Return ``day`` if it is a working day, else the first one after it."""
        while not self.is_working_day(day):
            day += _DAY
        return day

    def add_working_days(self, day: date, count: int) -> date:
        """Return the ``count``-th working day after ``day``, which itself never counts; before it if negative.

        A count of zero is ``day`` itself, working or not.
        """
        step = _DAY if count >= 0 else -_DAY
        left = abs(count)
        while left:
            day += step
            left -= self.is_working_day(day)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """Count the working days after ``start`` up to and including ``end``; negative if ``end`` is earlier.

        The inverse of ``add_working_days`` for counts of zero or more.
        """
        first, last = min(start, end), max(start, end)
        weeks, rest = divmod((last - first).days, 7)
        count = weeks * 5 + sum((first + _DAY * n).weekday() < _SATURDAY for n in range(1, rest + 1))
        for day in self._off | self._special:
            if first < day <= last:
                count += self.is_working_day(day) - (day.weekday() < _SATURDAY)
        return count if start <= end else -count


def thai_government_holidays(year: int) -> list[tuple[date, str, str]]:
    """Return the government holidays of a Common Era year as (day, Thai name, English name), in order.

    Public and government holidays of the ``holidays`` package with their substitute days, without Labour Day. Days
    that the cabinet announced after the package was released are missing: the table this fills is for officers to
    correct. None are known outside 2000 to 2100.
    """
    if year not in KNOWN_YEARS:
        return []
    thai, english = (
        holiday_rules.country_holidays(
            "TH", years=year, expand=False, language=language, categories=("public", "government")
        )
        for language in ("th", "en_US")
    )
    found = []
    for day in sorted(thai):
        names = zip(thai.get_list(day), english.get_list(day), strict=True)
        kept = [pair for pair in names if pair[0] not in _NOT_GOVERNMENT]
        if kept:
            found.append(
                (
                    day,
                    "; ".join(th.replace(*_NAMED_OTHERWISE) for th, _ in kept),
                    "; ".join(en for _, en in kept),
                )
            )
    return found
