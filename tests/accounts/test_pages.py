"""Every page of the room, for whom it is."""

import pytest

from portal.accounts import commands, queries
from portal.core import clock
from portal.core.actor import Role
from tests.factories import accounts, places

OWN = [
    "/accounts/me",
    "/accounts/me/settings",
    "/accounts/me/password",
    "/accounts/me/sessions",
    "/accounts/me/close",
    "/accounts/me/residence",
    "/accounts/me/residence?district=1002",
    "/accounts/me/residence?district=nowhere",
    "/accounts/me/interests",
    "/accounts/me/interests?district=1002",
]
DESKS = {
    "/accounts/residencies": Role.REGISTRY,
    "/accounts/residencies?part=decided": Role.REGISTRY,
    "/accounts/committees": Role.COMMUNITY_DESK,
    "/accounts/grants": Role.ADMIN,
    "/accounts/grants?part=held": Role.ADMIN,
    "/accounts/grants?part=over": Role.ADMIN,
    "/accounts/grants/new": Role.ADMIN,
}


@pytest.fixture
def house(transaction):
    """A district with a committee of seven, and people of every kind."""
    with transaction():
        district = places.district()
        community = places.community(district)
        accounts.committee(community)
        people = {}
        for role in Role:
            if role is not Role.LEADER:
                people[role] = accounts.person(f"{role.value}@example.org", "เจ้าหน้าที่ ทดสอบ")
                city = role in (Role.ADMIN, Role.STRATEGY, Role.MODERATOR, Role.AUDITOR)
                accounts.grant(people[role], role, None if city else district)
        resident = accounts.person("resident@example.org")
        asked = commands.ask_residence(accounts.actor_of(resident), district.id, community.id)
        leader = queries.committee_in_office(community.id)[0]
        return {
            "district": district.id,
            "community": community.id,
            "request": asked,
            "resident": resident,
            "leader": queries.person(leader.person_id),
            "seat": leader.id,
            "people": people,
        }


@pytest.mark.parametrize(
    "path", ["/accounts/sign-in", "/accounts/register", "/accounts/forgot", "/accounts/check-mail"]
)
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_visitor_sees_the_way_in(client, path, prefix):
    client.get(prefix + path, status=200)


@pytest.mark.parametrize("path", OWN)
@pytest.mark.parametrize("who", ["resident", "leader"])
def test_one_sees_ones_own_pages(client, house, who, path):
    client.sign_in(house[who].email, accounts.PASSWORD)
    client.get(path, status=200)
    client.get("/en" + path, status=200)


@pytest.mark.parametrize("path", OWN)
def test_a_visitor_is_sent_to_sign_in_and_comes_back(client, house, path):
    answer = client.get(path, status=303)
    assert "/accounts/sign-in?next=" in answer.headers["Location"]


@pytest.mark.parametrize("path", DESKS)
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.LEADER])
def test_a_desk_is_for_its_officers(client, house, path, role):
    client.sign_in(f"{role.value}@example.org", accounts.PASSWORD)
    allowed = {DESKS[path]} | ({Role.DIRECTOR} if path.split("?")[0] == "/accounts/grants" else set())
    answer = client.get(path, status=200 if role in allowed else 403)
    if role in allowed:
        client.get("/en" + path, status=200)
        assert len(answer.queries) <= 10


def test_the_registry_decides_a_request(client, house):
    client.sign_in("registry@example.org", accounts.PASSWORD)
    path = f"/accounts/residencies/{house['request'].id}"
    assert client.submit(path, having={"reason"}).status_code == 422
    assert client.submit(path, action="/confirm").status_code == 303
    client.get("/en" + path, status=200)
    client.get("/accounts/residencies/999999", status=404)


def test_the_desk_of_another_district_knows_but_keeps_no_committee_here(client, house, transaction):
    with transaction():
        accounts.grant(accounts.person("elsewhere@example.org"), Role.COMMUNITY_DESK, places.district("1001"))
    client.sign_in("elsewhere@example.org", accounts.PASSWORD)
    client.get(f"/accounts/committees/{house['community']}", status=403)
    client.get(f"/accounts/committees/seats/{house['seat']}/end", status=403)
    client.get("/accounts/committees/999999", status=404)


def test_the_desk_enters_a_member(client, house):
    client.sign_in("community_desk@example.org", accounts.PASSWORD)
    path = f"/accounts/committees/{house['community']}"
    year = clock.today().year + 543
    fields = {
        "name": "นายทดสอบ ระบบ",
        "post": "member",
        "valid_from": f"1/1/{year}",
        "last_day": f"31/12/{year}",
        "appointment_reference": "ประกาศ 1/2569",
    }
    assert client.submit(path, {**fields, "last_day": f"31/12/{year - 1}"}).status_code == 422
    assert client.submit(path, {**fields, "post": "chair"}).status_code == 422
    assert client.submit(path, fields).status_code == 303
    shown = client.get("/en" + path, status=200)
    assert "นายทดสอบ ระบบ" in shown.page.text
    assert client.get(f"/accounts/committees/seats/{house['seat']}/end", status=200)
    answer = client.submit(f"/accounts/committees/seats/{house['seat']}/end", {"reason": "ลาออก"})
    assert answer.status_code == 303
    linking = next(link for link in client.get(path).page.links if link.endswith("/link"))
    client.get(linking, status=200)
    assert client.submit(linking, {"email": "nobody@example.org"}).status_code == 422
    assert client.submit(linking, {"email": house["resident"].email}).status_code == 303


def test_a_role_is_proposed_and_confirmed(client, new_client, house, transaction):
    with transaction():
        accounts.grant(accounts.person("admin2@example.org"), Role.ADMIN)
    client.sign_in("admin@example.org", accounts.PASSWORD)
    fields = {
        "email": "resident@example.org",
        "role": "planner",
        "district": "1002",
        "reference": "คำสั่ง 9/2569",
    }
    assert (
        client.submit(
            "/accounts/grants/new", {**fields, "district": "", "valid_from": "1/10/2569"}
        ).status_code
        == 422
    )
    assert client.submit("/accounts/grants/new", {**fields, "valid_from": "1/10/2569"}).status_code == 303
    path = next(link for link in client.get("/accounts/grants").page.links if link.split("/")[-1].isdigit())
    assert client.get(path, status=200).page.forms
    assert client.post(path + "/confirm", data=_tokens(client, path)).status_code == 403
    second = new_client()
    second.sign_in("admin2@example.org", accounts.PASSWORD)
    assert second.submit(path, action="/confirm").status_code == 303
    second.get("/en" + path, status=200)
    assert second.submit(path, {"reason": "หมดวาระ"}, having={"reason"}).status_code == 303


def _tokens(client, path):
    form = client.get(path).page.form(having={"reason"})
    return {field["name"]: field["value"] for field in form.all("input")}
