import csv
import io
import json

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from portal.actionplan.models import ActionPlanState
from portal.core import clock
from portal.cycles.models import PhaseKind
from portal.dossier import flow
from portal.dossier.fate import LABELS, Fate
from portal.dossier.queries import communities as of_community
from portal.dossier.queries import districts
from portal.dossier.queries import flow as queries
from portal.home.queries import city
from portal.places.models import Community
from portal.plans import commands
from portal.plans import queries as plans_queries
from portal.plans.models import Item, Plan, PlanState
from portal.procurement.models import StepKind
from portal.screening.models import Outcome
from tests.factories import accounts, actionplan, cycles, forums, places, plans, procurement, screening


@pytest.fixture
def year(transaction):
    """Two communities: in one, an idea stands at every point of the way; the other has handed in and waits."""
    with transaction() as session:
        district = places.district()
        cycle = cycles.cycle(district, open=PhaseKind.SCREENING)
        walked, waiting = places.community(district, "วัดโบสถ์สามเสน"), places.community(district, "ซอยโซดา")
        forum = forums.forum(walked, cycle)
        issues = [forums.issue(forum) for _ in range(3)]
        plan = plans.plan(walked, cycle, PlanState.SUBMITTED, items=9)
        items = plans.queries.items_of(plan.id)
        items[0].issue_id = issues[0].id
        for item in items[:5]:
            screening.decided(item)
        screening.decided(items[5], Outcome.REJECT, reason="อยู่นอกเขตอำนาจ")
        screening.decided(items[6], released=False, reason="ถ้อยคำลับเฉพาะโต๊ะ")
        items[7].withdrawn_at, items[7].withdrawn_reason = clock.now(), "เปลี่ยนใจ"
        action_plan = actionplan.action_plan(cycle, ActionPlanState.PUBLISHED)
        for item, until in zip(
            items, (StepKind.PAYMENT, StepKind.CONTRACT_ESSENTIALS, StepKind.INVITATION, None), strict=False
        ):
            project = actionplan.project(action_plan)
            actionplan.link(project, item, 10_000_00)
            if until is not None:
                procurement.done_until(procurement.process(project), until)
        other = plans.plan(waiting, cycle, PlanState.SUBMITTED, items=2)
        plans.plan(places.community(district, "ยังร่างอยู่"), cycle, PlanState.DRAFT)
        taken_back = plans.plan(places.community(district, "ถอนทั้งแผน"), cycle, PlanState.SUBMITTED, items=2)
        taken_back.state = PlanState.WITHDRAWN
        session.flush()
        return {
            "district": district.id,
            "cycle": cycle.id,
            "community": walked.id,
            "other": waiting.id,
            "taken_back": taken_back.community_id,
            "items": [item.id for item in items],
            "waiting": plans.queries.items_of(other.id)[0].id,
        }


AT = [
    Fate.DELIVERED,
    Fate.CONTRACTED,
    Fate.BUYING,
    Fate.IN_PLAN,
    Fate.ACCEPTED,
    Fate.REJECTED,
    Fate.WAITING,
    Fate.WITHDRAWN,
    Fate.WAITING,
]


def test_every_idea_is_counted_once_where_it_stands(year, transaction):
    with transaction():
        figures = flow.figures_of(
            queries.counts(year["cycle"], year["community"]),
            *queries.issue_counts(year["cycle"], year["community"]),
        )
        found = queries.rows(year["cycle"], year["community"], queries.Wanted(), None).rows
    assert (figures.raised, figures.taken_up) == (3, 1)
    assert [Fate(row.fate) for row in found] == AT
    assert {fate: figure.number for fate, figure in figures.exits.items() if figure.number} == {
        fate: AT.count(fate) for fate in AT
    }
    numbers = {part.value: figure.number for part, figure in figures.stages.items()}
    assert numbers == {
        "ideas": 9,
        "from_forum": 1,
        "answered": 6,
        "planned": 4,
        "signed": 2,
        "inspected": 1,
    }
    assert figures.stages[flow.Part.PLANNED].planned == 4 * 10_000_00


