"""An agenda as people type it."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"^\s*(?:[0-9๐-๙]{1,2}\s*[.)]\s*|[-–•]\s+)")


def matters(typed: str) -> list[str]:
    """The matters of an agenda: one on each line; a number or dash before it is dropped."""
    lines = (_NUMBER.sub("", line, count=1).strip() for line in typed.splitlines())
    return [line for line in lines if line]
