import pytest

from portal.actionplan.models import ActionPlanState
from portal.cycles.models import PhaseKind
from portal.dossier.fate import Fate, fate_of
from portal.dossier.queries import communities as community_queries
from portal.dossier.queries import districts as queries
from portal.places.models import NameQuality
from portal.plans.models import PlanState
from portal.screening.models import Outcome
from tests.factories import accounts, actionplan, cycles, forums, places, plans, procurement, screening


@pytest.mark.parametrize(
    ("facts", "fate"),
    [
        ({}, Fate.WAITING),
        ({"outcome": Outcome.ACCEPT}, Fate.ACCEPTED),
        ({"outcome": Outcome.ACCEPT_CHANGED, "in_project": True}, Fate.IN_PLAN),
        ({"outcome": Outcome.ACCEPT, "in_project": True, "is_buying": True}, Fate.BUYING),
        ({"outcome": Outcome.ACCEPT, "in_project": True, "is_delivered": True}, Fate.DELIVERED),
        ({"outcome": Outcome.MERGE_WITH}, Fate.MERGED),
        ({"outcome": Outcome.REFER}, Fate.REFERRED),
        ({"outcome": Outcome.COMMUNITY_DOES}, Fate.COMMUNITY),
        ({"outcome": Outcome.DEFER}, Fate.DEFERRED),
        ({"outcome": Outcome.REJECT}, Fate.REJECTED),
        ({"outcome": Outcome.ACCEPT, "is_withdrawn": True}, Fate.WITHDRAWN),
    ],
)
def test_what_became_of_it(facts, fate):
    assert fate_of(facts.pop("outcome", None), **facts) is fate


@pytest.fixture
def dusit(transaction):
    with transaction():
        district = places.district()
        cycle = cycles.cycle(district, open=PhaseKind.SCREENING)
        for name in ("วัดโบสถ์สามเสน", "ซอยโซดา", "นาหลวง"):
            community = places.community(district, name)
            forums.forum(community, cycle)
            plan = plans.plan(community, cycle, PlanState.SUBMITTED, items=3)
        items = plans.queries.items_of(plan.id)
        screening.decided(items[0])
        screening.decided(items[1], Outcome.REJECT, reason="อยู่นอกเขตอำนาจ")
        screening.decided(items[2], released=False)
        project = actionplan.project(actionplan.action_plan(cycle, ActionPlanState.HEARING))
        actionplan.link(project, items[0])
        plans.plan(places.community(district, "ยังร่างอยู่"), cycle, PlanState.DRAFT)
    return {"district": district, "cycle": cycle, "community": community, "project": project}


def test_a_districts_year(dusit, client):
    page = client.get("/dossier/districts/1002", status=200).page
    assert page.all("h1")[0].text == "เขตดุสิต"
    for said in ("วัดโบสถ์สามเสน", "ยังร่างอยู่", "เวทีประชาคม", "เปิดรับฟังความคิดเห็น"):
        assert said in page.text
    assert "Dusit district" in client.get("/en/dossier/districts/1002", status=200).page.text


def test_ideas_are_counted_by_what_became_of_them(dusit, transaction):
    with transaction():
        ideas = queries.ideas_of(dusit["cycle"].id)
    assert ideas.fates == {Fate.IN_PLAN: 1, Fate.REJECTED: 1, Fate.WAITING: 7}
    assert ideas.total == sum(number for number, _asked, _accepted in ideas.sides.values()) == 9
    assert sum(asked for _number, asked, _accepted in ideas.sides.values()) == 9 * 25_000_00
    assert sum(accepted for _number, _asked, accepted in ideas.sides.values()) == 25_000_00


@pytest.mark.parametrize(("typed", "found"), [("นา", 1), ("โบสถ", 1), ("ไม่มีชื่อนี้", 0), ("", 4)])
def test_communities_are_filtered_by_name(dusit, client, typed, found):
    page = client.get("/dossier/districts/1002", query_string={"q": typed}, status=200).page
    rows = {link["href"] for link in page.all("a") if "/dossier/communities/" in link["href"]}
    assert len(rows) == found


def test_a_district_without_a_cycle_and_one_that_is_none(transaction, client):
    with transaction():
        places.district("1047")
    assert "ยังไม่เปิดรอบปีงบประมาณ" in client.get("/dossier/districts/1047", status=200).page.text
    client.get("/dossier/districts/9999", status=404)
    for year in ("2571", "9999", "abc"):
        client.get(f"/dossier/districts/1047?year={year}", status=200)


def test_a_community_and_its_ideas(dusit, client, transaction):
    address = f"/dossier/communities/{dusit['community'].id}"
    page = client.get(address, status=200).page
    for said in ("ชุมชนนาหลวง", "ประธาน", "อยู่ในแผนปฏิบัติราชการ", "ไม่เห็นชอบ", "รอคำตอบ", "อยู่นอกเขตอำนาจ"):
        assert said in page.text, said
    with transaction() as session:
        session.merge(dusit["community"]).name_quality = NameQuality.CHECK
    assert "รอการตรวจ" in client.get(address, status=200).page.text
    client.get("/dossier/communities/999999", status=404)


def test_a_draft_is_not_told(dusit, client, transaction):
    with transaction() as session:
        (hidden,) = [
            row for row in queries.communities_with_plans(1002, dusit["cycle"].id) if row.name == "ยังร่างอยู่"
        ]
        assert hidden.plan_id is None
        assert not community_queries.ideas_of_community(hidden.id)
        assert session is not None


def test_queries_do_not_grow_with_the_data(dusit, client, transaction):
    pages = ("/dossier/districts/1002", f"/dossier/communities/{dusit['community'].id}")
    before = [len(client.get(address, status=200).queries) for address in pages]
    with transaction() as session:
        cycle, project = session.merge(dusit["cycle"]), session.merge(dusit["project"])
        for _ in range(6):
            community = places.community(places.district())
            plan = plans.plan(community, cycle, PlanState.SUBMITTED, items=4)
            for item in plans.queries.items_of(plan.id):
                actionplan.link(project, item)
            procurement.process(project)
        for number in range(5):
            forums.forum(session.merge(dusit["community"]), cycle, title=f"เวทีที่ {number}")
    assert [len(client.get(address, status=200).queries) for address in pages] == before


def test_signed_in_people_see_the_same_within_their_bound(dusit, client, transaction):
    with transaction():
        accounts.person(email="resident@example.org")
    client.sign_in("resident@example.org", accounts.PASSWORD)
    client.get("/dossier/districts/1002", status=200)
    client.get(f"/dossier/communities/{dusit['community'].id}", status=200)
