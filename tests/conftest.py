"""Fixtures for every test.

``database_url``  a migrated database of the test's own, on the engine chosen by ``--db``
``db``            a session inside one open transaction, taken back at the end: for models, queries, commands
``transaction``   ``with transaction() as session:`` opens and commits one: for tests that also make requests
``app``           the portal, on the test's own database
``client``        a visitor's browser (tests/client.py); ``new_client()`` gives a second one
``clock``         ``clock.travel("2026-11-21 09:00")`` in Bangkok's time, until the test ends
``empty_database_url``  a database without a schema: for migrations
``demo_url``      the loaded demonstration as a database of the test's own; ``demo_visit("planner")`` goes there
"""

import gc
import os
import shutil
import smtplib
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import hypothesis
import pytest
from flask import Flask
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from tests import compiled, demonstration, postgres
from tests.client import PageClient

os.environ["PORTAL_ENV"] = "test"
# The same in every run: rolls of the kept demonstration are hashed with it.
os.environ.setdefault("PORTAL_SECRET_KEY", "of tests alone " * 4)

from argon2 import PasswordHasher

from portal.accounts import commands as accounts
from portal.accounts import passwords
from portal.accounts import queries as accounts_queries
from portal.app import create_app
from portal.core import clock as core_clock
from portal.core import db as core_db
from portal.core import i18n, reads
from portal.core.actor import ANONYMOUS
from portal.demo import calendar as demo_calendar
from portal.demo import load as demo_load
from tests import samples
from tests.databases import Postgres, Sqlite, bind, sqlite

BANGKOK = ZoneInfo("Asia/Bangkok")

# The same examples on every run, so that a red suite is red for everyone; --hypothesis-profile=explore looks further.
hypothesis.settings.register_profile("house", deadline=None, max_examples=60, derandomize=True, database=None)
hypothesis.settings.register_profile("explore", deadline=None, max_examples=1000)
hypothesis.settings.load_profile("house")

# Signing in is in hundreds of tests; none of them is about how dear a guess is (tests/accounts/test_passwords.py is).
passwords.hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--db",
        choices=["sqlite", "postgres"],
        default="postgres" if os.environ.get("TEST_DATABASE_URL") else "sqlite",
        help="the engine the tests run on. PostgreSQL: the server of TEST_DATABASE_URL, else one of our own.",
    )


@pytest.hookimpl(tryfirst=True)  # xdist reads the groups in the same hook
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Everything in journeys/ is marked `browser`; the longest come first, each to any worker, and the short ones, which
    share a demonstration and go on where the one before stopped, to one. Of the others, what needs the demonstration
    goes to one worker, so that it is loaded once. A rule that only PostgreSQL can show is left to the run on
    PostgreSQL; a test that has no database is left to the run on SQLite, since a second time it would show nothing
    else. Both are counted as deselected."""
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker("browser")
            if "meet_here" in _fixtures(item):
                item.add_marker(pytest.mark.xdist_group("short journeys"))
        elif "demo_database" in _fixtures(item):
            item.add_marker(pytest.mark.xdist_group("demo"))
    items.sort(key=lambda item: "own_site" not in _fixtures(item))
    if config.getoption("--db") == "postgres":
        elsewhere = [item for item in items if "databases" not in _fixtures(item)]
    else:
        elsewhere = [item for item in items if item.get_closest_marker("postgres_only")]
    if elsewhere:
        config.hook.pytest_deselected(items=elsewhere)
        items[:] = [item for item in items if item not in elsewhere]


def pytest_collection_finish() -> None:
    """What has been loaded by now stays: the collector need not look at it again during thousands of tests (wsgi.py)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def _fixtures(item: pytest.Item) -> tuple[str, ...]:
    return tuple(getattr(item, "fixturenames", ()))


# -- databases ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def databases(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Sqlite | Postgres]:
    """Where a test's database comes from: migrated once, copied for each test."""
    with ExitStack() as closing:
        if request.config.getoption("--db") == "sqlite":
            yield Sqlite(tmp_path_factory.mktemp("databases"))
            return
        given = os.environ.get("TEST_DATABASE_URL")
        if given:
            server = make_url(given).set(drivername="postgresql+psycopg")
        else:
            own = postgres.Server()
            closing.callback(own.stop)
            server = own.start().url
        made = Postgres(server, f"portal_test_{os.getpid()}")
        closing.callback(made.close)
        yield made


@pytest.fixture
def database_url(databases: Sqlite | Postgres) -> Iterator[str]:
    """A migrated database of this test's own; the portal is bound to it, and knows nothing of the one before."""
    reads.forget()
    yield databases.lend()
    databases.take_back()


@pytest.fixture
def empty_database_url(databases: Sqlite | Postgres) -> Iterator[str]:
    """A database without a schema; the portal is not bound to it."""
    yield databases.create("empty", empty=True)
    databases.drop("empty")


@pytest.fixture
def transaction(database_url: str) -> Callable[..., Any]:
    """``with transaction() as session:`` opens a transaction and commits it at the end of the block."""
    return core_db.transaction


@pytest.fixture
def db(database_url: str) -> Iterator[Session]:
    """A session inside one open transaction, taken back when the test ends."""
    with core_db.transaction():
        session = core_db.session()
        yield session
        session.rollback()


# -- the portal ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def built_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The portal, built once for all tests; ``app`` binds it to the test's own database."""
    folder = tmp_path_factory.mktemp("instance")
    os.environ["PORTAL_INSTANCE"] = str(folder)
    os.environ["PORTAL_DATABASE_URL"] = sqlite(folder / "unused.sqlite3")
    app = create_app()
    compiled.keep(app)
    app.test_client_class = PageClient
    return app


