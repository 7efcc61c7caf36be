"""The facts of the city's documents as data: trees of phase 2 (fiscal years 2563 and 2564), phase 3 and Dusit's plan.

Sources: the city's development goals for B.E. 2564 (side 5 in full), the annual plan for B.E. 2563 (an excerpt of side
5), the names of the other branches, and Dusit's plan against corruption B.E. 2566-2570. Only what the documents print
is entered: no number, amount or target is filled in from elsewhere. English titles are the portal's own translation.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "data"
TREES = ("bma-phase-2-2563", "bma-phase-2-2564", "bma-phase-3", "district-1002")


def trees() -> list[dict[str, Any]]:
    """Every tree, an older one before those that continue it.

    A tree has slug, version, title, title_en, first_year and last_year (BE), source, levels [[Thai, English], …],
    nodes, and may have district (DOPA code) and continues ("slug/version"). A node has number, title, and may have
    title_en, children, indicators, continues ("slug/version number-or-title").
    """
    return [read(name) for name in TREES]


def policy_tags() -> list[dict[str, str]]:
    """The nine "ดี" policy tags in their order: name_th, name_en."""
    tags: list[dict[str, str]] = read("policy-tags")
    return tags


def read(name: str) -> Any:
    """One data file by its name without the ending."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
