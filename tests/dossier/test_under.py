"""What is done under a line of the strategy and the lines below it."""

import pytest
import sqlalchemy as sa

from portal.actionplan.models import ActionPlanState, ProjectNode
from portal.core import db as database
from portal.cycles.models import PhaseKind
from portal.dossier.queries.strategy import Part, Sum, rows, sums
from portal.plans.models import PlanState
from portal.screening.models import Case, Outcome
from portal.strategy import commands
from portal.strategy.models import Node
from tests.factories import actionplan, cycles, places, plans, procurement, screening, strategy


@pytest.fixture
def line(transaction):
    """A line with one below it; below it: an accepted item of 2 (1 refused), a project, a purchase, a measure."""
    with transaction() as session:
        district = places.district()
        keeper = strategy.keeper()
        tree = strategy.draft(keeper)
        other = commands.add_node(keeper, tree.id, None, commands.Line("อีกด้านหนึ่ง", "2", "Another side"))
        strategy.publish(keeper, tree)
        top, below = session.scalars(
            sa.select(Node)
            .where(Node.tree_id == tree.id, Node.number.in_(["1", "1.1"]))
            .order_by(Node.number)
        )
        cycle = cycles.cycle(district, open=PhaseKind.SCREENING)
        plan = plans.plan(places.community(district), cycle, PlanState.SUBMITTED, items=3)
        items = plans.queries.items_of(plan.id)
        screening.decided(items[0])
        screening.decided(items[1], Outcome.REJECT, reason="อยู่นอกเขตอำนาจ")
        screening.decided(items[2], released=False)
        for case in session.scalars(sa.select(Case)):
            case.area_node_id = below.id
        annual = actionplan.action_plan(cycle, ActionPlanState.HEARING)
        project = actionplan.project(annual)
        actionplan.project(annual, "ถูกถอน", withdrawn_at=project.created_at, withdrawn_reason="ซ้ำ")
        for one in (project.id, project.id + 1):
            session.add(ProjectNode(project_id=one, node_id=below.id))
        actionplan.link(project, items[0])
        procurement.process(
            project, supplier="ร้านตัวอย่าง", award_satang=400_000_00, contract_satang=400_000_00
        )
        return {"top": top.id, "below": below.id, "other": other.id, "asked": items[0].budget_satang}


def test_everything_below_counts(transaction, line):
    with transaction("read"):
        for node_id in (line["top"], line["below"]):
            assert sums(node_id) == {
                Part.ITEMS: Sum(1, line["asked"]),
                Part.PROJECTS: Sum(1, 500_000_00),
                Part.CONTRACTS: Sum(1, 400_000_00),
                Part.MEASURES: Sum(1, 500_000_00),
            }
        assert set(sums(line["other"]).values()) == {Sum(0, 0)}


@pytest.mark.parametrize("part", list(Part))
def test_each_list_has_what_is_counted(transaction, line, part):
    with transaction("read"):
        assert len(rows(part, line["top"], None).rows) == 1
        assert rows(part, line["other"], None).rows == []


def test_what_is_not_public_is_not_told(transaction, line):
    with transaction() as session:
        session.execute(sa.text("UPDATE action_plans SET state = 'draft', hearing_opened_at = NULL"))
    with transaction("read"):
        told = sums(line["top"])
    assert (told[Part.PROJECTS].number, told[Part.CONTRACTS].number, told[Part.ITEMS].number) == (0, 0, 1)


def test_the_page(line, client):
    page = client.get(f"/dossier/strategy/{line['top']}", status=200).page
    assert "เมืองน่าอยู่" in page.all("h1")[0].text
    for part in Part:
        assert client.get(f"/en/dossier/strategy/{line['top']}?part={part.value}", status=200).page.all(
            "table"
        )
    client.get(f"/dossier/strategy/{line['other']}?part=unknown&cursor=x", status=200)
    client.get("/dossier/strategy/999999", status=404)
    link = f"/dossier/strategy/{line['below']}"
    assert link in client.get(f"/strategy/nodes/{line['below']}", status=200).page.links


def test_a_draft_is_nobodys_business(transaction, client):
    with transaction():
        tree = strategy.draft(strategy.keeper())
        node_id = database.session().scalar(sa.select(Node.id).where(Node.tree_id == tree.id).limit(1))
    client.get(f"/dossier/strategy/{node_id}", status=404)


def test_an_idea_names_the_line_it_serves_in_the_readers_language_where_it_can(client, transaction, line):
    with transaction() as session:
        case = session.scalars(sa.select(Case).order_by(Case.item_id)).first()
        case.city_node_id, item_id = line["other"], case.item_id
        unnamed = session.get_one(Node, line["below"])
        assert unnamed.title_en == ""
    english = client.get(f"/en/dossier/{item_id}", status=200).page
    lines = [a.text for a in english.all("a") if "/strategy/nodes/" in a["href"]]
    assert lines == [f"{unnamed.number} {unnamed.title}", "2 Another side"]
    assert {part.lang for part in english.all("span") if part.text == unnamed.title} == {"th"}
    assert "2 อีกด้านหนึ่ง" in client.get(f"/dossier/{item_id}", status=200).page.text
