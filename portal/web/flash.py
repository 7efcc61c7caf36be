"""One sentence on the next page."""

from __future__ import annotations

from flask import flash


def say(message: object) -> None:
    """It worked."""
    flash(str(message), "done")


def say_left(message: object) -> None:
    """It worked, and this browser is nobody's now: what it kept of a ballot in the making goes."""
    flash(str(message), "left")


def warn(message: object) -> None:
    """It worked, but look."""
    flash(str(message), "warning")
