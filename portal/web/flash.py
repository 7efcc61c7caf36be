"""One sentence on the next page."""

from __future__ import annotations

from flask import flash


def say(message: object) -> None:
    """It worked."""
    flash(str(message), "done")


def warn(message: object) -> None:
    """It worked, but look."""
    flash(str(message), "warning")