def test_the_pages_of_a_place_agree_with_one_another(year, transaction):
    """The flow is counted by the database, the other pages by :func:`portal.dossier.fate.fate_of`."""
    with transaction():
        counts = queries.counts(year["cycle"])
        figures = flow.figures_of(counts)
        of_district = districts.ideas_of(year["cycle"]).fates
        gathered = of_community.gathered(of_community.ideas_of_community(year["community"]))
        way = {row.item_id: row.fate for row in queries.every_idea(year["cycle"], year["community"])}
    flowing = {fate: one.number for fate, one in figures.exits.items() if one.number}
    assert {fate: number for fate, number in flowing.items() if fate is not Fate.WITHDRAWN} == of_district
    assert {idea["id"]: idea["fate"] for idea in gathered} == way
    assert flow.by_community(counts)[year["other"]].number(Fate.WAITING) == 2
    assert flow.by_community(counts)[year["taken_back"]].number(Fate.WITHDRAWN) == 2


def test_the_ideas_of_a_plan_that_was_taken_back_are_asked_for_nowhere(year, client, transaction):
    with transaction() as session:
        of_city = city.figures((year["cycle"],))
        ideas = list(
            session.scalars(sa.select(Item.id).join(Plan).where(Plan.community_id == year["taken_back"]))
        )
        gathered = of_community.gathered(of_community.ideas_of_community(year["taken_back"]))
    assert of_city.items == 9 - 1 + 2
    assert {idea["id"]: idea["fate"] for idea in gathered} == dict.fromkeys(ideas, Fate.WITHDRAWN)
    shown = client.get(f"/dossier/{ideas[0]}", status=200).page.text
    assert "ถอน" in shown


def test_the_district_says_which_plan_was_taken_back_and_counts_it_nowhere(year, client):
    page = client.get(f"/dossier/districts/{year['district']}", status=200).page
    said = {
        row.all("th")[0].text.strip(): row.all("td")[1].text.strip()
        for table in page.all("table")
        if "วงเงินที่ขอ" in table.text and "ซอยโซดา" in table.text
        for body in table.all("tbody")
        for row in body.all("tr")
    }
    assert said["ถอนทั้งแผน"] == "ถอนแล้ว"
    assert said["ยังร่างอยู่"] == "ยังไม่มี"
    assert [one.all("dd")[0].text for one in page.all("div") if one.text.startswith("แผนที่ส่งแล้ว")] == ["2"]


def test_a_state_has_one_name_in_the_picture_and_in_the_list():
    differing = {one for one in Fate if flow.EXIT_LABELS[one] != LABELS[one]}
    assert differing == {Fate.IN_PLAN}


@pytest.mark.parametrize("is_signed", [False, True])
def test_a_plan_taken_back_and_written_anew_stands_again_once_it_is_handed_in_anew(
    year, transaction, is_signed
):
    with transaction() as session:
        plan = session.scalars(sa.select(Plan).where(Plan.community_id == year["other"])).one()
        leader = accounts.leader(session.get_one(Community, year["other"]))
        commands.withdraw_plan(leader, plan, "เขียนใหม่ทั้งแผน")
        commands.resume_plan(leader, plan)
        plan.state = PlanState.ENDORSED if is_signed else PlanState.DRAFT
    with transaction():
        of_city = city.figures((year["cycle"],))
        share = plans_queries.share_of_communities(year["district"], 2571)
        of_district = districts.communities_with_plans(year["district"], year["cycle"])
        gathered = of_community.gathered(of_community.ideas_of_community(year["other"]))
    assert (of_city.plans, of_city.items) == (1, 9 - 1)
    assert share == (1, 4)
    assert [row.id for row in of_district if row.is_standing] == [year["community"]]
    assert {idea["fate"] for idea in gathered} == {Fate.WITHDRAWN}
    with transaction() as session:
        plans.hand_in(session.get_one(Plan, plan.id), leader)
    with transaction():
        assert city.figures((year["cycle"],)).items == 9 - 1 + 2


