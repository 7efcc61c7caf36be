"""Public notices taken over from a list."""

import datetime as dt
import io

import pytest
import sqlalchemy as sa

from portal.core import i18n
from portal.core.actor import ANONYMOUS, Role
from portal.core.errors import Invalid
from portal.core.jobs import Job, run_due
from portal.procurement import commands, notices, queries, words
from portal.procurement.commands import Verdict
from portal.procurement.models import Category, Method, Process, Step
from tests.factories import accounts, places, procurement
from tests.procurement.acts import PREFIX, S

HEAD = (
    "egp_project_no,title_th,agency_th,unit_th,budget_baht,median_price_baht,method_th,type_th,tor_published,"
    "median_price_published,draft_bidding_doc_published,invitation_published,status_th,source"
)
TENTS = (
    "69089283521,ซื้อเต็นท์ 7 รายการ,สำนักงานเขตดุสิต,,8600000,279800,e-bidding,ซื้อ,2026-08-13,"
    "2026-08-12T17:00:00Z,,2026-08-17,อยู่ระหว่างดำเนินการ,egp2"
)
GARDEN = (
    "69089244210,ปรับภูมิทัศน์,สำนักสิ่งแวดล้อม,สวน,5843799.5,5839680,เฉพาะเจาะจง,จ้าง,2026-08-11,2026-08-11,,,,egp2"
)


def listing(*lines):
    return "\n".join([HEAD, *lines]).encode()


@pytest.fixture(autouse=True)
def a_wednesday(clock):
    clock.travel("2026-11-25 09:00")


@pytest.fixture
def officer(db):
    places.district()
    return accounts.officer(Role.PROCUREMENT)


def take_over(officer, content, **given):
    judged = commands.judge_notices(officer, content, given.pop("elsewhere", ""))
    return commands.import_notices(officer, judged, content, "list.csv", ocid_prefix=PREFIX, **given)


@pytest.mark.parametrize(
    ("given", "day"),
    [
        ("2026-08-13", dt.date(2026, 8, 13)),
        ("2026-08-12T17:00:00Z", dt.date(2026, 8, 13)),
        ("2026-08-12T17:00:00.000+00:00", dt.date(2026, 8, 13)),
        ("2026-08-12T16:59:59Z", dt.date(2026, 8, 12)),
        ("2026-08-13T00:00:00+07:00", dt.date(2026, 8, 13)),
        ("2025-12-31T17:00:00Z", dt.date(2026, 1, 1)),
        ("13/08/2569", dt.date(2026, 8, 13)),
        ("๑๓ ส.ค. ๒๕๖๙", dt.date(2026, 8, 13)),
    ],
)
def test_a_bangkok_day_is_read_however_it_is_stamped(given, day):
    assert notices.day_of(given) == day


def test_a_notice_becomes_a_public_process_with_its_days(officer, db):
    assert take_over(officer, listing(TENTS))["new"] == 1
    process = db.scalars(sa.select(Process)).one()
    assert (process.method, process.category, process.budget_satang, process.median_price_satang) == (
        Method.OPEN,
        Category.GOODS,
        8_600_000_00,
        279_800_00,
    )
    days = dict(db.execute(sa.select(Step.kind, Step.actual_on).where(Step.actual_on.is_not(None))).all())
    assert days == {
        S.DRAFT_TOR: dt.date(2026, 8, 13),
        S.MEDIAN_PRICE: dt.date(2026, 8, 13),
        S.INVITATION: dt.date(2026, 8, 17),
    }
    assert queries.process_visible(ANONYMOUS, process.id).notice_source == "egp2"


def test_the_same_list_twice_changes_nothing_and_a_newer_one_is_followed(officer, db):
    take_over(officer, listing(TENTS))
    again = take_over(officer, listing(TENTS))
    assert (again["same"], again["new"], again["changed"]) == (1, 0, 0)
    newer = take_over(officer, listing(TENTS.replace("8600000", "8500000")))
    assert newer["changed"] == 1
    assert db.scalars(sa.select(Process.budget_satang)).one() == 8_500_000_00


def test_what_an_officer_keeps_here_is_left_as_it_is(officer, project, db):
    kept = procurement.process(project, egp_number="69089283521")
    assert take_over(officer, listing(TENTS))["kept_here"] == 1
    assert kept.budget_satang == 900_000_00


