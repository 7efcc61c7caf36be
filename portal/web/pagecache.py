"""A page cache in front of Flask for visitors: the same page, for everyone, for at most thirty seconds.

Only anonymous GETs whose answer says so are kept, keyed by language, path and query. Hiding, withdrawing and
releasing bump a shared epoch (:mod:`portal.core.state`) that is read at most once a second.
Text is also compressed here, once per kept page.
"""

from __future__ import annotations

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


Headers = list[tuple[str, str]]


class Kept(NamedTuple):
    """One kept answer, ready to be given as it is: plain, packed (the same where packing is not worth it), or only that
    it has not changed. The server adds the length, and takes a list of one text at once: any other way of giving the
    same costs it as much again."""

    until: float
    etag: str
    plain: tuple[Headers, list[bytes]]
    packed: tuple[Headers, list[bytes]]
    unchanged: Headers
    weight: int

    @classmethod
    def of(cls, until: float, headers: Headers, body: bytes) -> Kept:
        """An answer of these headers and this text."""
        etag = next((value for name, value in headers if name == "ETag"), "")
        plain = packed = (headers, [body])
        if len(body) > SMALLEST:
            plain, packed = ([*headers, VARY], [body]), ([*headers, *PACKED], [gzipped(body)])
        unchanged = [(name, value) for name, value in plain[0] if name != "Content-Type"]
        return cls(until, etag, plain, packed, unchanged, len(body) + len(packed[1][0]) + 1000)


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
        return self._answer(kept, environ, start_response, packs)

    def clear(self) -> None:
        """Drop everything."""
        memo.forget()
        unchanged.forget()
        with self.lock:
            self.kept.clear()
            self.size = 0

    def _pass_on(
        self, key: str | None, environ: Environ, start_response: Callable[..., Any], packs: bool
    ) -> Iterable[bytes]:
        answer: dict[str, Any] = {}

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
            kept = Kept.of(time.monotonic() + int(answer["hint"]), headers, body)
            self._keep(key, kept)
            return self._answer(kept, environ, start_response, packs)
        already = any(name == "Content-Encoding" for name, _ in headers)
        if packs and len(body) > SMALLEST and not already:
            body = gzipped(body)
            headers += PACKED
        start_response(answer["status"], [*headers, ("Content-Length", str(len(body)))])
        return [body]

    def _keep(self, key: str, kept: Kept) -> None:
        with self.lock:
            old = self.kept.pop(key, None)
            self.kept[key] = kept
            self.size += kept.weight - (old.weight if old is not None else 0)
            while self.size > self.max_bytes and self.kept:
                _, oldest = self.kept.popitem(last=False)
                self.size -= oldest.weight

    @staticmethod
    def _answer(
        kept: Kept, environ: Environ, start_response: Callable[..., Any], packs: bool
    ) -> Iterable[bytes]:
        if kept.etag and kept.etag in environ.get("HTTP_IF_NONE_MATCH", ""):
            start_response("304 Not Modified", kept.unchanged)
            return [b""]
        headers, body = kept.packed if packs else kept.plain
        start_response("200 OK", headers)
        return body
