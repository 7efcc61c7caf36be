"""Templates: the house's environment, filters and the context every page may use."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

import jinja2
from flask import Flask, render_template
from flask.templating import Environment

from portal.core import clock, i18n, money, thai, topics
from portal.web.frame import House
from portal.web.language import here, other_language
from portal.web.lines import DotStays, keep_whole
from portal.web.links import url_for
from portal.web.login import current_actor
from portal.web.pieces import kept
from portal.web.spoken import mark_thai

_DAY, _MOMENT = dt.timedelta(days=1), dt.timedelta(microseconds=1)


class HouseUndefined(jinja2.Undefined):
    """False when it is tested, an error when it is printed or walked through: it still catches typos."""

    def _refuse(self, *_args: Any, **_kwargs: Any) -> Any:
        self._fail_with_undefined_error()

    __str__ = __iter__ = __len__ = _refuse


def page(template: str, **context: Any) -> str:
    """Render a page; the endpoint's name is the template's name."""
    html = render_template(template, **context)
    return keep_whole(html if i18n.language() == "th" else mark_thai(html))


class Assets:
    """Static files by name, with a version in the address so that browsers may keep them for a year."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.versions: dict[str, str] = {}

    def address(self, name: str) -> str:
        """``/static/<name>?v=<hash>``, never with a language prefix. An unknown name is an error."""
        if name not in self.versions:
            content = (self.folder / name).read_bytes()
            self.versions[name] = hashlib.sha256(content).hexdigest()[:10]
        return f"/static/{name}?v={self.versions[name]}"


# Spaces inside one date and inside one time, and before a dash; not those behind a weekday and between date and time.
_INSIDE = re.compile(r"(?<=\d) (?!เวลา)| (?=–)|(?<![,–·]) (?<!ที่ )(?<!day )(?=\d)")


def _whole(text: object) -> str:
    """A date or a time as a page shows it: no line turns inside."""
    return _INSIDE.sub("\N{NO-BREAK SPACE}", str(text))


@lru_cache(maxsize=4096)
def _day(day: dt.date, lang: str, style: str) -> str:
    return _whole(thai.day_text(day, lang, style))  # type: ignore[arg-type]


def _filter_day(value: dt.date | dt.datetime | None, style: str = "short") -> str:
    if value is None:
        return "–"
    day = clock.day_of(value) if isinstance(value, dt.datetime) else value
    return _day(day, i18n.language(), style)


def _filter_month(value: dt.date | None, style: thai.Style = "long") -> str:
    return _whole(thai.month_text(value, i18n.language(), style)) if value else ""


def _filter_last_day(value: dt.date | dt.datetime | None, style: str = "short") -> str:
    """The last whole day before something ends: ends are kept as the first moment, or the first day, after it."""
    if value is None:
        return "–"
    return _filter_day(value - (_MOMENT if isinstance(value, dt.datetime) else _DAY), style)


def _filter_span(
    start: dt.date | dt.datetime, end: dt.date | dt.datetime, style: thai.Style = "short"
) -> str:
    """From the one day to the other, both of them in it; what the days share is written once. What ends at midnight ends with
    the day before."""
    first = clock.day_of(start) if isinstance(start, dt.datetime) else start
    last = clock.day_of(end - dt.timedelta.resolution) if isinstance(end, dt.datetime) else end
    return _whole(thai.span_text(first, last, i18n.language(), style))


def _filter_instant(value: dt.datetime | None, style: str = "short") -> str:
    return "–" if value is None else _whole(thai.instant_text(value, i18n.language(), style))  # type: ignore[arg-type]


def _filter_deadline(value: dt.datetime | None, style: thai.Style = "short") -> str:
    return "–" if value is None else _whole(thai.deadline_text(value, i18n.language(), style))


def _filter_num(value: int | None) -> str:
    return "–" if value is None else f"{value:,}"


def _filter_baht(value: int | None) -> str:
    return "–" if value is None else money.baht(value, i18n.language())


def _filter_million(value: int | None) -> str:
    return "–" if value is None else money.million(value, i18n.language())


def _filter_fiscal_year(value: int, style: str = "long") -> str:
    return thai.fiscal_year_text(value, i18n.language(), style)


def _filter_percents(values: Iterable[int]) -> list[str]:
    """The share of each: whole percents that together are 100, as every reader adds them up; with one decimal where those
    would tell equal parts as unequal. No part that is there is told as nothing, and none beside another as all."""
    parts, digits = list(values), 0
    if not (whole := sum(parts)):
        return ["–"] * len(parts)
    shares = money.split(100, parts)
    if len({*zip(parts, shares, strict=True)}) > len({*parts}):
        digits, shares = 1, [(2000 * part + whole) // (2 * whole) for part in parts]
    least = 1 / 10**digits

    def said(part: int, share: int) -> str:
        if part and not share:
            return f"<{least:g}%"
        if part < whole and share * least == 100:
            return f">{100 - least:g}%"
        return f"{share * least:.{digits}f}%"

    return [said(*both) for both in zip(parts, shares, strict=True)]


def furnish(env: Environment, root: Path) -> None:
    """The house's filters, globals and messages; ``root`` is the folder that holds ``static``."""
    env.undefined = HouseUndefined
    env.trim_blocks = env.lstrip_blocks = True
    env.add_extension("jinja2.ext.i18n")
    env.add_extension(DotStays)
    # Jinja fills in the values itself and escapes them, so that a message may hold tags: it gets the bare texts.
    env.install_gettext_callables(  # type: ignore[attr-defined]
        i18n.text, i18n.plural_text, newstyle=True, pgettext=i18n.context_text
    )
    env.policies["ext.i18n.trimmed"] = False
    env.filters.update(
        day=_filter_day,
        deadline=_filter_deadline,
        last_day=_filter_last_day,
        instant=_filter_instant,
        month=_filter_month,
        span=_filter_span,
        num=_filter_num,
        baht=_filter_baht,
        million=_filter_million,
        fiscal_year=_filter_fiscal_year,
        percents=_filter_percents,
        thai_digits=thai.thai_digits,
        told=topics.told,
        whole=_whole,
    )
    env.globals.update(
        kept=kept,
        url_for=url_for,
        asset=Assets(root / "static").address,
        here=here,
        other_language=other_language,
    )


def init_app(app: Flask) -> None:
    """What every template knows about the request."""

    @app.context_processor
    def house_context() -> dict[str, Any]:
        return {"actor": current_actor(), "lang": i18n.language(), "now": clock.now(), "house": House(app)}
