"""No page asks the database more often because there is more in it: the same pages with few and with many of
everything, and within the bounds that tests/client.py holds every page to."""

import datetime as dt

import pytest

from portal.core import clock, db
from portal.voting import keykeeper
from tests.client import PUBLIC_QUERIES, SIGNED_IN_QUERIES
from tests.house import grown

pytestmark = pytest.mark.xdist_group("growth")  # counted once, not by each worker

PAGES = {
    "": [
        "/",
        "/places",
        "/dossier/districts/{district}",
        "/dossier/communities/{community}",
        "/dossier/districts/{district}/ideas",
        "/dossier/districts/{district}/ideas?part=raised",
        "/dossier/districts/{district}/ideas.csv",
        "/dossier/districts/{district}/ideas.json",
        "/dossier/communities/{community}/ideas",
        "/dossier/{item}",
        "/plans",
        "/plans/{plan}",
        "/plans/{plan}/editions/1",
        "/cycles",
        "/cycles/{cycle}",
        "/actionplan",
        "/actionplan/{action_plan}",
        "/actionplan/{action_plan}/projects.csv",
        "/actionplan/{action_plan}/plan.xlsx",
        "/actionplan/{action_plan}/plan.json",
        "/actionplan/{action_plan}/sheets",
        "/actionplan/{action_plan}/hearing",
        "/actionplan/{action_plan}/reasons",
        "/actionplan/{action_plan}/editions",
        "/actionplan/{action_plan}/committee",
        "/actionplan/projects/{project}",
        "/screening/results/{cycle}",
        "/search?q=เต็นท์",
        "/procurement",
        "/procurement/{process}",
        "/procurement/districts/{district}/calendar.ics",
        "/observation",
        "/observation/processes/{process}",
        "/progress",
        "/progress/{sheet}",
        "/observation/figures",
        "/observation/figures/{district}",
        "/observation/districts/{district}/steps.ics",
        "/information",
        "/information?q=เอกสาร",
        "/information/summaries?district={district}",
        "/information/services",
        "/opendata",
        "/opendata/catalog.json",
        "/opendata/ocds/releases.json",
        "/opendata/ocds/records.json",
        "/forums",
        "/forums/{forum}",
        "/forums/districts/{district}.ics",
        "/forums/districts/{district}",
        "/comments/{topic}",
        "/strategy",
        "/voting",
        "/voting/{round}",
        "/voting/{round}/board",
        "/voting/{round}/leaves.txt",
        "/audit/head",
    ],
    "resident": [
        "/",
        "/dossier/{item}",
        "/plans/{plan}",
        "/actionplan/{action_plan}",
        "/procurement/{process}",
        "/search?q=เต็นท์",
        "/accounts/me",
        "/notifications",
        "/notifications/following",
        "/notifications/mail",
        "/observation/mine",
        "/voting/{round}/booth",
        "/voting/{round}/may-i-vote",
    ],
    "leader": [
        "/plans/desk",
        "/screening/ours",
        "/plans/{draft_plan}",
        "/plans/{draft_plan}/write",
        "/plans/{draft_plan}/review",
        "/plans/{draft_plan}/edit",
        "/plans/{draft_plan}/issues",
        "/plans/{draft_plan}/endorse",
        "/plans/{draft_plan}/submit",
        "/plans/items/{draft_item}/edit",
    ],
    "planner": [
        "/screening",
        "/screening/{in_screening}",
        "/screening/{in_screening}/propose",
        "/screening/sheets",
        "/actionplan/desk",
        "/actionplan/{draft_action_plan}",
        "/actionplan/{draft_action_plan}/merge",
        "/actionplan/{draft_action_plan}/check",
        "/actionplan/projects/{draft_project}/edit",
        "/cycles/desk",
    ],
    "director": [
        "/screening",
        "/screening/{proposed}/confirm",
        "/screening/confirm",
        "/screening/release",
        "/actionplan/desk",
        "/accounts/grants",
    ],
    "procurement": [
        "/procurement/desk",
        "/procurement/new",
        "/procurement/{process}/work",
        "/observation/desk",
        "/observation/desk?view=doors",
    ],
    "reporter": [
        "/progress/desk",
        "/progress/desk?view=certify",
        "/progress/desk?view=open",
        "/progress/{sheet}",
        "/progress/{sheet}/write",
    ],
    "community_desk": ["/plans/desk", "/accounts/committees"],
    "paper_clerk": ["/voting/{round}/batches"],
    "moderator": ["/comments/moderation"],
    "admin": ["/accounts/grants", "/audit"],
    "round_officer": [
        "/voting/desk",
        "/voting/{draft_round}/prepare",
        "/voting/{draft_round}/projects",
        "/voting/{round}/closing",
    ],
    "registry": ["/voting/rolls", "/voting/{round}/roll", "/voting/{round}/paper-desk"],
}


@pytest.fixture(scope="module")
def counts(databases, demo_app, tmp_path_factory):
    """How many queries each page of each person took, by the size of the data."""
    counted = {}
    # its rounds have the numbers of the demonstration's, whose secrets are another matter
    keykeeper.use(f"folder:{tmp_path_factory.mktemp('keys')}")
    with clock.travel(clock.at(dt.date(2026, 11, 23), 10)):
        for size in grown.SIZES:
            db.bind(databases.create(f"grown_{size}"))
            made = grown.fill(size)
            counted[size] = {
                (who, page): queries(demo_app, made, who, page)
                for who, pages in PAGES.items()
                for page in pages
            }
            db.dispose()
            databases.drop(f"grown_{size}")
    keykeeper.use(demo_app.config["PORTAL"].key_keeper)
    return counted


def queries(app, made, who, page):
    client = app.test_client()
    if who:
        with client.session_transaction() as session:
            session["_user_id"] = made.people[who]
        client.signed_in = True
    with client.get(page.format_map(vars(made)), status=200, max_queries=99, check=False) as answer:
        return len(answer.queries)


@pytest.mark.parametrize("size", grown.SIZES)
def test_no_page_asks_more_often_than_it_may(counts, size):
    most = {who: SIGNED_IN_QUERIES if who else PUBLIC_QUERIES for who in PAGES}
    assert {at: number for at, number in counts[size].items() if number > most[at[0]]} == {}


def test_no_page_asks_more_often_when_there_is_more(counts):
    few, many = counts["few"], counts["many"]
    assert {at: (few[at], many[at]) for at in few if many[at] != few[at]} == {}
