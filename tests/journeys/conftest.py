"""A real browser before the real portal: the demo, served by granian as ``script/demo`` does.

``site``   the running demo: ``site.url``, ``site.account("planner")``
``page``   a new browser window; it fails the test on errors of its own and on anything from another host.
           ``@pytest.mark.no_javascript`` switches JavaScript off.
``meet``   ``meet(Leader)``: a person of a journey that has the demo for itself (tests/journeys/people.py)
``axe``    ``axe(page)`` fails on anything axe finds (WCAG 2.2 AA)
"""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests import demonstration
from tests.journeys.people import Meet, Visitor

ROOT = Path(__file__).resolve().parents[2]
# The first one there is: the headless shell is the same engine without a browser's desk, and asks for a third less work.
CHROMIUM = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@dataclass(frozen=True)
class Site:
    """The running demo."""

    url: str
    accounts: dict[str, dict[str, str]]
    database: str

    def account(self, role: str) -> tuple[str, str]:
        """E-mail and password of a demo account."""
        return self.accounts[role]["email"], self.accounts[role]["password"]


@contextmanager
def serving(databases, demo_database, folder: Path, name: str) -> Iterator[Site]:
    """Serve a copy of the loaded demo, with its worker, until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    database = databases.create(name, copy_of=demo_database.name)
    environment = {
        **os.environ,
        "PORTAL_ENV": "demo",
        "PORTAL_INSTANCE": str(folder),
        "PORTAL_DATABASE_URL": database,
        "PORTAL_PUBLIC_URL": url,
    }
    shutil.copyfile(demo_database.accounts, folder / "demo-accounts.json")
    for beside in demonstration.BESIDE:
        shutil.copytree(demo_database.instance / beside, folder / beside)
    programs = Path(sys.executable).parent
    served = [
        programs / "granian",
        "--interface",
        "wsgi",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--no-ws",
    ]
    commands = [
        [*served, "--log-level", "warning", "--blocking-threads", "4", "tests.served:application"],
        [programs / "flask", "--app", "tests.served", "worker", "run"],
    ]
    children = [subprocess.Popen(command, cwd=ROOT, env=environment) for command in commands]
    try:
        wait_for(f"{url}/healthz", children)
        accounts = json.loads(demo_database.accounts.read_text(encoding="utf-8"))
        yield Site(url, accounts, database)
    finally:
        for child in children:
            child.terminate()
        for child in children:
            try:
                child.wait(20)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        databases.drop(name)


@pytest.fixture(scope="session")
def site(databases, demo_database, tmp_path_factory) -> Iterator[Site]:
    """The demo, served for all journeys that do not move its clock."""
    with serving(databases, demo_database, tmp_path_factory.mktemp("demo"), "journeys") as running:
        yield running


@pytest.fixture
def own_site(databases, demo_database, tmp_path) -> Iterator[Site]:
    """The demo, served for one journey alone."""
    with serving(databases, demo_database, tmp_path, "journey") as running:
        yield running


def wait_for(address: str, children: list[subprocess.Popen[bytes]]) -> None:
    until = time.monotonic() + 180
    while time.monotonic() < until:
        assert all(child.poll() is None for child in children), "the portal stopped while it started"
        with (
            contextlib.suppress(urllib.error.URLError, ConnectionError),
            urllib.request.urlopen(address, timeout=5),
        ):
            return
        time.sleep(0.1)
    pytest.fail(f"{address} did not answer within three minutes")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all journeys."""
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM)), None)
    assert path, "Chromium is not installed: apt-get install chromium-headless-shell"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield chromium
        chromium.close()


@contextmanager
def window(
    browser: Browser, site: Site, *, javascript: bool = True, width: int = 1280, height: int = 900
) -> Iterator[Page]:
    """A window of its own, without cookies; what goes wrong in it fails the test in the end."""
    context = browser.new_context(
        base_url=site.url,
        java_script_enabled=javascript,
        viewport={"width": width, "height": height},
        locale="th-TH",
        timezone_id="Asia/Bangkok",
    )
    context.set_default_timeout(30_000)
    opened = context.new_page()
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(f"script: {error}"))
    opened.on("console", lambda message: wrong.append(message.text) if is_our_fault(message) else None)
    opened.on(
        "request",
        lambda sent: wrong.append(f"left the house: {sent.url}") if is_away(sent.url, site) else None,
    )
    yield opened
    context.close()
    assert not wrong, "\n".join(wrong)


@pytest.fixture
def page(site: Site, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A window of its own, without cookies."""
    javascript = request.node.get_closest_marker("no_javascript") is None
    with window(browser, site, javascript=javascript) as opened:
        yield opened


@pytest.fixture
def meet(own_site: Site, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Meet]:
    """``meet(Leader)``: this person at a window of their own, in the language and with the device of the journey
    (``language, "phone" | "desktop", javascript``); the same person every time."""
    with meeting(browser, own_site, *getattr(request, "param", ("th", "desktop", True))) as introduce:
        yield introduce


@pytest.fixture
def meet_here(site: Site, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Meet]:
    """As ``meet``, in the demo that all short journeys share."""
    with meeting(browser, site, *getattr(request, "param", ("th", "desktop", True))) as introduce:
        yield introduce


@contextmanager
def meeting(browser: Browser, site: Site, language: str, device: str, javascript: bool) -> Iterator[Meet]:
    width, height = (390, 844) if device == "phone" else (1280, 900)
    met: dict[type[Visitor], Visitor] = {}
    with ExitStack() as windows:

        def introduce(kind: type[Visitor]) -> Visitor:
            if kind not in met:
                opened = window(browser, site, javascript=javascript, width=width, height=height)
                met[kind] = kind(windows.enter_context(opened), language)
                met[kind].password = site.accounts.get(kind.role, {}).get("password", "")
            return met[kind]

        yield introduce


def is_our_fault(message) -> bool:
    """Chromium also logs every 4xx answer, and every one that a network switched off did not bring: a journey may well
    ask for both."""
    asked_for = ("the server responded with a status of 4", "net::ERR_INTERNET_DISCONNECTED")
    return message.type == "error" and not any(one in message.text for one in asked_for)


def is_away(address: str, site: Site) -> bool:
    return urlsplit(address).scheme in {"http", "https"} and not address.startswith(site.url)


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """``axe(page)`` fails with what axe finds on the page as it stands."""

    def check(window: Page) -> None:
        found = Axe().run(window, options={"runOnly": {"type": "tag", "values": WCAG}})
        assert found.violations_count == 0, found.generate_report()

    return check
