"""What became of a thing, told by the rooms that come after its own.

A room may not look forward. A later one registers once, in ``portal.app``, who can tell what happened to a kind of things;
the earlier room asks here by the kind's name and shows the answer. What is told is public.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Turn:
    """One thing that happened: ``label`` in the language of the moment with its ``tone`` (as tags have them), ``text``
    that people typed, and the page that shows it: an endpoint with its one parameter."""

    label: str
    tone: str = "grey"
    text: str = ""
    endpoint: str = ""
    param: str = ""
    ref_id: int = 0


Teller = Callable[[Sequence[int]], Mapping[int, Sequence[Turn]]]

_tellers: dict[str, list[Teller]] = {}


def register(kind: str, teller: Teller) -> None:
    """``teller`` takes ids of things of ``kind`` and gives the turns of each, in their order."""
    tellers = _tellers.setdefault(kind, [])
    if teller not in tellers:
        tellers.append(teller)


def turns_of(kind: str, ids: Sequence[int]) -> dict[int, list[Turn]]:
    """The turns of these things by id; nothing for one of which nothing is told."""
    found: dict[int, list[Turn]] = {}
    for tell in _tellers.get(kind, ()) if ids else ():
        for ref_id, turns in tell(ids).items():
            found.setdefault(ref_id, []).extend(turns)
    return found
