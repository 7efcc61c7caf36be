"""Spreadsheets out and in: nothing typed becomes a formula, nothing wrong in a file becomes a fault."""

import datetime as dt
import io
import time
import tracemalloc
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core import sheets, thai, xlsx
from portal.core.errors import Invalid
from portal.core.sheets import Column, Sheet

COLUMNS = (
    Column("key", "รหัส", "integer", is_hidden=True),
    Column("title", "ชื่อรายการ", width=40),
    Column("is_met", "ผล", choices=("ผ่าน", "ไม่ผ่าน"), is_editable=True, note="เลือกจากรายการ"),
    Column("amount", "งบประมาณ (บาท)", "baht", is_editable=True),
)


def book(*rows, **more) -> bytes:
    return sheets.workbook([Sheet("รายการ", COLUMNS, rows, **more)], title="รายการ")


def typed(cells: dict[str, object], **more) -> bytes:
    """The book of one row after somebody typed into cells of it."""
    opened = openpyxl.load_workbook(io.BytesIO(book([7, "ถนน", "ผ่าน", 150], **more)))
    for place, value in cells.items():
        opened["รายการ"][place] = value
    out = io.BytesIO()
    opened.save(out)
    return out.getvalue()


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=60).map(thai.normalise), st.integers(0, 10**13))
def test_what_is_written_is_read_again(text, satang):
    (row,) = sheets.read(book([7, text, "ผ่าน", satang]), "รายการ", COLUMNS)
    assert row.values == {"key": 7, "title": text, "is_met": "ผ่าน", "amount": satang}
    assert row.number == 2
    assert not row.problems


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "http://x.test", "+66", "-1", "{=A1}"])
def test_no_text_becomes_a_formula_a_link_or_a_number(text):
    cell = openpyxl.load_workbook(io.BytesIO(book([7, text, "", None])))["รายการ"]["B2"]
    assert (cell.data_type, cell.value, cell.hyperlink) == ("s", text, None)


def test_choices_are_a_list_keys_are_hidden_and_only_what_is_asked_for_is_open():
    page = openpyxl.load_workbook(io.BytesIO(book([7, "ถนน", "ผ่าน", 1], is_protected=True)))["รายการ"]
    assert page.column_dimensions["A"].hidden
    assert page.protection.sheet
    assert [page.cell(2, place).protection.locked for place in (1, 2, 3, 4)] == [True, True, False, False]
    (rule,) = page.data_validations.dataValidation
    assert (str(rule.sqref), rule.formula1) == ("C2", "lists!$A$1:$B$1")


@pytest.mark.parametrize(
    ("cells", "key", "value"),
    [
        ({"D2": "๑,๒๓๔.๕๐"}, "amount", 123_450),
        ({"D2": 1234.5}, "amount", 123_450),
        ({"D2": 0.29}, "amount", 29),
        ({"D2": None}, "amount", None),
        ({"B2": 12.0}, "title", "12"),
        ({"B2": "  น้ํา\u200b "}, "title", "น้ำ"),
    ],
)
def test_people_type_as_they_are_used_to(cells, key, value):
    (row,) = sheets.read(typed(cells), "รายการ", COLUMNS)
    assert row.values[key] == value
    assert not row.problems


@pytest.mark.parametrize(
    ("cells", "key"),
    [
        ({"D2": "หนึ่ง"}, "amount"),
        ({"D2": 0.001}, "amount"),
        ({"D2": -5}, "amount"),
        ({"D2": 1e20}, "amount"),
        ({"D2": 10**14}, "amount"),
        ({"C2": "อาจจะ"}, "is_met"),
        ({"A2": "x"}, "key"),
    ],
)
def test_a_wrong_cell_is_the_row_s_problem(cells, key):
    (row,) = sheets.read(typed(cells), "รายการ", COLUMNS)
    assert row.values[key] is None
    assert set(row.problems) == {key}


