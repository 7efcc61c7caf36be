"""Official papers as PDF, set by Typst from the templates beside the pages' own (``templates/<room>/*.typ``).

What people typed reaches a template as JSON, never as markup; words of the portal are translated before they are handed
over. A paper is PDF/UA-1: tagged, with a title and a language, and its Thai can be searched and copied.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from portal.core import clock

MEDIA_TYPE = "application/pdf"
_ROOT = Path(__file__).parents[2]
_TEMPLATES = _ROOT / "templates"
_FONTS = _ROOT / "static" / "fonts" / "pdf"
# What Sarabun has, of what people type; the paper's standard refuses a character without a shape.
_SHAPELESS = re.compile(
    "[^\n -~\u00a0-\u017e\u0e01-\u0e3a\u0e3f-\u0e5b\u1ea0-\u1ef9\u200b\u2010\u2012-\u2015\u2018-\u201a\u201c-\u201e"
    "\u2020-\u2022\u2026\u2030\u20ac\u2122\u2190-\u2193\u2212\u221e\u2248\u2260\u2264\u2265\u25a0]"
)


def pdf(
    template: str, data: Mapping[str, Any], *, title: str, lang: str = "th", is_thai_digits: bool = False
) -> bytes:
    """The paper ``template`` (a path below ``templates/``) filled with ``data``, which must be fit for JSON.

    In the template ``paper.data`` is ``data``; ``title``, ``lang`` and ``is_thai_digits`` are the layout's affair
    (``templates/layouts/paper.typ``). A character the typeface lacks (a small picture, Chinese) is set as ■.
    Raises ``typst.TypstError`` when the template itself is wrong.
    """
    import typst  # 13 MB, only when a paper is asked for

    body = _printable({"title": title, "lang": lang, "is_thai_digits": is_thai_digits, "data": data})
    return bytes(
        typst.compile(
            str(_TEMPLATES / template),
            root=str(_TEMPLATES),
            font_paths=[str(_FONTS)],
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"paper": json.dumps(body, ensure_ascii=False)},
            pdf_standards=["ua-1"],
            timestamp=int(clock.now().timestamp()),
        )
    )


def _printable(value: Any) -> Any:
    """The same with every text of it printable."""
    if isinstance(value, Mapping):
        return {key: _printable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(one) for one in value]
    if isinstance(value, str):
        return _SHAPELESS.sub(lambda found: " " if found[0] in "\t\r" else "■", value)
    return value
