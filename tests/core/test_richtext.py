import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.richtext import LARGEST, MOST_TAGS, TAGS, clean, from_plain, to_plain

REL = 'rel="nofollow noopener ugc"'
SCRAPS = (
    "<p>", "</p>", "<ul>", "<li>", "</ul>", "<em>", "</em>", "<a href='https://x.th'>", "<a href=javascript:x>", "</a>",
    "<script>", "</script>", "<svg>", "<style>", "<img src=x onerror=x>", "<!--", "-->", "&lt;", "&", "<", ">", '"',
    "<table>", "<td>", "<br>", "<blockquote>", "<h3 style=x>", "ตลาด", "\n", "\x00", "<b", "<textarea>", "<title>",
)  # fmt: skip
markup = st.lists(st.sampled_from(SCRAPS), max_size=14).map("".join)


@pytest.fixture
def hasty_threads() -> Iterator[None]:
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


class Seen(HTMLParser):
    """What a browser would find in a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("<p>ทางเท้า <strong>กว้าง</strong></p>", "<p>ทางเท้า <strong>กว้าง</strong></p>"),
        ("ราคา < 500 & ดี", "ราคา &lt; 500 &amp; ดี"),
        ("<p>ก<script>x()</script></p>", "<p>กx()</p>"),
        ('<p onclick="x()" style="a" class="b">ก</p>', "<p>ก</p>"),
        ("<div><b>ก</b></div><!-- ลับ -->", "ก"),
        (
            '<a href="https://a.th/?a=1&b=2" target="_blank">ก</a>',
            f'<a href="https://a.th/?a=1&amp;b=2" {REL}>ก</a>',
        ),
        ('<a href="mailto:a@b.th">ก</a>', f'<a href="mailto:a@b.th" {REL}>ก</a>'),
        ('<a href="javascript:x()">ก</a>', "<a>ก</a>"),
        ('<a href="jav&#x09;ascript:x()">ก</a>', "<a>ก</a>"),
        ('<a href="//evil.example/">ก</a>', "<a>ก</a>"),
        ('<a href="https:evil.example">ก</a>', "<a>ก</a>"),
        ('<a href="/plans">ก</a>', "<a>ก</a>"),
        ("<p>น\u0e49\u0e4d\u0e32\x00</p>", "<p>น้ำ</p>"),
        ("<ul><li>ก<li>ข", "<ul><li>ก</li><li>ข</li></ul>"),
        ("", ""),
    ],
)
def test_only_plain_elements_and_absolute_links_survive(written: str, kept: str) -> None:
    assert clean(written) == kept


@given(markup)
def test_nothing_else_ever_comes_out(written: str) -> None:
    for html in (clean(written), clean(clean(written))):
        for tag, attributes in Seen(html).elements:
            assert tag in TAGS
            assert set(attributes) <= {"href", "rel"}
            assert (attributes.get("href") or "https://x.th") == "https://x.th"


inline = st.recursive(
    st.sampled_from(
        ["ตลาด", "1 &lt; 2", "ก &amp; ข", "<br>", f'<a href="https://x.th/?a=1&amp;b=2" {REL}>ที่นี่</a>']
    ),
    lambda inner: st.tuples(st.sampled_from(["strong", "em"]), inner).map(
        lambda pair: f"<{pair[0]}>{pair[1]}</{pair[0]}>"
    ),
    max_leaves=3,
)
blocks = st.tuples(st.sampled_from(["p", "h3", "h4", "blockquote"]), inline).map(
    lambda pair: f"<{pair[0]}>{pair[1]}</{pair[0]}>"
)


@given(st.lists(blocks | inline.map(lambda text: f"<ul><li>{text}</li></ul>"), max_size=5).map("".join))
def test_what_is_clean_stays_as_it_was(html: str) -> None:
    assert clean(html) == html


def test_the_size_is_bounded_in_bytes_and_in_tags() -> None:
    assert clean("a" * LARGEST) == "a" * LARGEST
    for too_long in ("a" * (LARGEST + 1), "ก" * (LARGEST // 3 + 1)):
        with pytest.raises(ValueError, match="bytes"):
            clean(too_long)
        with pytest.raises(ValueError, match="bytes"):
            from_plain(too_long)
    assert clean("<em>" * MOST_TAGS) != ""
    with pytest.raises(ValueError, match="tags"):
        clean("<em>" * (MOST_TAGS + 1))


@pytest.mark.usefixtures("hasty_threads")
def test_threads_do_not_mix_up_their_texts() -> None:
    texts = [f"<p>ชุมชน {number} {'<em>ก</em> <strong>ข</strong>' * 20}</p>" for number in range(4)] * 10
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(clean, texts)) == texts


@pytest.mark.parametrize(
    ("typed", "html"),
    [
        ("แรก\nสอง\n\nใหม่", "<p>แรก<br>สอง</p><p>ใหม่</p>"),
        ("ซื้อ\n- เต็นท์\n- โต๊ะ\nรวมสองอย่าง", "<p>ซื้อ</p><ul><li>เต็นท์</li><li>โต๊ะ</li></ul><p>รวมสองอย่าง</p>"),
        ("-ไม่ใช่รายการ", "<p>-ไม่ใช่รายการ</p>"),
        ("<b>1 < 2 & 3</b>", "<p>&lt;b&gt;1 &lt; 2 &amp; 3&lt;/b&gt;</p>"),
        (
            "ดู https://a.th/x?a=1&b=2นะครับ",
            f'<p>ดู <a href="https://a.th/x?a=1&amp;b=2" {REL}>https://a.th/x?a=1&amp;b=2</a>นะครับ</p>',
        ),
        ("(https://b.th/y).", f'<p>(<a href="https://b.th/y" {REL}>https://b.th/y</a>).</p>'),
        ("https://b.th/a_(b)", f'<p><a href="https://b.th/a_(b)" {REL}>https://b.th/a_(b)</a></p>'),
        ("javascript:x() //a.th https://", "<p>javascript:x() //a.th https://</p>"),
        (" \n \n", ""),
    ],
)
def test_plain_typing_becomes_html(typed: str, html: str) -> None:
    assert from_plain(typed) == html


lines = st.sampled_from(
    ["- ข้อ", "ข้อความ", "", " ", '<a href="javascript:x">', "https://x.th/'\"<b>&amp;(", "a & b", "- ", "•\tค"]
)


@given(st.lists(lines, max_size=8).map("\n".join) | st.text(max_size=40))
def test_plain_typing_is_clean_already(typed: str) -> None:
    html = from_plain(typed)
    assert clean(html) == html
    assert {tag for tag, _ in Seen(html).elements} <= {"p", "br", "ul", "li", "a"}


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>แรก<br>สอง</p><p>ใหม่</p>", "แรก\nสอง\n\nใหม่"),
        ("<h3>ซื้อ</h3><ul><li>เต็นท์</li><li>โต๊ะ</li></ul><p>จบ</p>", "ซื้อ\n\n- เต็นท์\n- โต๊ะ\n\nจบ"),
        ("<p>1 &lt; 2 &amp; <em>3</em></p>", "1 < 2 & 3"),
        ("<blockquote><p>คำพูด</p></blockquote>\n<p>ต่อ</p>", "คำพูด\n\nต่อ"),
        ("ไม่มี\n   แท็ก", "ไม่มี แท็ก"),
        ("", ""),
    ],
)
def test_the_text_of_html(html: str, text: str) -> None:
    assert to_plain(html) == text


@given(st.lists(st.sampled_from(["ตลาด", "1 < 2", "ก & ข", "&lt;"]), min_size=1, max_size=5))
def test_plain_text_comes_back_as_it_was_typed(paragraphs: list[str]) -> None:
    typed = "\n\n".join(paragraphs)
    assert to_plain(from_plain(typed)) == typed