def test_rows_keep_the_numbers_people_see():
    content = book([1, "ก", "ผ่าน", 1], ["", "", "", None], [2, "ข", "ผ่าน", 2], lead=("อ่านก่อน", ""))
    found = list(sheets.read(content, "รายการ", COLUMNS, lead=2))
    assert [(row.number, row.values["key"]) for row in found] == [(4, 1), (6, 2)]


@pytest.mark.parametrize(
    "content",
    [b"", b"a,b\n1,2", b"PK\x03\x04 broken", b"0" * (sheets.MAX_BYTES + 1)],
    ids=["empty", "csv", "broken", "large"],
)
def test_a_file_that_is_none_is_refused(content):
    with pytest.raises(Invalid):
        list(sheets.read(content, "รายการ", COLUMNS))


DAMAGES = {
    "cut": lambda page: page[: len(page) // 2],
    "letters": lambda page: page.replace(b"</row>", b'<c r="E2" t="n"><v>abc</v></c></row>', 2),
    "lost text": lambda page: page.replace(b"</row>", b'<c r="E2" t="s"><v>99999</v></c></row>', 2),
    "no place": lambda page: page.replace(b"</row>", b'<c r="!!"><v>1</v></c></row>', 2),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_file_that_is_damaged_inside_is_refused_too(damage):
    out = io.BytesIO()
    whole = book(*([number, "ถนน", "ผ่าน", 150] for number in range(50)))
    with zipfile.ZipFile(io.BytesIO(whole)) as packed, zipfile.ZipFile(out, "w") as damaged:
        for name in packed.namelist():
            part = packed.read(name)
            damaged.writestr(name, damage(part) if name.endswith("sheet1.xml") else part)
    with pytest.raises(Invalid, match="XLSX"):
        list(sheets.read(out.getvalue(), "รายการ", COLUMNS))


def test_a_file_that_unpacks_too_far_is_refused(monkeypatch):
    monkeypatch.setattr(sheets, "MAX_UNPACKED", 100_000)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b" " * 100_001)
    with pytest.raises(Invalid, match="แตก"):
        list(sheets.read(out.getvalue(), "รายการ", COLUMNS))


def with_strings(size, *, name="xl/sharedStrings.xml", kind="sharedStrings"):
    """A workbook with a part of short texts of this many bytes, as the file says under ``kind``."""
    out, text = io.BytesIO(), b"<si><t>abcdef</t></si>"
    told = f'<Override PartName="/{name}" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.{kind}+xml"/></Types>'
    with (
        zipfile.ZipFile(io.BytesIO(book([1, "ถนน", "ผ่าน", 150]))) as packed,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for other in packed.namelist():
            part = packed.read(other)
            if other == "[Content_Types].xml" and name.encode() not in part:
                part = part.replace(b"</Types>", told.encode())
            if other != name:
                made.writestr(other, part)
        root = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        made.writestr(name, root + text * (size // len(text)) + b"</sst>")
    return out.getvalue()


def memory_of(content, refusal):
    """How much memory it takes at most to refuse this file with these words."""
    tracemalloc.start()
    try:
        with pytest.raises(Invalid, match=refusal):
            list(sheets.read(content, "รายการ", COLUMNS))
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_small_file_with_many_texts_takes_little_memory():
    list(sheets.read(with_strings(4 * 1024 * 1024), "รายการ", COLUMNS))
    much = with_strings(100 * 1024 * 1024)
    assert len(much) < 2 * 1024 * 1024
    assert memory_of(much, "ข้อความมากเกินไป") < 20 * 1024 * 1024


MUCH = 8 * 1024 * 1024
TOO_MUCH = "ข้อความมากเกินไป"
BOMBS = {
    "one row of cells": (
        "sheet1.xml",
        b"</sheetData>",
        b"<row>" + b"<c/>" * (MUCH // 4) + b"</row>",
        TOO_MUCH,
    ),
    "beside the rows": ("sheet1.xml", b"</sheetData>", b"<x/>" * (MUCH // 4), TOO_MUCH),
    "one text": (
        "sheet1.xml",
        b"</sheetData>",
        b'<row><c t="str"><v>' + b"x" * MUCH + b"</v></c></row>",
        TOO_MUCH,
    ),
    "one name": ("sheet1.xml", b"</sheetData>", b"<" + b"x" * MUCH + b"/>", TOO_MUCH),
    "rows": ("sheet1.xml", b"</sheetData>", b"<row/>" * (MUCH // 6), "20000"),
    "a gap": ("sheet1.xml", b"</sheetData>", b'<row r="1000000"><c r="A1000000"><v>1</v></c></row>', "20000"),
    "styles": ("styles.xml", b"</cellXfs>", b"<xf/>" * (MUCH // 5), TOO_MUCH),
    "sheets": ("workbook.xml", b"</sheets>", b"<sheet/>" * (MUCH // 8), TOO_MUCH),
    "ways": ("workbook.xml.rels", b"</Relationships>", b"<Relationship/>" * (MUCH // 15), TOO_MUCH),
    "kinds": ("[Content_Types].xml", b"</Types>", b"<Override/>" * (MUCH // 11), TOO_MUCH),
    "entities": ("sheet1.xml", b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "b">]>', "XLSX"),
}


@pytest.mark.parametrize(("part", "before", "put", "refusal"), BOMBS.values(), ids=BOMBS)
def test_a_small_file_that_becomes_large_takes_little_memory_and_time(part, before, put, refusal):
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book([1, "ถนน", "ผ่าน", 150]))) as packed,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in packed.namelist():
            whole = packed.read(name)
            if name.endswith(part):
                assert before in whole
                whole = whole.replace(before, put + before)
            made.writestr(name, whole)
    begun = time.process_time()
    assert memory_of(out.getvalue(), refusal) < 20 * 1024 * 1024
    assert time.process_time() - begun < 3


def test_what_others_save_is_read_as_they_show_it():
    opened = openpyxl.Workbook()
    page = opened.active
    page.title = "รายการ"
    page.append(["ก", "ข", "ค", "ง"])
    page.append([dt.date(2026, 1, 2), dt.time(8, 30), True, " สอง\nบรรทัด "])
    page["F5"] = "ไกล"
    out = io.BytesIO()
    opened.save(out)
    with zipfile.ZipFile(out) as packed:
        assert list(xlsx.rows(packed, "รายการ")) == [
            (1, ["ก", "ข", "ค", "ง"]),
            (2, [dt.datetime.fromisoformat("2026-01-02"), dt.time(8, 30), True, " สอง\nบรรทัด "]),
            (5, [None] * 5 + ["ไกล"]),
        ]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("xl/worksheets/more.xml", "sharedStrings"),
        ("xl/media/a.png", "sharedStrings"),
        ("xl/styles.xml", "worksheet"),
    ],
)
def test_a_large_part_is_refused_under_every_name(name, kind):
    with pytest.raises(Invalid, match="ข้อความมากเกินไป"):
        list(sheets.read(with_strings(17 * 1024 * 1024, name=name, kind=kind), "รายการ", COLUMNS))


def test_a_part_that_declares_less_than_it_holds_is_refused():
    whole = with_strings(17 * 1024 * 1024)
    size = zipfile.ZipFile(io.BytesIO(whole)).getinfo("xl/sharedStrings.xml").file_size
    forged = whole.replace(size.to_bytes(4, "little"), (100).to_bytes(4, "little"))
    assert forged != whole
    with pytest.raises(Invalid, match="XLSX"):
        list(sheets.read(forged, "รายการ", COLUMNS))


def test_a_missing_sheet_or_column_is_named():
    with pytest.raises(Invalid, match="อื่น"):
        list(sheets.read(book(), "อื่น", COLUMNS))
    with pytest.raises(Invalid, match="ที่ไหน"):
        list(sheets.read(book(), "รายการ", (*COLUMNS, Column("where", "ที่ไหน"))))
