"""Typed Thai in one written form: the same word typed twice is the same text."""

import re
import unicodedata

_ARABIC = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
_LINE_END = re.compile("\r\n?|[\u0085\u2028\u2029]")
_SPACE = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_INTEGER = re.compile(r"[0-9]{1,18}|[0-9]{1,3}(?:,[0-9]{3}){1,5}")

MOST_MARKS = 10
"""The most marks that stay in a row; no letter of any script carries as many."""

_CROWD = re.compile(rf"[\Wำ]{{{MOST_MARKS + 1},}}")

# Order matters: each line may make work for the next. Keyboards and PDF readers produce all of these.
_TYPED_WRONG = (
    (re.compile("เเ"), "แ"),
    (re.compile("ํ([่-๋]?)า"), r"\1ำ"),  # nikhahit + aa, a tone mark between or not
    (re.compile("([่-๋])([ัิ-ู])"), r"\2\1"),  # a vowel above or below stands before the tone mark
    (re.compile("ำ([่-๋])"), r"\1ำ"),  # sara am stands after the tone mark
    (re.compile("([ัิ-ฺ็-๎])\\1+"), r"\1"),  # the same mark twice looks like one
)


def normalise(text: str) -> str:
    """Return ``text`` in the one form that is stored, compared and hashed.

    NFC; ํ+า is ำ, เ+เ is แ, marks in the order the Royal Society gives (vowel, then tone); line ends are ``\\n`` and
    every kind of space is a space; zero-width, formatting, control and unpaired surrogate characters are gone (a NUL
    breaks PostgreSQL, a surrogate breaks UTF-8). No spaces at line ends nor around the whole, at most ``MOST_MARKS``
    marks in a row: marks move past each other one by one, so the time grows with the text and no faster. Doing it twice
    changes nothing.
    """
    text = _SPACE.sub(" ", _LINE_END.sub("\n", text))
    if not text.isascii() or not text.isprintable():
        text = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
        while True:
            before, text = text, unicodedata.normalize("NFC", _CROWD.sub(_thinned, text))
            for pattern, right in _TYPED_WRONG:
                text = pattern.sub(right, text)
            if text == before:
                break
    return "\n".join(line.rstrip(" \t") for line in text.split("\n")).strip()


def _thinned(crowd: re.Match[str]) -> str:
    kept, marks = [], 0
    for c in crowd[0]:
        marks = marks + 1 if c == "ำ" or unicodedata.category(c)[0] == "M" else 0
        if marks <= MOST_MARKS:
            kept.append(c)
    return "".join(kept)


def arabic_digits(text: str) -> str:
    """Replace Thai digits by 0–9 and leave everything else."""
    return text.translate(_ARABIC)


def thai_digits(text: str) -> str:
    """Replace 0–9 by Thai digits, as official prints may; leave everything else."""
    return text.translate(_THAI)


def plain_length(text: str) -> int:
    """Count the characters (code points, as PostgreSQL counts them) of the text as it would be stored."""
    return len(normalise(text))


def parse_int(text: str, low: int = 0, high: int = 10**12) -> int:
    """Read a whole number typed in Thai or Arabic digits, thousands commas allowed in their right places.

    Raises ValueError for anything else (signs, ``²``, digits of other scripts, which Python's ``int`` may accept) and
    outside ``low`` to ``high``, both included.
    """
    typed = arabic_digits(text).strip()
    if not _INTEGER.fullmatch(typed):
        raise ValueError("not a whole number")
    number = int(typed.replace(",", ""))
    if not low <= number <= high:
        raise ValueError(f"not between {low} and {high}")
    return number
