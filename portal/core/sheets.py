"""Spreadsheets (XLSX) out and in. Written cells are text or numbers and can never run; read rows are checked one by one.

``workbook`` writes, ``read`` reads. What a file says about itself is not believed: size, kind and columns are checked first.
The library that writes comes in only when a spreadsheet is asked for.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal

from portal.core import clock, money, thai, xlsx
from portal.core.errors import Invalid
from portal.core.i18n import gettext as _

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED = 200 * 1024 * 1024
MAX_ROWS = 20_000
_LISTS = "lists"

Kind = Literal["text", "integer", "baht"]


@dataclass(frozen=True)
class Column:
    """One column. ``title`` is its head; ``choices`` become a drop-down list; a ``baht`` column takes and gives satang
    and shows baht; a hidden column carries keys; only an editable one is open when the sheet is protected."""

    key: str
    title: str
    kind: Kind = "text"
    width: int = 16
    choices: tuple[str, ...] = ()
    note: str = ""
    is_hidden: bool = False
    is_editable: bool = False


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name (≤ 31 characters), its columns and its rows in their order. A protected sheet lets only its
    editable columns be typed in (against slips; it has no password). ``lead`` stands above the head, a line each."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]]
    lead: Sequence[str] = ()
    is_protected: bool = False


@dataclass
class Row:
    """A row that was read: its ``number`` as the spreadsheet shows it, ``values`` by column key, and what is wrong with
    it, as column key → message."""

    number: int
    values: dict[str, Any]
    problems: dict[str, str] = field(default_factory=dict)


def workbook(sheets: Iterable[Sheet], *, title: str) -> bytes:
    """The sheets as one XLSX file. Texts are written as texts: no formula, no link, no number made of digits."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties({"title": title, "created": clock.now().replace(tzinfo=None)})
    lists: list[tuple[str, ...]] = []
    for sheet in sheets:
        _write(book, sheet, lists)
    if lists:  # a list of its own is short of 255 characters; cells of a hidden sheet are not
        page = book.add_worksheet(_LISTS)
        page.very_hidden()
        for line, choices in enumerate(lists):
            for place, choice in enumerate(choices):
                page.write_string(line, place, choice)
    book.close()
    return out.getvalue()