def listed(page):
    """The rows of the list under the figures."""
    (section,) = [one for one in page.all("section") if one["aria-labelledby"] == "list"]
    return [row for body in section.all("tbody") for row in body.all("tr")]


@pytest.mark.parametrize("place", ["districts/1002", "communities/{community}"])
def test_every_number_opens_as_many_rows(year, client, place):
    address = f"/dossier/{place.format_map(year)}/ideas"
    page = client.get(address, status=200).page
    opened = 0
    for link in page.all("a"):
        if f"{address}?year=" in link["href"] and "part=" in link["href"]:
            number = int(link.text.rpartition(" ")[2])
            behind = client.get(link["href"].partition("#")[0], status=200).page
            assert len(listed(behind)) == number, link["href"]
            opened += 1
    assert opened >= 10


def test_nothing_is_shown_before_its_release(year, client):
    for address in (
        "districts/1002/ideas",
        f"communities/{year['community']}/ideas",
        "districts/1002/ideas.json",
    ):
        text = client.get(f"/dossier/{address}", status=200).get_data(as_text=True)
        assert "ถ้อยคำลับเฉพาะโต๊ะ" not in text
    rows = json.loads(client.get("/dossier/districts/1002/ideas.json", status=200).get_data())["ideas"]
    assert [row["outcome"] for row in rows if row["id"] == year["items"][6]] == [None]


def test_open_data_says_the_same_as_the_page(year, client):
    body = json.loads(client.get("/dossier/districts/1002/ideas.json", status=200).get_data())
    assert body["stages"]["ideas"]["ideas"] == len(body["ideas"]) == 13
    assert body["issues"] == {"raised": 3, "taken_up": 1}
    assert sum(one["ideas"] for one in body["fates"].values()) == 13
    answer = client.get(f"/en/dossier/communities/{year['community']}/ideas.csv", status=200)
    lines = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    assert len(lines) == 9
    assert lines[0]["What became of it"] == "Delivered and inspected"
    assert lines[0]["In projects (baht)"] == "10000.00"
    assert lines[0]["Page"].endswith(f"/en/dossier/{year['items'][0]}")


def test_the_list_is_narrowed_by_words_and_side(year, client):
    address = f"/dossier/communities/{year['community']}/ideas"
    nothing = client.get(address, query_string={"q": "ไม่มีคำนี้แน่"}, status=200).page
    assert listed(nothing) == []
    unknown = client.get(address, query_string={"part": "x", "side": "x", "cursor": "x"}, status=200).page
    assert len(listed(unknown)) == 9


@given(st.lists(st.tuples(st.sampled_from(Fate), st.integers(1, 500)), max_size=12), st.integers(0, 900))
def test_the_picture_holds_all_and_leaves_nothing_outside(fates, raised):
    counts = [flow.Count(1, fate, False, number, 0, 0, 0) for fate, number in fates]
    table = flow.table(flow.figures_of(counts, raised, raised // 2))
    drawn = flow.picture(table)
    assert sum(len(bar.exits) for bar in drawn.bars) == sum(not row.is_stage for row in table)
    exits = sum(row.number for row in table if not row.is_stage and isinstance(row.part, Fate))
    delivered = sum(number for fate, number in fates if fate is Fate.DELIVERED)
    assert exits + delivered == sum(number for _fate, number in fates)
    for bar in drawn.bars:
        assert 0 <= bar.width <= flow.FULL
        assert bar.top <= drawn.height
        assert all(end.top + end.thick <= drawn.height + 1 for end in bar.exits)


def test_the_page_says_that_ideas_also_come_from_elsewhere(year, client):
    page = client.get(f"/en/dossier/communities/{year['community']}/ideas", status=200).page
    assert "8 ideas did not begin with an issue of a forum" in page.text
