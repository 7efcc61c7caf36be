"""Formatted text that people write: cleaned when it is stored, so that pages may print it as it is.

Only a few plain elements and absolute links survive. bleach does the parsing; everything that knows of bleach is here.
"""

import re
from html import escape
from html.parser import HTMLParser
from threading import Lock

from bleach.html5lib_shim import Filter
from bleach.sanitizer import Cleaner

from portal.core.thai import normalise

LARGEST = 20_000
"""The longest text taken, in bytes of UTF-8 (about 6,600 Thai characters)."""

MOST_TAGS = 1_000
"""The most ``<`` taken by ``clean``: deep nesting is what makes the parser slow (2,500 nested lists took 1.8 s)."""

TAGS = frozenset({"p", "br", "strong", "em", "ul", "ol", "li", "a", "h3", "h4", "blockquote"})

_BLOCKS = TAGS - {"br", "strong", "em", "a", "li"}

_LINK = re.compile(r"(?:https?://[^\s/]|mailto:[^\s@]+@)", re.IGNORECASE)
# Thai runs on without a space after an address, so only what a web address may hold belongs to it.
_ADDRESS = re.compile(r"https?://[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+", re.IGNORECASE)
_BLANK_LINES = re.compile(r"\n\s*\n")
_BULLET = re.compile(r"[-•*]\s+")
_SPACES = re.compile(r"\s+")


def _absolute_link(_tag: str, name: str, value: str) -> bool:
    """Keep an address only if it says where it leads: no relative or protocol-relative ones."""
    return name == "href" and _LINK.match(value) is not None


class _UnpaidLinks(Filter):
    """Mark every link as written by the public, so that posting links here earns nothing in search engines."""

    def __iter__(self):  # type: ignore[no-untyped-def]  # bleach ships no types
        for token in super().__iter__():
            if token["type"] == "StartTag" and (None, "href") in token["data"]:
                token["data"][(None, "rel")] = "nofollow noopener ugc"
            yield token


_CLEANER = Cleaner(
    tags=TAGS,
    attributes={"a": _absolute_link},
    protocols={"http", "https", "mailto"},
    strip=True,
    strip_comments=True,
    filters=[_UnpaidLinks],
)
_ONE_AT_A_TIME = Lock()  # the cleaner's parser has state: without this, threads mix up their texts


def clean(text: str) -> str:
    """Return HTML that is safe to print: only ``TAGS``, links only to http, https and mailto, text normalised.

    Other elements go and leave their text; a text without elements comes back escaped. Well nested text that is
    clean already comes back as it was. Raises ValueError above ``LARGEST`` or ``MOST_TAGS``.
    """
    if _measured(text).count("<") > MOST_TAGS:
        raise ValueError(f"more than {MOST_TAGS} tags")
    with _ONE_AT_A_TIME:
        return str(_CLEANER.clean(normalise(text))).strip()


def from_plain(text: str) -> str:
    """Turn plainly typed text into safe HTML.

    Blank lines divide paragraphs, other line ends stay, lines that begin with "- " become a list, and web addresses
    become links. Raises ValueError above ``LARGEST``.
    """
    blocks = []
    for paragraph in _BLANK_LINES.split(normalise(_measured(text))):
        lines: list[str] = []
        items: list[str] = []
        for line in paragraph.split("\n"):
            bullet = _BULLET.match(line)
            if bullet:
                blocks += _paragraph(lines)
                items.append(_linked(line[bullet.end() :]))
            else:
                blocks += _list(items)
                lines.append(_linked(line.strip()))
        blocks += [*_paragraph(lines), *_list(items)]
    return "".join(blocks)


def to_plain(html: str) -> str:
    """Return the text of cleaned HTML for mails, excerpts and search: blocks on lines of their own, "- " before items."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return normalise(re.sub(r" *\n *", "\n", "".join(reader.pieces)).replace("\n\n\n", "\n\n"))


def _measured(text: str) -> str:
    if len(text) > LARGEST or len(text.encode("utf-8", "replace")) > LARGEST:
        raise ValueError(f"text longer than {LARGEST} bytes")
    return text


def _paragraph(lines: list[str]) -> list[str]:
    """Close the paragraph gathered so far, if there is one, and empty it."""
    block = [f"<p>{'<br>'.join(lines)}</p>"] if any(lines) else []
    lines.clear()
    return block


def _list(items: list[str]) -> list[str]:
    block = [f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"] if items else []
    items.clear()
    return block


def _linked(line: str) -> str:
    """Escape a line and make links of its web addresses, without the full stop or bracket that follows one."""
    done, at = "", 0
    for found in _ADDRESS.finditer(line):
        address = found[0].rstrip(".,;:!?'")
        if address.endswith(")") and "(" not in address:
            address = address.rstrip(").,;:!?'")
        if not _LINK.match(address):
            continue
        safe = escape(address)
        done += f'{escape(line[at : found.start()], quote=False)}<a href="{safe}" rel="nofollow noopener ugc">{safe}</a>'
        at = found.start() + len(address)
    return done + escape(line[at:], quote=False)


class _Reader(HTMLParser):
    """Gathers the text of cleaned HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "li":
            self.pieces.append("\n- ")
        elif tag == "br" or tag in _BLOCKS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        self.pieces.append(_SPACES.sub(" ", data))
