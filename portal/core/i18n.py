"""Languages. Message ids are English; Thai is the first language of the pages.

Catalogues are the ``translations/<lang>/<room>.po`` files themselves, read once at start. The language of the moment
is one ContextVar; nothing here knows the web.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import LazyProxy, Translations

LANGUAGES = ("th", "en")
DEFAULT = "th"
FOLDER = Path(__file__).resolve().parents[2] / "translations"

_language: ContextVar[str] = ContextVar("portal_language", default=DEFAULT)


def language() -> str:
    """The language of the moment: ``th`` or ``en``."""
    return _language.get()


def set_language(code: str) -> None:
    """Set the language for this context; an unknown code means Thai."""
    _language.set(code if code in LANGUAGES else DEFAULT)


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak one language inside the block (mails, exports)."""
    token = _language.set(code if code in LANGUAGES else DEFAULT)
    try:
        yield
    finally:
        _language.reset(token)


@lru_cache
def catalogue(code: str) -> Translations:
    """All catalogues of one language, merged."""
    merged = Translations()
    for path in sorted((FOLDER / code).glob("*.po")):
        with path.open("rb") as source:
            messages = read_po(source, locale=code)
        compiled = io.BytesIO()
        write_mo(compiled, messages)
        compiled.seek(0)
        room = Translations(compiled)
        merged.plural = room.plural  # merging leaves the language's plural rule behind
        merged.merge(room)
    return merged


def text(message: str) -> str:
    """The message in the language of the moment, its ``%(name)s`` places still open."""
    return catalogue(_language.get()).ugettext(message)


def plural_text(singular: str, plural: str, num: int) -> str:
    """The form that fits ``num``, its places still open."""
    return catalogue(_language.get()).ungettext(singular, plural, num)


def context_text(context: str, message: str) -> str:
    """Like :func:`text` with a context that tells two equal English words apart."""
    return str(catalogue(_language.get()).upgettext(context, message))


def gettext(message: str, **values: Any) -> str:
    """The message in the language of the moment; ``%(name)s`` places are filled from ``values``."""
    return text(message) % values if values else text(message)


def ngettext(singular: str, plural: str, num: int, **values: Any) -> str:
    """The form that fits ``num``; ``%(num)s`` is filled in."""
    return plural_text(singular, plural, num) % {"num": num, **values}


def pgettext(context: str, message: str, **values: Any) -> str:
    """Like :func:`gettext` with a context that tells two equal English words apart."""
    return context_text(context, message) % values if values else context_text(context, message)


def lazy_gettext(message: str, **values: Any) -> Any:
    """Translated when it is shown, not when it is declared."""
    return LazyProxy(gettext, message, enable_cache=False, **values)


def lazy_pgettext(context: str, message: str) -> Any:
    """Lazy :func:`pgettext`."""
    return LazyProxy(pgettext, context, message, enable_cache=False)
