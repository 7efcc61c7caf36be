import pytest
import sqlalchemy as sa

from portal.accounts.models import Person
from portal.core.actor import ANONYMOUS, SYSTEM
from portal.cycles.models import PhaseKind
from portal.home.queries import search
from portal.home.queries.search import marked
from portal.places import commands
from portal.places.models import Community
from portal.plans.models import Item, PlanState
from tests.factories import accounts, cycles, places, plans


@pytest.fixture
def things(transaction):
    with transaction():
        commands.load_districts(SYSTEM)
        cycle = cycles.cycle(places.district("1002"), open=PhaseKind.SCREENING)
        community = places.community(places.district("1002"), "นาหลวง")
        plan = plans.plan(community, cycle, PlanState.DRAFT, items=0)
        plans.item(plan, title="ซื้อเต็นท์สนามสำหรับงานบุญ")
        plans.item(plan, title="ซ่อมทางเดินริมคลอง")
        plans.sign(plan)
        plans.hand_in(plan, accounts.leader(community))
        draft = plans.plan(places.community(places.district("1002"), "สวนอ้อย"), cycle, items=0)
        plans.item(draft, title="เต็นท์ที่ยังร่างอยู่")
    return {"cycle": cycle, "plan": plan, "draft": draft}


def titles(client, typed, **more):
    page = client.get("/search", query_string={"q": typed, **more}, status=200).page
    return [link.text for one in page.all("ul") if one["class"] == "ruled" for link in one.all("a")]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("นา", "ชุมชนนาหลวง"),
        ("ชุมชนนาหลวง", "ชุมชนนาหลวง"),
        ("เต้นท์", "ซื้อเต็นท์สนามสำหรับงานบุญ"),
        ("เตนท์", "ซื้อเต็นท์สนามสำหรับงานบุญ"),
        ("ซ่อม คลอง", "ซ่อมทางเดินริมคลอง"),
        ("dusit", "เขตดุสิต"),
        ("บางนา", "เขตบางนา"),
    ],
)
def test_short_words_names_and_misspellings_are_found(things, client, typed, first):
    found = titles(client, typed)
    assert first in found
    if typed in ("dusit", "บางนา"):
        assert found[0] == first


def test_only_kinds_with_results_are_offered(things, client):
    def offered(**more):
        page = client.get("/search", query_string={"q": "เต็นท์", **more}, status=200).page
        return [link.text for one in page.all("ul") if one["class"] == "tabs" for link in one.all("a")]

    assert offered() == ["ทั้งหมด", "ข้อเสนอในแผน"]
    assert offered(kind="process") == ["ทั้งหมด", "การจัดซื้อจัดจ้าง"]


def test_drafts_are_found_by_those_who_may_see_them_only(things, client, new_client, transaction):
    assert "เต็นท์ที่ยังร่างอยู่" not in titles(client, "เต็นท์")
    with transaction() as session:
        draft = session.merge(things["draft"])
        actor = accounts.leader(session.get_one(Community, draft.community_id))
        email = session.get_one(Person, actor.id).email
    leader = new_client()
    leader.sign_in(email, accounts.PASSWORD)
    assert "เต็นท์ที่ยังร่างอยู่" in titles(leader, "เต็นท์")


def test_one_kind_goes_on_page_by_page(things, client, transaction):
    with transaction() as session:
        plan = session.merge(things["plan"])
        for number in range(45):
            plans.item(plan, title=f"เก้าอี้พลาสติก ชุดที่ {number}")
    everything = titles(client, "เก้าอี้")
    assert len(everything) == 5
    seen, address = [], "/search?q=เก้าอี้&kind=item"
    while address:
        page = client.get(address, status=200).page
        seen += [link.text for one in page.all("ul") if one["class"] == "ruled" for link in one.all("a")]
        onward = [
            link["href"] for link in page.all("a") if "before=" in link["href"] and link.inside("section")
        ]
        address = onward[0] if onward else None
    assert len(seen) == len(set(seen)) == 45


def test_nothing_found_says_what_to_do(things, client):
    assert "ไม่พบผลลัพธ์" in client.get("/search?q=zzzz", status=200).page.text
    for typed in ("", "   ", "!!!", '"', "นา*", "a" * 500, "kind : plan"):
        client.get("/search", query_string={"q": typed}, status=200)
    client.get("/search?q=นา&kind=nonsense&before=x", status=200)


def test_queries_do_not_grow_with_the_data(things, client, transaction):
    before = len(client.get("/search?q=ทาง", status=200).queries)
    with transaction() as session:
        plan = session.merge(things["plan"])
        for number in range(30):
            plans.item(plan, title=f"ทางเดิน {number}")
            places.community(places.district("1002"), f"ทางรถไฟ {number}")
    assert len(client.get("/search?q=ทาง", status=200).queries) == before <= 2


def test_found_words_are_marked_and_the_title_is_whole():
    pieces = marked("ซื้อเต็นท์สนาม 7 รายการ", "เต้นท์")
    assert "".join(piece for piece, _ in pieces) == "ซื้อเต็นท์สนาม 7 รายการ"
    assert [piece for piece, is_hit in pieces if is_hit] == ["เต็นท์"]


def test_in_english(things, client):
    page = client.get("/en/search?q=dusit", status=200).page
    assert "Dusit" in {link.text for link in page.all("a")}
    assert "เขตดุสิต" not in page.text


def test_brackets_and_spaces_are_not_marked():
    pieces = marked("พอเพียง (เต็นท์) จำนวน", "เต็นท์")
    assert "".join(piece for piece, _ in pieces) == "พอเพียง (เต็นท์) จำนวน"
    assert [piece for piece, is_hit in pieces if is_hit] == ["เต็นท์"]


def test_things_of_the_same_name_are_told_apart_by_their_community(things, client):
    page = client.get("/search?q=เต็นท์", status=200).page
    assert "นาหลวง · เขตดุสิต" in page.text


def test_what_everybody_may_read_is_not_hidden_by_newer_drafts(app, db):
    cycle = cycles.cycle(places.district())
    there = plans.plan(places.community(), cycle, PlanState.SUBMITTED, items=8)
    public = list(db.scalars(sa.select(Item.topic_id).where(Item.plan_id == there.id)))
    plans.plan(places.community(), cycle, PlanState.DRAFT, items=45)
    newest = sorted(public, reverse=True)

    def found(kind=None, before=None):
        (group,) = (one for one in search.find(ANONYMOUS, "ทางเดิน", kind, before) if one.kind.name == "item")
        return [row.topic_id for row in group.rows], group.has_more

    assert found() == (newest[:5], True)
    assert found("item") == (newest, False), "and nothing says that there are drafts"
    assert found("item", newest[2]) == (newest[3:], False)
