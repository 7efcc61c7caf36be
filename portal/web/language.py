"""Language is part of the address: Thai at ``/…``, English at ``/en/…``. The prefix moves to ``SCRIPT_NAME``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask import request

from portal.core import i18n

Environ = dict[str, Any]
Start = Callable[..., Any]


class LanguagePrefix:
    """WSGI middleware: takes ``/en`` off before routing and sets the language of the request."""

    def __init__(self, app: Callable[[Environ, Start], Iterable[bytes]]) -> None:
        self.app = app

    def __call__(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == "/en":
            query = environ.get("QUERY_STRING", "")
            start_response("308 Permanent Redirect", [("Location", "/en/" + (f"?{query}" if query else ""))])
            return [b""]
        if path.startswith("/en/"):
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + "/en"
            environ["PATH_INFO"] = path[3:]
            i18n.set_language("en")
        else:
            i18n.set_language(i18n.DEFAULT)
        return self.app(environ, start_response)


def here() -> str:
    """This page's address with its language and query (never ``request.path`` alone)."""
    query = request.query_string.decode("utf-8", "replace")
    return request.script_root + request.path + (f"?{query}" if query else "")


def other_language() -> str:
    """The same page in the other language."""
    root = request.script_root.removesuffix("/en")
    query = request.query_string.decode("utf-8", "replace")
    prefix = root if i18n.language() == "en" else root + "/en"
    return prefix + request.path + (f"?{query}" if query else "")
