"""What the demonstration holds: the real facts it stands on, and something to see on every page."""

import json
import re

import pytest
import sqlalchemy as sa

from portal.accounts.models import CommitteeMember, Person
from portal.actionplan.models import ActionPlan, BudgetKind, Project, ProjectItem, ProjectKind, ProjectNode
from portal.core import clock, ledger
from portal.core import db as core_db
from portal.core.ledger import LedgerEntry
from portal.core.outbox import OutboxMessage
from portal.cycles.models import Cycle
from portal.demo import calendar, cast, facts
from portal.demo import load as demo_load
from portal.forums.models import Forum
from portal.notifications.models import Notice
from portal.places.models import Community, District
from portal.plans.models import Endorsement, Item, Plan, PlanState
from portal.strategy.models import Node
from tests.house import recorded

SAMPLE = "(ตัวอย่าง)"


@pytest.fixture
def held(demo_url):
    with core_db.transaction("read") as session:
        yield session


def test_three_cycles_of_dusit(held):
    years = held.scalars(
        sa.select(Cycle.fiscal_year).where(Cycle.district_id == facts.DUSIT).order_by(Cycle.fiscal_year)
    )
    assert set(years) >= {2569, 2570, 2571}


def test_the_43_communities_of_dusit_and_the_50_districts(held):
    of_dusit = sa.select(sa.func.count()).select_from(Community).where(Community.district_id == facts.DUSIT)
    assert held.scalar(of_dusit) == 43
    assert held.scalar(sa.select(sa.func.count()).select_from(District)) == 50


def test_the_26_lines_of_the_office(held):
    lines = held.scalars(sa.select(Project).where(Project.printed_number != "")).all()
    kinds = [line.kind for line in lines]
    assert len(lines) == 26
    assert [
        kinds.count(kind) for kind in (ProjectKind.MEASURE, ProjectKind.ACTIVITY, ProjectKind.PROJECT)
    ] == [7, 15, 4]
    assert BudgetKind.AMOUNT not in {line.budget_kind for line in lines}


def test_the_source_names_whatever_the_ledger_holds(held):
    for column, parameter in ((LedgerEntry.event, "event"), (LedgerEntry.subject_kind, "kind")):
        assert set(held.scalars(sa.select(column).distinct())) <= recorded.told(parameter).names


def test_the_tents_of_43_communities(held):
    tents = held.scalars(
        sa.select(Project)
        .join(ActionPlan, ActionPlan.id == Project.action_plan_id)
        .where(Project.budget_satang == 8_600_000_00)
    ).one()
    fed_by = sa.select(sa.func.count()).select_from(ProjectItem).where(ProjectItem.project_id == tents.id)
    assert held.scalar(fed_by) == 43


def test_the_plan_to_be_walked_has_two_of_seven_signatures(held):
    community = held.scalars(sa.select(Community).where(Community.name == cast.WALKED)).one()
    members = sa.select(CommitteeMember.person_id).where(CommitteeMember.community_id == community.id)
    assert len([one for one in held.scalars(members) if one]) == 7
    plan = held.scalars(
        sa.select(Plan).where(Plan.community_id == community.id).order_by(Plan.id.desc())
    ).first()
    assert plan.state is PlanState.DRAFT
    signed = sa.select(sa.func.count()).select_from(Endorsement).where(Endorsement.plan_id == plan.id)
    assert held.scalar(signed) == 2


def test_the_chain_of_the_ledger_is_sound(held):
    assert ledger.verify().fault is None


def test_every_invented_person_is_named_a_sample(held):
    names = [*held.scalars(sa.select(Person.display_name)), *held.scalars(sa.select(CommitteeMember.name))]
    assert [name for name in names if SAMPLE not in name] == []
    assert all(address.endswith("@example.org") for address in held.scalars(sa.select(Person.email)))


def test_the_accounts_that_are_shown(demo_database, demo_app, demo_url):
    shown = json.loads(demo_database.accounts.read_text(encoding="utf-8"))
    assert set(shown) == {
        "resident",
        "resident2",
        "resident5",
        "leader",
        "leader2",
        "planner",
        "planner2",
        "director",
        "procurement",
        "strategy",
        "moderator",
        "auditor",
        "community_desk",
        "registry",
        "registry2",
        "paper_clerk",
        "paper_clerk2",
        "paper_clerk3",
        "certifier",
        "admin",
    }
    client = demo_app.test_client()
    for account in shown.values():
        assert re.fullmatch(r"[0-9a-f]{4}(-[0-9a-f]{4}){3}", account["password"])
    client.sign_in(**shown["leader"])
    client.get("/accounts/me", status=200)


def test_loading_twice_changes_nothing(demo_url, tmp_path):
    said = []
    with core_db.transaction("read") as session:
        before = session.scalar(sa.text("SELECT max(id) FROM ledger_entries"))
    demo_load.load(tmp_path / "accounts.json", said.append)
    with core_db.transaction("read") as session:
        assert session.scalar(sa.text("SELECT max(id) FROM ledger_entries")) == before
    assert said == ["The demonstration is already loaded."]
    assert not (tmp_path / "accounts.json").exists()


def test_nobody_meets_at_night(held):
    hours = {at.astimezone(clock.BANGKOK).hour for at in held.scalars(sa.select(Forum.starts_at))}
    assert hours <= set(range(7, 21))


def test_an_inbox_stands_in_the_order_of_time(held):
    news = sa.select(Notice.person_id, Notice.created_at).order_by(Notice.person_id, Notice.id)
    found = [tuple(row) for row in held.execute(news)]
    assert found
    assert found == sorted(found)


@pytest.mark.parametrize("table", [OutboxMessage.created_at, LedgerEntry.at, Notice.created_at])
def test_nothing_is_written_later_than_the_demonstrations_morning(demo_url, table):
    with core_db.transaction("read") as session:
        assert session.scalar(sa.select(sa.func.max(table))) <= calendar.NOW


@pytest.mark.parametrize(
    ("words", "numbers"),
    [("ถังดับเพลิง", {"3", "1.3"}), ("ไฟโซลาร์เซลล์", {"3", "1.2"}), ("เต็นท์", {"3", "3.2"})],
)
def test_a_project_serves_strategies_that_fit_it(held, words, numbers):
    serving = (
        sa.select(Node.number)
        .distinct()
        .join(ProjectNode, ProjectNode.node_id == Node.id)
        .join(Project, Project.id == ProjectNode.project_id)
        .where(Project.name.contains(words))
    )
    assert set(held.scalars(serving)) == numbers


def test_every_project_serves_what_its_ideas_or_its_number_say(held):
    serves = {row["name"]: {row["number"][0], row["strategy"]} for row in facts.rows("dusit_26")}
    serves |= {one["title"]: {"3", one["strategy"]} for one in facts.items().values()}
    told: dict[int, set[str]] = {}
    wanted: dict[int, set[str]] = {}
    rows = (
        sa.select(Project.id, sa.func.coalesce(Item.title, Project.name), Node.number)
        .join(ProjectNode, ProjectNode.project_id == Project.id)
        .join(Node, Node.id == ProjectNode.node_id)
        .outerjoin(ProjectItem, ProjectItem.project_id == Project.id)
        .outerjoin(Item, Item.id == ProjectItem.item_id)
    )
    for project_id, about, number in held.execute(rows):
        told.setdefault(project_id, set()).add(number)
        wanted[project_id] = serves[about]
    assert told == wanted
    assert len(told) > 26
