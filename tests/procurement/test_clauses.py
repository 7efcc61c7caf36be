"""Clauses of draft terms, and which one a remark means."""

import io
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.procurement.clauses import clause_of, clauses
from portal.procurement.scans import has_words

DRAFT = """ร่างขอบเขตของงาน
1. เต็นท์ขนาด 4 x 8 เมตร
ผ้าใบกันน้ำ
๒. ส่งมอบ 43 แห่ง
2.1 ภายใน 45 วัน
ข้อ ๓ รับประกัน 2 ปี
2. ซ้ำเลขเดิม"""


def test_clauses_carry_their_own_numbers():
    assert [(one.number, one.text.splitlines()[0]) for one in clauses(DRAFT)] == [
        ("", "ร่างขอบเขตของงาน"),
        ("1", "1. เต็นท์ขนาด 4 x 8 เมตร"),
        ("2", "๒. ส่งมอบ 43 แห่ง"),
        ("2.1", "2.1 ภายใน 45 วัน"),
        ("3", "ข้อ ๓ รับประกัน 2 ปี"),
    ]
    assert clauses(DRAFT)[-1].text.endswith("2. ซ้ำเลขเดิม")


def test_a_text_without_numbers_is_numbered_by_paragraph():
    found = clauses("เต็นท์กันน้ำ\n\n4 x 8 เมตร\n45 วันหลังลงนาม")
    assert [one.number for one in found] == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("ข้อ ๒.๑", "2.1"),
        ("clause 3", "3"),
        ("ข้อ 2.1.4", "2.1"),
        ("ข้อ 9", ""),
        ("หน้า", ""),
        ("", ""),
    ],
)
def test_a_remark_names_a_clause_in_its_own_words(words, number):
    assert clause_of(words, [one.number for one in clauses(DRAFT)]) == number


@given(st.lists(st.text(alphabet="ก1.๒ 3ข", max_size=12), max_size=12).map("\n".join))
def test_no_word_of_a_draft_is_lost(text):
    found = clauses(text)
    assert "".join("".join(one.text for one in found).split()) == "".join(text.split())
    numbers = [one.number for one in found]
    assert len(set(numbers)) == len(numbers)
    assert all(clause_of(one.name, numbers) == one.number for one in found)


def test_a_scan_is_told_from_a_paper_with_words():
    packed = b"%PDF-1.7\n1 0 obj\nstream\n" + zlib.compress(b"/Type /ObjStm /Font 3 0 R") + b"\nendstream"
    scan = b"%PDF-1.7\nstream\n\xff\xd8\xff picture\nendstream"
    assert has_words(io.BytesIO(packed))
    assert not has_words(io.BytesIO(scan))
    assert not has_words(io.BytesIO(b"\xff\xd8\xff /Font"))
