"""What something was made from: the questions asked while it was made, with the answers they got.

As long as every question still gets its answer, whatever was made from the answers alone would be made the same again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache, wraps
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])
Asked = tuple[Callable[..., Any], tuple[Any, ...], Any]


class Reads:
    """Questions in the order they were asked. ``is_whole`` is False when something was read that cannot be asked
    again in the same way. ``known`` are answers got a moment ago: whoever asks the same in the same order gets them."""

    __slots__ = ("asked", "is_whole", "known")

    def __init__(self, known: Iterable[Asked] = ()) -> None:
        self.asked: list[Asked] = []
        self.is_whole = True
        self.known = deque(known)

    def answer(self, question: Callable[..., Any], args: tuple[Any, ...]) -> Any:
        """Ask and note it."""
        before = self.known.popleft() if self.known else None
        if before is not None and before[0] == question and before[1] == args:
            self.asked.append(before)
            return before[2]
        self.known.clear()
        answer = question(*args)
        self.asked.append((question, args, answer))
        return answer

    def ask_again(self) -> tuple[bool, list[Asked]]:
        """Ask everything again up to the first answer that is another: (whether all are the same, what was asked)."""
        again: list[Asked] = []
        for question, args, was in self.asked:
            answer = question(*args)
            again.append((question, args, answer))
            if answer != was:
                return False, again
        return True, again


_noting: ContextVar[Reads | None] = ContextVar("portal_reads", default=None)


@contextmanager
def noted(reads: Reads | None) -> Iterator[None]:
    """Inside, what is read is noted in ``reads`` (None: in none)."""
    token = _noting.set(reads)
    try:
        yield
    finally:
        _noting.reset(token)


def ask(question: Callable[..., Any], *args: Any) -> Any:
    """``question(*args)``, noted: asked again later, it gives the answer of then."""
    reads = _noting.get()
    return question(*args) if reads is None else reads.answer(question, args)


def note_unknown() -> None:
    """Something was read that is not noted."""
    reads = _noting.get()
    if reads is not None:
        reads.is_whole = False


_answers: list[Callable[[], None]] = []  # how each query's kept answers are dropped


def never_changes(query: F) -> F:
    """Decorator of a query whose arguments name what it reads for good: the id and the hash of a row that is only ever
    added. Its answer, not to be changed, is kept, and what was made from it need not ask for it again."""

    @lru_cache(maxsize=256)
    @wraps(query)
    def answer(*args: Any) -> Any:
        with noted(None):
            return query(*args)

    _answers.append(answer.cache_clear)
    return answer  # type: ignore[return-value]  # the same arguments and answer


def forget() -> None:
    """Drop what never changes: another database is asked anew."""
    for drop in _answers:
        drop()
