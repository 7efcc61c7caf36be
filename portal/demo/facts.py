"""The demonstration's facts, read from ``data/``: names of communities, lines of the district's plan, sample items."""

from __future__ import annotations

import csv
import json
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
DUSIT = 1002


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """The lines of ``data/<name>.csv``."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as source:
        return tuple(csv.DictReader(source))


@cache
def items() -> dict[str, dict[str, Any]]:
    """Sample items by key. A budget line is [what, unit, quantity, unit price in satang]."""
    with (DATA / "items.json").open(encoding="utf-8") as source:
        return {item["key"]: item for item in json.load(source)}
