"""The pages on which a round is prepared: who is led where, and what the second person publishes."""

import sqlalchemy as sa

from portal.core.actor import Role
from portal.plans.models import Item
from portal.voting import queries
from portal.voting.commands import projects
from portal.voting.commands import rounds as commands
from portal.voting.models import (
    Candidate,
)
from tests.factories import accounts, places, plans, rounds
from tests.factories import screening as cases
from tests.page import values


def test_the_second_person_publishes_what_they_read_and_nothing_else(app, transaction, new_client):
    with transaction():
        made = rounds.draft().id
        planner = accounts.officer(Role.PLANNER, places.district())
        accounts.officer(Role.DIRECTOR, places.district(), email="director@example.org")
        commands.propose_round(planner, made)
    client = new_client()
    client.sign_in("director@example.org", accounts.PASSWORD)
    at = f"/voting/{made}/publish"
    old = values(client.get(f"/voting/{made}/prepare", status=200).page.form(action=at))
    with transaction() as session:
        commands.take_back_round(planner, made)
        one = session.scalars(sa.select(Candidate).where(Candidate.round_id == made)).first()
        projects.edit_project(planner, one.id, name="ชื่ออื่น", summary="", place="")
        session.flush()
        commands.propose_round(planner, made)
    assert client.post(at, data=old).status_code == 409
    assert client.post(at, data={**old, "version": ""}).status_code == 409
    assert client.submit(f"/voting/{made}/prepare", action=at).status_code == 303
    with transaction():
        assert "ชื่ออื่น" in queries.edition(made).body


def test_the_page_of_a_round_leads_nobody_where_they_may_not_go(app, transaction, new_client):
    with transaction():
        made = rounds.published().id
        accounts.officer(Role.PLANNER, places.district(), email="planner@example.org")
        accounts.officer(Role.DIRECTOR, places.district(), email="director@example.org")
    for email, status in (("planner@example.org", 200), ("director@example.org", 403)):
        client = new_client()
        client.sign_in(email, accounts.PASSWORD)
        links = client.get(f"/voting/{made}/prepare", status=200).page.links
        for at in (f"/voting/{made}/closing", f"/voting/{made}/batches"):
            client.get(at, status=status)
            assert (at in links) == (status == 200)


def test_an_officer_of_the_city_chooses_items_district_by_district(transaction, new_client):
    with transaction() as session:
        plan_ids = [
            plans.plan(places.community(places.district(code)), items=1).id for code in ("1002", "1004")
        ]
        for item in session.scalars(sa.select(Item).where(Item.plan_id.in_(plan_ids))).unique():
            cases.decided(item)
        officer = accounts.officer(Role.STRATEGY, None, email="city@example.org")
        (year,) = queries.years_of_the_city()
        made = commands.create_round(officer, None, year.id, rounds.data())
        address, cycles = f"/en/voting/{made.id}/projects", queries.cycles_voted_on(made)
    client = new_client()
    client.sign_in("city@example.org", accounts.PASSWORD)
    for one in cycles:
        shown = client.get(f"{address}?cycle={one.id}", status=200).page
        (box,) = [tick for tick in shown.all("input") if tick.attributes.get("name") == "items"]
        assert (
            client.submit(
                f"{address}?cycle={one.id}", {"items": [box["value"]]}, having={"items"}
            ).status_code
            == 303
        )
    assert "No other items of this district" in client.get(address, status=200).get_data(as_text=True)
    page = client.get("/en/voting/new", status=200).page
    assert "The whole city, items of FY2571 (2027/28)" in page.text
