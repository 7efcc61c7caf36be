"""The portal's public address, for what is written to be read elsewhere: releases, feeds, papers."""

from __future__ import annotations

_public = "http://127.0.0.1:8000"


def use(url: str) -> None:
    """Set the address, at the start; no slash at its end."""
    global _public
    _public = url


def public() -> str:
    """The address, without a slash at its end."""
    return _public
