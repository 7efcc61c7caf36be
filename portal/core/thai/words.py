"""Words of Thai text: split for search and for line breaks, folded so that common misspellings meet.

Thai writes words without spaces; ICU's dictionary finds them. A misspelt word is not in the dictionary and falls to
pieces, so ``_RESPELT`` first mends those that plans of communities are full of, and ``_joined`` puts stray pieces back.

What search then takes for the same, and what it still tells apart:

=============================  ==================================  ===================================
folded                         these meet                          these stay apart
=============================  ==================================  ===================================
ใ = ไ                          ใหม่ ไหม่                           ใกล้ ไกล (by the tone mark)
ศ = ษ = ส, ณ = น, ฬ = ล, ฎ = ฏ  พิเศษ พิเสษ, ปริมาณ ปริมาน          รถ รส, ดี ตี
็ ้ ๊ after เ or แ, closed       เต็นท์ เต้นท์ เต๊นท์ เตนท์ เต้น      แผน แผ่น, แข็ง แข่ง, เช่น เชน
a silent consonant with its ์   เกม เกมส์, ลิฟต์ ลิฟท์ ลิฟ           เสา เสาร์ (after a vowel it stays)
ๆ, ฯ                           กรุงเทพ กรุงเทพฯ
=============================  ==================================  ===================================

All other tone marks count: they tell ซ่อม from ซ้อม, กล้อง from กลอง and สวน from ส่วน.
"""

import re
import unicodedata
from functools import lru_cache

from icu4py.breakers import LineBreaker, WordBreaker

from portal.core.thai.text import arabic_digits, normalise

MOST_TERMS = 12
"""The most terms a query is searched by; a longer one is cut."""

# A spelling that ICU's dictionary knows, and what people type for it. Longer spellings win.
_RESPELT_AS = {
    "เต็นท์": "เต้นท์ เต๊นท์ เตนท์ เต็นต์ เต้นต์ เต๊นต์ เต็นส์ เต๊น",
    "กฎหมาย": "กฏหมาย",
    "กฎระเบียบ": "กฏระเบียบ",
    "กฎเกณฑ์": "กฏเกณฑ์",
    "กะเพรา": "กระเพรา",
    "กะทัดรัด": "กระทัดรัด",
    "ก๊าซ": "ก้าซ ก๊าส",
    "แก๊ส": "แก็ส แก้ส",
    "โควตา": "โควต้า",
    "คลินิก": "คลีนิค คลีนิก คลินิค",
    "คอมพิวเตอร์": "คอมพิวเตอ คอมพิวเต้อร์ คอมพิวเตอร คอมพิวเต้อ",
    "คอนกรีต": "คอนกรีท คอนกรีด",
    "เช็ค": "เช็ก เช้ค",
    "ซีเมนต์": "ซีเมนท์ ซีเม้นต์ ซีเม้นท์",
    "เซ็นเซอร์": "เซนเซอร์ เซ็นเซอ",
    "เซ็นติเมตร": "เซนติเมตร เซ็นต์ติเมตร",
    "โซลาร์เซลล์": "โซล่าเซลล์ โซล่าร์เซลล์ โซลาเซลล์ โซล่าเซล โซลาร์เซล โซล่าร์เซล โซลาเซล",
    "โต๊ะ": "โต้ะ",
    "แท็งก์": "แท้งค์ แท๊งค์ แทงค์ แท็งค์ แท้งก์ แท๊งก์ แทงก์",
    "แท็กซี่": "แท๊กซี่ แทกซี่ แท้กซี่",
    "โน้ตบุ๊ก": "โน๊ตบุ๊ค โน้ตบุ๊ค โน๊ตบุ๊ก โน้ตบุค โน๊ตบุค โน้ตบุก",
    "บล็อก": "บล๊อค บล็อค บล้อค บล๊อก",
    "บุคลากร": "บุคคลากร",
    "แบตเตอรี่": "แบตเตอรี แบ็ตเตอรี่ แบตเตอร์รี่",
    "เบรกเกอร์": "เบรคเกอร์",
    "โปรเจคเตอร์": "โปรเจกเตอร์ โพรเจกเตอร์ โปรเจ็คเตอร์ โปรเจ็กเตอร์",
    "ปั๊มน้ำ": "ปั้มน้ำ ปัมน้ำ",
    "พันธุ์ไม้": "พันธ์ไม้",
    "พันธุ์พืช": "พันธ์พืช",
    "ฟุตบอล": "ฟุตบอลล์ ฟุดบอล",
    "ฟุตบาท": "ฟุตปาธ ฟุตบาธ ฟุตปาท ฟุทบาท",
    "ล็อคเกอร์": "ล็อกเกอร์ ล๊อคเกอร์ ล๊อกเกอร์",
    "ลูกบาศก์": "ลูกบาศ์ก ลูกบาทก์",
    "เว็บไซต์": "เว็บไซด์ เวปไซต์ เวบไซต์ เว็ปไซต์ เว็บไซท์ เวปไซด์ เว็ปไซด์",
    "สปริงเกอร์": "สปริงเกลอร์ สปริงเก้อร์",
    "สังเกต": "สังเกตุ",
    "อนุญาต": "อนุญาติ",
    "อะลูมิเนียม": "อลูมิเนียม อลูมิเนี่ยม อะลูมิเนี่ยม",
    "อัตโนมัติ": "อัตโนมัต อัติโนมัติ",
    "อินเทอร์เน็ต": "อินเตอร์เน็ต อินเตอร์เนต อินเทอร์เนต อินเตอร์เน็ท อินเทอร์เน็ท",
    "แอโรบิค": "แอโรบิก แอโรบิกส์ แอร์โรบิค แอร์โรบิก แอโรบิคส์",
    "แอร์คอนดิชัน": "แอร์คอนดิชั่น",
}
_RESPELT = {typed: known for known, spellings in _RESPELT_AS.items() for typed in [known, *spellings.split()]}
# The known spellings are looked for as well: they hold some of the others (คอมพิวเตอ).
_MISSPELT = re.compile("|".join(f"{typed}(?![ัิ-ฺ็-๎])" for typed in sorted(_RESPELT, key=len, reverse=True)))