def _write(book: Any, sheet: Sheet, lists: list[tuple[str, ...]]) -> None:
    from xlsxwriter.utility import xl_range_abs

    looks = _looks(book, sheet)
    head = book.add_format(
        {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#DCEBE3", "bottom": 1}
    )
    page = book.add_worksheet(sheet.name)
    if sheet.is_protected:
        page.protect("", {"autofilter": True, "sort": True, "format_columns": True, "format_rows": True})
    first = len(sheet.lead)
    for number, text in enumerate(sheet.lead):
        page.write_string(number, 0, text)
    for place, column in enumerate(sheet.columns):
        page.set_column(place, place, column.width, None, {"hidden": column.is_hidden})
        page.write_string(first, place, column.title, head)
        if column.note:
            page.write_comment(first, place, column.note)
    page.freeze_panes(first + 1, 0)
    last = first
    for last, row in enumerate(sheet.rows, start=first + 1):
        for place, (column, value) in enumerate(zip(sheet.columns, row, strict=True)):
            _cell(page, last, place, column, value, looks[place])
    if last == first:
        return
    page.autofilter(first, 0, last, len(sheet.columns) - 1)
    for place, column in enumerate(sheet.columns):
        if column.choices:
            if column.choices not in lists:
                lists.append(column.choices)
            number = lists.index(column.choices)
            cells = xl_range_abs(number, 0, number, len(column.choices) - 1)
            rule = {"validate": "list", "source": f"={_LISTS}!{cells}"}
            page.data_validation(first + 1, place, last, place, rule)


def _looks(book: Any, sheet: Sheet) -> list[Any]:
    """How the cells of each column look."""
    looks = []
    for column in sheet.columns:
        look: dict[str, Any] = {"valign": "top", "locked": not column.is_editable}
        if column.kind == "text":
            look["text_wrap"] = True
        else:
            look["num_format"] = "#,##0" if column.kind == "integer" else "#,##0.00"
        if sheet.is_protected and column.is_editable:
            look |= {"bg_color": "#F3F8F5", "border": 1, "border_color": "#B9C4BE"}
        looks.append(book.add_format(look))
    return looks


def _cell(page: Any, line: int, place: int, column: Column, value: Any, look: Any) -> None:
    if value is None or value == "":
        page.write_blank(line, place, None, look)
    elif column.kind == "text":
        page.write_string(line, place, str(value), look)
    else:
        page.write_number(line, place, value / 100 if column.kind == "baht" else value, look)


def read(content: bytes, sheet: str, columns: Sequence[Column], *, lead: int = 0) -> Iterator[Row]:
    """The rows below the head of ``sheet``, empty ones left out. ``lead`` lines stand above the head.

    Raises ``Invalid`` for a file that is no spreadsheet, is too large, or lacks the sheet or one of the columns. What is
    wrong in one row stands in that row's ``problems``.
    """
    if len(content) > MAX_BYTES:
        raise Invalid({"file": _("The file is larger than %(limit)s MB.", limit=MAX_BYTES // 1024 // 1024)})
    yield from _rows(_lines(content, sheet, lead), columns, lead)


def _lines(content: bytes, sheet: str, lead: int) -> Iterator[tuple[int, list[Any]]]:
    """The lines of a sheet from its head on: any fault of a foreign file is the file's."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(one.file_size for one in packed.infolist()) > MAX_UNPACKED:
                raise Invalid({"file": _("The file is too large when unpacked.")})
            yield from (one for one in xlsx.rows(packed, sheet) if one[0] > lead)
    except Invalid:
        raise
    except xlsx.NoSheet as problem:
        raise Invalid({"file": _("The sheet “%(sheet)s” is missing.", sheet=sheet)}) from problem
    except xlsx.TooMuch as problem:
        raise Invalid(
            {"file": _("The workbook holds too much text. Leave other sheets out, or send it in parts.")}
        ) from problem
    except Exception as problem:
        raise Invalid({"file": _("This is not a spreadsheet of the kind XLSX.")}) from problem


def _rows(lines: Iterator[tuple[int, list[Any]]], columns: Sequence[Column], lead: int) -> Iterator[Row]:
    first, cells = next(lines, (0, []))
    heads = [thai.normalise(str(one)) if one is not None else "" for one in cells if first == lead + 1]
    missing = [one.title for one in columns if thai.normalise(one.title) not in heads]
    if missing:
        raise Invalid({"file": _("These columns are missing: %(columns)s", columns=", ".join(missing))})
    places = [(one, heads.index(thai.normalise(one.title))) for one in columns]
    for number, cells in lines:
        if number > lead + 1 + MAX_ROWS:
            raise Invalid({"file": _("The sheet has more than %(rows)s rows.", rows=MAX_ROWS)})
        if all(cell is None or cell == "" for cell in cells):
            continue
        row = Row(number, {})
        for column, place in places:
            try:
                row.values[column.key] = _value(column, cells[place] if place < len(cells) else None)
            except ValueError as problem:
                row.values[column.key] = None
                row.problems[column.key] = str(problem)
        yield row


@lru_cache(maxsize=4096)
def _normal(text: str) -> str:
    """A cell's text as it is stored. A workbook says the same few things in thousands of cells."""
    return thai.normalise(text).strip()


def _value(column: Column, cell: Any) -> Any:
    if cell is None:
        return "" if column.kind == "text" else None
    if column.kind == "text":
        if isinstance(cell, float) and cell.is_integer():
            cell = int(cell)
        text = _normal(str(cell))
        if column.choices and text and text not in column.choices:
            raise ValueError(_("“%(text)s” is not one of the choices.", text=text[:60]))
        return text
    text = str(cell).strip()
    if text == "":
        return None
    try:
        if column.kind == "integer":
            return thai.parse_int(text.removesuffix(".0"))
        if isinstance(cell, int | float):
            satang = Decimal(str(cell)) * 100
            if not 0 <= satang <= money.LARGEST or satang != satang.to_integral_value():
                raise ValueError(text)
            return int(satang)
        return money.parse_baht(text)
    except (ValueError, ArithmeticError) as problem:
        raise ValueError(_("“%(text)s” is not a number of this kind.", text=text[:60])) from problem
