"""Pieces of pages, kept by what they show: a list is written once as long as it says the same.

``{{ kept(macro, …) }}`` is ``{{ macro(…) }}`` for a macro that was imported without context. Such a macro knows nothing
but its arguments and the language it was compiled in, so equal arguments make equal text, whoever reads it and however
fresh the rows are. Arguments are rows, dataclasses, modules of words, and lists and dicts of them; each is always
of the same type, since a text that is clean HTML equals the same text typed by somebody.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from jinja2.runtime import Macro

MOST = 400


class _Call:
    """A macro with its arguments, equal when both are."""

    __slots__ = ("args", "key", "macro")

    def __init__(self, macro: Macro, args: tuple[Any, ...]) -> None:
        self.macro = macro
        self.args = args
        self.key = (macro, _key(args))

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Call) and self.key == other.key


def _key(value: Any) -> Any:
    kind = type(value)
    if kind is list or kind is tuple:
        return tuple([_key(one) for one in value])
    if kind is dict:
        return tuple([(name, _key(one)) for name, one in value.items()])
    if hasattr(kind, "__dataclass_fields__"):
        return (kind, *[_key(getattr(value, name)) for name in kind.__dataclass_fields__])
    return value


@lru_cache(maxsize=MOST)
def _written(call: _Call) -> str:
    text: str = call.macro(*call.args)
    return text


def forget() -> None:
    """Write every piece anew (measuring)."""
    _written.cache_clear()


def kept(macro: Macro, *args: Any) -> str:
    """What the macro writes for these arguments; raises TypeError for arguments that cannot be compared."""
    return _written(_Call(macro, args))
