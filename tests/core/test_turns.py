"""The worker goes on: a step that fails holds up no other, and comes again."""

import itertools
import smtplib
import time

import psycopg
import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from portal import cli
from portal.core import jobs, outbox, turns
from portal.core.actor import SYSTEM
from portal.core.jobs import Job, JobState
from portal.core.outbox import MessageState, OutboxMessage
from portal.information import commands as information
from portal.web import mail


class Faulty:
    """A step that fails a number of times."""

    def __init__(self, *problems):
        self.problems, self.times = list(problems), 0

    def __call__(self):
        self.times += 1
        if self.problems:
            raise self.problems.pop(0)
        return 1


def away():
    return sa.exc.OperationalError("SELECT 1", {}, psycopg.OperationalError("connection refused"))


def held():
    return sa.exc.OperationalError("SELECT 1", {}, psycopg.errors.LockNotAvailable("canceling"))


def turned(step, *, again=0):
    """How often the others had their turn, and the turns."""
    other = Faulty()
    made = turns.Turns([turns.Step("faulty", step), turns.Step("other", other)])
    with capture_logs() as logs:
        for _ in range(1 + again):
            made.once()
    return other.times, made, logs


def test_a_fault_is_told_and_the_others_go_on():
    others, made, logs = turned(step := Faulty(KeyError("row 7")), again=1)
    assert (others, step.times, made.pause) == (2, 1, 0.0), "it comes again, but not at once"
    assert [(one["event"], one["step"]) for one in logs] == [("worker_step_failed", "faulty")]
    assert logs[0]["exc_info"].args == ("row 7",)


def test_a_step_that_has_failed_for_days_comes_again_too():
    step = turns.Step("faulty", Faulty(KeyError()), failures=5_000)
    with capture_logs():
        turns.Turns([step]).once()
    assert 0 < step.due - time.monotonic() <= turns.LONGEST_PAUSE


def test_it_comes_again_later_and_later(monkeypatch):
    now = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    step = Faulty(*(KeyError() for _ in range(12)))
    made = turns.Turns([turns.Step("faulty", step, every=60)])
    came = []
    while step.problems:
        before = step.times
        made.once()
        if step.times > before:
            came.append(now)
        now += 1
    rests = [after - before for before, after in itertools.pairwise(came)]
    assert rests == sorted(rests)
    assert (rests[0], rests[-1]) == (2, turns.LONGEST_PAUSE)
    now += turns.LONGEST_PAUSE
    assert made.once() == 1
    assert made.failed == []
    now += 59
    assert made.once() == 0
    now += 1
    assert made.once() == 1


def test_a_database_that_is_away_is_waited_for():
    step = Faulty(*(away() for _ in range(9)))
    made = turns.Turns([turns.Step("asks", step)])
    pauses = []
    with capture_logs():
        for _ in range(9):
            made.once()
            pauses.append(made.pause)
    assert pauses == [1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0, 30.0, 30.0]
    assert made.once() == 1, "at once when it is back"
    assert made.pause == 0.0


@pytest.mark.parametrize(
    ("problem", "trouble"),
    [
        (held(), turns.Trouble.HELD),
        (sa.exc.OperationalError("", {}, psycopg.errors.DeadlockDetected()), turns.Trouble.HELD),
        (away(), turns.Trouble.AWAY),
        (sa.exc.OperationalError("", {}, psycopg.errors.AdminShutdown()), turns.Trouble.AWAY),
        (sa.exc.OperationalError("", {}, psycopg.errors.QueryCanceled()), turns.Trouble.FAULT),
        (sa.exc.IntegrityError("", {}, psycopg.errors.UniqueViolation()), turns.Trouble.FAULT),
        (smtplib.SMTPException(), turns.Trouble.FAULT),
    ],
)
def test_what_kind_of_trouble_it_is(problem, trouble):
    assert turns.trouble_of(problem) is trouble


def test_every_one_has_its_turn():
    seen = []

    def act(number):
        seen.append(number)
        return 1 // number

    with capture_logs() as logs, pytest.raises(ZeroDivisionError):
        turns.each([0, 1, 0, 2], act)
    assert seen == [0, 1, 0, 2]
    assert [(one["event"], one["about"]) for one in logs] == [("one_failed", "0")] * 2
    assert turns.each([1, 1], act) == 2


def test_a_thing_that_fails_is_put_off_and_not_its_step(monkeypatch):
    now, seen, ails = 1000.0, [], {3: [held(), KeyError("3"), KeyError("3")], 5: [KeyError("5")]}
    monkeypatch.setattr(time, "monotonic", lambda: now)

    def act(number):
        seen.append(number)
        if ails.get(number):
            raise ails[number].pop(0)
        return 1

    boards = turns.Apart("board")
    made = turns.Turns([turns.Step("boards", lambda: boards.each([3, 4, 5], act))])
    with capture_logs() as logs:
        assert (made.once(), made.failed, made.pause) == (1, ["boards"], 0.0)
        assert [(one["event"], one["about"]) for one in logs] == [
            ("worker_thing_waits", "board 3"),
            ("worker_thing_failed", "board 5"),
        ]
        assert (made.once(), made.failed) == (1, []), "the others are not held up"
        assert seen == [3, 4, 5, 4]
        now += 2
        assert made.once() == 2
        now += 2
        assert made.once() == 2
        assert seen[4:] == [3, 4, 5, 3, 4, 5]
        now += 2
        assert made.once() == 2, "later and later"
        now += 2
        assert made.once() == 3


def test_a_database_that_is_away_is_away_for_every_thing():
    boards = turns.Apart("board")
    made = turns.Turns([turns.Step("boards", lambda: boards.each([3, 4], lambda _number: step()))])
    step = Faulty(away())
    with capture_logs():
        made.once()
    assert (step.times, made.pause) == (1, 1.0)
    assert made.once() == 2


def test_mail_and_jobs_go_though_a_room_fails(app, transaction, monkeypatch):
    """As the worker's command runs it: a room whose step fails holds up neither mail nor jobs."""
    sent = []

    def fail(actor):
        raise RuntimeError("one bad row")

    monkeypatch.setattr(mail, "deliver", lambda app, message: sent.append(message.address))
    monkeypatch.setattr(information, "gather", fail)
    monkeypatch.setattr(jobs, "_work", {"test.work": (lambda job: {"found": 1}, "write")})
    with transaction():
        outbox.enqueue("password_reset", "someone@example.org", dedupe_key="1")
        jobs.start(SYSTEM, "test.work", "งาน", {})
    with capture_logs() as logs:
        run = app.test_cli_runner().invoke(args=["worker", "run", "--once"])
    assert run.exit_code == 1
    assert "Not done: documents" in run.output
    assert [one["step"] for one in logs if one["event"] == "worker_step_failed"] == ["documents"]
    assert sent == ["someone@example.org"]
    with transaction("read") as session:
        assert session.scalars(sa.select(OutboxMessage)).one().state is MessageState.SENT
        assert session.scalars(sa.select(Job).where(Job.kind == "test.work")).one().state is JobState.DONE


def test_mail_and_jobs_come_first(app):
    names = [step.name for step in cli._steps(app)]
    assert names[:3] == ["clock", "mail", "jobs"]
