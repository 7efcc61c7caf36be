"""A page cache in front of Flask for visitors: the same page, for everyone, for at most thirty seconds.

Only anonymous GETs whose answer says so are kept, keyed by language, path and query. Hiding, withdrawing and
releasing bump a shared epoch (:mod:`portal.core.state`) that is read at most once a second.
Text is also compressed here, once per kept page.
"""

from __future__ import annotations

import re
import threading
import time
import zlib
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import structlog
from sqlalchemy.exc import SQLAlchemyError

from portal.core import clock, db, memo, state
from portal.web import unchanged
from portal.web.headers import CACHE_HINT
from portal.web.login import has_session

log = structlog.get_logger()
Environ = dict[str, Any]
SMALLEST = 600
VARY = ("Vary", "Accept-Encoding")  # for caches on the way, on what is not packed as well
PACKED = (("Content-Encoding", "gzip"), VARY)
COMPRESSED = ("text/", "application/json", "image/svg", "application/javascript")
_SHARED = re.compile(r"s-maxage=\d+")

Headers = list[tuple[str, str]]


class Given(NamedTuple):
    """A kept answer as it is given in one second of its life: plain, packed (the same where packing is not worth it), or
    only that it has not changed. The server adds the length, and takes a list of one text at once: any other way of giving
    the same costs it as much again."""

    left: int
    plain: tuple[Headers, list[bytes]]
    packed: tuple[Headers, list[bytes]]
    unchanged: Headers

    def with_left(self, left: int) -> Given:
        """The same when caches on the way may keep it for ``left`` seconds."""

        def said(headers: Headers) -> Headers:
            return [
                (name, _SHARED.sub(f"s-maxage={left}", value) if name == "Cache-Control" else value)
                for name, value in headers
            ]

        plain, packed = ((said(headers), body) for headers, body in (self.plain, self.packed))
        return Given(left, plain, packed, said(self.unchanged))


class Kept:
    """One kept answer, until an instant of the monotonic clock."""

    __slots__ = ("etag", "given", "until", "weight")

    def __init__(self, instant: float, seconds: int, headers: Headers, body: bytes) -> None:
        self.until = instant + seconds
        self.etag = next((value for name, value in headers if name == "ETag"), "")
        plain = packed = (headers, [body])
        if len(body) > SMALLEST:
            plain, packed = ([*headers, VARY], [body]), ([*headers, *PACKED], [gzipped(body)])
        unchanged = [(name, value) for name, value in plain[0] if name != "Content-Type"]
        self.given = Given(seconds, plain, packed, unchanged)
        self.weight = len(body) + len(packed[1][0]) + 1000

    def at(self, instant: float) -> Given:
        """As it is given at this instant: no cache on the way keeps it longer than it may be kept here."""
        given, left = self.given, int(self.until - instant)
        if given.left != left:
            given = self.given = given.with_left(left)
        return given


def gzipped(body: bytes, level: int = 5) -> bytes:
    """gzip without a time stamp, so that equal pages have equal bytes."""
    packer = zlib.compressobj(level, zlib.DEFLATED, 31)
    return packer.compress(body) + packer.flush()


class EpochWatch:
    """Reads the epoch and the demo clock's shift at most once a second, and says when the epoch moved."""

    def __init__(self) -> None:
        self.epoch = -1
        self.checked = 0.0
        self.lock = threading.Lock()

    def moved(self) -> bool:
        """True when cached pages must go."""
        instant = time.monotonic()
        if instant - self.checked < 1.0 or not self.lock.acquire(blocking=False):
            return False
        try:
            self.checked = instant
            token = db.open_session("read")
            try:
                epoch, offset = state.read()
            finally:
                db.close_session(token)
            clock.set_offset(offset)
            was, self.epoch = self.epoch, epoch
            return was != epoch
        except SQLAlchemyError as problem:
            log.warning("epoch_unreadable", error=str(problem))
            return False
        finally:
            self.lock.release()

    def look_again(self) -> None:
        """Forget when it last looked (after this process itself changed the state)."""
        self.checked = 0.0


