import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.thai import arabic_digits, normalise, parse_int, plain_length, thai_digits
from tests.bounded import within

thai_typing = st.text(st.sampled_from("กนทเแโใไะัาำิีึืุู็่้๊๋์ํ๎ฺๆฯ ๐๙\u200b\u00a0\r\n\ta1"), max_size=14)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("น\u0e49\u0e4d\u0e32", "น้ำ"),
        ("น\u0e4d\u0e49\u0e32", "น้ำ"),
        ("น\u0e33\u0e49", "น้ำ"),
        ("ท\u0e4d\u0e32", "ทำ"),
        ("ท\u0e48\u0e35", "ที่"),
        ("ผ\u0e49\u0e39", "ผู้"),
        ("ที่่", "ที่"),
        ("เเผน", "แผน"),
        ("ชุม\u200bชน\ufeff", "ชุมชน"),
        ("ก\x00ข\x07ค\u202e", "กขค"),
        ("ก\ud800ข", "กข"),
        ("  งบ\u00a0ประมาณ  ", "งบ ประมาณ"),
        ("บรรทัดแรก  \r\nบรรทัดสอง\rสาม\u2028สี่\t\n", "บรรทัดแรก\nบรรทัดสอง\nสาม\nสี่"),
        ("ก\tข", "ก\tข"),
        ("cafe\u0301", "caf\u00e9"),
        ("เต็นท์", "เต็นท์"),
        ("", ""),
    ],
)
def test_the_same_word_is_stored_the_same_way(typed: str, stored: str) -> None:
    assert normalise(typed) == stored


@given(st.text(max_size=30) | thai_typing)
def test_normalising_twice_changes_nothing_and_the_result_can_be_stored(typed: str) -> None:
    stored = normalise(typed)
    assert normalise(stored) == stored
    assert unicodedata.is_normalized("NFC", stored)
    assert stored.encode().decode() == stored
    assert not any(unicodedata.category(c) in ("Cc", "Cf") for c in stored if c not in "\n\t")


@given(st.text(st.sampled_from("กนำาเํ่้ิัฺุ๎็\u0301\u0323\u0344\u05b4\u093c\u0f73\ufb2c \n"), max_size=60))
def test_normalising_twice_changes_nothing_however_the_marks_are_heaped(typed: str) -> None:
    stored = normalise(typed)
    assert normalise(stored) == stored


@pytest.mark.parametrize(
    ("first", "again", "last"),
    [
        ("x", " ", "x"),
        ("x", " \t", "x"),
        ("ก", "่้", "ิ"),
        ("ก่", "ั\u093c", ""),
        ("", "ำ\u0301", "่"),
        ("", "ํา\u0301", "ำ่"),
        ("ก", "ำ่", ""),
        ("ำ", "่้", ""),
        ("x", "\u0301\u0323", ""),
        ("ก", "ุ่", ""),
        ("", "เ", "เ"),
    ],
)
def test_no_text_takes_more_time_than_its_length(first: str, again: str, last: str) -> None:
    with within(10):
        stored = normalise(first + again * 100_000 + last)
        assert normalise(stored) == stored


def test_a_letter_carries_no_crowd_of_marks() -> None:
    assert normalise("น" + "่้" * 20 + "ำก") == "น" + "่้" * 5 + "ก"
    assert normalise("." * 40 + "é" * 40 + "๏" * 40) == "." * 40 + "é" * 40 + "๏" * 40


def test_digits_both_ways() -> None:
    assert arabic_digits("ปี ๒๕๗๐ ซอย 4") == "ปี 2570 ซอย 4"
    assert thai_digits("ปี 2570 (๑)") == "ปี ๒๕๗๐ (๑)"
    assert arabic_digits(thai_digits("0123456789")) == "0123456789"


def test_plain_length_counts_what_is_stored() -> None:
    assert plain_length("เต็นท์\u200b  ") == 6
    assert plain_length("ก\r\nข") == 3


@pytest.mark.parametrize(
    ("typed", "number"), [("12", 12), ("๑๒", 12), (" 1,200 ", 1200), ("๑,๒๐๐,๐๐๐", 1_200_000), ("007", 7)]
)
def test_whole_numbers_are_read(typed: str, number: int) -> None:
    assert parse_int(typed) == number


@pytest.mark.parametrize(
    "typed", ["", "²", "1²", "-1", "+1", "1.0", "1e3", "1_000", "٣", "12a", "1,20", ",1", "9" * 5000]
)
def test_what_only_looks_like_a_number_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"not a whole number"):
        parse_int(typed)


@pytest.mark.parametrize(("typed", "low", "high"), [("0", 1, 9), ("10", 1, 9), ("1000000000001", 0, 10**12)])
def test_bounds_are_kept(typed: str, low: int, high: int) -> None:
    with pytest.raises(ValueError, match=r"not between"):
        parse_int(typed, low, high)
    assert parse_int(str(low), low, high) == low
    assert parse_int(str(high), low, high) == high
