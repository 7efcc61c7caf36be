import sqlite3
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.thai import MOST_TERMS, normalise, phrases, query_terms, tokens, wrap

thai = st.text(st.sampled_from("กขคงชณตทนมรลศสอเแโใไะัาำิีุู็่้๊์ๆฯ๑9 .,()aB😀"), max_size=25)


def meets(query: str, text: str) -> bool:
    """Search as the portal does: every term begins some word of the text."""
    words = tokens(text).split()
    terms = query_terms(query)
    return bool(terms) and all(any(word.startswith(term) for word in words) for term in terms)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ปรับปรุงทางเท้าและท่อระบายน้ำ", "ปรับปรุง ทางเท้า และ ท่อ ระบาย น้ำ"),
        ("ยาว ๑,๒๐๐ เมตร, งบ 200,000.50", "ยาว 1200 เมตร งบ 200000 50"),
        ("เครื่อง AED 2 เครื่อง", "เครื่อง aed 2 เครื่อง"),
        ("กล้องCCTV", "กล้อง cctv"),
        ("Café PM2.5 ＡＢ", "cafe pm2 5 ab"),
        ("พ.ศ.2569 ส.ก. ซ.5", "พส 2569 สก ซ 5"),
        ("ต่างๆ กรุงเทพฯ", "ต่าง กรุงเทพ"),
        ("😀เต็นท์ 😀😀 ผ้าไหม", "เตน ผ้า ไหม"),
        ("-- () ฿", ""),
        ("็๊ ่", ""),
        ("", ""),
    ],
)
def test_words_are_found_and_folded(text: str, words: str) -> None:
    assert tokens(text) == words


SAME = [
    ["เต็นท์", "เต้นท์", "เต๊นท์", "เต้น", "เตนท์", "เต็นต์", "เต๊น"],
    ["กฎหมาย", "กฏหมาย"],
    ["ใหม่", "ไหม่"],
    ["ลิฟต์", "ลิฟท์", "ลิฟ"],
    ["เกม", "เกมส์"],
    ["คอมพิวเตอร์", "คอมพิวเตอ", "คอมพิวเต้อร์"],
    ["อินเทอร์เน็ต", "อินเตอร์เน็ต", "อินเตอร์เนต"],
    ["เว็บไซต์", "เว็บไซด์", "เวปไซต์"],
    ["แท็งก์น้ำ", "แท้งค์น้ำ", "แทงค์น้ำ"],
    ["ปั๊มน้ำ", "ปั้มน้ำ"],
    ["แอโรบิก", "แอโรบิค"],
    ["โน้ตบุ๊ก", "โน๊ตบุ๊ค"],
    ["แบตเตอรี่", "แบตเตอรี"],
    ["โต๊ะ", "โต้ะ"],
    ["โซลาร์เซลล์", "โซล่าเซลล์", "โซล่าร์เซล"],
    ["ซีเมนต์", "ซีเมนท์"],
    ["เซ็นเซอร์", "เซนเซอร์"],
    ["ฟุตบาท", "ฟุตปาธ"],
    ["พันธุ์ไม้", "พันธ์ไม้"],
    ["อนุญาต", "อนุญาติ"],
    ["สังเกต", "สังเกตุ"],
    ["น้ำ", "น\u0e49\u0e4d\u0e32", "น\u0e4d\u0e49\u0e32"],
    ["แผน", "เเผน"],
    ["ซอย ๕", "ซอย 5"],
]


@pytest.mark.parametrize("spellings", SAME, ids=lambda spellings: spellings[0])
def test_common_misspellings_meet(spellings: list[str]) -> None:
    assert {tokens(spelling) for spelling in spellings} == {tokens(spellings[0])}
    for asked in spellings:
        for written in spellings:
            assert meets(asked, f"โครงการจัดซื้อ{written} ให้ชุมชน")


APART = [
    ["ซ่อม", "ซ้อม"],
    ["กล้อง", "กลอง"],
    ["สวน", "ส่วน"],
    ["แผน", "แผ่น"],
    ["แข็ง", "แข่ง"],
    ["ใกล้", "ไกล"],
    ["เสียง", "เสี่ยง"],
    ["ข้าว", "ขาว", "ข่าว"],
    ["น้ำ", "นำ"],
    ["บ้าน", "บาน"],
    ["ป่า", "ป้า", "ปา"],
    ["ไม้", "ไม่", "ไหม"],
    ["เสือ", "เสื้อ", "เสื่อ"],
    ["หน้า", "หนา", "นา"],
    ["ที่", "ที"],
    ["ร้าน", "ราน"],
    ["เสา", "เสาร์"],
    ["ลอก", "ล็อก"],
    ["ดี", "ตี"],
    ["รถ", "รส"],
    ["ขา", "ค่า", "ข้า"],
    ["เช่น", "เชน"],
    ["เล่น", "เลน"],
    ["พัน", "พันธุ์"],
    ["ท่อ", "ทอ", "ท้อ"],
    ["คน", "ค้น"],
    ["เก่า", "เก้า", "เกา"],
    ["ด้าน", "ด่าน"],
    ["ศาล", "สาร"],
    ["สูง", "สุง"],
    ["ป้าย", "ปาย"],
    ["ห้อง", "หอง"],
    ["ทาง", "ต่าง"],
    ["ลาน", "ร้าน", "ล้าน"],
]


