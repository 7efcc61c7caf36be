"""The city's own facts as this room carries them: the 50 districts, the 180 sub-districts, the kinds of community."""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path

from portal.core import thai
from portal.core.i18n import language

_FOLDER = Path(__file__).parent / "data"


@lru_cache
def read(name: str) -> tuple[dict[str, str], ...]:
    """The rows of ``data/<name>.csv``, as text."""
    with (_FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@lru_cache
def _words() -> tuple[tuple[str, str, str, str], ...]:
    """(district code, name as shown in Thai, in English, folded words) of every district and sub-district."""
    places = [(row["code"], row["name_th"], row["name_en"]) for row in read("districts")]
    places += [
        (row["district_code"], f"แขวง{row['name_th']}", row["name_en"]) for row in read("subdistricts")
    ]
    return tuple((code, th, en, _folded(f"{th} {en}")) for code, th, en in places)


@lru_cache
def _districts() -> dict[str, dict[str, str]]:
    return {row["name_th"]: row for row in read("districts")}


def told(district: str) -> str | None:
    """A district, by its name in Thai, in the language of the moment; None for another name."""
    row = _districts().get(district)
    return None if row is None else row["name_th" if language() == "th" else "name_en"]


def _folded(text: str) -> str:
    return thai.tokens(text).replace(" ", "")


def districts_named(typed: str) -> dict[str, tuple[tuple[str, str], ...]]:
    """Codes of districts whose own name, or that of a sub-district, holds what was typed, each with the names of those
    sub-districts as (Thai, English). Nothing typed finds every district."""
    wanted = _folded(typed)
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for code, th, en, words in _words():
        if wanted in words:
            through = ((th, en),) if wanted and th.startswith("แขวง") else ()
            found[code] = found.get(code, ()) + through
    return found
