"""Signing in and out."""

import pytest

from portal.accounts import queries
from portal.core.actor import Permission, Role
from tests.factories import accounts


@pytest.fixture
def somebody(transaction):
    with transaction():
        return accounts.person("somchai@example.org", "สมชาย ใจดี")


def test_signing_in_leads_to_ones_own_page(client, somebody):
    answer = client.sign_in(" Somchai@Example.org ", accounts.PASSWORD)
    assert answer.headers["Location"].endswith("/accounts/me")
    assert "สมชาย ใจดี" in client.get("/accounts/me", status=200).page.text


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
