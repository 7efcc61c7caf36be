import datetime as dt

import pytest

from portal.accounts.models import Residency, ResidencyState
from portal.actionplan.models import ActionPlanState
from portal.core import clock as core_clock
from portal.core.actor import SYSTEM
from portal.cycles.models import PhaseKind
from portal.home.queries import city
from portal.places import commands
from portal.plans.models import PlanState
from portal.procurement.models import StepKind
from portal.screening.models import Outcome
from tests.factories import (
    accounts,
    actionplan,
    cycles,
    forums,
    places,
    plans,
    procurement,
    rounds,
    screening,
)


@pytest.fixture
def city_of_two(transaction):
    """All 50 districts; Dusit in its hearing, Bang Na in screening."""
    with transaction():
        commands.load_districts(SYSTEM)
        dusit = cycles.cycle(places.district("1002"), open=PhaseKind.HEARING)
        bangna = cycles.cycle(places.district("1047"), open=PhaseKind.SCREENING)
        community = places.community(places.district("1002"), "วัดโบสถ์สามเสน")
        plan = plans.plan(community, dusit, PlanState.SUBMITTED, items=4)
        items = plans.queries.items_of(plan.id)
        screening.decided(items[0], final=False, reason="ตรงกับยุทธศาสตร์ของเขต")
        screening.decided(items[1], Outcome.REJECT, released=False, reason="เหตุผลที่ยังปิด")
        made = actionplan.action_plan(dusit, ActionPlanState.HEARING)
        process = procurement.process(actionplan.project(made), title="จัดซื้อเต็นท์สนาม 7 รายการ")
        procurement.step_done(
            process,
            StepKind.DRAFT_TOR,
            core_clock.today() - dt.timedelta(days=1),
            ends_on=core_clock.today() + dt.timedelta(days=3),
        )
        forums.forum(community, dusit, recorded=False, title="เวทีติดตามแผน")
    return {"dusit": dusit, "bangna": bangna, "community": community, "items": items, "process": process}


def test_what_is_open_stands_on_the_front_page(city_of_two, client):
    page = client.get("/", status=200).page
    for said in (
        "จัดซื้อเต็นท์สนาม 7 รายการ",
        "เวทีติดตามแผน",
        "รับฟังความคิดเห็นร่างแผนปฏิบัติราชการเขตดุสิต",
        "ผลการกลั่นกรองเขตดุสิต",
        "ตรงกับยุทธศาสตร์ของเขต",
        "25%",
    ):
        assert said in page.text, said
    assert "เหตุผลที่ยังปิด" not in page.text
    assert "Hearing on the draft action plan of Dusit" in client.get("/en/", status=200).page.text


@pytest.mark.parametrize(
    ("median", "shown"),
    [(90_000_00, "ราคากลาง ฿90,000"), (89_999_99, "วงเงิน ฿900,000"), (None, "วงเงิน ฿900,000")],
)
def test_the_amount_of_draft_terms_is_that_of_the_whole(city_of_two, client, transaction, median, shown):
    with transaction() as session:
        session.merge(city_of_two["process"]).median_price_satang = median
    assert f"{shown} เปิดรับคำวิจารณ์" in client.get("/", status=200).page.text


def test_a_vote_stands_first_while_it_is_open_and_on_its_districts_page_before(
    city_of_two, client, transaction, clock
):
    with transaction():
        rounds.published(title="เลือกโครงการเขตดุสิต")
        rounds.draft(title="รอบที่ยังร่างอยู่")
    district = client.get("/dossier/districts/1002", status=200).page.text
    assert "เลือกโครงการเขตดุสิต" in district
    assert "จะเปิดเร็ว ๆ นี้" in district
    assert "เลือกโครงการเขตดุสิต" not in client.get("/", status=200).page.text
    clock.travel(core_clock.now() + dt.timedelta(days=2))
    front = client.get("/?district=1002", status=200).page.text
    assert front.index("เลือกโครงการเขตดุสิต") < front.index("จัดซื้อเต็นท์สนาม")
    for address in ("/", "/dossier/districts/1002"):
        assert "รอบที่ยังร่างอยู่" not in client.get(address, status=200).page.text
    clock.travel(core_clock.now() + dt.timedelta(days=7))
    assert "เลือกโครงการเขตดุสิต" not in client.get("/?district=1047", status=200).page.text


