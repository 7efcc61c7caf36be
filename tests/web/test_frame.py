"""The kept frame: the same for people of one standing, but never with another one's token, news or desks."""

import pytest

from portal.core.actor import Role
from tests.factories import accounts, places

OUT = "/accounts/sign-out"


@pytest.fixture
def visit(transaction, new_client):
    def signed_in(email, role=None):
        with transaction():
            if role is None:
                accounts.person(email)
            else:
                accounts.officer(role, places.district(), email=email)
        client = new_client()
        client.sign_in(email, accounts.PASSWORD)
        return client

    return signed_in


def header(client, address="/"):
    page = client.get(address, status=200).page
    tokens = {
        field["value"]
        for form in page.forms
        if form["action"].endswith(OUT)
        for field in form.all("input")
        if field["name"] == "csrf_token"
    }
    return tokens, {link["href"] for link in page.all("a") if link.inside("header")}


def test_everybody_has_a_token_and_desks_of_their_own(visit, new_client):
    one, other, planner = (
        visit("one@example.org"),
        visit("other@example.org"),
        visit("p@example.org", Role.PLANNER),
    )
    visitors, _ = header(new_client())
    assert visitors == set()
    first, second, third = header(one), header(other), header(planner)
    assert len(first[0]) == len(second[0]) == 1
    assert first[0] != second[0]
    assert first[1] == second[1]
    assert "/screening" in third[1]
    assert "/screening" not in first[1]
    assert header(one, "/en/")[1] != first[1]
    assert other.post(OUT, data={"csrf_token": first[0].pop()}).status_code == 400
    assert other.post(OUT, data={"csrf_token": second[0].pop()}).status_code == 303
    assert header(other)[0] == set()


@pytest.mark.parametrize("address", ["/", "/en/glossary"])
def test_paper_names_the_whole_address_of_its_page(client, app, address):
    page = client.get(address, status=200).page
    source = next(each.text for each in page.all("p") if "print-only" in each["class"])
    assert f"{app.config['PORTAL'].public_url}{address}" in source
