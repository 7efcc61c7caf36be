"""Pieces of pages, kept by what they show: a row of a list is written once as long as it says the same.

``{{ kept(macro, …) }}`` is ``{{ macro(…) }}`` for a macro that was imported without context. Such a macro knows nothing
but its arguments and the language it was compiled in, so equal arguments make equal text, whoever reads it and however
fresh the rows are. Arguments are hashable (rows, tuples, frozen dataclasses, modules of words), each always of the same
type, since a text that is clean HTML equals the same text typed by somebody.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from jinja2.runtime import Macro

MOST = 400


@lru_cache(maxsize=MOST, typed=True)
def kept(macro: Macro, *args: Any) -> str:
    """What the macro writes for these arguments."""
    text: str = macro(*args)
    return text
