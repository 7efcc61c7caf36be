"""In a round of the city somebody may be a clerk of two districts: a batch belongs to the one its box stood in."""

import pytest

from portal.core import db as core_db
from portal.core.actor import Role
from portal.core.errors import Invalid
from portal.voting.commands import batches
from portal.voting.models import Area, AreaKind, PaperBatch
from tests.factories import accounts, places
from tests.factories import ballots as made
from tests.page import values
from tests.voting.conftest import START
from tests.voting.papers import AFTER, AREA, rows

HERE, THERE, ELSEWHERE = 1002, 1047, 1003
SHARED = "city"  # people of all three are counted in this area


@pytest.fixture
def held(keys, transaction, clock):
    """The number of a round of the city whose voting has closed."""
    clock.travel(START)
    with transaction() as session:
        for code in (HERE, THERE, ELSEWHERE):
            places.district(str(code))
        round_ = made.open_round(district_id=None)
        made.entry(round_, district_id=HERE)
        areas = {
            code: Area(round_id=round_.id, kind=kind, code=code, name_th=code, name_en=code, roll_count=1_000)
            for kind, code in ((AreaKind.DISTRICT, "d1047"), (AreaKind.CITY, SHARED))
        }
        with made.before_the_lock("voting_areas"):
            session.add_all(areas.values())
            session.flush()
        for code, district in (("d1047", THERE), (SHARED, HERE), (SHARED, THERE), (SHARED, ELSEWHERE)):
            made.entry(round_, area_id=areas[code].id, district_id=district)
        number = round_.id
    clock.travel(AFTER)
    return number


@pytest.fixture
def clerk(transaction):
    """A clerk in two districts, with an account."""
    with transaction():
        someone = accounts.person("both@example.org")
        for district in (HERE, THERE):
            accounts.grant(someone, Role.PAPER_CLERK, places.district(str(district)))
        return accounts.actor_of(someone)


def declare(actor, round_id, code, district=None):
    with core_db.transaction():
        return batches.declare_batch(actor, round_id, code, "โรงเรียน", 3, district).district_id


def test_the_area_tells_whose_clerks_key_it(held, clerk, transaction):
    with transaction():
        of_one = made.officer(Role.PAPER_CLERK)
        of_the_city = accounts.officer(Role.PAPER_CLERK, None)
    assert [declare(clerk, held, code) for code in ("d1047", AREA)] == [THERE, HERE]
    assert [declare(of_one, held, code) for code in (AREA, SHARED, "d1047")] == [HERE] * 3
    assert declare(of_the_city, held, SHARED) is None


def test_where_the_area_does_not_tell_the_clerk_is_asked(held, clerk):
    for district in (None, ELSEWHERE):
        with pytest.raises(Invalid) as refused:
            declare(clerk, held, SHARED, district)
        assert set(refused.value.fields) == {"district"}
    assert declare(clerk, held, SHARED, THERE) == THERE


def test_the_page_asks_and_leads_to_the_batch(held, clerk, client):
    client.sign_in("both@example.org", accounts.PASSWORD)
    place, sent = f"/voting/{held}/batches", {"area": SHARED, "desk": "โรงเรียน", "declared": "3"}
    assert 'name="district"' not in client.get(place, status=200).get_data(as_text=True)
    asked = client.submit(place, sent, having={"area"})
    assert asked.status_code == 422
    offered = [one["value"] for one in asked.page.all("input") if one["name"] == "district"]
    assert sorted(offered) == [str(HERE), str(THERE)]
    form = asked.page.form(having={"district"})
    answer = client.post(place, data={**values(form), "district": str(THERE)})
    assert answer.status_code == 303
    client.get(answer.headers["Location"], status=200)
    assert [one.district_id for one in rows(PaperBatch)] == [THERE]
