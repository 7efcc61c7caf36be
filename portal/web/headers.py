"""Security headers on every answer, cache headers by who asks, and the ETag of anonymous pages."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, Response, current_app, g, request

from portal.core import clock
from portal.web import access
from portal.web.login import has_session

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)
ALWAYS = (
    ("Content-Security-Policy", CONTENT_POLICY),
    ("X-Content-Type-Options", "nosniff"),
    # Where somebody comes from says which ballot they hold (the address of a receipt): no log is told more than our name.
    ("Referrer-Policy", "strict-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=(self)"),
)
HTTPS_ONLY = (("Strict-Transport-Security", "max-age=63072000; includeSubDomains"),)
SHARED_SECONDS = 30
CACHE_HINT = "X-Portal-Cache"


def fresh_until(instant: dt.datetime | None) -> None:
    """This page changes by itself at ``instant`` (a window opens or closes): caches must not keep it beyond."""
    if instant is not None and (g.get("fresh_until") is None or instant < g.fresh_until):
        g.fresh_until = instant


def shared_seconds() -> int:
    """How long a shared cache may keep this page: 30 s or the time to its next boundary."""
    boundary = g.get("fresh_until")
    if boundary is None:
        return SHARED_SECONDS
    left = (boundary - clock.now()).total_seconds()
    return max(0, min(SHARED_SECONDS, int(left)))


def etag_of(body: bytes) -> str:
    """The ETag of a page: its content and the release."""
    release = str(current_app.config["RELEASE"])
    return hashlib.blake2b(body + release.encode(), digest_size=12).hexdigest()


class Always:
    """WSGI middleware: puts the headers on that every answer carries."""

    def __init__(self, app: Callable[..., Iterable[bytes]], *, is_https: bool) -> None:
        self.app = app
        self.headers = [*ALWAYS, *(HTTPS_ONLY if is_https else ())]

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        def begin(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            return start_response(status, headers + self.headers, exc_info)

        return self.app(environ, begin)


def init_app(app: Flask) -> None:
    """Register the one after-request step."""

    @app.after_request
    def finish(response: Response) -> Response:
        if "Cache-Control" not in response.headers:
            _cache(app, response)
        return response


def is_for_everybody(app: Flask) -> bool:
    """This is a visitor's request of a page that says the same to every visitor."""
    asked = request._get_current_object()  # type: ignore[attr-defined]  # the request itself: it is looked at often
    endpoint = asked.endpoint
    return (
        endpoint is not None
        and asked.method in ("GET", "HEAD")
        and not has_session(asked.environ)
        and access.mark_of(app, endpoint).is_cached
    )


def _cache(app: Flask, response: Response) -> None:
    found = response.headers
    if (
        response.status_code != 200
        or response.is_streamed
        or "Set-Cookie" in found
        or not is_for_everybody(app)
    ):
        found["Cache-Control"] = "private, no-store"
        return
    seconds = shared_seconds()
    if "ETag" not in found:
        response.set_etag(etag_of(response.get_data()))
    found.add("Cache-Control", f"public, max-age=0, must-revalidate, s-maxage={seconds}")
    if seconds and _knows_its_query(app):
        found.add(CACHE_HINT, str(seconds))
    if "HTTP_IF_NONE_MATCH" in request.environ:
        response.make_conditional(request.environ)


def _knows_its_query(app: Flask) -> bool:
    """Whether the page reads every parameter of its address. A name that is written in another way (``%71`` for ``q``)
    counts as unknown."""
    asked = request.query_string
    if not asked:
        return True
    names = {part.partition("=")[0] for part in asked.decode("latin-1").split("&")}
    return access.mark_of(app, request.endpoint or "").params.issuperset(names)
