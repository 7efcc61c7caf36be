"""Life cycles: states, moves, and who may make them. A page draws its buttons from :meth:`Workflow.open_moves`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

from portal.core.actor import Actor
from portal.core.errors import NotAllowed, WrongState
from portal.core.i18n import lazy_gettext as _l

S = TypeVar("S", bound=StrEnum)


@dataclass(frozen=True)
class Move(Generic[S]):
    """One step of a life cycle. ``may`` is the policy; ``label`` is the button's text."""

    name: str
    sources: frozenset[S]
    target: S
    may: Callable[[Actor, Any], bool]
    label: object = ""


class Workflow(Generic[S]):
    """All moves of one life cycle, keyed by name. ``field`` is the attribute that holds the state."""

    def __init__(self, moves: Iterable[Move[S]], *, field: str = "state") -> None:
        self.moves: dict[str, Move[S]] = {move.name: move for move in moves}
        self.field = field

    def open_moves(self, actor: Actor, thing: Any) -> list[Move[S]]:
        """The moves this actor may make now, in the order they were declared."""
        state = getattr(thing, self.field)
        return [move for move in self.moves.values() if state in move.sources and move.may(actor, thing)]

    def is_open(self, name: str, actor: Actor, thing: Any) -> bool:
        """Whether this actor may make this move now."""
        move = self.moves[name]
        return getattr(thing, self.field) in move.sources and move.may(actor, thing)

    def advance(self, thing: Any, name: str, actor: Actor) -> None:
        """Make the move. Raises as :meth:`check`."""
        self.check(thing, name, actor)
        setattr(thing, self.field, self.moves[name].target)

    def check(self, thing: Any, name: str, actor: Actor) -> None:
        """Pass if the move may be made now. Raises WrongState (409) from another state, NotAllowed (403) when the
        policy says no."""
        move = self.moves[name]
        if getattr(thing, self.field) not in move.sources:
            raise WrongState(
                _l("Something has changed since you opened this page. Reload it to see how things stand now.")
            )
        if not move.may(actor, thing):
            raise NotAllowed(_l("You may not do this here."))
