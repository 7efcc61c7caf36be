"""Long work with progress: a job is a row, started in the transaction that asks for it and run by the worker.

A job that dies is taken up again when its lease runs out; its function must be safe to repeat (all or nothing). Of
two workers that hold the same job only the later one ends it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock, db, turns
from portal.core.actor import Actor
from portal.core.db import Base, Id, Instant, Json, Line, Short, enum_column
from portal.core.errors import PortalError

log = structlog.get_logger()

LEASE = dt.timedelta(minutes=2)
MAX_ATTEMPTS = 3
PAUSE = dt.timedelta(seconds=30)  # before what met a lock comes again


class JobState(StrEnum):
    """Queued, running, then one of the three ends."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Job(Base):
    """``done``/``total`` count rows; ``problems`` holds row-level errors; ``result`` what the page shows at the end.
    ``leased_until``: while queued, the instant before which it does not begin; while running, the end of the lease."""

    __tablename__ = "jobs"
    __table_args__ = (sa.Index("ix_jobs_state_leased_until", "state", "leased_until"),)

    id: Mapped[Id]
    kind: Mapped[Short]
    title: Mapped[Line]
    params: Mapped[Json]
    state: Mapped[JobState] = enum_column(JobState, name="state", default=JobState.QUEUED)
    done: Mapped[int] = mapped_column(sa.Integer, default=0)
    total: Mapped[int] = mapped_column(sa.Integer, default=0)
    problems: Mapped[list[Any]] = mapped_column(sa.JSON, default=list)
    result: Mapped[Json] = mapped_column(default=dict)
    attempts: Mapped[int] = mapped_column(sa.Integer, default=0)
    leased_until: Mapped[Instant | None]
    person_id: Mapped[int | None] = mapped_column(sa.BigInteger, index=True)
    created_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]


Work = Callable[["Job"], Any]
Ending = Callable[["Job", Any], dict[str, Any]]
_work: dict[str, tuple[Work, db.Mode]] = {}
_endings: dict[str, Ending] = {}


def work(kind: str, mode: db.Mode = "write", *, then: Ending | None = None) -> Callable[[Work], Work]:
    """Decorator: this function does jobs of ``kind``, in one transaction, and returns the job's result. One that only
    reads (``mode``) holds nobody up, however long it takes.

    Long reading before a short writing: the function reads and returns what it prepared, and ``then(job, prepared)``
    writes it and returns the result, in the transaction that also ends the job.
    """

    def decorate(function: Work) -> Work:
        _work[kind] = function, mode
        if then is not None:
            _endings[kind] = then
        return function

    return decorate


def start(
    actor: Actor, kind: str, title: str, params: dict[str, Any], *, not_before: dt.datetime | None = None
) -> Job:
    """Ask for a job; it begins after commit, and not before an instant where one is given."""
    job = Job(
        kind=kind,
        title=title,
        params=params,
        person_id=actor.id,
        created_at=clock.now(),
        problems=[],
        leased_until=not_before,
    )
    db.session().add(job)
    db.session().flush()
    return job


def report(job_id: int, done: int, total: int) -> None:
    """Note progress in a transaction of its own, so that others can see it. No-op on SQLite while the job writes.
    Not for ``then``, which holds the job's row."""
    if db.dialect() == "sqlite" and db.mode() == "write":
        return
    with db.transaction() as session:
        session.execute(
            sa.update(Job)
            .where(Job.id == job_id)
            .values(done=done, total=total, leased_until=clock.now() + LEASE)
        )


def run_due(*, limit: int = 10) -> int:
    """Run what is queued or whose lease ran out; returns how many ended well."""
    ended = 0
    for _ in range(limit):
        with db.transaction() as session:
            job = session.scalars(
                sa.select(Job)
                .where(
                    sa.or_(
                        sa.and_(
                            Job.state == JobState.QUEUED,
                            sa.or_(Job.leased_until.is_(None), Job.leased_until <= clock.now()),
                        ),
                        sa.and_(Job.state == JobState.RUNNING, Job.leased_until < clock.now()),
                    )
                )
                .order_by(Job.id)
                .limit(1)
                .with_for_update(skip_locked=True)
            ).first()
            if job is None:
                return ended
            job.attempts += 1
            job.state, job.leased_until = JobState.RUNNING, clock.now() + LEASE
            if job.attempts > MAX_ATTEMPTS or job.kind not in _work:
                job.state, job.ended_at = JobState.FAILED, clock.now()
                continue
        try:
            _run(job.id, job.attempts, *_work[job.kind])
            ended += 1
        except _TakenUp:
            log.warning("job_taken_up_by_another", job=job.id, attempt=job.attempts)
        except Exception as problem:  # noqa: BLE001 - whatever ails one job, the others go on
            _put_off_or_fail(job.id, job.attempts, problem)
    return ended


class _TakenUp(Exception):
    """The lease ran out meanwhile and another worker does the job: what this one did is taken back."""


def _held(job_id: int, attempt: int) -> Job | None:
    """The job, held until it is ended, if it still is at this attempt."""
    job = db.get_for_update(Job, job_id)
    is_own = job is not None and job.state is JobState.RUNNING and job.attempts == attempt
    return job if is_own else None


def _put_off_or_fail(job_id: int, attempt: int, problem: Exception) -> None:
    """What met a row that somebody held, or a database that went away, comes again and it does not count. Any other fault
    ends the job; its page says what is meant for people, the log all."""
    is_fault = turns.trouble_of(problem) is turns.Trouble.FAULT
    if is_fault:
        log.error("job_failed", job=job_id, exc_info=problem)
    with db.transaction():
        job = _held(job_id, attempt)
        if job is None:
            return
        if is_fault:
            job.state, job.ended_at = JobState.FAILED, clock.now()
            job.problems = (
                [{"row": None, "message": str(problem)[:500]}] if isinstance(problem, PortalError) else []
            )
        else:
            job.state, job.leased_until, job.attempts = (
                JobState.QUEUED,
                clock.now() + PAUSE,
                job.attempts - 1,
            )


def _run(job_id: int, attempt: int, function: Work, mode: db.Mode) -> None:
    """Do the work; what it writes and that it is done become true together."""
    with db.transaction(mode) as session:
        running = session.get_one(Job, job_id)
        result = function(running)
        if mode == "write":
            _finish(job_id, attempt, lambda _job: result)
    if mode == "read":
        with db.transaction():
            ending = _endings.get(running.kind)
            _finish(job_id, attempt, lambda job: ending(job, result) if ending else result)


def _finish(job_id: int, attempt: int, result: Callable[[Job], dict[str, Any]]) -> None:
    job = _held(job_id, attempt)
    if job is None:
        raise _TakenUp
    job.result, job.state, job.ended_at = result(job), JobState.DONE, clock.now()


def newest(kind: str, *states: JobState) -> Job | None:
    """The job of a kind asked for last, among those in one of the states."""
    return (
        db.session()
        .scalars(
            sa.select(Job).where(Job.kind == kind, Job.state.in_(states)).order_by(Job.id.desc()).limit(1)
        )
        .first()
    )