@pytest.mark.parametrize("words", APART, ids=lambda words: words[0])
def test_common_words_stay_apart(words: list[str]) -> None:
    assert len({tokens(word) for word in words}) == len(words)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("นา", "ทุ่งนาและนาข้าว"),
        ("วงจร", "ติดตั้งกล้องวงจรปิด"),
        ("ท่อ น้ำ", "ปรับปรุงท่อระบายน้ำ"),
        ("เต้นท์สนาม", "จัดซื้อเต็นท์สนามขนาดใหญ่"),
        ("aed", "เครื่องกระตุกหัวใจไฟฟ้าอัตโนมัติ (AED)"),
        ("200000", "งบประมาณ 200,000 บาท"),
        ("กรุงเทพ", "กรุงเทพมหานคร"),
        ("อสม", "อบรม อ.ส.ม. ของชุมชน"),
        ("อ.ส.ม.", "อบรม อสม. ของชุมชน"),
    ],
)
def test_a_search_finds(query: str, text: str) -> None:
    assert meets(query, text)


@pytest.mark.parametrize(("query", "text"), [("ซ้อม", "ซ่อมแซมทางเท้า"), ("เสาร์", "เสาไฟฟ้า"), ("ใกล้", "ไกลบ้าน")])
def test_a_search_does_not_find(query: str, text: str) -> None:
    assert not meets(query, text)


def test_query_terms_are_few_once_each_and_the_longest() -> None:
    assert query_terms("นา นาฬิกา นา") == ["นาลิกา"]
    assert query_terms('"OR* AND ( ^ : - ') == ["or", "and"]
    assert query_terms(" ") == []
    assert len(query_terms(" ".join(str(number) for number in range(10, 90)))) == MOST_TERMS


@given(thai | st.text(max_size=25))
def test_tokens_hold_only_what_both_engines_take_for_words(text: str) -> None:
    found = tokens(text)
    assert {unicodedata.category(c)[0] for c in found.replace(" ", "")} <= {"L", "N", "M"}
    assert found == " ".join(found.split())
    assert tokens(normalise(text)) == found


@given(thai)
def test_a_text_is_found_by_its_own_words(text: str) -> None:
    if query_terms(text):
        assert meets(text, text)


@given(st.lists(thai, min_size=1, max_size=4))
def test_sqlite_finds_each_text_by_its_own_terms(texts: list[str]) -> None:
    with sqlite3.connect(":memory:") as database:
        database.execute(
            "CREATE VIRTUAL TABLE found USING fts5(words, tokenize=\"unicode61 categories 'L* N* Co Mn Mc'\")"
        )
        database.executemany(
            "INSERT INTO found (rowid, words) VALUES (?, ?)", [(n, tokens(t)) for n, t in enumerate(texts)]
        )
        for number, text in enumerate(texts):
            terms = query_terms(text)
            if terms:
                asked = " ".join(f'"{term}"*' for term in terms)
                rows = database.execute("SELECT rowid FROM found WHERE found MATCH ?", [asked]).fetchall()
                assert (number,) in rows
    database.close()


@pytest.mark.parametrize(
    ("heading", "pieces"),
    [
        ("โครงการซ่อมถนน (ระยะที่ 2)", ("โครงการ", "ซ่อม", "ถนน ", "(ระยะ", "ที่ ", "2)")),
        ("ต่างๆ ของชุมชน", ("ต่างๆ ", "ของ", "ชุมชน")),
        ("😀 ร่วมงบ", ("😀 ", "ร่วม", "งบ")),
        ("", ()),
    ],
)
def test_lines_may_end_between_words(heading: str, pieces: tuple[str, ...]) -> None:
    assert phrases(heading) == pieces


@given(thai | st.text(max_size=25))
def test_breaking_lines_changes_no_text(text: str) -> None:
    assert "".join(phrases(text)) == normalise(text)
    assert normalise(wrap(text)) == normalise(text)
    for before, piece in pairwise(phrases(text)):
        assert not (unicodedata.category(piece[0]) == "Mn" and "ก" <= before[-1] <= "๎")
