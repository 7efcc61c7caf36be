"""Every page in both languages, in a real browser as wide as a phone and as a desk: axe (WCAG 2.2 AA) finds nothing,
nothing is wider than the window, no Thai is read out as English, and the console is silent.

The list is the portal's own route map; each page is opened by the first who may (tests/house/matrix.csv).
"""

import math

import pytest
from axe_playwright_python.sync_playwright import Axe

from portal.accounts import commands as accounts
from portal.accounts import queries as accounts_queries
from portal.core import clock, db
from portal.core.actor import ANONYMOUS
from portal.demo import calendar
from portal.web.login import SESSION_COOKIE
from tests import samples
from tests.house import test_matrix as matrix
from tests.journeys.conftest import WCAG, is_our_fault, serving

IN_A_PIECE = 12
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
NOT_PAGES = (
    ".ics",
    ".csv",
    ".json",
    ".jsonl",
    ".zip",
    ".pb",
    ".py",
    ".pdf",
    ".xlsx",
    ".txt",
    ".js",
    "/files/<int:file_id>",
    "/healthz",
    "/static/<path:name>",
    "/extension/<path:file>",
)
AXE = Axe().axe_script
# Only what is wrong is sent back: the list of all that is right is many times as long.
WRONG = "rules => axe.run({ runOnly: rules, resultTypes: ['violations'], preload: false }).then(said => said.violations)"
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Text with Thai letters whose nearest lang is not Thai.
MISREAD = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim(), around = walker.currentNode.parentElement;
    if (/[\\u0E01-\\u0E3A\\u0E40-\\u0E5B]/.test(text) && !around.closest("script, style, template")
        && around.closest("[lang]").lang !== "th") found.push(text.slice(0, 60));
  }
  return found;
}"""


def pieces():
    """(role, piece, of how many): each role's pages in pieces of much the same size, so that no worker waits long for
    the last."""
    openers = [
        matrix.opener(endpoint)
        for endpoint, method in matrix.table()
        if method == "GET" and endpoint not in matrix.NEVER
    ]
    counts = {role: math.ceil(openers.count(role) / IN_A_PIECE) for role in matrix.ROLES}
    return [(role, piece, count) for role, count in counts.items() for piece in range(count)]


def pages(app, role):
    """The pages this role is the first to be let into."""
    return [
        rule
        for rule, method in matrix.lines(app)
        if method == "GET" and not rule.rule.endswith(NOT_PAGES)
        if rule.endpoint not in matrix.NEVER and matrix.opener(rule.endpoint) == role
    ]


@pytest.fixture(scope="session")
def untouched(databases, demo_database, tmp_path_factory):
    """The demo as it was loaded: the one that journeys share loses what they decide."""
    with serving(databases, demo_database, tmp_path_factory.mktemp("pages"), "pages") as running:
        yield running


@pytest.fixture
def window(untouched, browser, demo_app):
    """``window(role)``: a page of this one's own, signed in, and the list of what its console says."""
    site = untouched
    db.bind(site.database)
    context = browser.new_context(base_url=site.url, locale="th-TH", timezone_id="Asia/Bangkok")
    context.set_default_timeout(20_000)
    context.add_init_script(AXE)

    def opened(role):
        if part := matrix.ROLES[role]:
            context.add_cookies([{"name": SESSION_COOKIE, "value": ticket(demo_app, part), "url": site.url}])
        page, said = context.new_page(), []
        page.on("pageerror", lambda error: said.append(f"script: {error}"))
        page.on("console", lambda one: said.append(one.text) if is_our_fault(one) else None)
        return page, said

    yield opened
    context.close()
    db.dispose()


def ticket(app, part):
    """The cookie of somebody who has just signed in."""
    with clock.travel(calendar.NOW), db.transaction():
        person = accounts_queries.person_by_email(f"{part.replace('_', '-')}@example.org")
        token = accounts.begin_session(ANONYMOUS, person, accounts.Browser("127.0.0.1", "tests"))
    return app.session_interface.get_signing_serializer(app).dumps({"_user_id": token})


def faults(page):
    """What is wrong with the page as it stands: on a phone, then as wide as a desk."""
    for wrong in page.evaluate(WRONG, WCAG):
        yield f"{wrong['help']} ({wrong['id']}): {[node['html'][:200] for node in wrong['nodes']]}"
    for text in page.evaluate(MISREAD):
        yield f"Thai that is read as another language: {text}"
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        if (wide := page.evaluate(TOO_WIDE)) > 0:
            yield f"{wide} pixels wider than a window of {size['width']}"


def test_every_page_is_in_a_piece(demo_app):
    there = {rule.rule for role in matrix.ROLES for rule in pages(demo_app, role)}
    opened = {rule.rule for role, piece, count in pieces() for rule in pages(demo_app, role)[piece::count]}
    assert opened == there


@pytest.mark.parametrize(("role", "piece", "count"), pieces())
def test_every_page(role, piece, count, window, demo_app):
    page, said = window(role)
    wrong = []
    for rule in pages(demo_app, role)[piece::count]:
        for prefix in ("", "/en"):
            address = prefix + samples.address(demo_app, rule)
            page.set_viewport_size(PHONE)
            answer = page.goto(address, wait_until="load")
            status = [] if answer.status == 200 else [f"answers {answer.status}"]
            wrong += [f"{rule.endpoint} {address}: {fault}" for fault in (*status, *faults(page), *said)]
            said.clear()
    assert not wrong, "\n".join(wrong)
