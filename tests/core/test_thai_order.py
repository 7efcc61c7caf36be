import sqlite3
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.thai import SORT_KEY_LENGTH, normalise, sort_key, thai_digits

titles = st.text(st.sampled_from("กขฃคฆมรฤลอฮเแโใไะัาำิีุู็่้๊์ๆฯ๑059 .-aBé"), max_size=15)

# Written out by hand, by the rules of Thai dictionaries.
WORDS = (
    "ก กก กฎ กรรม กระ กลอง กล้อง กะ กา ก่า ก้า กาก กำ กิ กี กี่ กุ กู กู้ เก เก่ง เก้า เกาะ แก แก้ว โก ใกล้ ไก ไก่ "
    "ขา ข่า ข้า ขาว ข่าว ข้าว เขต เขา เข่า เข้า ไข่ ครู คลอง ชุมชน ดุสิต ตลาด เต็นท์ ถนน น้ำ บ้าน ป่า ป้า "
    "รถ ฤดู ลาน วัด สวน ส่วน สี สี่ เสา เสาร์ เสือ เสื่อ เสื้อ ห้วย อา แอ ไอ ฮา"
)
DICTIONARY = WORDS.split()


def rises(words: list[str]) -> bool:
    return all(sort_key(one) < sort_key(next_one) for one, next_one in pairwise(words))


def test_the_order_of_the_dictionary() -> None:
    assert rises(DICTIONARY)


@pytest.mark.parametrize(
    "ordered",
    [
        ["ชุมชน 2", "ชุมชน 9", "ชุมชน 10", "ชุมชน 10 ก", "ชุมชน 100"],
        ["ซอย ๒", "ซอย 3", "ซอย ๑๐"],
        ["2569", "Apple", "banana", "Zoo", "กา"],
        ["กา ขาว", "กาก"],
        ["ตลาด", "ตลาด (เก่า)", "ตลาดน้ำ"],
        ["a", "é", "f"],
    ],
)
def test_numbers_scripts_and_spaces(ordered: list[str]) -> None:
    assert rises(ordered)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Apple", "aPPLE"),
        ("é", "e"),
        ("ก  ข", "ก-ข"),
        (" ก ", "ก"),
        ("(ก)", "ก"),
        ("007", "7"),
        ("๑๐", "10"),
        ("น\u0e4d\u0e49\u0e32", "น้ำ"),
    ],
)
def test_what_does_not_count(one: str, other: str) -> None:
    assert sort_key(one) == sort_key(other)


@given(titles | st.text(max_size=20))
def test_a_key_is_short_ascii_and_says_the_same_every_time(title: str) -> None:
    key = sort_key(title)
    assert set(key) <= set("0123456789abcdef")
    assert 0 < len(sort_key(title * 60)) <= SORT_KEY_LENGTH
    assert sort_key(normalise(title)) == sort_key(thai_digits(title)) == key


@given(st.text(st.sampled_from("กขรเไาิู"), min_size=1, max_size=8), st.sampled_from("่้๊๋"))
def test_a_tone_mark_decides_only_between_equals(word: str, tone: str) -> None:
    marked = f"กิ{tone}{word}"
    assert sort_key(f"กิ{word}") < sort_key(marked)
    assert sort_key(marked) < sort_key(f"กิ{word}ะ")


@given(st.lists(titles, min_size=2, max_size=6))
def test_sqlite_sorts_as_python_does(several: list[str]) -> None:
    keys = [sort_key(title) for title in several]
    with sqlite3.connect(":memory:") as database:
        database.execute("CREATE TABLE titles (sort_key TEXT)")
        database.executemany("INSERT INTO titles VALUES (?)", [(key,) for key in keys])
        rows = database.execute("SELECT sort_key FROM titles ORDER BY sort_key").fetchall()
    database.close()
    assert [row[0] for row in rows] == sorted(keys)
