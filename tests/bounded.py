"""A bound on time for what must end: a regular expression that runs away holds its worker, so a test must not wait for it."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class RanAway(BaseException):
    """It took longer than anybody waits. No part of the portal catches this."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Break off what runs longer than ``seconds``; they are many times what it takes on a busy machine."""

    def give_up(*_: Any) -> None:
        raise RanAway(f"longer than {seconds} seconds")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