_THAI = re.compile("([\u0e01-\u0e3a\u0e40-\u0e4e]+)")  # without ฿
_GROUPED = re.compile(r"(?<=[0-9]),(?=[0-9]{3})")
_ABBREVIATION = re.compile(r"(?<![ก-๎])(?:[ก-ฮ]{1,3}\.){2,}")
_DROPPED = re.compile("[ๆฯฺํ๎]")
_STRAY = re.compile("[ก-ฮ]{1,2}[ิุ]?์|[ก-ฒด-ฮ]|[ฯๆะ-ฺ็-๎].*")  # neither a word nor the beginning of one; ณ is one

_SAME_LETTERS = str.maketrans("ใศษณฬฎฃฅ", "ไสสนลฏขค")
_CLOSED_SHORT = re.compile("(?<=[เแ])([ก-ฮ]{1,2})[็้๊](?=[ก-ฬฮ])")
_SILENT = re.compile("(?<=[ก-ฬฮ])[ก-ฮ]์|์")
_BEYOND_BMP = re.compile("[\U00010000-\U0010ffff]")


def tokens(text: str) -> str:
    """Return the words of ``text``, folded and joined by spaces, for the full-text index of either engine.

    Only letters, digits and marks are left, so SQLite's ``unicode61 categories 'L* N* Co Mn Mc'`` and PostgreSQL's
    ``simple`` see the same words. Latin is lower case without accents, digits are Arabic without thousands commas.
    """
    text = _GROUPED.sub("", arabic_digits(normalise(text)))
    text = _ABBREVIATION.sub(lambda found: found[0].replace(".", "") + " ", text)
    words: list[str] = []
    for part in _THAI.split(text):
        if _THAI.fullmatch(part):
            respelt = _MISSPELT.sub(lambda found: _RESPELT[found[0]], part)
            words += (_fold(word) for word in _joined(_split(respelt)))
        else:
            words += _other_words(part)
    # PostgreSQL sees no word in a mark without its letter
    return " ".join(word for word in words if any(c.isalnum() for c in word))


def query_terms(text: str) -> list[str]:
    """Return the terms to search for, each meant as the beginning of a word, in order and each once.

    A term holds letters, digits and marks only: it can stand in an FTS5 or tsquery expression without escaping
    (``"นา"*``, ``นา:*``). At most ``MOST_TERMS``; a term that another one begins with adds nothing and is left out.
    """
    terms = list(dict.fromkeys(tokens(text[:1000]).split()))
    return [term for term in terms if not any(other != term and other.startswith(term) for other in terms)][
        :MOST_TERMS
    ]


@lru_cache(maxsize=4096)
def phrases(text: str) -> tuple[str, ...]:
    """Cut ``text`` where a line may end; the pieces joined are the normalised text.

    A heading prints ``<wbr>`` between them, so that a browser without a Thai dictionary breaks between words too.
    """
    text = normalise(text)
    # icu4py counts in UTF-16, Python does not: a stand-in keeps the two in step after an emoji
    pieces: list[str] = []
    at = 0
    for piece in LineBreaker(_BEYOND_BMP.sub("\u263a", text), "th"):
        pieces.append(text[at : at + len(piece)])
        at += len(piece)
    return tuple(_joined(pieces))


def words(text: str) -> list[str]:
    """Cut ``text`` into its words, spaces and marks as they stand; the pieces joined are the text, letter for letter."""
    pieces: list[str] = []
    at = 0
    for piece in WordBreaker(_BEYOND_BMP.sub("\u263a", text), "th"):
        pieces.append(text[at : at + len(piece)])
        at += len(piece)
    return _joined(pieces)


def wrap(text: str) -> str:
    """Return ``text`` with a zero-width space wherever a line may end; ``normalise`` takes them out again."""
    wrapped = ""
    for piece in phrases(text):
        wrapped += piece if not wrapped or wrapped[-1].isspace() else f"\u200b{piece}"
    return wrapped


def _split(run: str) -> list[str]:
    """Split a run of Thai letters into words; up to three bare consonants are an abbreviation or one word."""
    if len(run) <= 3 and not re.search("[ฯ-๎]", run):
        return [run]
    return list(WordBreaker(run, "th"))


def _joined(pieces: list[str]) -> list[str]:
    """Put pieces that cannot stand alone (ท์, a single consonant) behind the word before them.

    Behind, never before: a word still begins as it did, and search looks for beginnings.
    """
    words: list[str] = []
    for piece in pieces:
        if words and _STRAY.fullmatch(piece.rstrip()) and re.search("[ก-๎]$", words[-1][-2:]):
            words[-1] += piece
        else:
            words.append(piece)
    return words


def _fold(word: str) -> str:
    word = _DROPPED.sub("", word).translate(_SAME_LETTERS)
    return _SILENT.sub("", _CLOSED_SHORT.sub(r"\1", word))


def _other_words(part: str) -> list[str]:
    """Words of any other script: compatible letters made plain, accents off, lower case."""
    plain = unicodedata.normalize("NFKD", part).casefold()
    kept = (
        "" if "\u0300" <= c <= "\u036f" else c if unicodedata.category(c)[0] in "LNM" else " " for c in plain
    )
    return "".join(kept).split()
