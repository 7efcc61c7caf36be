"""Sentences of news: each room says, per event, the one sentence people read in their inbox and in mails."""

from __future__ import annotations

from typing import Any

_sentences: dict[str, Any] = {}


def register(event: str, sentence: Any) -> None:
    """``sentence`` is a lazy text with ``%(name)s`` places that the notice's params fill."""
    _sentences[event] = sentence


def sentence(event: str, params: dict[str, Any]) -> str:
    """The sentence in the language of the moment; an unknown event or a missing place falls back to its title."""
    text = _sentences.get(event)
    if text is None:
        return str(params.get("title", event))
    try:
        return str(text) % params
    except (KeyError, ValueError, TypeError):
        return str(params.get("title", event))


def events() -> frozenset[str]:
    """Every event that has a sentence."""
    return frozenset(_sentences)