def test_an_agency_that_is_no_district_office_names_its_district(officer, db):
    with pytest.raises(Invalid):
        take_over(officer, listing(GARDEN))
    judged = commands.judge_notices(officer, listing(GARDEN), "1002")
    assert (judged[0].verdict, judged[0].is_above_limit) == (Verdict.NEW, True)  # the law only warns
    take_over(officer, listing(GARDEN), elsewhere="1002")
    process = db.scalars(sa.select(Process)).one()
    assert (process.buyer, process.unit, process.method) == ("สำนักสิ่งแวดล้อม", "สวน", Method.DIRECT)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (TENTS.replace("69089283521", "69A"), "number"),
        (TENTS.replace("8600000", "มาก"), "amount"),
        (TENTS.replace("8600000", "-5"), "amount"),
        (TENTS.replace("2026-08-17", "2026-02-30"), "day"),
        (TENTS.replace("2026-08-17", "2026-12-01"), "later"),
        (TENTS.replace("e-bidding", "จับสลาก"), "method"),
        (TENTS.replace(",ซื้อ,2026", ",แลก,2026"), "kind"),
        (TENTS.replace("เขตดุสิต", "เขตไม่มีจริง"), "district"),
        (TENTS.replace("ซื้อเต็นท์ 7 รายการ", ""), "missing"),
        (TENTS.replace("ซื้อเต็นท์ 7 รายการ", "ก" * 501), "too_long"),
    ],
)
def test_a_faulty_line_says_why_and_keeps_everything_out(officer, db, line, fault):
    content = listing(TENTS.replace("69089283521", "69089283522"), line)
    judged = commands.judge_notices(officer, content)
    assert [one.verdict for one in judged] == [Verdict.NEW, Verdict.WRONG]
    assert [one.fault for one in judged[1].notice.troubles] == [fault]
    assert judged[1].notice.number == 3
    with pytest.raises(Invalid):
        take_over(officer, content)
    assert db.scalar(sa.select(sa.func.count()).select_from(Process)) == 0
    assert take_over(officer, content, only_sound=True)["new"] == 1


def test_a_number_stands_in_a_list_once_and_an_officer_buys_at_home_only(db):
    officer = accounts.officer(Role.PROCUREMENT, places.district())
    places.district("1001")
    elsewhere = TENTS.replace("เขตดุสิต", "เขตพระนคร").replace("69089283521", "69089283523")
    judged = commands.judge_notices(officer, listing(TENTS, TENTS, elsewhere))
    assert [[each.fault for each in one.notice.troubles] for one in judged] == [[], ["twice"], ["foreign"]]


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2", "ก".encode("tis-620"), b"\xff\xfe"])
def test_what_is_no_list_is_refused_whole(content):
    with pytest.raises(notices.BrokenList):
        notices.read(content)


def test_a_list_is_compared_read_and_written_through_the_page(transaction, new_client, clock):
    with transaction():
        person = accounts.person("officer@example.org", "พัสดุ ดุสิต")
        accounts.grant(person, Role.PROCUREMENT, places.district())
    client = new_client()
    client.sign_in("officer@example.org", accounts.PASSWORD)
    path = "/procurement/notices"
    assert client.submit(path, {"file": (io.BytesIO(b""), "")}, action=path).status_code == 422
    wrong = TENTS.replace("69089283521", "x")
    sent = client.submit(path, {"file": (io.BytesIO(listing(TENTS, wrong)), "list.csv")}, action=path)
    assert sent.status_code == 303
    run_due()
    page = client.get(sent.location, status=200).page
    assert "ซื้อเต็นท์ 7 รายการ" in page.text
    write = f"{sent.location.removeprefix('http://localhost')}/write"
    assert client.submit(sent.location, {}, action=write).status_code == 422
    assert client.submit(sent.location, {"only_sound": "y"}, action=write).status_code == 303
    run_due()
    client.get(sent.location, status=200)
    with transaction() as session:
        assert session.scalars(sa.select(Process.egp_number)).all() == ["69089283521"]
        assert {one.state.value for one in session.scalars(sa.select(Job))} == {"done"}


def test_a_fault_names_its_column_and_its_day_in_words(clock):
    clock.travel("2026-11-21 09:00")
    with i18n.speaking("en"):
        told = [
            words.fault_text(one.fault, one.column, one.given)
            for one in notices.read(listing(TENTS.replace("2026-08-17", "2026-11-30T17:00:00Z")))[0].troubles
        ]
        assert set(words.COLUMNS) == set(notices.COLUMNS)
    assert told == ["Day of the invitation: 1 Dec 2026 is in the future."]
