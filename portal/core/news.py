"""Sentences of news: each room says, per event, the one sentence people read in their inbox and in mails."""

from __future__ import annotations

import datetime as dt
from typing import Any

from portal.core import i18n, thai, topics

# Places of a sentence that hold a day or an instant: kept as ISO 8601, told in the reader's language and calendar.
_TIMES = ("when", "due")
# Places that hold a title or the name of an office, which the portal may have composed itself.
_NAMES = ("title", "forum", "office")
_sentences: dict[str, Any] = {}


def register(event: str, sentence: Any) -> None:
    """``sentence`` is a lazy text with ``%(name)s`` places that the notice's params fill."""
    _sentences[event] = sentence


def sentence(event: str, params: dict[str, Any]) -> str:
    """The sentence in the language of the moment; an unknown event or a missing place falls back to its title."""
    title = topics.told(str(params.get("title", event)))
    text = _sentences.get(event)
    if text is None:
        return title
    names = {name: topics.told(str(params[name])) for name in _NAMES if name in params}
    try:
        return str(text) % {**params, **names, **_times(params)}
    except (KeyError, ValueError, TypeError):
        return title


def _times(params: dict[str, Any]) -> dict[str, str]:
    told = {}
    for name in _TIMES:
        value = str(params.get(name) or "")
        try:
            if "T" in value:
                told[name] = thai.instant_text(dt.datetime.fromisoformat(value), i18n.language())
            elif value:
                told[name] = thai.day_text(dt.date.fromisoformat(value), i18n.language(), "long")
        except ValueError:  # News written before this was kept has its day in Thai words.
            continue
    return told


def events() -> frozenset[str]:
    """Every event that has a sentence."""
    return frozenset(_sentences)
