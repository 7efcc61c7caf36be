"""Where to go next: 303 after every accepted form, and never to another site."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import redirect, request, url_for
from werkzeug.wrappers import Response


def see_other(endpoint: str, **values: Any) -> Response:
    """303 to a page of ours."""
    return redirect(url_for(endpoint, **values), 303)


def see(address: str) -> Response:
    """303 to a local address; anything else leads home."""
    return redirect(address if is_local(address) else request.script_root + "/", 303)


def is_local(address: str) -> bool:
    """Whether an address stays on this site: one leading slash, no host, no scheme, no control characters."""
    if not address.startswith("/") or address.startswith(("//", "/\\")) or "\\" in address:
        return False
    if any(ord(char) < 32 for char in address):
        return False
    parts = urlsplit(address)
    return not parts.scheme and not parts.netloc
