import sqlalchemy as sa

from portal.core.actor import ANONYMOUS, SYSTEM
from portal.core.topics import Topic
from portal.places import commands, queries
from portal.places.models import CommunityType, District, Subdistrict, title_of
from tests.factories import places


def count(db, model):
    return db.scalar(sa.select(sa.func.count()).select_from(model))


def test_the_city_is_loaded_whole_and_only_once(db):
    assert commands.load_districts(SYSTEM) > 0
    assert (count(db, District), count(db, Subdistrict), count(db, CommunityType)) == (50, 180, 4)
    assert commands.load_districts(SYSTEM) == 0
    assert count(db, District) == 50


def test_a_district_is_known_by_its_code(db):
    commands.load_districts(SYSTEM)
    dusit = queries.district(1002)
    assert (dusit.code, dusit.name_th, dusit.agency_code) == ("1002", "เขตดุสิต", "50070000")
    assert queries.district(9999) is None
    topic = db.get(Topic, dusit.topic_id)
    assert (topic.kind, topic.ref_id, topic.district_id) == ("district", 1002, 1002)


def test_districts_come_in_thai_order(db):
    commands.load_districts(SYSTEM)
    names = [row.name_th for row in queries.districts()]
    assert names[0] == "เขตคลองเตย"
    assert names[-1] == "เขตห้วยขวาง"
    assert names.index("เขตบางกะปิ") < names.index("เขตพระนคร") < names.index("เขตวัฒนา")


def test_communities_are_listed_in_thai_order_and_seen_by_everyone(db):
    for name in ("วัดโบสถ์สามเสน", "ซอยโซดา", "สวนอ้อย"):
        places.community(name=name)
    places.community(places.district("1001"), "ท่าเตียน")
    rows = queries.communities_in(1002)
    assert [row.name for row in rows] == ["ซอยโซดา", "วัดโบสถ์สามเสน", "สวนอ้อย"]
    assert queries.community_counts() == {1001: 1, 1002: 3}
    seen = queries.KINDS[1].visible_to(ANONYMOUS)
    assert len(db.execute(seen).all()) == 4


def test_a_community_is_called_by_its_full_name():
    assert title_of("ซอยโซดา") == "ชุมชนซอยโซดา"
    assert title_of("เคหะชุมชนบ่อนไก่") == "เคหะชุมชนบ่อนไก่"
