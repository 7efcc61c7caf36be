"""Lists of the registry, as spreadsheets (XLSX) or comma-separated text: who is meant, read row by row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from portal.core import sheets, thai
from portal.core.errors import Invalid
from portal.core.i18n import gettext as _
from portal.core.thai import instant_text
from portal.voting import rollkeys
from portal.voting.models import Round

SHEET = "รายชื่อ"
NUMBER = sheets.Column("number", "เลขประจำตัวประชาชน", width=22)
COMMUNITY = sheets.Column("community", "ชุมชน", width=28)
REQUEST = sheets.Column("request", "เลขที่คำขอ", width=12)
NAME = sheets.Column("name", "ชื่อ", width=28)
ADDRESS = sheets.Column("address", "ที่อยู่", width=44)
ROLL = (NUMBER, COMMUNITY, REQUEST)
LETTERS = (NUMBER, NAME, ADDRESS)


@dataclass(frozen=True)
class Addressee:
    """Whom a letter goes to, as the registry's list says; never stored."""

    number: str
    name: str
    address: str


def rows(content: bytes, columns: tuple[sheets.Column, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a list by their number in the file. Raises Invalid for a file that is no such list."""
    if content.startswith(b"PK"):
        for row in sheets.read(content, SHEET, columns):
            yield row.number, {name: str(value or "") for name, value in row.values.items()}
        return
    if len(content) > sheets.MAX_BYTES:
        raise Invalid(
            {"file": _("The file is larger than %(limit)s MB.", limit=sheets.MAX_BYTES // 1024 // 1024)}
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp874", errors="replace")  # how older spreadsheets write Thai
    lines = _lines(text)
    heads = [thai.normalise(one).strip() for one in next(lines, [])]
    missing = [one.title for one in columns if one.title not in heads]
    if missing:
        raise Invalid({"file": _("These columns are missing: %(columns)s", columns=", ".join(missing))})
    places = [(one.key, heads.index(one.title)) for one in columns]
    for number, cells in enumerate(lines, start=2):
        if number > sheets.MAX_ROWS + 1:
            raise Invalid({"file": _("The sheet has more than %(rows)s rows.", rows=sheets.MAX_ROWS)})
        if any(cell.strip() for cell in cells):
            yield (
                number,
                {key: thai.normalise(cells[at]).strip() if at < len(cells) else "" for key, at in places},
            )


def _lines(text: str) -> Iterator[list[str]]:
    """The lines of a list in whatever way a spreadsheet ends them. Raises Invalid where one cannot be read."""
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        yield from reader
    except csv.Error as problem:
        said = _("Line %(line)s cannot be read: look for a quotation mark too many.", line=reader.line_num)
        raise Invalid({"file": said}) from problem


def by_key(round_id: int, people: Iterable[Addressee]) -> dict[str, Addressee]:
    """People by the key of their row; a wrong number is nobody's, and who stands there twice is there once."""
    found: dict[str, Addressee] = {}
    for one in people:
        digits = rollkeys.citizen_number(one.number)
        if digits is not None:
            found.setdefault(rollkeys.person_key(round_id, digits), one)
    return found


def blank(columns: tuple[sheets.Column, ...], lines: list[list[Any]], title: str) -> bytes:
    """An empty list to fill in, or one with some columns filled."""
    return sheets.workbook([sheets.Sheet(SHEET, columns, lines)], title=title)


def texts(round_: Round, address: str) -> dict[str, str]:
    """The words of a letter, in the language of the moment."""
    return {
        "head": _("Your code to vote"),
        "round": round_.title,
        "days": _(
            "Voting is open from %(first)s to %(last)s.",
            first=instant_text(round_.opens_at, "th"),
            last=instant_text(round_.closes_at, "th"),
        ),
        "how": _(
            "Open the address below, sign in or make an account, and type this code. It works once and for one person: keep it to yourself."
        ),
        "code": _("Code"),
        "address": address,
        "paper": _(
            "If you would rather vote on paper, bring your identity card to the district office while voting is open."
        ),
        "secret": _("Nobody can see from this code how you vote. The code says only that you may."),
    }
