"""A spreadsheet from elsewhere (XLSX), read while it goes past.

A few kilobytes can unpack to gigabytes of cells, texts or styles. So nothing of a file is built in memory but the row that
is just read, and the table of texts: the parts are walked element by element, and more than an office program writes ends
it with :class:`TooMuch`. What cannot be read ends with whatever error it makes: to the caller they are all one.
"""

from __future__ import annotations

import datetime as dt
import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator
from typing import Any
from xml.parsers import expat

MAX_PART = 1024 * 1024
"""Of the parts that say how the file is made: its kinds, its sheets, its styles."""
MAX_STRINGS = 16 * 1024 * 1024
MAX_ROW = 1_000_000
"""Characters of one row; a cell may hold 32,767."""
MAX_ELEMENTS = 6_000_000
MAX_ELEMENTS_OF_ROW = 20_000
MAX_COLUMNS = 1_000
_CHUNK = 64 * 1024
_LONGEST_MARKUP = 1024 * 1024
_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a cell knows no zone
_EPOCH_1904 = dt.datetime(1904, 1, 1)  # noqa: DTZ001
_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
"""The numbers of formats that show a date without saying how."""

Attributes = dict[str, str]


class TooMuch(Exception):
    """The file holds more than it can in good faith."""


class NoSheet(Exception):
    """The file has no sheet of this name."""


def rows(packed: zipfile.ZipFile, sheet: str) -> Iterator[tuple[int, list[Any]]]:
    """The number and the cells of every row of a sheet that is in the file: None, text, number, bool, or an instant."""
    kinds = {
        one["PartName"][1:]: one["ContentType"] for one in _all(packed, "[Content_Types].xml", "Override")
    }
    book = next(name for name, kind in kinds.items() if kind.endswith("main+xml"))
    folder, name = posixpath.split(book)
    found = [one for one in _all(packed, book, "sheet") if one["name"] == sheet]
    if not found:
        raise NoSheet
    own = next(value for key, value in found[0].items() if key.endswith("}id"))
    ways = _all(packed, f"{folder}/_rels/{name}.rels", "Relationship")
    target = next(one["Target"] for one in ways if one["Id"] == own)
    part = posixpath.normpath(posixpath.join("/", folder, target))[1:]
    texts = next((name for name, kind in kinds.items() if kind.endswith("sharedStrings+xml")), "")
    is_1904 = any(one.get("date1904") in ("1", "true") for one in _all(packed, book, "workbookPr"))
    walk = _Rows(
        _texts(packed, texts) if texts in packed.namelist() else [],
        _date_styles(packed),
        _EPOCH_1904 if is_1904 else _EPOCH,
    )
    with packed.open(part) as opened:
        for _step in _walked(opened, walk.start, walk.end, walk.data):
            yield from walk.done
            walk.done.clear()


def _walked(
    stream: Any,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] | None = None,
    data: Callable[[str], None] | None = None,
) -> Iterator[None]:
    """Walk a part, some kilobytes a step. Names come without their namespaces; those of attributes keep theirs."""
    elements = 0

    def begun(name: str, attributes: Attributes) -> None:
        nonlocal elements
        elements += 1
        if elements > MAX_ELEMENTS:
            raise TooMuch
        start(name.rpartition("}")[2], attributes)

    def refused(*_told: object) -> None:
        raise ValueError("a workbook declares no types of its own")

    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refused
    parser.StartElementHandler = begun
    if end is not None:
        parser.EndElementHandler = lambda name: end(name.rpartition("}")[2])
    if data is not None:
        parser.CharacterDataHandler = data
    given = 0
    while chunk := stream.read(_CHUNK):
        parser.Parse(chunk)
        given += len(chunk)
        if given - parser.CurrentByteIndex > _LONGEST_MARKUP:
            raise TooMuch
        yield
    parser.Parse(b"", True)
    yield


def _opened(packed: zipfile.ZipFile, part: str, most: int) -> Any:
    if packed.getinfo(part).file_size > most:
        raise TooMuch
    return packed.open(part)


def _all(packed: zipfile.ZipFile, part: str, *wanted: str) -> list[Attributes]:
    """The attributes of these elements of a part, in their order; ``""`` in each is the element's name."""
    found: list[Attributes] = []

    def start(name: str, attributes: Attributes) -> None:
        if name in wanted:
            found.append({**attributes, "": name})

    with _opened(packed, part, MAX_PART) as opened:
        for _step in _walked(opened, start):
            pass
    return found


def _date_styles(packed: zipfile.ZipFile) -> frozenset[int]:
    """The styles under which a number is a date."""
    if "xl/styles.xml" not in packed.namelist():
        return frozenset()
    dates, styles, is_ours = set(_DATES), list[int](), False
    for one in _all(packed, "xl/styles.xml", "numFmt", "cellStyleXfs", "cellXfs", "xf"):
        if one[""] == "numFmt":
            if _is_date(one.get("formatCode", "")):
                dates.add(int(one["numFmtId"]))
        elif one[""] == "xf":
            if is_ours:
                styles.append(int(one.get("numFmtId", 0)))
        else:
            is_ours = one[""] == "cellXfs"
    return frozenset(place for place, number in enumerate(styles) if number in dates)


