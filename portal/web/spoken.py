"""Thai inside an English page is marked ``lang="th"``, so that it is read out as Thai (WCAG 3.1.2).

What people typed is Thai whatever the page speaks, and stands anywhere: in a heading, a choice, the middle of a
sentence. So the mark is set once, on the finished page, and no template has to remember it.
"""

from __future__ import annotations

import re

_LETTERS = "\u0e01-\u0e3a\u0e40-\u0e5b"  # without the baht sign
# A tag, the text behind it that holds Thai, and what the next tag is called.
_TEXT = re.compile(rf"<(/?[a-zA-Z0-9]+)([^>]*)>([^<{_LETTERS}]*[{_LETTERS}][^<]*)(?=<(/?[a-zA-Z0-9]*)|$)")
_RUN = re.compile(rf"[{_LETTERS}](?:[{_LETTERS}\u200b 0-9.,()/-]*[{_LETTERS}])?(?: [0-9]+)?")
_OTHERWISE = re.compile(r"[A-Za-z]")
_ENTITY = re.compile(r"&[#\w]+;")
# No element may stand inside these: they are marked as a whole.
_BARE = frozenset({"option", "textarea", "title", "text", "tspan"})
_SILENT = frozenset({"script", "style"})
_MARK = ' lang="th"'


def mark_thai(html: str) -> str:
    """The page with its Thai marked: on the element that holds nothing else, on ``<bdi>`` within other text."""
    return _TEXT.sub(_marked, html)


def _marked(found: re.Match[str]) -> str:
    name, rest, text, following = found.groups()
    if name in _SILENT or _MARK in rest:
        return found[0]
    is_alone = following == f"/{name}" and not _OTHERWISE.search(_ENTITY.sub("", text))
    if is_alone or name in _BARE:
        return f"<{name}{_MARK}{rest}>{text}"
    return f"<{name}{rest}>" + _RUN.sub(r'<bdi lang="th">\g<0></bdi>', text)
