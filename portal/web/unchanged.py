"""A page is written again when something it was made from changed, not before.

For every request of a visitor the database is asked everything the page was made from, in the request's own
transaction and after the guard. When all answers are the same as last time, so is the page. Nothing here lives longer
than the page cache would keep it, which bounds what a page may read besides the database: the clock.
"""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, NamedTuple

from flask import Request, Response, current_app, g, request, session

from portal.core import clock, i18n
from portal.core.reads import Asked, Reads, noted
from portal.web import headers

MOST = 100


class Page(NamedTuple):
    """A page as it was written, and what it was made from; good until ``until`` (seconds of the steady clock)."""

    until: float
    boundary: dt.datetime | None
    reads: Reads
    body: bytes
    etag: str


_kept: OrderedDict[tuple[Any, ...], Page] = OrderedDict()
_lock = threading.Lock()
_is_on = False


def keep_pages(is_wanted: bool) -> None:
    """Whether pages are kept at all."""
    global _is_on
    _is_on = is_wanted
    forget()


def forget() -> None:
    """Write every page anew."""
    with _lock:
        _kept.clear()


def written(make: Callable[[], Any]) -> Any:
    """The answer of ``make``, a view of a page that says the same to every visitor."""
    if not _is_on:
        return make()
    asked_for: Request = request._get_current_object()  # type: ignore[attr-defined]  # each look at the proxy costs
    place = (asked_for.script_root, asked_for.path, asked_for.query_string)
    key = (i18n.language(), *place, clock.today())
    with _lock:
        page = _kept.get(key)
        if page is not None:
            _kept.move_to_end(key)
    asked: list[Asked] = []
    if page is not None and page.until > time.monotonic():
        is_same, asked = page.reads.ask_again()
        if is_same:
            headers.fresh_until(page.boundary)
            return _answer(page)
    reads = Reads(known=asked)
    with noted(reads):
        answer = make()
    seconds = headers.shared_seconds()
    if type(answer) is not str or not reads.is_whole or session.modified or not seconds:
        return answer
    body = answer.encode()
    page = Page(time.monotonic() + seconds, g.get("fresh_until"), reads, body, headers.etag_of(body))
    with _lock:
        _kept[key] = page
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return _answer(page)


def _answer(page: Page) -> Response:
    told = [("Content-Type", "text/html; charset=utf-8"), ("ETag", f'"{page.etag}"')]
    return current_app.response_class(page.body, headers=told)
