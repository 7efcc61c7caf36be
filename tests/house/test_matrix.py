"""Who may open and post to what: every address of the portal × everybody, against a reviewed table.

Who has not the duty at all gets 403 at the door, whatever stands behind it. Behind the door, what one may not know of
is 404, the same as missing; what one may see but not do is 403.
"""

import csv
from functools import cache
from pathlib import Path

import pytest

from portal.demo.years import others
from portal.web import access
from portal.web.login import SESSION_COOKIE
from tests import samples

TABLE = Path(__file__).with_name("matrix.csv")
QUESTIONS = ("page", "q", "next", "state", "year", "district", "sort", "kind", "at", "from", "to")
# Addresses that are no pages, and why.
NEVER = {
    "actionplan.not_yet": "asks about accepted items of a plan in the making; the demonstration's have none yet",
    "actionplan.put_back": "asks about a project that a change took out; the demonstration's changes take none out",
    "opendata.download": "a file that the worker makes; nobody has run it in the demonstration",
    "plans.item": "leads on to where the item is read or written",
    "screening.next_one": "leads on to the next case",
}
ROLES = {
    "anonymous": "",
    "resident": "resident",
    "leader": "leader",
    "leader2": "leader2",
    "leader_screened": "member-23-1",
    "leader_withdrawn": "member-18-1",
    "planner": "planner",
    "director": "director",
    "procurement": "procurement",
    "strategy": "strategy",
    "moderator": "moderator",
    "auditor": "auditor",
    "community_desk": "community_desk",
    "registry": "registry",
    "admin": "admin",
    "planner_elsewhere": f"planner-{others.HEARING}",
    "resident_struck": "resident4",
    "key_custodian": "key_custodian",
    "paper_clerk": "paper_clerk",
    "certifier": "certifier",
}


@cache
def table():
    with TABLE.open(encoding="utf-8", newline="") as source:
        return {(row["endpoint"], row["method"]): row for row in csv.DictReader(source)}


def lines(app):
    """(rule, method) of every address; HEAD and OPTIONS follow from GET."""
    return [
        (rule, method) for rule in samples.rules(app) for method in ("GET", "POST") if method in rule.methods
    ]


def asked(client, method, address):
    """The status of an answer, or what is wrong with it."""
    if method == "POST":
        return str(client.post(address).status_code)
    try:
        with client.get(address) as answer:
            return str(answer.status_code)
    except AssertionError as wrong:
        return str(wrong)


def test_every_address_is_in_the_table(demo_app):
    there = {(rule.endpoint, method) for rule, method in lines(demo_app)}
    assert there - table().keys() == set(), "add a reviewed line to tests/house/matrix.csv"
    assert table().keys() - there == set(), "tests/house/matrix.csv has lines for addresses that are gone"


def test_every_variable_has_a_sample(demo_app):
    assert samples.unknown(demo_app) == []


def test_every_page_is_opened_by_somebody(demo_app):
    never = {
        endpoint
        for (endpoint, method), row in table().items()
        if method == "GET" and not any(row[role] == "200" for role in ROLES)
    }
    assert never == NEVER.keys(), (
        "tests/samples.py names a thing in the wrong state, or NEVER is not true any more"
    )


@pytest.mark.parametrize("role", ROLES)
def test_everybody_gets_what_the_table_says(role, demo_app, demo_visit):
    client, known, wrong = demo_visit(ROLES[role]), table(), []
    for rule, method in lines(demo_app):
        address = samples.address(demo_app, rule)
        got, row = asked(client, method, address), known.get((rule.endpoint, method), {})
        if got != row.get(role):
            wrong.append(f"{rule.endpoint} {method} {address}: {got}, the table says {row.get(role)}")
    assert not wrong, "\n".join(wrong)


def opener(endpoint):
    """Somebody who can open this page."""
    row = table()[endpoint, "GET"]
    return next((role for role in ROLES if row[role] == "200"), "anonymous")


@pytest.fixture
def pages(demo_app, demo_visit):
    """(client of somebody who can open it, rule) of every page that somebody opens."""
    openers = {
        rule.endpoint: opener(rule.endpoint)
        for rule, method in lines(demo_app)
        if method == "GET" and rule.endpoint not in NEVER
    }
    clients = {role: demo_visit(ROLES[role]) for role in set(openers.values())}
    return [
        (clients[openers[rule.endpoint]], rule)
        for rule, method in lines(demo_app)
        if method == "GET" and rule.endpoint in openers
    ]


def statuses(client, address):
    with client.get(address, check=False, max_queries=20) as answer:
        return answer.status_code


def test_what_is_not_there_is_not_found(demo_app, pages):
    wrong = []
    for client, rule in pages:
        for name in rule.arguments:
            kind = type(samples.values(rule)[name])
            lost = samples.address(demo_app, rule, **{name: 999999 if kind is int else "nowhere"})
            if statuses(client, lost) != 404:
                wrong.append(f"{rule.endpoint}: {lost}")
    assert not wrong, "\n".join(wrong)


def test_an_address_written_wrongly_is_not_found(demo_app, pages):
    wrong = []
    for client, rule in pages:
        for name, value in samples.values(rule).items():
            if isinstance(value, int):
                marked = samples.address(demo_app, rule, **{name: 424242})
                for bad in ("x", "-1", "9" * 30):
                    if statuses(client, marked.replace("424242", bad)) not in (404, 405):
                        wrong.append(f"{rule.endpoint}: {name}={bad}")
    assert not wrong, "\n".join(wrong)


def test_what_is_typed_behind_the_question_mark_never_breaks_a_page(demo_app, pages):
    wrong = []
    for client, rule in pages:
        names = {*access.mark_of(demo_app, rule.endpoint).params, *QUESTIONS}
        for value in ("", "-1", "x", "9" * 30, "ก%0A'\""):
            address = samples.address(demo_app, rule) + "?" + "&".join(f"{name}={value}" for name in names)
            if statuses(client, address) >= 500:
                wrong.append(f"{rule.endpoint}: {address}")
    assert not wrong, "\n".join(wrong)


def test_odd_addresses(demo_visit):
    client = demo_visit("")
    assert statuses(client, "/plans/" + "a" * 5000) == 404
    for odd in ("/plans/1%00", "/plans?q=%00", "/%00", "/plans/%ff%fe"):
        assert 400 <= statuses(client, odd) < 500, odd


def test_pages_for_everybody_can_be_kept_by_caches(demo_app, demo_visit):
    client, wrong = demo_visit(""), []
    for rule, method in lines(demo_app):
        if method == "POST" or not access.mark_of(demo_app, rule.endpoint).is_cached:
            continue
        client.delete_cookie(SESSION_COOKIE)
        with client.get(samples.address(demo_app, rule), check=False) as answer:
            if "Set-Cookie" in answer.headers or "Cookie" in answer.headers.get("Vary", ""):
                wrong.append(rule.endpoint)
    assert not wrong, wrong
