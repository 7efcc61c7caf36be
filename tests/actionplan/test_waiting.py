"""A change of a published plan waits: until its edition is published everybody reads the edition in force."""

import datetime as dt
import json
from dataclasses import replace

import pytest
import sqlalchemy as sa

from portal.actionplan import commands, policy, queries, sheet
from portal.actionplan.models import ActionPlan, ActionPlanState, BudgetKind, Project, ProjectNode
from portal.actionplan.queries import browsing, merging, plans, workbench
from portal.core import clock, state
from portal.core import db as core_db
from portal.core.actor import Role
from portal.core.errors import Invalid, NotAllowed, NotFound
from portal.core.topics import Topic
from portal.dossier.queries import strategy as under
from portal.procurement import queries as procurement
from portal.procurement.commands.processes import projects_of_plans
from portal.progress import queries as progress
from portal.strategy import queries as strategies
from tests.actionplan.conftest import season
from tests.actionplan.test_life import planner_and_director
from tests.factories import accounts, actionplan, strategy

OLD, NEW = "จัดหาเต็นท์สนาม", "ปรับปรุงลานกีฬา"


def begun():
    """A published plan with a project that serves one strategy line and takes in every item, reopened."""
    world = season(ActionPlanState.PUBLISHED)
    keeper = strategy.keeper()
    tree = strategy.draft(keeper)
    strategy.publish(keeper, tree)
    world.top, world.below = (node.id for node in strategies.nodes_of([tree.id]))
    before = world.plan.created_at
    world.project = actionplan.project(world.plan, OLD, created_at=before)
    world.other = actionplan.project(world.plan, "ลอกท่อระบายน้ำ", created_at=before)
    for item in world.items:
        actionplan.link(world.project, item, 30_000_00)
    core_db.session().add(ProjectNode(project_id=world.project.id, node_id=world.below))
    core_db.session().flush()
    actionplan.edition(world.plan, 2, "เพิ่มโครงการ")
    commands.reopen_plan(world.planner, world.plan, "ได้รับจัดสรรไม่ครบ")
    return world


def write(world, project=None, **fields):
    """The planner writes on a sheet."""
    project = project or world.project
    written = replace(sheet.prepared(project), **fields)
    commands.write_project(world.planner, project, project.version_id, written)


def changed(world):
    """Its name, budget, end and strategy are changed."""
    ends = world.project.ends_on - dt.timedelta(days=30)
    write(world, name=NEW, budget_satang=240_000_00, ends_on=ends)
    commands.remove_node(world.planner, world.project, world.below)
    commands.add_node(world.planner, world.project, world.top)
    return world


@pytest.fixture
def change(built_app, db):
    return begun()


def publish(world):
    seen = queries.content_sha256(world.plan)
    return commands.publish_edition(world.director, world.plan, seen, "ได้รับจัดสรรไม่ครบ")


def recorded(db, event):
    return [entry.changes for entry in db.info["ledger"] if entry.event == event]


def test_the_row_is_what_the_edition_in_force_says(change, db):
    before, topic = sheet.prepared(change.project), db.get_one(Topic, change.project.topic_id)
    changed(change)
    db.refresh(topic)
    in_force = {name: getattr(change.project, name) for name in sheet.SHEET_FIELDS}
    assert sheet.Sheet(**in_force) == before
    assert topic.title == OLD
    assert queries.nodes_in_force(change.project.id) == [change.below]
    assert queries.served_by(change.project) == [change.top]
    assert set(change.project.pending) == {"name", "budget_satang", "ends_on", "nodes"}
    assert recorded(db, "project.changed") == []
    assert recorded(db, "project.change_prepared")[0]["name"] == [OLD, NEW]


def test_its_edition_puts_it_in_force(change, db):
    changed(change)
    preview, ends = queries.body_now(change.plan), sheet.prepared(change.project).ends_on
    epoch, _offset = state.read()
    made = publish(change)
    project = change.project
    assert json.loads(made.body) == {**preview, "edition": 3} == queries.body_now(change.plan, 3)
    assert (project.pending, project.name, project.budget_satang) == (None, NEW, 240_000_00)
    assert project.ends_on == ends
    assert queries.nodes_in_force(project.id) == [change.top]
    topic = db.get_one(Topic, project.topic_id, populate_existing=True)
    assert topic.title == NEW
    assert "ลาน" in topic.tokens
    assert state.read()[0] > epoch
    (applied,) = recorded(db, "project.change_applied")
    assert applied["name"] == [OLD, NEW]
    assert applied["nodes"] == [[change.below], [change.top]]
    assert applied["ends_on"][1] == ends.isoformat()


def test_what_is_written_back_is_no_change(change):
    changed(change)
    write(change, name=OLD, budget_satang=500_000_00, ends_on=change.project.ends_on)
    assert set(change.project.pending) == {"nodes"}
    with pytest.raises(Invalid, match="ต่างจาก"):
        commands.close_change(change.planner, change.plan)
    commands.add_node(change.planner, change.project, change.below)
    commands.remove_node(change.planner, change.project, change.top)
    assert change.project.pending is None
    commands.close_change(change.planner, change.plan)
    assert change.plan.state is ActionPlanState.PUBLISHED


def test_what_is_taken_out_waits_with_nothing_else(change, db):
    changed(change)
    commands.withdraw_project(change.planner, change.project, change.project.version_id, "ยกเลิก")
    assert change.project.pending is None
    assert recorded(db, "project.withdrawn")[0]["dropped"]["name"] == NEW
    commands.put_back_project(change.planner, change.project, change.project.version_id)
    assert sheet.prepared(change.project).name == OLD
    commands.close_change(change.planner, change.plan)


