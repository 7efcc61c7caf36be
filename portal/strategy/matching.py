"""Which lines of a tree fit what somebody typed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from portal.core import thai


def with_kin(rows: Iterable[Any], found: set[int]) -> set[int]:
    """The found lines with all lines above and below them."""
    paths = [row.path for row in rows if row.id in found]
    return {
        row.id
        for row in rows
        if any(path.startswith(row.path) or row.path.startswith(path) for path in paths)
    }


def matching(rows: Iterable[Any], q: str) -> set[int]:
    """The ids of the lines whose number begins with ``q``, or whose words begin with every word of it."""
    asked = thai.arabic_digits(thai.normalise(q)).strip()
    if not asked:
        return {row.id for row in rows}
    if asked.replace(".", "").isdigit():
        return {
            row.id for row in rows if row.number == asked or row.number.startswith(asked.rstrip(".") + ".")
        }
    terms, run = thai.query_terms(asked), _run(asked)
    found = set()
    for row in rows:
        text = f"{row.number} {row.title} {row.title_en}"
        words = thai.tokens(text).split()
        # Where Thai words end depends on their neighbours, so the letters themselves count too.
        if run in _run(text) or (terms and all(any(w.startswith(term) for w in words) for term in terms)):
            found.add(row.id)
    return found


def _run(text: str) -> str:
    return "".join(text.lower().split())