def test_the_map_has_every_district_with_its_stage_and_count(city_of_two, client):
    page = client.get("/", status=200).page
    tiles = [link for link in page.all("a") if link["class"].startswith("tile ")]
    assert len(tiles) == 50
    dusit = next(tile for tile in tiles if tile["href"].endswith("/1002"))
    assert "stage-open" in dusit["class"]
    assert dusit["aria-label"] == "เขตดุสิต: รับฟังความคิดเห็นร่างแผน, 4 ข้อเสนอ"
    bangna = next(tile for tile in tiles if tile["href"].endswith("/1047"))
    assert "stage-screening" in bangna["class"]


def test_figures_are_public_facts_only(city_of_two, transaction):
    with transaction():
        plans.plan(places.community(places.district("1047")), city_of_two["bangna"], PlanState.DRAFT, items=3)
        figures = city.figures((city_of_two["dusit"].id, city_of_two["bangna"].id))
    assert (figures.communities, figures.plans, figures.items, figures.answered) == (2, 1, 4, 1)
    assert figures.asked_satang == 4 * 25_000_00
    assert figures.items_by_district == {1002: 4}


def test_a_window_that_closes_leaves_the_page(city_of_two, client, clock):
    clock.travel(core_clock.now() + dt.timedelta(days=40))
    page = client.get("/", status=200).page
    assert "จัดซื้อเต็นท์สนาม 7 รายการ" not in page.text
    assert "เวทีติดตามแผน" not in page.text


def test_my_district_is_the_one_asked_for_or_lived_in(city_of_two, client, transaction):
    heading = client.get("/?district=1047", status=200).page.all("h2")[1].text
    assert heading == "เขตบางนา วันนี้"
    for typed in ("9999", "abc", "๑๐๐๒", "1003"):
        client.get("/", query_string={"district": typed}, status=200)
    with transaction() as session:
        person = accounts.person(email="resident@example.org")
        now = core_clock.now()
        session.add(
            Residency(
                person_id=person.id,
                district_id=1047,
                state=ResidencyState.CONFIRMED,
                requested_at=now,
                decided_by=accounts.person().id,
                decided_at=now,
            )
        )
    client.sign_in("resident@example.org", accounts.PASSWORD)
    assert client.get("/", status=200).page.all("h2")[1].text == "เขตบางนา วันนี้"


def test_an_empty_city_has_a_front_page_too(client):
    page = client.get("/", status=200).page
    assert "วันนี้ไม่มีเรื่องที่เปิดให้ร่วม" in page.text


def test_queries_do_not_grow_with_the_data(city_of_two, client, transaction):
    before = len(client.get("/", status=200).queries)
    with transaction() as session:
        cycle = session.merge(city_of_two["dusit"])
        for number in range(6):
            plan = plans.plan(places.community(places.district("1002")), cycle, PlanState.SUBMITTED, items=5)
            for item in plans.queries.items_of(plan.id):
                screening.decided(item)
            forums.forum(places.community(places.district("1002"), f"ใหม่ {number}"), cycle, recorded=False)
    assert len(client.get("/", status=200).queries) == before


@pytest.mark.parametrize("name", ["help", "accessibility", "privacy", "terms"])
@pytest.mark.parametrize("lang", ["", "/en"])
def test_pages_about_the_portal_ask_nothing(client, name, lang):
    answer = client.get(f"{lang}/{name}", status=200)
    assert answer.queries == []


def test_robots_keep_out_of_searches(client):
    text = client.get("/robots.txt", status=200).get_data(as_text=True)
    assert "Disallow: /search" in text
