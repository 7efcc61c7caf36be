"""Money: every amount is a whole number of satang (100 satang = 1 baht), never a float.

Written amounts follow Thai official use: ``฿1,234.50``, ``฿356.2 ล้าน`` and, on prints, words that end in บาทถ้วน.
"""

import re
from collections.abc import Sequence

from portal.core.thai import arabic_digits

LARGEST = 10**15
"""The largest amount a person may type, in satang: ten million million baht, more than the budget of the country."""

_MILLION_BAHT = 100_000_000
_TYPED = re.compile(r"(?P<baht>[0-9]{1,3}(?:,[0-9]{3}){1,6}|[0-9]{1,18})(?:\.(?P<satang>[0-9]{1,2}))?")
_UNITS = ("", "บาท", "THB", "Baht", "baht")
_DIGITS = ("", "หนึ่ง", "สอง", "สาม", "สี่", "ห้า", "หก", "เจ็ด", "แปด", "เก้า")
_PLACES = ("", "สิบ", "ร้อย", "พัน", "หมื่น", "แสน")


def baht(satang: int, lang: str = "th", satang_always: bool = False) -> str:
    """Write an amount in satang as ``฿1,234.50``; whole baht stand without decimals unless ``satang_always``.

    Thai and English write the amount alike; ``lang`` is taken so that every formatter is called the same way.
    """
    whole, part = divmod(abs(satang), 100)
    sign = "−" if satang < 0 else ""
    return f"{sign}฿{whole:,}.{part:02}" if part or satang_always else f"{sign}฿{whole:,}"


def million(satang: int, lang: str = "th") -> str:
    """Write a large amount in millions of baht with at most one decimal: ``฿356.2 ล้าน``, ``฿356.2 million``.

    Halves are rounded away from zero. Below one million baht the full amount is written instead, as ``baht`` does.
    """
    if abs(satang) < _MILLION_BAHT:
        return baht(satang, lang)
    whole, tenth = divmod((abs(satang) + _MILLION_BAHT // 20) // (_MILLION_BAHT // 10), 10)
    figure = f"{whole:,}.{tenth}" if tenth else f"{whole:,}"
    return f"{'−' if satang < 0 else ''}฿{figure} {'ล้าน' if lang == 'th' else 'million'}"


def parse_baht(text: str) -> int:
    """Read an amount that a person typed in baht and return satang.

    Accepts Thai or Arabic digits, thousands commas in their right places, ฿ before or บาท/THB after, and at most two
    decimals. Raises ValueError for anything else, a sign included, and for more than ``LARGEST``.
    """
    typed = arabic_digits(text).strip().removeprefix("฿").strip()
    found = _TYPED.match(typed)
    if not found or typed[found.end() :].strip() not in _UNITS:
        raise ValueError("not an amount in baht")
    satang = int(found["baht"].replace(",", "")) * 100 + int((found["satang"] or "").ljust(2, "0"))
    if satang > LARGEST:
        raise ValueError("amount too large")
    return satang


def baht_words(satang: int) -> str:
    """Write an amount in Thai words for official prints: หนึ่งร้อยเอ็ดบาทถ้วน, ยี่สิบบาทห้าสิบสตางค์.

    A last one after higher digits reads เอ็ด (Office of the Royal Society), so 1,000,001 is หนึ่งล้านเอ็ด.
    """
    whole, part = divmod(abs(satang), 100)
    sign = "ลบ" if satang < 0 else ""
    if not part:
        return f"{sign}{_words(whole) or 'ศูนย์'}บาทถ้วน"
    return f"{sign}{_words(whole) + 'บาท' if whole else ''}{_words(part)}สตางค์"


def split(total: int, weights: Sequence[int]) -> list[int]:
    """Share ``total`` satang in proportion to ``weights`` so that the shares add up to it exactly.

    Largest remainder; an equal remainder goes to the earlier share, so the answer never depends on chance. Raises
    ValueError for a negative total or weight, and when no weight is above zero.
    """
    whole = sum(weights)
    if total < 0 or whole <= 0 or min(weights) < 0:
        raise ValueError("a split needs an amount and weights that are not negative, one of them above zero")
    shares = [total * weight // whole for weight in weights]
    remainders = [total * weight % whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda place: (-remainders[place], place))
    for place in by_remainder[: total - sum(shares)]:
        shares[place] += 1
    return shares


def _words(number: int) -> str:
    """Spell a whole number; nothing for zero. Thai counts in groups of a million: ล้านล้าน is 10**12."""
    millions, rest = divmod(number, 1_000_000)
    spoken = f"{_words(millions)}ล้าน" if millions else ""
    for place in range(5, -1, -1):
        digit = rest // 10**place % 10
        if not digit:
            continue
        if place == 0 and digit == 1 and number > 1:
            spoken += "เอ็ด"
        elif place == 1 and digit <= 2:
            spoken += ("สิบ", "ยี่สิบ")[digit - 1]
        else:
            spoken += _DIGITS[digit] + _PLACES[place]
    return spoken
