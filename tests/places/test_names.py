"""A damaged name is corrected by the community desk, once, and stays corrected."""

import pytest
import sqlalchemy as sa

from portal.core.actor import SYSTEM, Role
from portal.core.errors import Conflict, Invalid, NotAllowed
from portal.core.topics import Topic
from portal.places import commands, listing, queries, spelling
from portal.places.models import Community, NameCorrection, NameQuality
from tests.factories import accounts, places
from tests.page import values

LIST = "district_code,subdistrict_code,community_th,type_th,text_quality\n1002,100202,หลงัวัดรำงบัว,ชุมชนเมือง,check\n"


def brought_in():
    return commands.import_communities(SYSTEM, *listing.read(LIST.encode()))


@pytest.fixture
def damaged(db):
    brought_in()
    return db.scalar(sa.select(Community))


@pytest.fixture
def desk(db):
    return accounts.officer(Role.COMMUNITY_DESK, places.district())


def correct(actor, community, name="หลังวัดรางบัว", seen=0):
    return commands.correct_name(actor, community, name, source="ประกาศเขต", seen_number=seen)


def test_the_flag_goes_and_the_old_name_is_kept(db, damaged, desk):
    correct(desk, damaged)
    assert (damaged.name, damaged.name_quality) == ("หลังวัดรางบัว", NameQuality.OK)
    assert db.get(Topic, damaged.topic_id).title == "ชุมชนหลังวัดรางบัว"
    kept = queries.corrections_of(damaged.id)
    assert [(row.number, row.was, row.became) for row in kept] == [(1, "หลงัวัดรำงบัว", "หลังวัดรางบัว")]
    assert db.info["ledger"][-1].event == "community.name_corrected"
    assert queries.names_waiting(desk) == 0


def test_a_list_brought_in_again_undoes_nothing(db, damaged, desk):
    correct(desk, damaged)
    report = brought_in()
    assert (report.added, report.changed, report.same, report.flagged) == (0, 0, 1, 0)
    assert report.remarks == []
    assert db.scalars(sa.select(Community.name)).all() == ["หลังวัดรางบัว"]


def test_a_sound_name_is_said_to_be_sound(damaged, desk):
    damaged.name = "วังใหญ่"
    correct(desk, damaged, "วังใหญ่")
    assert damaged.name_quality is NameQuality.OK


def test_of_two_officers_the_second_is_told(damaged, desk):
    correct(desk, damaged)
    with pytest.raises(Conflict):
        correct(desk, damaged, "หลังวัดรางบัวทอง")
    assert damaged.name == "หลังวัดรางบัว"
    correct(desk, damaged, "หลังวัดรางบัวทอง", seen=1)
    assert damaged.name == "หลังวัดรางบัวทอง"


@pytest.mark.parametrize("name", ["หลงัรำงัู", "ิผิด"])
def test_a_name_that_cannot_be_right_is_refused(damaged, desk, name):
    with pytest.raises(Invalid):
        correct(desk, damaged, name)


def test_a_neighbours_name_is_refused(damaged, desk):
    places.community(name="สวนอ้อย")
    with pytest.raises(Invalid):
        correct(desk, damaged, "สวนอ้อย")
    assert damaged.name == "หลงัวัดรำงบัว"


@pytest.mark.parametrize("role", [Role.PLANNER, Role.ADMIN, Role.AUDITOR])
def test_other_officers_may_not(db, damaged, role):
    with pytest.raises(NotAllowed):
        correct(accounts.officer(role, places.district()), damaged)


def test_nor_the_desk_of_another_district(damaged):
    elsewhere = accounts.officer(Role.COMMUNITY_DESK, places.district("1001"))
    with pytest.raises(NotAllowed):
        correct(elsewhere, damaged)
    assert queries.names_to_proof(elsewhere, typed="", is_flagged=False, cursor=None).rows == []


def test_what_was_corrected_cannot_be_rewritten(db, damaged, desk):
    correct(desk, damaged)
    with pytest.raises(sa.exc.DatabaseError, match="append-only"):
        db.execute(sa.update(NameCorrection).values(was="อื่น"))


