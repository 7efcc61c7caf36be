"""Words for the ledger: each room says, in its ``events.py``, what the events it records are called, and the kinds of things
they are about. The ledger keeps the names of the code, which are hashed and never change; only people read these words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

Table = Literal["events", "things"]


@dataclass(frozen=True)
class RoomWords:
    """What a room is called where its events are listed, and its lazy texts: name of the code → words."""

    title: Any
    events: Mapping[str, Any]
    things: Mapping[str, Any]


class Group(NamedTuple):
    """The names of one room as (name of the code, words); those that no room knows have no title."""

    title: str
    names: list[tuple[str, str]]


_rooms: dict[str, RoomWords] = {}


def register(room: str, words: RoomWords) -> None:
    """What a room says; once for each room."""
    _rooms[room] = words


def event(name: str) -> str:
    """What an event is called in the language of the moment; one that no room knows goes by its name."""
    return _words("events", name)


def thing(kind: str) -> str:
    """What a kind of things is called in the language of the moment; one that no room knows goes by its name."""
    return _words("things", kind)


def _words(table: Table, name: str) -> str:
    return next((str(known[name]) for known in _tables(table) if name in known), name)


def _tables(table: Table) -> list[Mapping[str, Any]]:
    return [getattr(words, table) for words in _rooms.values()]


def groups(table: Table, names: Collection[str]) -> list[Group]:
    """These names room by room, in the order of the house; what no room knows comes last."""
    made = []
    for words in _rooms.values():
        known = getattr(words, table)
        if found := [(name, str(known[name])) for name in known if name in names]:
            made.append(Group(str(words.title), found))
    every = set().union(*_tables(table))
    if unknown := sorted(set(names) - every):
        made.append(Group("", [(name, name) for name in unknown]))
    return made


def kinds() -> frozenset[str]:
    """Every kind of things that has its words."""
    return frozenset().union(*_tables("things"))
