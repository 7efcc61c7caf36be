"""Reading a list of communities (CSV): what each line says, and what is wrong with it. No database here.

Columns: ``district_code, subdistrict_code, community_th, type_th`` are read; ``subdistrict_th`` and ``text_quality`` if
they are there. ``text_quality`` other than ``ok`` marks a name damaged in its source; so do letters that cannot follow
each other in Thai.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass

from portal.core import thai
from portal.places.models import NameQuality

COLUMNS = ("district_code", "subdistrict_code", "community_th", "type_th")
LONGEST_NAME = 200

# A mark without its letter, two vowels above one letter, sara am with a vowel or silencer, or a lost character.
_DAMAGED = re.compile("(?:^|[^ก-ฮ่-๋])[ัิ-ู]|[ัิ-ู][ัิ-ู]|ำ[ัิ-ู็์]|[เ-ไ](?![ก-ฮ])|[\ufffd?]")


class BrokenList(Exception):
    """The file is not a list of communities at all; the message says why."""


@dataclass(frozen=True)
class Line:
    """One community as the list gives it; ``number`` is the line of the file, the heading being line 1."""

    number: int
    district_code: str
    subdistrict_code: str
    subdistrict: str
    name: str
    type_name: str
    quality: NameQuality


@dataclass(frozen=True)
class Remark:
    """Something to tell about a line: an error keeps the whole list out, a warning does not."""

    number: int
    is_error: bool
    text: str

    def __str__(self) -> str:
        return f"line {self.number}: {'error' if self.is_error else 'warning'}: {self.text}"


def read(content: bytes) -> tuple[list[Line], list[Remark]]:
    """The lines of a list and the remarks on their form. Raises BrokenList when it is none."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise BrokenList(f"the file is not UTF-8 (byte {problem.start})") from problem
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
        if missing:
            raise BrokenList(f"no column {', '.join(missing)}")
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error as problem:
        raise BrokenList(f"line {reader.line_num}: {problem}") from problem
    if not rows:
        raise BrokenList("the list is empty")
    return _lines(rows)


def _lines(rows: list[tuple[int, dict[str, str]]]) -> tuple[list[Line], list[Remark]]:
    lines: list[Line] = []
    remarks: list[Remark] = []
    first: dict[tuple[str, str], int] = {}
    for number, row in rows:
        if None in row or None in row.values():
            remarks.append(Remark(number, True, "the number of cells differs from the heading"))
            continue
        name = thai.normalise(row["community_th"])
        code = row["district_code"].strip()
        key = (code, name)
        if not name or len(name) > LONGEST_NAME:
            remarks.append(Remark(number, True, "the name is empty" if not name else "the name is too long"))
        elif key in first:
            remarks.append(Remark(number, True, f"{name} stands on line {first[key]} already"))
        else:
            first[key] = number
            lines.append(
                Line(
                    number,
                    code,
                    row["subdistrict_code"].strip(),
                    thai.normalise(row.get("subdistrict_th") or ""),
                    name,
                    thai.normalise(row["type_th"]),
                    quality_of(name, row.get("text_quality") or "ok"),
                )
            )
    return lines, remarks


def quality_of(name: str, said: str = "ok") -> NameQuality:
    """Whether a name is to be proofed: the list says so, or its letters cannot be right."""
    return NameQuality.OK if said == "ok" and not _DAMAGED.search(name) else NameQuality.CHECK
