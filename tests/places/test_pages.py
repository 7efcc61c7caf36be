import pytest

from portal.core.actor import SYSTEM
from portal.places import commands
from tests.factories import places


@pytest.fixture
def city(transaction):
    with transaction():
        commands.load_districts(SYSTEM)
        places.community(name="วัดโบสถ์สามเสน")


@pytest.mark.parametrize(
    ("typed", "first"),
    [("ดุสิต", "เขตดุสิต"), ("dusit", "เขตดุสิต"), ("วชิรพยาบาล", "เขตดุสิต"), ("บางกะ", "เขตบางกะปิ")],
)
def test_a_district_is_found_by_its_name_or_a_sub_districts(city, client, typed, first):
    page = client.get("/places", query_string={"q": typed}, status=200, max_queries=2).page
    listed = [one for one in page.all("ul") if one["class"] == "places"]
    assert first in [link.text for link in listed[0].all("a")]


def test_all_fifty_are_on_the_map_and_in_the_list(city, client):
    page = client.get("/places", status=200).page
    assert len({link["href"] for link in page.all("a") if "/dossier/districts/" in link["href"]}) == 50
    assert "Dusit" in client.get("/en/places", status=200).page.text


def test_a_name_nobody_has_leads_back(city, client):
    page = client.get("/places?q=zzz", status=200).page
    assert "ไม่พบเขต" in page.text


def test_a_district_nobody_entered_is_not_said_to_have_no_communities(city, client):
    page = client.get("/en/places", status=200).page
    assert "0 communities" not in page.text
    assert page.text.count("not entered yet") > 49
    assert "So far the communities of 1 of the 50 districts are entered: 1." in page.text
    assert "not entered yet" in next(one for one in page.all("ul") if one["class"] == "keys").text
    assert "1 of 50 districts" in client.get("/en/", status=200).page.text