watch = EpochWatch()


class PageCache:
    """WSGI middleware, outside of :class:`portal.web.language.LanguagePrefix`: the language is part of the path."""

    def __init__(self, app: Callable[..., Iterable[bytes]], *, max_bytes: int) -> None:
        self.app = app
        self.max_bytes = max_bytes
        self.kept: OrderedDict[str, Kept] = OrderedDict()
        self.size = 0
        self.clearings = 0
        self.lock = threading.Lock()

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        instant = time.monotonic()
        if instant - watch.checked >= 1.0 and watch.moved():
            self.clear()
        packs = "gzip" in environ.get("HTTP_ACCEPT_ENCODING", "")
        if environ["REQUEST_METHOD"] != "GET" or has_session(environ):
            return self._pass_on(None, environ, start_response, packs)
        key = environ["PATH_INFO"] + "?" + environ.get("QUERY_STRING", "")
        with self.lock:
            kept = self.kept.get(key)
            if kept is not None:
                self.kept.move_to_end(key)
        if kept is None or kept.until <= instant:
            return self._pass_on(key, environ, start_response, packs)
        return self._answer(kept, instant, environ, start_response, packs)

    def clear(self) -> None:
        """Drop everything."""
        memo.forget()
        unchanged.forget()
        with self.lock:
            self.kept.clear()
            self.size = 0
            self.clearings += 1

    def _pass_on(
        self, key: str | None, environ: Environ, start_response: Callable[..., Any], packs: bool
    ) -> Iterable[bytes]:
        answer: dict[str, Any] = {}
        clearings = self.clearings

        def begin(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            answer["status"], answer["headers"] = status, headers
            answer["hint"] = next((value for name, value in headers if name == CACHE_HINT), None)
            answer["type"] = next((value for name, value in headers if name == "Content-Type"), "")
            is_text = answer["type"].startswith(COMPRESSED)
            if answer["hint"] is None and not (packs and is_text):
                answer["written"] = True
                return start_response(status, [*headers, VARY] if is_text else headers, exc_info)
            return lambda data: None

        chunks = self.app(environ, begin)
        if answer.get("written"):
            return chunks
        body = b"".join(chunks)
        close = getattr(chunks, "close", None)
        if close is not None:
            close()
        headers = [
            (name, value) for name, value in answer["headers"] if name not in (CACHE_HINT, "Content-Length")
        ]
        if answer["hint"] is not None and key is not None and answer["status"].startswith("200"):
            instant = time.monotonic()
            kept = Kept(instant, int(answer["hint"]), headers, body)
            self._keep(key, kept, clearings)
            return self._answer(kept, instant, environ, start_response, packs)
        already = any(name == "Content-Encoding" for name, _ in headers)
        if packs and len(body) > SMALLEST and not already:
            body = gzipped(body)
            headers += PACKED
        start_response(answer["status"], [*headers, ("Content-Length", str(len(body)))])
        return [body]

    def _keep(self, key: str, kept: Kept, clearings: int) -> None:
        with self.lock:
            if clearings != self.clearings:
                return  # what it shows was read before something had to vanish
            old = self.kept.pop(key, None)
            self.kept[key] = kept
            self.size += kept.weight - (old.weight if old is not None else 0)
            while self.size > self.max_bytes and self.kept:
                _, oldest = self.kept.popitem(last=False)
                self.size -= oldest.weight

    @staticmethod
    def _answer(
        kept: Kept, instant: float, environ: Environ, start_response: Callable[..., Any], packs: bool
    ) -> Iterable[bytes]:
        given = kept.at(instant)
        if kept.etag and kept.etag in environ.get("HTTP_IF_NONE_MATCH", ""):
            start_response("304 Not Modified", given.unchanged)
            return [b""]
        headers, body = given.packed if packs else given.plain
        start_response("200 OK", headers)
        return body
