"""The clauses of draft terms: parsed from the text by their own numbers, so that a remark can name one.

A clause begins on a line with a number before its words (``3.``, ``๓.``, ``3.2``, ``ข้อ ๓``). What stands before the first
number is the preamble. A text without numbers is numbered by its paragraphs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from portal.core import thai

PREAMBLE = ""
_NUMBER = r"\d{1,3}(?:\.\d{1,3})*"
_BEGINS = re.compile(
    rf"^\s*(?:ข้อ(?:ที่)?\s*(?P<named>{_NUMBER})[.)]?|(?P<bare>{_NUMBER})[.)]|(?P<deep>\d{{1,3}}(?:\.\d{{1,3}})+))(?=\s|$)"
)
_ANY = re.compile(_NUMBER)


class Clause(NamedTuple):
    """``number`` in Arabic digits, empty for the preamble; ``text`` as it was written, with its number."""

    number: str
    text: str

    @property
    def name(self) -> str:
        """What a remark calls it; empty for the preamble."""
        return f"ข้อ {self.number}" if self.number else ""


def clauses(text: str) -> list[Clause]:
    """The clauses of a text in order; together they are the whole text. A number used twice keeps the first and the
    second is part of what stands before it."""
    found: list[Clause] = []
    lines: list[str] = []
    number, used = PREAMBLE, {PREAMBLE}
    for line in text.splitlines():
        begins = _BEGINS.match(thai.arabic_digits(line))
        own = begins and (begins["named"] or begins["bare"] or begins["deep"])
        if own and own not in used:
            _close(found, number, lines)
            number, lines = own, []
            used.add(own)
        lines.append(line)
    _close(found, number, lines)
    if [one.number for one in found] == [PREAMBLE]:
        parts = [part.strip() for part in re.split(r"\n\s*\n|\n", text) if part.strip()]
        return [Clause(str(place), part) for place, part in enumerate(parts, 1)]
    return found


def _close(found: list[Clause], number: str, lines: list[str]) -> None:
    text = "\n".join(lines).strip()
    if text:
        found.append(Clause(number, text))


def clause_of(words: str, known: Iterable[str]) -> str:
    """Which clause somebody means who wrote ``words`` (``ข้อ ๓``, ``clause 3.1``): the number if there is such a clause,
    or the clause it would stand in, else the preamble."""
    begins = _ANY.search(thai.arabic_digits(words))
    number, numbers = begins.group() if begins else "", set(known)
    while number and number not in numbers:
        number = number.rpartition(".")[0]
    return number
