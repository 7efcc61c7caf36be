import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.money import LARGEST, baht, baht_words, million, parse_baht, split
from portal.core.thai import thai_digits

amounts = st.integers(0, LARGEST)


@pytest.mark.parametrize(
    ("satang", "text", "with_satang"),
    [
        (0, "฿0", "฿0.00"),
        (5, "฿0.05", "฿0.05"),
        (123450, "฿1,234.50", "฿1,234.50"),
        (20000000, "฿200,000", "฿200,000.00"),
        (584379950, "฿5,843,799.50", "฿5,843,799.50"),
        (-150, "−฿1.50", "−฿1.50"),
    ],
)
def test_amounts_are_written(satang: int, text: str, with_satang: str) -> None:
    assert baht(satang) == baht(satang, "en") == text
    assert baht(satang, satang_always=True) == with_satang


@pytest.mark.parametrize(
    ("satang", "thai", "english"),
    [
        (35_620_000_000, "฿356.2 ล้าน", "฿356.2 million"),
        (100_000_000, "฿1 ล้าน", "฿1 million"),
        (99_999_999, "฿999,999.99", "฿999,999.99"),
        (104_999_999, "฿1 ล้าน", "฿1 million"),
        (105_000_000, "฿1.1 ล้าน", "฿1.1 million"),
        (199_999_999, "฿2 ล้าน", "฿2 million"),
        (123_456_000_000_000, "฿1,234,560 ล้าน", "฿1,234,560 million"),
        (-35_620_000_000, "−฿356.2 ล้าน", "−฿356.2 million"),
    ],
)
def test_large_amounts_are_written_in_millions(satang: int, thai: str, english: str) -> None:
    assert million(satang) == thai
    assert million(satang, "en") == english


@pytest.mark.parametrize(
    ("typed", "satang"),
    [
        ("๑,๒๓๔.๕๐", 123450),
        ("฿1,234.5", 123450),
        (" ฿ 200000 ", 20000000),
        ("200,000 บาท", 20000000),
        ("0.05", 5),
        ("1,000,000.00THB", 100000000),
        ("0", 0),
        ("10,000,000,000,000", LARGEST),
    ],
)
def test_typed_amounts_are_read(typed: str, satang: int) -> None:
    assert parse_baht(typed) == satang


@pytest.mark.parametrize(
    "typed",
    ["", "฿", "-5", "+5", "1.234", "1,23", "12,34,567", "1.2.3", "1 000", "1e6", "²", "1.", ".5", "nan", "5 บาทถ้วน", "5$",
     "10,000,000,000,000.01", "9" * 5000],
)  # fmt: skip
def test_what_is_not_an_amount_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"amount"):
        parse_baht(typed)


@given(amounts)
def test_a_written_amount_reads_back(satang: int) -> None:
    assert parse_baht(baht(satang)) == parse_baht(baht(satang, satang_always=True)) == satang
    assert parse_baht(thai_digits(baht(satang))) == satang


@pytest.mark.parametrize(
    ("satang", "words"),
    [
        (0, "ศูนย์บาทถ้วน"),
        (1, "หนึ่งสตางค์"),
        (11, "สิบเอ็ดสตางค์"),
        (100, "หนึ่งบาทถ้วน"),
        (1000, "สิบบาทถ้วน"),
        (1100, "สิบเอ็ดบาทถ้วน"),
        (2050, "ยี่สิบบาทห้าสิบสตางค์"),
        (2121, "ยี่สิบเอ็ดบาทยี่สิบเอ็ดสตางค์"),
        (10100, "หนึ่งร้อยเอ็ดบาทถ้วน"),
        (123450, "หนึ่งพันสองร้อยสามสิบสี่บาทห้าสิบสตางค์"),
        (20000000, "สองแสนบาทถ้วน"),
        (1001000, "หนึ่งหมื่นสิบบาทถ้วน"),
        (100_000_000, "หนึ่งล้านบาทถ้วน"),
        (100_000_100, "หนึ่งล้านเอ็ดบาทถ้วน"),
        (1_100_000_000, "สิบเอ็ดล้านบาทถ้วน"),
        (584_379_950, "ห้าล้านแปดแสนสี่หมื่นสามพันเจ็ดร้อยเก้าสิบเก้าบาทห้าสิบสตางค์"),
        (10**14, "หนึ่งล้านล้านบาทถ้วน"),
        (-250, "ลบสองบาทห้าสิบสตางค์"),
    ],
)
def test_amounts_in_words(satang: int, words: str) -> None:
    assert baht_words(satang) == words


@given(amounts, amounts)
def test_different_amounts_read_differently(one: int, other: int) -> None:
    assert (baht_words(one) == baht_words(other)) == (one == other)


_READ = {
    "หนึ่ง": 1,
    "เอ็ด": 1,
    "สอง": 2,
    "ยี่": 2,
    "สาม": 3,
    "สี่": 4,
    "ห้า": 5,
    "หก": 6,
    "เจ็ด": 7,
    "แปด": 8,
    "เก้า": 9,
}
_PLACE = {"สิบ": 10, "ร้อย": 100, "พัน": 1000, "หมื่น": 10_000, "แสน": 100_000}


def read_aloud(words: str) -> int:
    """Read Thai number words the way a listener does: digit, place, and everything so far times a million."""
    total = group = digit = 0
    for word in re.findall("|".join([*_READ, *_PLACE, "ล้าน", "ศูนย์"]), words):
        if word == "ล้าน":
            total, group, digit = (total + group + digit) * 1_000_000, 0, 0
        elif word in _PLACE:
            group, digit = group + (digit or 1) * _PLACE[word], 0
        else:
            digit = _READ.get(word, 0)
    return total + group + digit


@given(amounts)
def test_a_listener_understands_the_words(satang: int) -> None:
    spoken = baht_words(satang)
    before, unit, after = spoken.partition("บาท")
    if not unit:
        before, after = "", spoken
    assert read_aloud(before) * 100 + read_aloud(after.removesuffix("สตางค์").removesuffix("ถ้วน")) == satang


@pytest.mark.parametrize(
    ("total", "weights", "shares"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (100, [1, 2, 3], [17, 33, 50]),
        (1, [1, 1], [1, 0]),
        (0, [3, 4], [0, 0]),
        (7, [0, 5], [0, 7]),
        (20_000_000, [1], [20_000_000]),
    ],
)
def test_shares_by_largest_remainder(total: int, weights: list[int], shares: list[int]) -> None:
    assert split(total, weights) == shares


@given(amounts, st.lists(st.integers(0, 10**9), min_size=1, max_size=30).filter(any))
def test_a_split_neither_gains_nor_loses_a_satang(total: int, weights: list[int]) -> None:
    shares = split(total, weights)
    assert sum(shares) == total
    for share, weight in zip(shares, weights, strict=True):
        # no share is a whole satang away from the exact one
        assert abs(share * sum(weights) - total * weight) < sum(weights)
        assert share == 0 or weight > 0


@given(amounts, st.lists(st.integers(0, 50), min_size=1, max_size=12).filter(any), st.integers(1, 9))
def test_only_the_ratio_of_the_weights_matters(total: int, weights: list[int], factor: int) -> None:
    assert split(total, [weight * factor for weight in weights]) == split(total, weights)


@pytest.mark.parametrize(("total", "weights"), [(-1, [1]), (1, []), (1, [0, 0]), (1, [2, -1])])
def test_a_split_without_sense_is_refused(total: int, weights: list[int]) -> None:
    with pytest.raises(ValueError, match=r"weights"):
        split(total, weights)