class TestSpelling:
    KNOWN = spelling.words_of(["หลังวัดโบสถ์", "วัดราง", "ตลาดน้ำขวัญ", "พัฒนาหมู่ 2", "ลาดพร้าว", "บัวขาว", "ลำพูน"])

    @pytest.mark.parametrize(
        ("damaged", "meant"),
        [
            ("หลงัวัดรำง", "หลังวัดราง"),
            ("ตลำดนำวัดไทร", "ตลาดน้ำวัดไทร"),
            ("ลำดพร้ำว 45", "ลาดพร้าว 45"),
            ("พัฒนำหมู่ 8(cid:9)", "พัฒนาหมู่ 8"),
            ("เจริญสขุพัฒนำ", "เจริญสุขพัฒนา"),
            ("ลำพูนพัฒนำ", "ลำพูนพัฒนา"),
        ],
    )
    def test_a_damaged_name_is_read(self, damaged, meant):
        assert spelling.suggestion(damaged, self.KNOWN) == meant

    @pytest.mark.parametrize("name", ["วังใหญ่", "ลำพูน", "ตลาดน้ำขวัญ", "", "123"])
    def test_what_reads_well_is_left_alone(self, name):
        assert spelling.suggestion(name, self.KNOWN) is None


class TestPages:
    @pytest.fixture
    def city(self, transaction):
        with transaction() as session:
            brought_in()
            places.community(name="วัดราง")
            places.community(name="สวนอ้อย")
            accounts.officer(Role.COMMUNITY_DESK, places.district(), email="desk@example.org")
            return session.scalar(sa.select(Community.id).where(Community.name.startswith("หลงั")))

    @pytest.fixture
    def desk(self, city, client):
        client.sign_in("desk@example.org", accounts.PASSWORD)
        return client

    def test_the_list_is_searched(self, desk):
        assert "หลงัวัดรำงบัว" in desk.get("/places/names", status=200).page.text
        everyone = desk.get("/en/places/names?all=1", status=200).page.text
        assert "สวนอ้อย" in everyone
        assert "หลงัวัดรำงบัว" not in desk.get("/places/names?all=1&q=สวน", status=200).page.text
        assert "No name here contains" in desk.get("/en/places/names?q=zzz", status=200).page.text

    def fill_in(self, desk, page, action, **fields):
        return desk.post(action, data={**values(page.form(action=action)), **fields})

    def test_a_name_is_corrected_and_the_list_is_shown_again(self, desk, city, transaction):
        address = f"/places/communities/{city}/name"
        page = desk.get(address, status=200).page
        assert values(page.form(action=address))["name"] == ["หลังวัดรางบัว"]
        answer = self.fill_in(desk, page, address, name="หลังวัดรางบัว", source="ป้ายหน้าชุมชน")
        assert (answer.status_code, answer.location) == (303, "/places/names")
        assert "หลังวัดรางบัว" in desk.get("/places/names").page.text
        with transaction("read") as session:
            assert session.get(Community, city).name_quality is NameQuality.OK

    def test_both_versions_stand_on_the_page(self, desk, city, transaction):
        address = f"/places/communities/{city}/name"
        page = desk.get(address, status=200).page
        with transaction():
            other = accounts.officer(Role.COMMUNITY_DESK, places.district(), email="other@example.org")
            correct(other, queries.community(city), "หลังวัดรางบัวงาม")
        answer = self.fill_in(desk, page, address, name="หลังวัดรางบัวทอง", source="ป้าย")
        assert answer.status_code == 409
        assert "หลังวัดรางบัวงาม" in answer.page.text
        assert values(answer.page.form(action=address))["name"] == ["หลังวัดรางบัวทอง"]
        assert self.fill_in(desk, answer.page, address).status_code == 303
        with transaction("read"):
            assert queries.community(city).name == "หลังวัดรางบัวทอง"
            assert len(queries.corrections_of(city)) == 2

    def test_a_refused_name_leaves_nothing_behind(self, desk, city, transaction):
        address = f"/places/communities/{city}/name"
        page = desk.get(address, status=200).page
        answer = self.fill_in(desk, page, address, name="สวนอ้อย", source="ป้าย")
        assert answer.status_code == 422
        with transaction("read"):
            assert list(queries.corrections_of(city)) == []

    def test_other_districts_are_not_theirs(self, desk, transaction):
        with transaction():
            elsewhere = places.community(places.district("1001"), "ท่าเตียน").id
        desk.get(f"/places/communities/{elsewhere}/name", status=403)
        desk.get("/places/communities/999999/name", status=404)