def _is_date(code: str) -> bool:
    """Whether a format shows parts of a date or a time, beside what it quotes or puts in brackets."""
    shown = re.sub(r'"[^"]*"|\[(?!hh?\]|mm?\]|ss?\])[^\]]*\]', "", code.partition(";")[0])
    return re.search(r"(?<![_\\])[dmhys]", shown, re.IGNORECASE) is not None


def _texts(packed: zipfile.ZipFile, part: str) -> list[str]:
    """The table of texts that cells name by number. How a word is said (``rPh``) is no part of it."""
    found: list[str] = []
    words: list[str] = []
    is_taken = is_said = False

    def start(name: str, _attributes: Attributes) -> None:
        nonlocal is_taken, is_said
        if name == "t":
            is_taken = not is_said
        elif name == "rPh":
            is_said = True

    def end(name: str) -> None:
        nonlocal is_taken, is_said
        if name == "t":
            is_taken = False
        elif name == "rPh":
            is_said = False
        elif name == "si":
            found.append("".join(words).replace("x005F_", ""))
            words.clear()

    def data(text: str) -> None:
        if is_taken:
            words.append(text)

    with _opened(packed, part, MAX_STRINGS) as opened:
        for _step in _walked(opened, start, end, data):
            pass
    return found


class _Rows:
    """Takes the rows out of a sheet; ``done`` are those that are whole."""

    def __init__(self, texts: list[str], dates: frozenset[int], epoch: dt.datetime) -> None:
        self.texts, self.dates, self.epoch = texts, dates, epoch
        self.done: list[tuple[int, list[Any]]] = []
        self.number = self.place = self.elements = self.length = self.style = 0
        self.kind = ""
        self.cells: list[Any] = []
        self.words: list[str] = []
        self.is_taken = self.is_said = False

    def start(self, name: str, attributes: Attributes) -> None:
        self.elements += 1
        if self.elements > MAX_ELEMENTS_OF_ROW:
            raise TooMuch
        if name == "c":
            told = attributes.get("r")
            self.place = _column(told) if told else self.place + 1
            self.kind = attributes.get("t", "n")
            self.style = int(attributes.get("s", 0))
            self.words.clear()
        elif name in ("v", "t"):
            self.is_taken = (name == "t") == (self.kind == "inlineStr") and not self.is_said
        elif name == "row":
            number = int(float(attributes.get("r", self.number + 1)))
            if number <= self.number:
                raise ValueError("rows out of their order")
            self.number, self.place, self.elements, self.length = number, 0, 0, 0
            self.cells = []
        elif name == "rPh":
            self.is_said = True

    def end(self, name: str) -> None:
        if name == "c":
            value = self._value("".join(self.words))
            if value is not None and self.place <= MAX_COLUMNS:
                self.cells.extend([None] * (self.place - len(self.cells)))
                self.cells[self.place - 1] = value
            self.words.clear()
        elif name in ("v", "t"):
            self.is_taken = False
        elif name == "row":
            self.done.append((self.number, self.cells))
            self.elements = 0
        elif name == "rPh":
            self.is_said = False

    def data(self, text: str) -> None:
        if self.is_taken:
            self.length += len(text)
            if self.length > MAX_ROW:
                raise TooMuch
            self.words.append(text)

    def _value(self, text: str) -> Any:
        if text == "":
            return None
        match self.kind:
            case "s":
                return self.texts[int(text)]
            case "n":
                number = float(text) if any(one in text for one in ".eE") else int(text)
                return self._instant(number) if self.style in self.dates else number
            case "b":
                return bool(int(text))
            case "d":
                return dt.datetime.fromisoformat(text)
        return text

    def _instant(self, number: float) -> dt.datetime | dt.time | str:
        """A number as the date it is shown as; a part of a day alone is a time. Day 60 is one that never was."""
        try:
            days, part = divmod(number, 1)
            rest = dt.timedelta(milliseconds=round(part * 86_400_000))
            if 0 <= number < 1 and not rest.days:
                return (self.epoch + rest).time()
            was = 0 < number < 60 and self.epoch is _EPOCH
            return self.epoch + dt.timedelta(days=days + was) + rest
        except (OverflowError, ValueError):
            return "#VALUE!"


def _column(cell: str) -> int:
    """The number of a cell's column: 28 for ``AB7``."""
    letters = cell.rstrip("0123456789")
    if not 1 <= len(letters) <= 3 or letters == cell or not (letters.isascii() and letters.isalpha()):
        raise ValueError(cell)
    place = 0
    for letter in letters.upper():
        place = place * 26 + ord(letter) - 64
    return place
