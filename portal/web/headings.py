"""In a heading no line turns between a word and the name or number that belongs to it: not inside "เขตดุสิต", "ระยะที่ 2",
"ปี 2570", nor before the last figure of "วัดประชาระบือธรรม 1".

Headings hold names that people typed, so this is done once, on the finished page.
"""

from __future__ import annotations

import re

_HEADING = re.compile(r"<h([1-3])\b[^>]*>.*?</h\1>", re.DOTALL)
_THAI = "\u0e01-\u0e3a\u0e40-\u0e4e"
# A tag is passed over; the longest name of a district has 17 letters behind "เขต".
_PHRASE = re.compile(
    rf"<[^>]*>|(?P<phrase>เขต[{_THAI}]{{2,17}}(?![{_THAI}])"
    r"|(?:ครั้ง|ระยะ|ด้าน|ฉบับ|ข้อ|วัน)?ที่ \d+|(?:ปีงบประมาณ|ปี|พ\.ศ\.) \d{4}(?:–\d{4})?)"
    rf"|(?<=[{_THAI}]) (?=\d{{1,2}}(?!\d))"
)


def keep_whole(html: str) -> str:
    """The page with the phrases of its headings kept in one line."""
    return _HEADING.sub(lambda heading: _PHRASE.sub(_kept, heading[0]), html)


def _kept(found: re.Match[str]) -> str:
    if found["phrase"]:
        return f'<span class="keep">{found[0]}</span>'
    return "\N{NO-BREAK SPACE}" if found[0] == " " else found[0]
