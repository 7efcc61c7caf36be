"""Thai dictionary order as plain text, so that both databases sort alike by comparing bytes.

The order is that of the Royal Society's dictionary and of Unicode's collation: a leading vowel counts after its
consonant, tone marks decide only between words that are otherwise the same. Digits come before Latin, Latin before
Thai, and numbers by their value (ชุมชน 2 before ชุมชน 10).
"""

import re
import unicodedata

from portal.core.thai.text import arabic_digits, normalise

SORT_KEY_LENGTH = 400
"""The longest key, in ASCII characters; texts that agree that far (about 100 letters) sort as equals."""

_LEADING = re.compile("([เ-ไ])([ก-ฮ])")
_UNITS = re.compile(r"(?P<number>[0-9]+)|(?P<mark>[ฺ็-๎ฯๆ])|(?P<letter>[^\W_]|[ะ-ู])|(?P<gap>.)", re.DOTALL)
_FIRST_MARK = ord("ฯ")

# Keys are lower-case hexadecimal of fixed widths per kind, so no weight is the beginning of another.
_END, _NO_MARK, _GAP, _NUMBER, _LATIN, _THAI, _OTHER = "00", "01", "02", "10", 0x20, 0x60, "f"


def sort_key(text: str) -> str:
    """Return an ASCII key; comparing keys byte by byte sorts the texts in Thai dictionary order.

    Case, accents and repeated spaces or punctuation do not count. The same text always has the same key, at most
    ``SORT_KEY_LENGTH`` long.
    """
    letters: list[str] = []
    marks: list[str] = []
    for unit in _UNITS.finditer(_LEADING.sub(r"\2\1", _plain(text[:500]))):
        if unit["mark"]:
            if marks:
                marks[-1] += f"{ord(unit[0]) - _FIRST_MARK + 2:02x}"
            continue
        if unit["gap"] and (not letters or letters[-1] == _GAP):
            continue
        letters.append(_weight(unit[0]) if unit["letter"] else _number(unit[0]) if unit["number"] else _GAP)
        marks.append(_NO_MARK)
    if letters and letters[-1] == _GAP:
        letters.pop()
        marks.pop()
    return f"{''.join(letters)}{_END}{''.join(marks)}"[:SORT_KEY_LENGTH]


def _plain(text: str) -> str:
    """Latin without case and accents; Thai as it is (its ำ must not fall apart)."""
    plain = []
    for c in arabic_digits(normalise(text)):
        if "\u0e00" <= c <= "\u0e7f":
            plain.append(c)
        else:
            plain += [d for d in unicodedata.normalize("NFKD", c).casefold() if not unicodedata.combining(d)]
    return "".join(plain)


def _number(digits: str) -> str:
    """A number by how many digits it has, then by them: 9 before 10."""
    figures = digits.lstrip("0")[:99]
    return f"{_NUMBER}{len(figures):02}{figures}"


def _weight(letter: str) -> str:
    if "a" <= letter <= "z":
        return f"{_LATIN + ord(letter) - ord('a'):02x}"
    if "ก" <= letter <= "ไ":
        return f"{_THAI + ord(letter) - ord('ก'):02x}"
    return f"{_OTHER}{ord(letter):05x}"
