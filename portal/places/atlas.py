"""The city's own facts as this room carries them: the 50 districts, the 180 sub-districts, the kinds of community."""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "data"


@lru_cache
def read(name: str) -> tuple[dict[str, str], ...]:
    """The rows of ``data/<name>.csv``, as text."""
    with (_FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
