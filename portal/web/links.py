"""Absolute addresses for mails, feeds and exports, in the reader's language, from the portal's public address."""

from __future__ import annotations

from typing import Any

from flask import current_app


def absolute(endpoint: str, lang: str, **values: Any) -> str:
    """The public address of an endpoint; works without a request."""
    adapter = current_app.url_map.bind("portal.invalid", url_scheme="https")
    path = adapter.build(endpoint, values)
    prefix = "/en" if lang == "en" else ""
    base: str = current_app.config["PORTAL"].public_url
    return base + prefix + path
