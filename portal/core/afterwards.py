"""What became of a thing and what can be made of it, told by the rooms that come after its own.

A room may not look forward. A later one registers once, in ``portal.app``, who can tell what happened to a kind of things;
the earlier room asks here by the kind's name and shows the answer. What is told is public; what is offered is for the
one person who may do it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from portal.core.actor import Actor


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


@dataclass(frozen=True)
class Offer:
    """What this person can do with a thing in a later room: a page to go to, or (``is_act``) a button that does it."""

    label: str
    endpoint: str
    values: Mapping[str, int] = field(default_factory=dict)
    is_act: bool = False


Counter = Callable[[Sequence[int]], Mapping[int, int]]
Teller = Callable[[Sequence[int]], Mapping[int, Sequence[Turn]]]
Offerer = Callable[[Actor, Sequence[int]], Mapping[int, Offer]]

_tellers: dict[str, list[Teller]] = {}
_offerers: dict[str, list[Offerer]] = {}
_counters: dict[str, Counter] = {}


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


def register_offers(kind: str, offerer: Offerer) -> None:
    """``offerer`` takes a person and ids of things of ``kind`` and gives what that person can do with each, if anything."""
    offerers = _offerers.setdefault(kind, [])
    if offerer not in offerers:
        offerers.append(offerer)


def offers_to(actor: Actor, kind: str, ids: Sequence[int]) -> dict[int, list[Offer]]:
    """What this person can do with these things in later rooms, by id."""
    found: dict[int, list[Offer]] = {}
    for offer in _offerers.get(kind, ()) if ids and actor.is_signed_in else ():
        for ref_id, one in offer(actor, ids).items():
            found.setdefault(ref_id, []).append(one)
    return found


def register_counter(what: str, counter: Counter) -> None:
    """``counter`` takes ids and gives a figure of each, such as how many came to a step (``step.came``)."""
    _counters[what] = counter


def counted(what: str, ids: Sequence[int]) -> Mapping[int, int]:
    """The figures that a later room has of these things, by id; nothing where it has none."""
    counter = _counters.get(what)
    return counter(ids) if counter is not None and ids else {}
