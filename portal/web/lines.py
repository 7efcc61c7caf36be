"""Where lines turn.

In a heading or a name in bold, never between a word and the name or number that belongs to it: not inside "เขตดุสิต",
"ระยะที่ 2", "ปี 2570", nor before the last figure of "วัดประชาระบือธรรม 1". Headings hold names that people typed, so this is
done once, on the finished page. The dot between two facts stays with the first of them, and never begins a line;
templates write it as it is.

Anywhere, never inside the few words that browsers tear, because the dictionary by which they turn Thai lines (ICU's) does
not know them: "หอก|ระ|จาย|ข่าว". They are named here, once. Nor inside "จำนวน 7 รายการ", with which names of purchases end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

DOT, KEPT_DOT = " · ", "\N{NO-BREAK SPACE}· "
_HEADING = re.compile(r"<(h[1-3]|strong)\b[^>]*>.*?</\1>", re.DOTALL)
_THAI = "\u0e01-\u0e3a\u0e40-\u0e4e"
# A tag is passed over, but for a short Thai name among other words; the longest name of a district has 17 letters behind
# "เขต"; of communities only the shorter ones fit into a line of the narrowest window.
_PHRASE = re.compile(
    r'(?P<name><bdi lang="th">(?=[^<]{2,24}</bdi>))'
    rf"|<[^>]*>|(?P<phrase>(?:เขต[{_THAI}]{{2,17}}|ชุมชน[{_THAI}]{{2,14}})(?![{_THAI}])"
    r"|(?:(?:จัดทำแผน )?ครั้ง|ระยะ|ด้าน|ฉบับ|ข้อ|วัน)?ที่ \d+|(?:ปีงบประมาณ|(?:ประจำ)?ปี|พ\.ศ\.) \d{4}(?:–\d{4})?)"
    rf"|(?<=[{_THAI}]) (?=\d{{1,2}}(?!\d))"
)
TORN = (
    *("กลั่นกรอง", "กระจายข่าว", "กระทำ", "กติกา", "ความดัน", "คัดกรอง", "นายทะเบียน", "ราชกิจจานุเบกษา"),
    *("ลงนาม", "อาสาสมัคร", "เผยแพร่", "เกียกกาย", "บ้านมนังคศิลา", "ศรีย่าน"),
    *("ขั้นตอน", "จัดซื้อจัดจ้าง", "เจ้าหน้าที่", "โซลาร์เซลล์", "หลักเกณฑ์", "เหมาะสม"),
    *(
        "ขอมติ",
        "ข้อเสนอแนะ",
        "ข้อเสนอ",
        "คณะกรรมการ",
        "ความคิดเห็น",
        "เครื่องวัด",
        "งบประมาณ",
        "ดับเพลิง",
        "ตรวจรับ",
        "ถัดไป",
        "ใกล้เคียง",
    ),
    *("ปฏิบัติราชการ", "ผู้สังเกตการณ์", "ผู้สูงอายุ", "ผู้อำนวยการ", "รองประธาน", "ร้องเรียน", "รับผิดชอบ", "ลงคะแนน"),
    *("สิ่งแวดล้อม", "หน่วยงาน", "หนี้สิน", "หลังคาเรือน", "อย่างน้อย"),
    *("การคลัง", "เครื่องเสียง", "เจ้าตัว", "ดำเนินงาน", "ตรวจสอบ", "เป้าหมาย", "ผู้ดูแล", "รถดับเพลิง", "สภาประชาชน"),
    *("กระจายอำนาจ", "กึ่งหนึ่ง", "การนับ", "ความร่วมมือ", "เครือข่าย", "เข้มแข็ง", "เข้าร่วม", "จัดหาพัสดุ", "ช่องทาง"),
    *("ตัดสินใจ", "ถ่ายโอน", "ทหารบก", "ทอผ้า", "ประชาสังคม", "ประพฤติมิชอบ", "ผู้ชนะ", "พอเพียง", "มีส่วนร่วม"),
    *("ไม่เกิน", "ส่วนรวม", "หนาแน่น", "เห็นชอบ", "เทวราชกุญชร", "ทางเดิน"),
    *("ผู้เสนอ", "วันหยุด", "ส่งมอบ", "ริมคลอง", "หมายถึง"),
    # In the names of holidays: those of kings and queens least of all.
    *("ชนกาธิเบศร", "นวมินทรมหาราช", "บรมนาถบพิตร", "ปรเมนทร", "พระบรมราชชนนี", "พระบาทสมเด็จ"),
    *("พิมลลักษณ", "มหาภูมิพลอดุลยเดช", "มหาวชิราลงกรณ", "ศรีสินทร", "สุทิดา"),
)
# By their first letters: most letters of a page begin none of them, and that is seen at once.
_TORN = re.compile(
    "จำนวน[ \N{NO-BREAK SPACE}]\\d{1,4} รายการ|"
    + "|".join(
        f"{first}(?:{'|'.join(word[1:] for word in TORN if word[0] == first)})"
        for first in {word[0]: None for word in TORN}
    )
)
_MENU = re.compile('<nav (?!class="breadcrumb").*?</nav>', re.DOTALL)
# Behind which tags running text or a label stands; not on buttons (but on those that look like links), tags and in menus, whose parts stand apart.
_RUNNING = re.compile(
    r'</(?:a|bdi|strong|time)>|<br>|<button class="button-link"'
    r"|<(?:p|li|dd|dt|td|th|h[1-4]|label|legend|caption|strong|bdi|div|a|span|summary)\b"
    r'(?![^>]*\bclass="[^"]*\b(?:row|button|tag|how-far)\b)'
)


def keep_whole(html: str) -> str:
    """The page with the phrases of its headings, and words that browsers tear, kept in one line. What is typed is escaped
    before, so that every ``<`` and ``>`` is of a tag."""
    html = _HEADING.sub(lambda heading: _PHRASE.sub(_kept, heading[0]), html)
    return "".join(_whole(html))


def _whole(html: str) -> Iterator[str]:
    """The page in pieces, every torn word of running text marked. Each tag is looked at once, however much it holds."""
    menus = [menu.span() for menu in _MENU.finditer(html)] if _TORN.search(html) else []
    said = looked = closed = 0
    is_running = False
    for found in _TORN.finditer(html):
        at = found.start()
        tag = html.rfind("<", looked, at)
        if tag != -1:
            closed = html.find(">", tag)
            while menus and menus[0][1] < at:
                del menus[0]
            is_running = _RUNNING.match(html, tag) is not None and not (menus and menus[0][0] < at)
        if is_running and closed < at:
            yield f'{html[said:at]}<span class="whole">{found[0]}</span>'
            said = found.end()
        looked = found.end()
    yield html[said:]


def _kept(found: re.Match[str]) -> str:
    if found["name"]:
        return '<bdi class="keep" lang="th">'
    if found["phrase"]:
        return f'<span class="keep">{found[0]}</span>'
    return "\N{NO-BREAK SPACE}" if found[0] == " " else found[0]


class DotStays(Extension):
    """In the words of templates, not in what people typed; messages are found by their words and stay as they are."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        is_message, before = False, ""
        for token in stream:
            if before == "block_begin" and token.value in ("trans", "endtrans"):
                is_message = token.value == "trans"
            is_ours = (token.type == "data" and not is_message) or (
                token.type == "string" and token.value == DOT
            )
            before = token.type
            yield Token(token.lineno, token.type, token.value.replace(DOT, KEPT_DOT)) if is_ours else token
