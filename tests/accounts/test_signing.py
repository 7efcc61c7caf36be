"""Signing in and out."""

import pytest

from portal.accounts import queries
from portal.core.actor import Permission, Role
from tests.bounded import within
from tests.factories import accounts, places


@pytest.fixture
def somebody(transaction):
    with transaction():
        return accounts.person("somchai@example.org", "สมชาย ใจดี")


def test_signing_in_leads_to_ones_own_page(client, somebody):
    answer = client.sign_in(" Somchai@Example.org ", accounts.PASSWORD)
    assert answer.headers["Location"].endswith("/accounts/me")
    assert "สมชาย ใจดี" in client.get("/accounts/me", status=200).page.text


def test_a_page_that_changes_nothing_of_the_session_sends_no_cookie(client, somebody):
    assert "Expires=" in client.sign_in("somchai@example.org", accounts.PASSWORD).headers["Set-Cookie"]
    client.get("/accounts/me", status=200)  # draws the token of its forms
    assert "Set-Cookie" not in client.get("/accounts/me", status=200).headers


@pytest.mark.parametrize(
    ("role", "desk"),
    [
        (Role.LEADER, "/plans/desk"),
        (Role.PLANNER, "/screening"),
        (Role.DIRECTOR, "/screening"),
        (Role.PROCUREMENT, "/procurement/desk"),
        (Role.COMMUNITY_DESK, "/plans/desk"),
        (Role.AUDITOR, "/audit"),
    ],
)
@pytest.mark.parametrize("start", ["", "/", "/en/"])
def test_officers_and_leaders_land_on_their_desk(client, transaction, role, desk, start):
    with transaction():
        someone = accounts.person("duty@example.org")
        if role is Role.LEADER:
            accounts.grant(someone, role, community=places.community())
        else:
            accounts.grant(someone, role, places.district())
    base = "/en" if start.startswith("/en") else ""
    answer = client.submit(
        f"{base}/accounts/sign-in?next={start}",
        {"email": "duty@example.org", "password": accounts.PASSWORD},
        having={"password"},
    )
    assert answer.location.startswith(base + desk)
    client.signed_in = True
    client.get(answer.location, status=200)


def test_who_wanted_to_go_somewhere_gets_there(client, transaction):
    with transaction():
        accounts.grant(accounts.person("duty@example.org"), Role.PLANNER, places.district())
    answer = client.submit(
        "/accounts/sign-in?next=/glossary",
        {"email": "duty@example.org", "password": accounts.PASSWORD},
        having={"password"},
    )
    assert answer.location == "/glossary"


@pytest.mark.parametrize(
    "middle", [" " * 300_000, "่้" * 50_000 + "ิ", "x" * 400_000], ids=["gap", "marks", "long"]
)
def test_no_name_typed_here_holds_a_worker(client, middle):
    with within(20):
        answer = client.submit(
            "/accounts/sign-in", {"email": f"x{middle}x", "password": "x"}, having={"password"}
        )
    assert answer.status_code == 422


def test_a_form_without_files_has_no_room_for_files(client):
    answer = client.submit(
        "/accounts/sign-in", {"email": "x" * 4 * 1024 * 1024, "password": "x"}, having={"password"}
    )
    assert answer.status_code == 413


def test_a_wrong_password_is_refused_and_counted(client, somebody):
    for _ in range(8):
        answer = client.submit(
            "/accounts/sign-in",
            {"email": "somchai@example.org", "password": "not this one"},
            having={"email"},
        )
        assert answer.status_code == 422
        assert "not this one" not in answer.text
    answer = client.submit(
        "/accounts/sign-in", {"email": "somchai@example.org", "password": accounts.PASSWORD}, having={"email"}
    )
    assert answer.status_code == 429


def test_the_actor_comes_in_one_query(db):
    from tests.client import counted_queries

    someone = accounts.person()
    accounts.grant(someone, Role.ADMIN)
    token = accounts.token_of(someone)
    with counted_queries() as seen:
        actor = queries.actor_of_token(token)
    assert len(seen) == 1
    assert actor.id == someone.id
    assert actor.session_id is not None
    assert actor.may(Permission.GRANT_PROPOSE)
    assert not actor.may(Permission.SCREEN)
    assert queries.actor_of_token("another") is None
