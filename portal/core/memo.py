"""Figures that everybody shares, kept for a few seconds: a total over the whole city is not added up for each visitor.

Only public answers belong here. Kept per process, as long as the page cache keeps a page; forgotten when the cache's
epoch moves (something must vanish at once, the demo's clock was moved). Off unless the portal keeps pages at all.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, TypeVar

from portal.core import reads

F = TypeVar("F", bound=Callable[..., Any])

_kept: dict[tuple[Any, ...], tuple[float, Any]] = {}
_seconds = 0.0
_forgettings = 0
_anew: ContextVar[bool] = ContextVar("portal_anew", default=False)
MOST = 500


def keep_for(seconds: float) -> None:
    """How long answers are kept; 0 asks anew each time."""
    global _seconds
    _seconds = seconds
    _kept.clear()


def forget() -> None:
    """Drop every kept answer, and do not keep what is being asked for now."""
    global _forgettings
    _forgettings += 1
    _kept.clear()


@contextmanager
def anew(is_wanted: bool) -> Iterator[None]:
    """Inside, if wanted, everything is asked again and the answers are shared from then on: people who are signed in
    see at once what they have just done."""
    token = _anew.set(is_wanted)
    try:
        yield
    finally:
        _anew.reset(token)


def shared(ask: F) -> F:
    """Decorator of a query without an actor: its answer, not to be changed, is shared for a few seconds."""

    def found(*args: Any) -> Any:
        key = (ask.__module__, ask.__name__, *args)
        kept = _kept.get(key)
        instant = time.monotonic()
        if kept is None or kept[0] < instant or _anew.get():
            before = _forgettings
            with reads.noted(None):
                kept = (instant + _seconds, ask(*args))
            if before == _forgettings:
                if len(_kept) >= MOST:
                    _kept.clear()
                _kept[key] = kept
        return kept[1]

    @wraps(ask)
    def answer(*args: Any) -> Any:
        return reads.ask(found, *args) if _seconds else ask(*args)

    return answer  # type: ignore[return-value]
