"""Thai inside an English page is marked ``lang="th"``, so that it is read out as Thai (WCAG 3.1.2).

What people typed is Thai whatever the page speaks, and stands anywhere: in a heading, a choice, the middle of a
sentence. So the mark is set once, on the finished page, and no template has to remember it.
"""

from __future__ import annotations

import re

_TAG = re.compile(r"(<[^>]*>)")
_NAME = re.compile(r"</?([a-zA-Z0-9]+)")
_LETTERS = "\u0e01-\u0e3a\u0e40-\u0e5b"  # without the baht sign
_THAI = re.compile(f"[{_LETTERS}]")
_RUN = re.compile(rf"[{_LETTERS}](?:[{_LETTERS}\u200b 0-9.,()/-]*[{_LETTERS}])?(?: [0-9]+)?")
_OTHERWISE = re.compile(r"[A-Za-z]")
_ENTITY = re.compile(r"&[#\w]+;")
# No element may stand inside these: they are marked as a whole.
_BARE = frozenset({"option", "textarea", "title", "text", "tspan"})
_SILENT = frozenset({"script", "style"})
_EMPTY = frozenset({"br", "hr", "img", "input", "link", "meta"})
_MARK = ' lang="th"'


def mark_thai(html: str) -> str:
    """The page with its Thai marked: on the element that holds nothing else, on ``<bdi>`` within other text."""
    pieces = _TAG.split(html)  # text, tag, text, …, text
    around, depth = "", 0  # the element that is left alone, and how many of its name are open
    for at in range(1, len(pieces), 2):
        tag, text = pieces[at], pieces[at + 1]
        found = _NAME.match(tag)
        name = found[1] if found else ""
        if around:
            if name == around:
                depth += -1 if tag[1] == "/" else 1
            if depth:
                continue
            around = ""
        elif name in _SILENT or (_MARK in tag and name not in _EMPTY):
            around, depth = name, 1
            continue
        if not _THAI.search(text):
            continue
        is_all = not _OTHERWISE.search(_ENTITY.sub("", text))
        is_alone = is_all and tag[1] != "/" and at + 2 < len(pieces) and pieces[at + 2] == f"</{name}>"
        if is_alone or (name in _BARE and tag[1] != "/"):
            pieces[at] = f"<{name}{_MARK}{tag[len(name) + 1 :]}"
        else:
            pieces[at + 1] = _RUN.sub(r'<bdi lang="th">\g<0></bdi>', text)
    return "".join(pieces)
