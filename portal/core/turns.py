"""What the worker does over and over, step by step: a step that fails is told, tried again later, and holds up no other."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

import sqlalchemy as sa
import structlog

log = structlog.get_logger()

T = TypeVar("T")
FIRST_PAUSE, LONGEST_PAUSE = 2.0, 300.0
"""Seconds after which a step that failed is tried again: twice as long each time."""
AWAY_AT_MOST = 30.0
_LOCKED = {"55P03", "40P01"}  # lock_not_available, deadlock_detected
# Connection exceptions; the server has no room, shuts down or starts; it is a standby and writes nothing.
_GOING = ("08", "53", "57P", "25006")


class Trouble(StrEnum):
    """Why a step failed: the database is away, somebody holds a row, or it is the step's own fault."""

    AWAY = "away"
    HELD = "held"
    FAULT = "fault"


def trouble_of(problem: Exception) -> Trouble:
    """What kind of trouble an exception tells of."""
    if isinstance(problem, sa.exc.TimeoutError):
        return Trouble.AWAY
    if not isinstance(problem, sa.exc.DBAPIError):
        return Trouble.FAULT
    if not hasattr(problem.orig, "sqlstate"):  # SQLite
        return Trouble.HELD if "database is locked" in str(problem.orig) else Trouble.FAULT
    state = getattr(problem.orig, "sqlstate", None)
    if state in _LOCKED:
        return Trouble.HELD
    is_connection = isinstance(problem, sa.exc.OperationalError | sa.exc.InterfaceError) and state is None
    is_away = problem.connection_invalidated or is_connection or (state or "").startswith(_GOING)
    return Trouble.AWAY if is_away else Trouble.FAULT


@dataclass
class Step:
    """``act`` returns how much it did (None: it does not count); ``every``: seconds of rest after it."""

    name: str
    act: Callable[[], int | None]
    every: float = 0.0
    due: float = 0.0
    failures: int = 0


class SomeFailed(Exception):
    """Of the things of a step some failed, and come again each by itself: the step is not put off. ``done``: how much was
    done for the others."""

    def __init__(self, done: int) -> None:
        super().__init__()
        self.done = done


class Turns:
    """The steps in their order, most pressing first."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self._steps = steps
        self._pause = 0.0
        self.failed: list[str] = []

    def once(self) -> int:
        """One turn of all that is due; returns how much was done. ``failed`` names the steps that were not."""
        done, troubles = 0, []
        self.failed = []
        for step in self._steps:
            if time.monotonic() < step.due:
                continue
            try:
                done += step.act() or 0
            except SomeFailed as some:
                done += some.done
                self.failed.append(step.name)
                step.failures, step.due = 0, time.monotonic() + step.every
            except Exception as problem:  # noqa: BLE001 - whatever ails one step, the others go on
                troubles.append(self._put_off(step, problem))
                self.failed.append(step.name)
            else:
                step.failures, step.due = 0, time.monotonic() + step.every
        is_away = Trouble.AWAY in troubles
        self._pause = min(max(1.0, self._pause * 2), AWAY_AT_MOST) if is_away else 0.0
        return done

    def _put_off(self, step: Step, problem: Exception) -> Trouble:
        """Note why, and when the step comes again: with the database when that is back, in a moment for a held row, later
        and later for a fault."""
        trouble = trouble_of(problem)
        if trouble is Trouble.FAULT:
            step.failures += 1
            step.due = time.monotonic() + _rest(step.failures)
            log.error("worker_step_failed", step=step.name, failures=step.failures, exc_info=problem)
        else:
            step.due = time.monotonic() + (FIRST_PAUSE if trouble is Trouble.HELD else 0.0)
            log.warning("worker_step_waits", step=step.name, trouble=trouble.value, error=str(problem)[:200])
        return trouble

    @property
    def pause(self) -> float:
        """How many seconds to wait for a database that is away: longer each time. 0 while it is there."""
        return self._pause


def _rest(failures: int) -> float:
    """Seconds until what failed so many times comes again."""
    return min(FIRST_PAUSE ** min(failures, 10), LONGEST_PAUSE)


def each(things: Iterable[T], act: Callable[[T], int | None]) -> int:
    """Do it for every one, whatever becomes of the others; raises the first fault when all had their turn."""
    done, faults = 0, []
    for one in things:
        try:
            done += act(one) or 0
        except Exception as problem:
            log.error("one_failed", about=str(one), exc_info=problem)
            faults.append(problem)
    if faults:
        raise faults[0]
    return done


class Apart:
    """:func:`each`, turn after turn: a thing that failed comes again later and later, and holds up none of the others.
    ``what`` they are, for the log."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._late: dict[Any, tuple[int, float]] = {}  # how often it failed, and when it comes again

    def each(self, things: Iterable[T], act: Callable[[T], int | None]) -> int:
        """Do it for every one that is not put off. Raises SomeFailed when all had their turn; a database that is away is
        away for all of them."""
        waiting, done, has_failed = list(things), 0, False
        self._late = {one: late for one, late in self._late.items() if one in waiting}
        for one in waiting:
            failures, due = self._late.get(one, (0, 0.0))
            if time.monotonic() < due:
                continue
            try:
                done += act(one) or 0
            except Exception as problem:
                if (trouble := trouble_of(problem)) is Trouble.AWAY:
                    raise
                self._late[one] = self._put_off(one, failures, trouble, problem)
                has_failed = True
            else:
                self._late.pop(one, None)
        if has_failed:
            raise SomeFailed(done)
        return done

    def _put_off(self, one: Any, failures: int, trouble: Trouble, problem: Exception) -> tuple[int, float]:
        about = f"{self._what} {one}"
        if trouble is Trouble.HELD:
            log.warning("worker_thing_waits", about=about, error=str(problem)[:200])
            return failures, time.monotonic() + FIRST_PAUSE
        log.error("worker_thing_failed", about=about, failures=failures + 1, exc_info=problem)
        return failures + 1, time.monotonic() + _rest(failures + 1)