@pytest.fixture(scope="session")
def demo_app(built_app: Flask) -> Flask:
    """The portal as ``script/demo`` builds it, with every room: for the rules of the house."""
    app = create_app(replace(built_app.config["PORTAL"], env="demo"))
    compiled.keep(app)
    app.test_client_class = PageClient
    return app


@pytest.fixture
def app(built_app: Flask, database_url: str) -> Flask:
    """The portal on this test's own database."""
    return built_app


@pytest.fixture
def new_client(app: Flask, request: pytest.FixtureRequest) -> Callable[[], PageClient]:
    """Another person's browser at each call."""
    if "db" in request.fixturenames:
        pytest.fail(
            "A request opens its own transaction: arrange with `with transaction():` instead of `db`."
        )
    return app.test_client


@pytest.fixture
def client(new_client: Callable[[], PageClient]) -> PageClient:
    """A visitor's browser that checks every page it gets."""
    return new_client()


# -- the demonstration --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Demonstration:
    """The loaded demonstration: the name its database is copied by, the file of its accounts, and the folder
    with what lies beside it."""

    name: str
    accounts: Path
    instance: Path


@pytest.fixture(scope="session")
def demo_database(
    databases: Sqlite | Postgres, demo_app: Flask, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Demonstration]:
    """The demonstration, loaded once and never changed: a test takes a copy, ``demo_url``."""
    kept, instance = demonstration.kept(), demo_app.config["PORTAL"].instance
    if isinstance(databases, Sqlite) and kept.exists():
        shutil.copyfile(kept / demonstration.DATABASE, databases.path("demonstration"))
        for name in demonstration.BESIDE:
            shutil.copytree(kept / name, instance / name, dirs_exist_ok=True)
        core_db.bind(sqlite(databases.path("demonstration")))
        demo_load.begin_now()
        core_db.dispose()
        yield Demonstration("demonstration", kept / demonstration.ACCOUNTS, kept)
        return
    loaded = Demonstration(
        "demonstration", tmp_path_factory.mktemp("demonstration") / "accounts.json", instance
    )
    url = databases.create(loaded.name)
    # As in production: the portal owns nothing, and what it does all the same is done here once.
    core_db.bind(databases.as_portal(url) if isinstance(databases, Postgres) else url)
    demo_load.load(loaded.accounts, lambda text: None)
    samples.lay_links()
    core_db.dispose()
    if isinstance(databases, Sqlite):
        demonstration.keep(databases.path(loaded.name), loaded.accounts, instance)
    yield loaded
    databases.drop(loaded.name)


@pytest.fixture
def demo_url(databases: Sqlite | Postgres, demo_database: Demonstration) -> Iterator[str]:
    """The demonstration in a database of this test's own; the portal is bound to it."""
    url = databases.create("own_demonstration", copy_of=demo_database.name)
    bind(url)
    yield url
    core_db.dispose()
    databases.drop("own_demonstration")


@pytest.fixture
def demo_visit(demo_app: Flask, demo_url: str, clock: "Clock") -> Callable[[str], PageClient]:
    """``demo_visit("planner")``: a browser in which this one of the demonstration's people is signed in, on the
    demonstration's day. ``demo_visit("")``: a visitor's."""
    clock.travel(demo_calendar.NOW)

    def visit(part: str) -> PageClient:
        client: PageClient = demo_app.test_client()
        if part:
            with core_db.transaction():
                person = accounts_queries.person_by_email(f"{part.replace('_', '-')}@example.org")
                assert person, f"nobody plays {part}"
                token = accounts.begin_session(ANONYMOUS, person, accounts.Browser("127.0.0.1", "tests"))
            with client.session_transaction() as session:
                session["_user_id"] = token
            client.signed_in = True
        return client

    return visit


# -- the world outside --------------------------------------------------------------------------------------


class Clock:
    """Moves ``portal.core.clock`` until the test ends."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack

    def travel(self, to: str | datetime) -> datetime:
        """Go to an instant: an aware datetime, or text such as "2026-11-21 09:00" on Bangkok's clocks."""
        moment = to if isinstance(to, datetime) else datetime.fromisoformat(to).replace(tzinfo=BANGKOK)
        if moment.tzinfo is None:
            raise ValueError("An instant needs a time zone.")
        self._stack.enter_context(core_clock.travel(moment))
        return moment


@pytest.fixture
def clock() -> Iterator[Clock]:
    """``clock.travel("2026-11-21 09:00")``."""
    with ExitStack() as stack:
        yield Clock(stack)


@pytest.fixture(autouse=True)
def in_thai() -> None:
    """Every test begins in the portal's first language, whatever page another one asked for."""
    i18n.set_language(i18n.DEFAULT)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reaches beyond this machine, and none sends mail."""
    connect, connect_ex, look_up = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def guard(address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if host and host not in {"127.0.0.1", "::1", "localhost"}:
            pytest.fail(f"A test tried to reach {host}: nothing in the tests may leave this machine.")

    def guarded_connect(self: socket.socket, address: Any) -> None:
        guard(address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        guard(address)
        return connect_ex(self, address)

    def guarded_look_up(host: Any, *rest: Any, **more: Any) -> Any:
        guard((host,))
        return look_up(host, *rest, **more)

    def no_mail(*arguments: Any, **more: Any) -> None:
        pytest.fail("A test tried to send mail: read the outbox instead.")

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
    monkeypatch.setattr(socket, "getaddrinfo", guarded_look_up)
    monkeypatch.setattr(smtplib.SMTP, "__init__", no_mail)