def test_a_code_is_used_once_also_while_it_waits(change):
    agency, old = change.district.agency_code, change.project.code
    write(change, code=f"{agency}-9000")
    for code in (f"{agency}-9000", old):
        with pytest.raises(Invalid) as refused:
            write(change, change.other, code=code)
        assert "code" in refused.value.fields
    written = replace(sheet.prepared(change.other), code=None)
    assert commands.add_project(change.planner, change.plan, written).code == f"{agency}-9001"


def test_what_a_change_adds_comes_with_its_edition_and_is_written_at_once(change):
    added = actionplan.project(change.plan, "โครงการใหม่")
    write(change, added, name=NEW)
    commands.add_node(change.planner, added, change.top)
    assert (added.name, added.pending) == (NEW, None)
    assert queries.nodes_in_force(added.id) == [change.top]


def test_who_prepared_a_change_does_not_publish_it(change):
    both = planner_and_director(change)
    written = replace(sheet.prepared(change.project), name=NEW)
    commands.write_project(both, change.project, change.project.version_id, written)
    write(change, area="ทั้งเขต")
    with pytest.raises(NotAllowed):
        commands.publish_edition(both, change.plan, queries.content_sha256(change.plan), "แก้ชื่อ")


def test_the_desk_works_with_what_is_to_come(change):
    write(change, name=NEW, budget_kind=BudgetKind.NONE, indicators="")
    found = merging.review(change.plan)
    assert found.checks["complete"].subjects == ((NEW, change.project.id),)
    assert found.checks["fits"].subjects == ((NEW, change.project.id),)
    assert found.totals.budget_satang == 500_000_00
    assert workbench.tally(change.plan).budget_satang == 500_000_00
    assert workbench.projects(change.plan, "", None)[0].rows[0].name == NEW
    assert merging.standing_projects(change.plan)[0].name == NEW


def test_lists_and_figures_are_those_of_the_edition_in_force(change):
    def read():
        year = [row for row in plans.plans_in_year(change.resident, 2571) if row.plan_id == change.plan.id]
        return (
            [(row.name, row.budget_satang) for row in browsing.sheets_of_plan(change.plan.id, None).rows],
            [row.name for row in browsing.projects_in_plan(change.plan, browsing.Chosen(), None).rows],
            [(row.projects, row.budget_satang, row.community_satang) for row in year],
            [row.name for row in browsing.hearing_projects(change.plan, None).rows],
            queries.figures(change.plan.id),
            under.sums(change.below)[under.Part.PROJECTS],
            [row.name for row in under.rows(under.Part.PROJECTS, change.below, None).rows],
            queries.body_for_all(change.plan)["projects"],
        )

    before = read()
    assert before[1] == [OLD, "ลอกท่อระบายน้ำ"]
    changed(change)
    commands.withdraw_project(change.planner, change.other, change.other.version_id, "ยกเลิก")
    added = actionplan.project(change.plan, "โครงการใหม่", budget_satang=1_00)
    commands.add_node(change.planner, added, change.below)
    assert read() == before
    figures = queries.change_in_figures(change.plan.id)
    assert (figures.added, figures.removed, figures.changed) == (1, 1, 1)
    publish(change)
    assert read()[1:3] == (
        [NEW, "โครงการใหม่"],
        [(2, 240_001_00, 90_000_00)],
    )


def test_nothing_is_bought_or_followed_before_its_edition(change):
    buyer = accounts.officer(Role.PROCUREMENT, change.district)
    added = actionplan.project(change.plan, "โครงการใหม่")

    def offered():
        return [
            {one.id for one in rows}
            for rows in (procurement.desk_projects(buyer), progress.unopened(change.planner).rows)
        ]

    assert offered() == [{change.project.id, change.other.id}] * 2
    with pytest.raises(Invalid):
        projects_of_plans(buyer, [added.id])
    with pytest.raises(NotFound):
        progress.project_to_open(change.planner, added.id)
    commands.withdraw_project(change.planner, change.other, change.other.version_id, "ยกเลิก")
    publish(change)
    assert offered() == [{change.project.id, added.id}] * 2
    assert projects_of_plans(buyer, [added.id]) == [added]
    assert progress.project_to_open(change.planner, added.id)


DAY = dt.timedelta(days=1)


@pytest.mark.parametrize("life", [ActionPlanState.DRAFT, ActionPlanState.PUBLISHED, ActionPlanState.REOPENED])
def test_rows_and_projects_are_asked_the_same(built_app, db, life):
    world = season(life)
    since = world.plan.reopened_at or clock.now()
    for created in (since - DAY, since, since + DAY):
        for gone in (None, since - DAY, since, since + DAY):
            if gone is None or gone >= created:
                reason = None if gone is None else "ยกเลิก"
                actionplan.project(world.plan, created_at=created, withdrawn_at=gone, withdrawn_reason=reason)
    rows = db.execute(
        sa.select(Project, ActionPlan, policy.is_leaving(), policy.is_in_force()).join(
            ActionPlan, ActionPlan.id == Project.action_plan_id
        )
    ).all()
    assert len(rows) == 9
    for project, plan, is_leaving, is_in_force in rows:
        assert policy.is_project_leaving(plan, project) is bool(is_leaving)
        assert policy.is_project_in_force(plan, project) is bool(is_in_force)
        assert policy.can_put_back(world.planner, plan, project) is bool(is_leaving)
        is_kept = is_in_force and plan.reopened_at is not None
        assert policy.is_for_next_edition(plan, project) is bool(is_kept)
    if life is ActionPlanState.REOPENED:
        assert sum(bool(row[2]) for row in rows) == 2
