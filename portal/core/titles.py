"""Titles that the portal composes itself: kept and searched in Thai, as official names are, told in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Callable
from string import Formatter


class Composed:
    """``form`` is the title as it is kept, with ``{name}`` places, ``{name:d}`` for a number; ``tell`` takes what stands
    in them, as text, and says the same in the language of the moment; ValueError where that cannot be."""

    def __init__(self, form: str, tell: Callable[..., str]) -> None:
        self._form, self._tell = form, tell
        parts = [
            re.escape(text) + (f"(?P<{name}>{'[0-9]+' if spec == 'd' else '.+'})" if name else "")
            for text, name, spec, _conversion in Formatter().parse(form)
        ]
        self._pattern = re.compile("".join(parts), re.DOTALL)

    def compose(self, **parts: object) -> str:
        """The title to keep."""
        return self._form.format(**parts)

    def told(self, title: str) -> str | None:
        """A kept title in the language of the moment; None for one that was not composed so."""
        found = self._pattern.fullmatch(title)
        if found is None:
            return None
        try:
            return self._tell(**found.groupdict())
        except ValueError:  # Typed, after all: no month or district is called so.
            return None
